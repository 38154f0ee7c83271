"""Cursors: nobody makes one himself, none is followed into a gap, and the client is right again after every 410."""

import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from dalian_coop.accounts.models import ApiClient, Bureau
from dalian_coop.history import selectors, services
from dalian_coop.history.models import Change
from dalian_coop.history.selectors import lags
from dalian_coop.history.tasks import purge as purge_task
from dalian_coop.rest import exported
from planning.taskbooks.models import Task
from tests.dalian_coop.history.copies import EVERYTHING, Copy, wide_token
from tests.dalian_coop.history.test_writes import _update
from tests.factories import make_bureau, make_client, make_client_token
from tests.planning.factories import make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    """A copy of the bureaus, with one change that it has not fetched."""
    bureau = make_bureau()
    copy = Copy("bureaus", wide_token()).full()
    _update(bureau)
    return copy


def refused(answer, status: int) -> dict:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.json()


def gone(copy: Copy) -> str:
    """The reason of the 410, after checking that the client is right again by itself."""
    body = refused(copy.ask(), 410)
    assert body["resync_url"] == f"http://testserver/api/v1/export/{copy.resource}.ndjson"
    copy.full().catch_up()
    assert copy.rows == copy.export()[0]
    return body["reason"]


@pytest.mark.parametrize("limit", ["0", "-1", "1000000000", "501", "ten", "", "1.5", "٣", "1e2", " 5"])
def test_a_limit_that_is_none_is_refused(held, limit):
    (error,) = refused(held.ask(limit=limit), 400)["errors"]
    assert (error["parameter"], error["code"]) == ("limit", "bad_value")


@pytest.mark.parametrize(
    "change", [lambda c: c[:-1], lambda c: "A" + c[1:], lambda c: c + "x", lambda c: "", lambda c: "7"]
)
def test_an_altered_cursor_is_refused(held, change):
    (error,) = refused(held.ask(cursor=change(held.cursor)), 400)["errors"]
    assert error["code"] == "bad_cursor"


def test_a_cursor_of_a_list_is_none_of_the_feed(held):
    answer = held.web.get("/api/v1/bureaus/", {"limit": 1}, **held.headers).json()
    cursor = answer["next"].partition("cursor=")[2].partition("&")[0]
    refused(held.ask(cursor=cursor), 400)


def test_a_cursor_of_somebody_else_or_for_something_else_is_refused(held):
    other = Copy("bureaus", make_client_token(make_bureau(), EVERYTHING))
    other.cursor = held.cursor
    refused(other.ask(), 400)
    refused(held.ask(resource="tasks"), 400)
    refused(held.ask(resource="bureaus,tasks"), 400)
    refused(held.ask(resource=None), 400)


@pytest.mark.parametrize("resource", ["", "users", "accounts.bureau", "bureaus,", "Bureaus", "jobs"])
def test_a_resource_that_is_not_exported_is_refused(held, resource):
    refused(held.ask(resource=resource), 400)


def test_unknown_and_repeated_parameters_are_refused(held):
    refused(held.ask(since="2026-01-01"), 400)
    answer = held.web.get(f"/api/v1/changes/?limit=1&limit=2&cursor={held.cursor}", **held.headers)
    assert refused(answer, 400)["errors"][0]["code"] == "repeated"


def test_a_client_with_fewer_scopes_starts_anew(held):
    ApiClient.objects.update(scopes=["reference:read"])
    assert gone(held) == "scope"


def test_a_client_that_gets_part_in_another_book_starts_anew_and_has_all_of_it():
    own, other = make_task(), make_task()
    sibling = make_task(other.book)
    copy = Copy("tasks", make_client_token(own.lead, EVERYTHING)).full()
    assert set(copy.rows) == {str(own.pk)}
    Task.objects.filter(pk=other.pk).update(lead=own.lead)
    assert gone(copy) == "scope"
    assert set(copy.rows) == {str(own.pk), str(other.pk), str(sibling.pk)}


def test_columns_that_old_copies_cannot_follow_make_clients_start_anew(held, monkeypatch):
    resource = exported.resources()["bureaus"]
    newer = type(resource)(**{**vars(resource), "major": resource.major + 1})
    monkeypatch.setitem(exported.resources(), "bureaus", newer)
    assert gone(held) == "schema"


def test_a_new_epoch_ends_every_cursor(held):
    assert services.begin_epoch() == 1
    assert gone(held) == "restored"
    assert services.begin_epoch() == 2


def test_a_database_restored_to_before_the_cursor_is_noticed(held):
    held.catch_up()
    Change.objects.filter(seq=Change.objects.latest("seq").seq).delete()
    assert gone(held) == "restored"


def test_a_restored_database_that_has_grown_past_the_cursor_is_noticed(held):
    held.catch_up()
    last = Change.objects.latest("seq")
    # The same number, given again to another change after the restore.
    Change.objects.filter(pk=last.pk).update(at=last.at + timedelta(seconds=1))
    for bureau in Bureau.objects.all():
        _update(bureau)
    assert gone(held) == "restored"


def test_a_table_that_was_restored_in_place_is_noticed(held):
    held.catch_up()
    with connection.cursor() as cursor:  # as pg_restore --clean does: dropped and made anew, with the same rows
        cursor.execute("CREATE TABLE copy_of_log (LIKE change_log INCLUDING ALL)")
        cursor.execute("INSERT INTO copy_of_log SELECT * FROM change_log")
        cursor.execute("ALTER TABLE change_log RENAME TO old_log")
        cursor.execute("ALTER TABLE copy_of_log RENAME TO change_log")
    refused(held.ask(), 410)


def test_a_cursor_older_than_the_log_starts_anew(held):
    _update(Bureau.objects.first())
    services.stamp()
    assert services.purge(now=timezone.now() + services.RETENTION + timedelta(days=1)) > 0
    assert gone(held) == "retention"


def test_changes_are_kept_for_four_hundred_days_and_numbers_go_on(held):
    services.stamp()
    last, count = Change.objects.latest("seq").seq, Change.objects.count()
    assert services.purge(now=timezone.now() + services.RETENTION - timedelta(hours=1)) == 0
    assert services.purge(now=timezone.now() + services.RETENTION + timedelta(hours=1)) == count - 1
    assert Change.objects.get().seq == last  # or the next number would be given a second time
    purge_task()
    held.full()
    make_bureau()
    assert len(held.news()) == 1 and Change.objects.earliest("seq").seq == last


def test_only_the_beginning_of_the_log_is_removed(held):
    services.stamp()
    first, second, third = Change.objects.order_by("seq")[:3]
    old = timezone.now() - services.RETENTION - timedelta(days=1)
    Change.objects.filter(pk__in=[first.pk, third.pk]).update(at=old)
    assert services.purge() == 1
    left = set(Change.objects.values_list("pk", flat=True))
    assert first.pk not in left and {second.pk, third.pk} <= left


def test_a_cursor_of_an_empty_log_goes_on():
    copy = Copy("bureaus", wide_token())
    Change.objects.all().delete()
    copy.full()
    bureau = make_bureau()
    assert copy.news() == {str(bureau.pk): "upsert"}


def test_a_copy_keeps_the_language_in_which_it_was_begun():
    make_task()
    token = wide_token()
    english = Copy("bureaus", token, Client(HTTP_ACCEPT_LANGUAGE="en")).full()
    bureau = Bureau.objects.first()
    Bureau.objects.filter(pk=bureau.pk).update(name_en="Office of Trade")
    english.web = Client()  # the poll forgets to say the language
    english.catch_up()
    row = english.rows[str(bureau.pk)]
    assert (row["name"], row["kind_label"]) == ("Office of Trade", "Bureau")


def test_a_revoked_token_is_dead_between_two_pages(held):
    from dalian_coop.accounts.models import ApiToken

    held.step(limit=1)
    ApiToken.objects.update(revoked_at=timezone.now())
    refused(held.ask(), 401)


def test_the_lag_is_that_of_the_oldest_change_without_a_number(held):
    services.stamp()
    assert held.web.get("/api/v1/changes/lag/", **held.headers).json()["unstamped_seconds"] == 0
    _update(Bureau.objects.first())
    Change.objects.filter(seq=None).update(at=timezone.now() - timedelta(seconds=90))
    body = held.web.get("/api/v1/changes/lag/", **held.headers).json()
    assert 90 <= body["unstamped_seconds"] < 100 and body["retention_days"] == 400


def test_the_timer_warns_of_a_feed_that_is_behind_once_a_minute(held, caplog, monkeypatch):
    services.stamp()
    _update(Bureau.objects.first())
    Change.objects.filter(seq=None).update(at=timezone.now() - timedelta(seconds=40))
    monkeypatch.setattr(lags, "_warned", -lags._EVERY)
    for _n in range(3):
        selectors.warn_of_lag()
    assert [record.message for record in caplog.records if "feed" in record.message] == ["The change feed is behind"]
    monkeypatch.setattr(lags, "_warned", time.monotonic() - 61)
    services.stamp()
    selectors.warn_of_lag()
    assert sum("feed" in record.message for record in caplog.records) == 1


def test_two_clients_of_one_bureau_cannot_swap_cursors():
    bureau = make_bureau(coordinates=True)
    from dalian_coop.accounts import services as accounts

    first, second = make_client(bureau, EVERYTHING), make_client(bureau, EVERYTHING)
    copies = [Copy("bureaus", accounts.issue_token(client=c).text).full() for c in (first, second)]
    copies[0].cursor, copies[1].cursor = copies[1].cursor, copies[0].cursor
    for copy in copies:
        refused(copy.ask(), 400)


def test_the_office_ends_every_cursor_by_a_command(held, capsys):
    call_command("feed_epoch")
    assert "Epoch 1" in capsys.readouterr().out
    assert gone(held) == "restored"
