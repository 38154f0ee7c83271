"""The timeline of an object and the audit page."""

import pytest

from dalian_coop.accounts.enums import BureauKind, Role
from dalian_coop.accounts.models import Bureau
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.history.context import acting
from dalian_coop.history.selectors import audit_rows, timeline, tracked_models
from tests.factories import make_bureau, make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user(Role.COORDINATOR, bureau=make_bureau("市发展改革委"), display_name="孙雨桐")


def change(bureau, user=None, reason="", **values):
    bureau.refresh_from_db()
    for name, value in values.items():
        setattr(bureau, name, value)
    with acting(user, reason=reason):
        save_if_unchanged(bureau, values, expected=bureau.version)


def test_timeline_tells_who_what_and_why_newest_first(user):
    bureau = make_bureau(full_name="旧名")
    change(bureau, user, "机构改革", full_name="新名")
    newest, oldest = timeline(bureau, fields={"full_name": "全称"})
    assert (newest.actor_label, newest.bureau, newest.reason) == ("孙雨桐", "市发展改革委", "机构改革")
    assert [tuple(c) for c in newest.changes] == [("全称", "旧名", "新名")]
    assert (newest.kind, oldest.kind) == ("update", "insert")
    assert [tuple(c) for c in oldest.changes] == [("全称", "", "旧名")]


def test_values_are_shown_in_words(user):
    parent = make_bureau("市政府")
    bureau = make_bureau(kind="bureau")
    change(bureau, user, parent=parent, kind="district", aliases=["甲", "乙"], coordinates=True)
    changes = {c.field: (c.old, c.new) for c in timeline(bureau)[0].changes}
    assert changes["parent"] == ("", "市政府")
    assert changes["kind"] == (str(BureauKind.BUREAU.label), str(BureauKind.DISTRICT.label))
    assert changes["aliases"] == ("", "甲、乙")
    assert changes["coordinates"] == ("否", "是")
    assert "version" not in changes and "updated_at" not in changes


def test_writes_that_touch_no_shown_field_are_left_out(user):
    bureau = make_bureau()
    change(bureau, user, full_name="neu")
    assert len(timeline(bureau, fields={"name_en": "English"})) == 1  # only that it was made


def test_timeline_costs_few_statements_however_long(user, django_assert_max_num_queries):
    bureau = make_bureau()
    parents = [make_bureau() for _number in range(10)]
    for parent in parents:
        change(bureau, user, parent=parent)
    with django_assert_max_num_queries(3):
        assert len(timeline(bureau)) == 11


def test_limit_cuts_the_oldest(user):
    bureau = make_bureau()
    for number in range(5):
        change(bureau, user, full_name=f"name {number}")
    entries = timeline(bureau, limit=2)
    assert [e.changes[0].new for e in entries] == ["name 4", "name 3"]
    assert entries[1].changes[0].old == "name 2"


def test_client_is_named_as_a_client():
    bureau, owner = make_bureau(), make_client(make_bureau("市大数据局"), name="平台")
    change(bureau, owner, full_name="x")
    entry = timeline(bureau)[0]
    assert (entry.actor_label, entry.bureau) == ("平台", "市大数据局")


def test_audit_says_which_fields_but_not_what_they_held(client, user):
    bureau = make_bureau(full_name="秘密旧名")
    change(bureau, user, "机构改革", full_name="秘密新名")
    client.force_login(make_user(Role.AUDIT_ADMIN))
    text = client.get("/audit/", {"model": "accounts.bureau"}).content.decode()
    assert "全称" in text and "孙雨桐" in text and "机构改革" in text and str(bureau.pk) in text
    assert "秘密" not in text


def test_audit_finds_by_person_and_by_request(client, user):
    mine, other = make_bureau(), make_bureau()
    change(mine, user, full_name="a")
    change(other, None, full_name="b")
    rows, more = audit_rows(Bureau, actor="雨桐")
    assert [r.object_id for r in rows] == [str(mine.pk)] and not more
    assert audit_rows(Bureau, request_id="none")[0] == []


def test_audit_pages(user):
    for _number in range(7):
        make_bureau()
    rows, more = audit_rows(Bureau, first=0, count=5)
    assert len(rows) == 5 and more
    rest, more = audit_rows(Bureau, first=5, count=5)
    assert not more and not {r.object_id for r in rows} & {r.object_id for r in rest}


@pytest.mark.parametrize("role", [r for r in Role if r != Role.AUDIT_ADMIN])
def test_audit_is_for_the_audit_administrator_only(client, role):
    client.force_login(make_user(role))
    assert client.get("/audit/").status_code == 403


@pytest.mark.parametrize("model", tracked_models(), ids=lambda m: m._meta.label)
def test_audit_page_of_every_record_opens(client, model):
    client.force_login(make_user(Role.AUDIT_ADMIN))
    assert client.get("/audit/", {"model": model._meta.label_lower}).status_code == 200


@pytest.mark.parametrize("query", [{"model": "auth.secret"}, {"actor": "a" * 500}, {"request": "x" * 100}])
def test_bad_audit_queries_are_refused_on_the_page(client, query):
    client.force_login(make_user(Role.AUDIT_ADMIN))
    answer = client.get("/audit/", query)
    assert answer.status_code == 400 and "<html" in answer.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999", "２"])
def test_odd_page_numbers_show_a_page(client, page):
    client.force_login(make_user(Role.AUDIT_ADMIN))
    assert client.get("/audit/", {"page": page}).status_code == 200
