"""Lists answer 304 as long as nothing has changed, and never longer."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from dalian_coop.accounts.models import Bureau
from dalian_coop.history.services import stamp
from dalian_coop.rest import etags
from tests.dalian_coop.rest.conftest import URLCONF
from tests.factories import bearer, make_bureau, make_client_token

pytestmark = [pytest.mark.django_db, pytest.mark.urls(URLCONF)]
URL = "/api/v1/bureaus/"


def ask(client, token, tag="", url=URL, **headers):
    return client.get(url, HTTP_IF_NONE_MATCH=tag, **headers, **token)


def test_unchanged_list_304_without_reading_it(client, token):
    tag = ask(client, token)["ETag"]
    assert tag.startswith('W/"')
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = ask(client, token, tag)
    assert answer.status_code == 304 and answer.content == b"" and answer["ETag"] == tag
    lookups = [q["sql"] for q in seen if "change_log" in q["sql"]]
    assert len(lookups) == 1
    assert not [q["sql"] for q in seen if 'FROM "accounts_bureau"' in q["sql"]]
    assert ask(client, token, f'"x", {tag}').status_code == 304


def test_the_position_is_read_from_indexes(client, token):
    Bureau.objects.update(initials="x")
    while stamp():
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE change_log")  # so that the plan is not that of another test's rows
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT (SELECT max(seq) FROM change_log), count(*), max(id) FROM change_log WHERE seq IS NULL"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan and "change_unstamped" in plan


def test_any_change_gives_another_tag_whether_it_is_numbered_or_not(client, token):
    tags = [ask(client, token)["ETag"]]
    make_bureau()
    tags.append(ask(client, token, tags[-1])["ETag"])
    stamp()
    tags.append(ask(client, token)["ETag"])
    Bureau.objects.filter(code="sswj").update(full_name="x")
    tags.append(ask(client, token)["ETag"])
    assert len(set(tags)) == 4


def test_another_reader_filter_language_or_day_has_another_tag(client, bureau, token, monkeypatch):
    other = bearer(make_client_token(bureau, ["reference:read"]))
    ask(client, token)  # the client's own admission is in the log as well
    tag = ask(client, token)["ETag"]
    assert ask(client, other)["ETag"] != tag
    assert ask(client, token, tag, f"{URL}?kind=bureau").status_code == 200
    assert ask(client, token, tag, HTTP_ACCEPT_LANGUAGE="ko").status_code == 200
    monkeypatch.setattr(etags.timezone, "localdate", lambda: __import__("datetime").date(2031, 1, 1))
    assert ask(client, token, tag).status_code == 200


def test_a_wrong_parameter_is_refused_all_the_same(client, token):
    assert ask(client, token, ask(client, token)["ETag"], f"{URL}?nonsense=1").status_code == 400


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_commits_late_is_not_hidden_by_one_that_overtook_it(client, bureau):
    """The greatest id would stand still: the late row has a smaller one."""
    token = bearer(make_client_token(bureau, ["reference:read"]))
    late, other = make_bureau(), make_bureau()
    written, go = threading.Event(), threading.Event()

    def write_slowly():
        try:
            with transaction.atomic():
                Bureau.objects.filter(pk=late.pk).update(full_name="late")
                written.set()
                go.wait(10)
        finally:
            connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    written.wait(10)
    Bureau.objects.filter(pk=other.pk).update(full_name="early")
    stamp()
    tag = ask(client, token)["ETag"]
    go.set()
    writer.join()
    assert ask(client, token, tag).status_code == 200
