"""Every way of writing leaves history: who, why, in which request, and one row of the change log per object."""

import json
import threading

import pytest
from django.apps import apps
from django.db import InternalError, connection, models, transaction

from dalian_coop.accounts import services
from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.models import Bureau
from dalian_coop.base.errors import Conflict
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.models import Versioned
from dalian_coop.history.context import acting
from dalian_coop.history.models import Change
from dalian_coop.history.services import stamp
from dalian_coop.history.tasks import stamp as stamp_task
from tests.factories import make_bureau, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user(Role.SYSTEM_ADMIN)


def contexts(bureau):
    """(kind, context) of every event of ``bureau``, oldest first."""
    events = bureau.events.select_related("pgh_context").order_by("pgh_id")
    return [(e.pgh_label, e.pgh_context.metadata if e.pgh_context else None) for e in events]


def operations(bureau):
    return "".join(Change.objects.filter(object_id=str(bureau.pk)).order_by("id").values_list("op", flat=True))


def versioned_models():
    return [m for m in apps.get_models() if issubclass(m, Versioned)]


@pytest.mark.parametrize("model", versioned_models(), ids=lambda m: m._meta.label)
def test_every_versioned_model_is_tracked_and_in_the_change_log(model):
    event = model._meta.get_field("events").related_model
    missing = {f.name for f in model._meta.concrete_fields} - {f.name for f in event._meta.concrete_fields}
    assert not missing
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", [model._meta.db_table])
        names = " ".join(row[0] for row in cursor.fetchall())
    for trigger in ("insert_insert", "update_update", "delete_delete", "change_log_i", "change_log_u", "change_log_d"):
        assert trigger in names, (model, trigger)


def test_every_foreign_key_points_sideways_or_down():
    floors = {"dalian_coop": 0, "partners": 1, "planning": 2}
    for model in apps.get_models():
        here = floors.get(model.__module__.split(".")[0])
        for field in model._meta.concrete_fields:
            there = floors.get(field.related_model.__module__.split(".")[0]) if field.is_relation else None
            assert here is None or there is None or there <= here, f"{model._meta.label}.{field.name} points up"


def _orm_save(bureau):
    bureau.full_name = "save"
    bureau.save()


def _update(bureau):
    Bureau.objects.filter(pk=bureau.pk).update(full_name="update")


def _bulk_update(bureau):
    bureau.full_name = "bulk"
    Bureau.objects.bulk_update([bureau], ["full_name"])


def _upsert(bureau):
    bureau.full_name = "upsert"
    fields = ["full_name"]
    Bureau.objects.bulk_create([bureau], update_conflicts=True, unique_fields=["id"], update_fields=fields)


def _raw(bureau):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_bureau SET full_name = 'raw' WHERE id = %s", [bureau.pk])


def _with_clause(bureau):
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH x AS (SELECT %s::uuid AS id) UPDATE accounts_bureau b SET full_name = 'cte' FROM x WHERE b.id = x.id",
            [bureau.pk],
        )


def _service(bureau):
    services.save_bureau(bureau=bureau)


def _locked(bureau):
    bureau.full_name = "locked"
    save_if_unchanged(bureau, ["full_name"], expected=1)


@pytest.mark.parametrize("write", [_orm_save, _update, _bulk_update, _upsert, _raw, _with_clause, _service, _locked])
def test_every_way_of_writing_is_recorded_with_who_why_and_request(user, write):
    bureau = make_bureau()
    with acting(user, reason="merger"):
        write(Bureau.objects.get(pk=bureau.pk))
    kind, context = contexts(bureau)[-1]
    assert kind == "update"
    assert (context["actor"], context["actor_label"], context["actor_kind"]) == (str(user.pk), str(user), "user")
    assert context["reason"] == "merger" and "request_id" in context
    assert operations(bureau).startswith("I") and operations(bureau)[-1] == "U"


def test_bulk_create_of_many_gives_one_event_and_one_change_each(user):
    with acting(user, reason="list"):
        made = Bureau.objects.bulk_create(
            [Bureau(code=f"b{n}", name_zh=f"局{n}", full_name="x", kind="bureau") for n in range(300)]
        )
    assert Bureau.events.rel.related_model.objects.filter(pgh_obj_id__in=[b.pk for b in made]).count() == 300
    changes = Change.objects.filter(object_id__in=[str(b.pk) for b in made], op="I")
    assert changes.count() == 300 and set(changes.values_list("version", flat=True)) == {1}
    assert changes.values("object_id").distinct().count() == 300


def test_deleted_object_keeps_its_history_and_leaves_a_tombstone(user):
    bureau = make_bureau()
    key = bureau.pk
    with acting(user):
        Bureau.objects.filter(pk=key).delete()
    event = Bureau.events.rel.related_model.objects.filter(pgh_obj_id=key).order_by("-pgh_id").first()
    assert event.pgh_label == "delete" and event.pgh_context.metadata["actor"] == str(user.pk)
    assert operations(bureau) == "ID"


def test_admin_form_is_recorded_with_its_request(client, user):
    bureau = make_bureau()
    client.force_login(user)
    values = {"name_zh": "市教育局", "full_name": "大连市教育局", "kind": "bureau", "aliases": ""}
    headers = {"HTTP_X_REQUEST_ID": "admin-req-1", "HTTP_X_CHANGE_REASON": "reform"}
    assert client.post(f"/admin/accounts/bureau/{bureau.pk}/change/", values, **headers).status_code == 302
    _kind, context = contexts(bureau)[-1]
    assert (context["request_id"], context["reason"], context["actor"]) == ("admin-req-1", "reform", str(user.pk))
    assert context["url"].startswith("/admin/")


def test_write_without_anybody_is_recorded_all_the_same():
    bureau = make_bureau()
    assert contexts(bureau)[-1][0] == "insert" and operations(bureau) == "I"


def test_rolled_back_write_leaves_nothing():
    bureau = make_bureau()
    with pytest.raises(RuntimeError), transaction.atomic():
        _update(bureau)
        raise RuntimeError
    assert [kind for kind, _context in contexts(bureau)] == ["insert"] and operations(bureau) == "I"


@pytest.mark.parametrize(
    "tamper", ["UPDATE accounts_bureauevent SET full_name = 'x'", "DELETE FROM accounts_bureauevent"]
)
def test_history_cannot_be_changed_or_removed(tamper):
    make_bureau()
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(tamper)


def test_change_log_carries_version_and_transaction():
    bureau = make_bureau()
    _locked(Bureau.objects.get(pk=bureau.pk))
    last = Change.objects.filter(object_id=str(bureau.pk)).latest("id")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        current = cursor.fetchone()[0]
    assert (last.op, last.version, last.resource) == ("U", 2, "accounts.bureau")
    assert 0 < last.xid <= current


def test_of_two_savers_one_wins_and_the_other_sees_both_texts():
    bureau = make_bureau()
    first, second = Bureau.objects.get(pk=bureau.pk), Bureau.objects.get(pk=bureau.pk)
    first.full_name = "first"
    assert save_if_unchanged(first, ["full_name"], expected=1).version == 2
    second.full_name = "second"
    with pytest.raises(Conflict) as lost:
        save_if_unchanged(second, ["full_name"], expected=1)
    assert lost.value.current.full_name == "first" and lost.value.mine == {"full_name": "second"}
    assert Bureau.objects.get(pk=bureau.pk).full_name == "first"


def test_saving_what_is_gone_is_a_conflict_with_nothing():
    bureau = make_bureau()
    Bureau.objects.filter(pk=bureau.pk).delete()
    with pytest.raises(Conflict) as lost:
        save_if_unchanged(bureau, ["full_name"], expected=1)
    assert lost.value.current is None


def in_threads(*works):
    threads = [threading.Thread(target=_closing(work)) for work in works]
    for thread in threads:
        thread.start()
    return threads


def _closing(work):
    def run():
        try:
            work()
        finally:
            connection.close()

    return run


@pytest.mark.django_db(transaction=True)
def test_in_fifteen_rounds_of_eight_savers_one_wins_each_round():
    bureau = make_bureau()
    for version in range(1, 16):
        wins, start = [], threading.Barrier(8)

        def save(number, version=version, wins=wins, start=start):
            mine = Bureau.objects.get(pk=bureau.pk)
            mine.full_name = f"round {version} saver {number}"
            start.wait()
            try:
                save_if_unchanged(mine, ["full_name"], expected=version)
                wins.append(mine.full_name)
            except Conflict:
                pass

        for thread in in_threads(*[lambda n=n: save(n) for n in range(8)]):
            thread.join()
        saved = Bureau.objects.get(pk=bureau.pk)
        assert wins == [saved.full_name] and saved.version == version + 1


@pytest.mark.django_db(transaction=True)
def test_number_is_given_in_the_order_of_commits_not_of_writes():
    """T1 writes first and commits last: whoever reads up to the last number must still get it afterwards."""
    slow, fast = make_bureau(), make_bureau()
    stamp()
    last = Change.objects.latest("seq").seq
    written, go_on = threading.Event(), threading.Event()

    def held_open():
        with transaction.atomic():
            _update(slow)
            written.set()
            assert go_on.wait(20)

    (thread,) = in_threads(held_open)
    assert written.wait(20)
    _update(fast)
    stamp()
    seen = list(Change.objects.filter(seq__gt=last).order_by("seq").values_list("object_id", flat=True))
    assert seen == [str(fast.pk)]
    cursor = Change.objects.latest("seq").seq if seen else last
    go_on.set()
    thread.join()
    stamp()
    later = list(Change.objects.filter(seq__gt=cursor).order_by("seq").values_list("object_id", flat=True))
    assert later == [str(slow.pk)]
    ids = dict(Change.objects.filter(seq__gt=last).values_list("object_id", "id"))
    assert ids[str(slow.pk)] < ids[str(fast.pk)]  # by id the reader would have lost it


@pytest.mark.django_db(transaction=True)
def test_stampers_at_once_leave_no_hole_and_no_double():
    def write():
        for _number in range(20):
            _update(bureau)
            stamp()

    bureau = make_bureau()
    for thread in in_threads(*[write] * 4):
        thread.join()
    stamp_task()
    numbers = sorted(Change.objects.values_list("seq", flat=True))
    assert None not in numbers and len(numbers) == len(set(numbers)) == Change.objects.count()
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    ordered = Change.objects.filter(object_id=str(bureau.pk)).order_by("seq").values_list("id", flat=True)
    assert list(ordered) == sorted(ordered)


def test_rest_change_and_page_change_carry_different_requests(client):
    user = make_user(Role.COORDINATOR)
    client.force_login(user)
    client.post("/i18n/setlang/", {"language": "ko"}, HTTP_X_REQUEST_ID="first-request")
    client.post("/i18n/setlang/", {"language": "ja"}, HTTP_X_REQUEST_ID="second-request")
    events = user.events.filter(pgh_label="update").order_by("pgh_id")
    wanted = [e.pgh_context.metadata["request_id"] for e in events if e.language]
    assert wanted == ["first-request", "second-request"]
    assert json.dumps(events.last().pgh_context.metadata)


def test_a_versioned_child_of_an_abstract_model_is_found_by_these_tests():
    assert Bureau in versioned_models() and all(issubclass(m, models.Model) for m in versioned_models())
