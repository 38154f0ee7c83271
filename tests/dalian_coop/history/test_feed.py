"""The change feed: whatever was written, by whatever way, comes; what is gone goes; what is not ours stays unknown."""

import json
from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.services import issue_token
from dalian_coop.rest import exported
from partners.industries.models import Industry, IndustryLink
from planning.taskbooks.models import Task, TaskRegion, TaskUnit
from tests.dalian_coop.history.copies import EVERYTHING, Copy, wide_token
from tests.dalian_coop.history.test_writes import (
    _bulk_update,
    _locked,
    _orm_save,
    _raw,
    _service,
    _update,
    _upsert,
    _with_clause,
)
from tests.factories import bearer, make_bureau, make_client, make_client_token, make_user
from tests.partners.factories import make_agreement, make_indicator, make_observation, make_region, make_source
from tests.planning.factories import make_book, make_task
from tests.planning.gaps.factories import compute, make_world, start
from tests.planning.roadmap.factories import make_link, make_stone

pytestmark = pytest.mark.django_db
WRITES = [_orm_save, _update, _bulk_update, _upsert, _raw, _with_clause, _service, _locked]


@pytest.fixture
def copy():
    """Makes the copy that a system of the coordinating bureau holds of a resource."""
    token = wide_token()
    return lambda resource: Copy(resource, token).full()


@pytest.mark.parametrize("write", WRITES)
def test_a_write_by_any_way_appears_with_the_present_state(copy, write):
    bureau = make_bureau()
    held = copy("bureaus")
    write(Bureau.objects.get(pk=bureau.pk))
    assert held.news() == {str(bureau.pk): "upsert"}
    assert held.rows == held.export()[0]
    assert held.seen[-1]["data"]["full_name"] == Bureau.objects.get(pk=bureau.pk).full_name


def test_new_changed_and_deleted_objects_come_once_each_in_the_order_of_their_last_change(copy):
    first, second, third = make_bureau(), make_bureau(), make_bureau()
    held = copy("bureaus")
    fourth = make_bureau()
    _update(second)
    _update(first)
    Bureau.objects.filter(pk=third.pk).delete()
    for _number in range(5):
        _update(second)
    keys = [str(b.pk) for b in (fourth, first, third, second)]
    page = held.step()
    assert [item["id"] for item in page["items"]] == keys
    assert [item["op"] for item in page["items"]] == ["upsert", "upsert", "delete", "upsert"]
    assert [item["seq"] for item in page["items"]] == sorted(item["seq"] for item in page["items"])
    assert held.rows == held.export()[0]


def test_an_item_is_the_row_of_the_list_without_what_depends_on_the_day(copy, client):
    task = make_task(due=date(2026, 12, 31))
    held = copy("tasks")
    Task.objects.filter(pk=task.pk).update(progress=40)
    (item,) = held.step()["items"]
    listed = json.loads(client.get("/api/v1/tasks/", **held.headers).content)["items"][0]
    assert {"light", "light_label"} <= set(listed)
    assert item["data"] == {name: value for name, value in listed.items() if not name.startswith("light")}
    assert (item["resource"], item["version"], item["id"]) == ("tasks", task.version, str(task.pk))


def test_same_cursor_same_page_and_an_empty_page_keeps_the_cursor(copy):
    for _number in range(5):
        make_bureau()
    held = copy("bureaus")
    for bureau in Bureau.objects.all():
        _update(bureau)
    pages = [json.loads(held.ask(limit=3).content) for _n in range(2)]
    for page in pages:
        page.pop("as_of"), page.pop("next_cursor")
    assert pages[0] == pages[1] and len(pages[0]["items"]) == 3 and pages[0]["has_more"]
    held.catch_up(limit=3)
    before = held.cursor
    page = held.step()
    assert (page["items"], page["has_more"], page["next_cursor"]) == ([], False, before)


def test_pages_of_one_give_what_one_page_gives(copy):
    bureaus = [make_bureau() for _n in range(4)]
    large, small = copy("bureaus"), copy("bureaus")
    for bureau in bureaus + bureaus[::-1]:
        _update(bureau)
    bureaus[0].delete()
    assert large.catch_up().rows == small.catch_up(limit=1).rows == large.export()[0]
    assert len(small.seen) > len(large.seen) == 4


def test_a_copy_of_all_resources_together_follows_one_cursor():
    held = Copy(None, wide_token())
    held.cursor = held.ask(cursor=None).json()["next_cursor"]
    stone = make_stone()
    kinds = {item["resource"] for item in held.step()["items"]}
    assert kinds == {"bureaus", "task-books", "tasks", "milestones"}
    assert {item["id"] for item in held.seen} >= {str(stone.pk), str(stone.task_id), str(stone.task.book_id)}


def test_without_a_cursor_the_feed_begins_now_and_says_where_the_copy_is(copy):
    make_bureau()
    held = copy("bureaus")
    page = held.ask(cursor=None).json()
    assert page["items"] == [] and page["resync_url"].endswith("/api/v1/export/bureaus.ndjson")
    late = make_bureau()
    held.cursor = page["next_cursor"]
    assert held.news() == {str(late.pk): "upsert"}


# --- what a row embeds ---


def test_a_new_name_of_the_bureau_comes_with_every_row_that_shows_it(copy):
    lead, unit = make_bureau(), make_bureau()
    stone = make_stone(make_task(lead=lead, units=(unit,)))
    other = make_stone()
    tasks, stones = copy("tasks"), copy("milestones")
    Bureau.objects.filter(pk=lead.pk).update(name_zh="市新局")
    assert tasks.news() == {str(stone.task_id): "upsert"} and stones.news() == {str(stone.pk): "upsert"}
    assert tasks.rows[str(stone.task_id)]["lead_name"] == stones.rows[str(stone.pk)]["lead_name"] == "市新局"
    Bureau.objects.filter(pk=unit.pk).update(name_zh="市合并局")
    assert tasks.news() == {str(stone.task_id): "upsert"} and stones.news() == {}
    assert tasks.rows[str(stone.task_id)]["units"] == [{"bureau": unit.code, "bureau_name": "市合并局"}]
    assert tasks.rows[str(other.task_id)]["lead_name"] != "市新局"


def test_a_supporting_bureau_that_goes_or_moves_brings_both_tasks(copy):
    unit = make_bureau()
    book = make_book()
    first, second = make_task(book, units=(unit,)), make_task(book)
    held = copy("tasks")
    TaskUnit.objects.filter(task=first).update(task=second)
    assert held.news() == {str(first.pk): "upsert", str(second.pk): "upsert"}
    assert held.rows[str(first.pk)]["units"] == [] != held.rows[str(second.pk)]["units"]
    TaskUnit.objects.all().delete()
    assert held.news() == {str(second.pk): "upsert", str(first.pk): "upsert"}
    assert held.rows == held.export()[0]


def test_every_embedded_value_of_every_resource_brings_its_row():
    """No resource may show something whose change does not reach the copies: all of them, by their own columns."""
    _one_of_each()
    token = wide_token()
    assert len(exported.resources()) == 10
    for name, resource in exported.resources().items():
        held = Copy(name, token).full()
        assert held.rows, name
        for embedding in resource.embeddings:
            rows = embedding.base._base_manager.exclude(**{f"{embedding.lookup}__isnull": True})
            wanted = {str(key) for key in rows.values_list(embedding.key, flat=True)} & set(held.rows)
            assert wanted, (name, embedding)
            table = apps.get_model(embedding.source)._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET id = id")  # noqa: S608 - a name of our own
            assert wanted <= set(held.news()), (name, embedding)


def _one_of_each() -> None:
    """Rows in which every relation of every exported resource is filled."""
    world = make_world()
    gap = start(world, benchmark="region", reference=world["regions"]["CN-370200"])
    compute(gap)
    home = world["regions"]["CN-210200"]
    partner = make_region("JP-40100", "北九州市", parent=home)
    make_agreement(home, partner, world["source"])
    lead, unit = make_bureau(), make_bureau()
    Bureau.objects.filter(pk=unit.pk).update(parent=lead)
    task = make_task(lead=lead, units=(unit,))
    TaskRegion.objects.create(task=task, region=partner)
    make_link(make_stone(task), make_stone(task))
    sections = [
        Industry.objects.create(code=f"ISIC:{c}", scheme="ISIC", level="section", scheme_code=c, name_en=c, source="t")
        for c in "AB"
    ]
    Industry.objects.filter(pk=sections[0].pk).update(parent=sections[1])
    IndustryLink.objects.create(origin=sections[0], target=sections[1], status="own", source="t")


def test_rows_that_hang_on_another_have_one_order(copy):
    """Supporting bureaus of equal rank: a copy and a full export must not differ in who stands first."""
    task = make_task()
    units = [TaskUnit.objects.create(task=task, bureau=make_bureau(), order=0) for _n in range(4)]
    held = copy("tasks")
    for unit in units[::-1]:  # each write moves the row to another place in the table
        TaskUnit.objects.filter(pk=unit.pk).update(deliverable="台账")
    held.catch_up()
    wanted = [unit.bureau.code for unit in sorted(units, key=lambda unit: unit.pk)]
    assert [unit["bureau"] for unit in held.rows[str(task.pk)]["units"]] == wanted


# --- what is gone, and what was never ours ---


def office(country: str = "JP"):
    """(bureau, copy maker) of an overseas office."""
    bureau = make_bureau(seat_country=country)
    token = make_client_token(bureau, EVERYTHING)
    return bureau, lambda resource: Copy(resource, token).full()


def test_a_deleted_task_goes_with_its_milestones_for_those_who_saw_it(copy):
    stone = make_stone()
    tasks, stones = copy("tasks"), copy("milestones")
    Task.objects.filter(pk=stone.task_id).update(deleted_at=timezone.now())
    assert tasks.news() == {str(stone.task_id): "delete"} and stones.news() == {str(stone.pk): "delete"}
    assert tasks.rows == stones.rows == {}


def test_a_row_deleted_for_good_leaves_a_tombstone(copy):
    task = make_task(units=(make_bureau(),))
    held = copy("tasks")
    key = str(task.pk)
    task.delete()
    assert held.news() == {key: "delete"}


def test_a_task_that_no_longer_names_the_country_leaves_the_office_s_copy():
    _bureau, copy_of = office("JP")
    stone = make_stone(make_task(countries=["JP"]))
    unseen = make_task(countries=["KR"])
    tasks, stones = copy_of("tasks"), copy_of("milestones")
    assert set(tasks.rows) == {str(stone.task_id)} and set(stones.rows) == {str(stone.pk)}
    make_task(stone.task.book, countries=["JP"])  # another one keeps the book in sight
    Task.objects.filter(pk__in=[stone.task_id, unseen.pk]).update(countries=["KR"])
    assert tasks.news()[str(stone.task_id)] == "removed" and str(unseen.pk) not in tasks.news()
    assert stones.news() == {str(stone.pk): "removed"}
    assert tasks.rows == tasks.export()[0] and stones.rows == {}


@pytest.mark.parametrize("wide", [True, False])
def test_a_task_that_leaves_the_rows_of_a_narrowed_client_leaves_its_copy(wide):
    """The client sees the rows of two bureaus only; a third one takes over a task, then it comes back."""
    owner, chosen, other = make_bureau(coordinates=wide), make_bureau(), make_bureau()
    book = make_book()
    make_task(book, lead=owner)
    kept, moved = make_task(book, lead=chosen), make_task(book, lead=other, units=(chosen,))
    unseen = make_task(book, lead=other)
    stone = make_stone(moved)
    client = make_client(owner, EVERYTHING, row_bureaus=[chosen])
    token = issue_token(client=client).text
    tasks, stones = Copy("tasks", token).full(), Copy("milestones", token).full()
    assert set(tasks.rows) == {str(kept.pk), str(moved.pk)} and set(stones.rows) == {str(stone.pk)}
    TaskUnit.objects.filter(task=moved).delete()
    Task.objects.filter(pk=unseen.pk).update(deleted_at=timezone.now())
    assert tasks.news() == {str(moved.pk): "removed"} and stones.news() == {str(stone.pk): "removed"}
    Task.objects.filter(pk=moved.pk).update(lead=chosen)
    assert tasks.news() == {str(moved.pk): "upsert"} and stones.news() == {str(stone.pk): "upsert"}
    Task.objects.filter(pk=moved.pk).update(deleted_at=timezone.now())
    assert tasks.news() == {str(moved.pk): "delete"} and stones.news() == {str(stone.pk): "delete"}
    assert tasks.rows == tasks.export()[0]


def test_the_list_of_books_of_a_narrowed_client_starts_anew_when_a_book_comes_or_goes():
    owner, chosen = make_bureau(coordinates=True), make_bureau()
    task = make_task(lead=chosen)
    held = Copy("task-books", issue_token(client=make_client(owner, EVERYTHING, row_bureaus=[chosen])).text).full()
    assert set(held.rows) == {str(task.book_id)}
    Task.objects.filter(pk=task.pk).update(lead=owner)
    assert held.ask().status_code == 410 and held.full().rows == {}


def test_who_may_not_read_contacts_gets_none_by_feed_or_file():
    owner = make_bureau(coordinates=True)
    task = make_task(responsible="王处长")
    for scopes, wanted in ((EVERYTHING, None), ([*EVERYTHING, "contacts:read"], "王处长")):
        held = Copy("tasks", issue_token(client=make_client(owner, scopes)).text).full()
        assert held.rows[str(task.pk)]["responsible"] == wanted
        Task.objects.filter(pk=task.pk).update(progress=1)
        (item,) = held.step()["items"]
        assert item["data"]["responsible"] == wanted


@pytest.mark.parametrize("gone", ["unit", "task"])
def test_a_task_that_the_office_only_supports_leaves_its_copy(gone):
    bureau, copy_of = office("KR")
    task = make_task(units=(bureau,))
    make_task(task.book, lead=bureau)
    held = copy_of("tasks")
    assert str(task.pk) in held.rows
    if gone == "unit":
        TaskUnit.objects.filter(task=task).delete()
    else:
        Task.objects.filter(pk=task.pk).update(deleted_at=timezone.now())
    assert held.news() == {str(task.pk): "removed" if gone == "unit" else "delete"}


def test_what_one_never_saw_is_not_even_reported_as_gone():
    _bureau, copy_of = office("JP")
    korean = make_task(countries=["KR"])
    home, seoul = make_region("CN-210200"), make_region("KR-11")
    source = make_source()
    figure = make_observation(seoul, make_indicator(), 2024, 1, source)
    agreement = make_agreement(home, seoul, source)
    copies = [copy_of(name) for name in ("tasks", "observations", "agreements", "regions")]
    for held in copies:
        assert not {str(o.pk) for o in (korean, figure, agreement, seoul)} & set(held.rows)
    Task.objects.filter(pk=korean.pk).update(progress=50)
    Task.objects.filter(pk=korean.pk).update(deleted_at=timezone.now())
    for thing in (figure, agreement, seoul):
        thing.delete()
    for held in copies:
        assert held.news() == {}


def test_figures_and_agreements_that_one_saw_are_reported_as_gone():
    _bureau, copy_of = office("JP")
    home, kobe = make_region("CN-210200"), make_region("JP-28100")
    source = make_source()
    things = {
        "observations": make_observation(kobe, make_indicator(), 2024, 1, source),
        "agreements": make_agreement(home, kobe, source),
    }
    copies = {name: copy_of(name) for name in [*things, "regions"]}
    for name, thing in things.items():
        key = str(thing.pk)
        thing.delete()
        assert copies[name].news() == {key: "delete"}
    key = str(kobe.pk)
    kobe.delete()
    assert copies["regions"].news() == {key: "delete"}


def test_an_official_reads_the_feed_of_his_own_books_only(client):
    mine, other = make_task(), make_task()
    held = Copy("tasks", make_user(Role.OFFICIAL, bureau=mine.lead), client).full()
    second = make_task(mine.book)
    Task.objects.filter(pk=other.pk).update(progress=5)
    assert held.news() == {str(second.pk): "upsert"} and set(held.rows) == {str(mine.pk), str(second.pk)}


def test_somebody_without_business_here_gets_nothing(client):
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    assert client.get("/api/v1/changes/").status_code == 403
    assert Client().get("/api/v1/changes/").status_code == 401
    token = make_client_token(make_bureau(), ["reference:read"])
    assert client.get("/api/v1/changes/", {"resource": "tasks"}, **bearer(token)).status_code == 403


def test_a_gap_report_appears_when_it_is_finished(copy):
    held = copy("gap-reports")
    run = start(make_world())
    assert held.news() == {}
    compute(run)
    assert held.news() == {str(run.pk): "upsert"} and held.rows == held.export()[0]
    assert held.rows[str(run.pk)]["findings"]
