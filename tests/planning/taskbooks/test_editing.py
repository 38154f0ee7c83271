"""Adding, editing, deleting and restoring tasks through the services."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from partners.indicators.models import DataSource
from partners.relations.models import Agreement
from planning.taskbooks import services
from planning.taskbooks.models import Task, TaskBook, TaskUnit
from tests.factories import make_bureau, make_client, make_user
from tests.planning.factories import make_book, make_coordinator, make_field, make_measure, make_region, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return make_bureau("市商务局", code="commerce")


@pytest.fixture
def official(bureau):
    return make_user(Role.OFFICIAL, bureau=bureau)


@pytest.fixture
def task(bureau):
    return make_task(lead=bureau, code="1.1.1", start=date(2026, 1, 4), due=date(2026, 12, 31), due_text="2026年底前")


def refused(task, by, **values):
    """Codes of what is wrong with ``values``; nothing may have been written."""
    with pytest.raises(ValidationError) as e:
        services.edit_task(task=task, values=values, version=task.version, by=by)
    assert Task.objects.get(pk=task.pk).version == task.version
    return e.value.codes


def edit(task, by, **values):
    return services.edit_task(task=task, values=values, version=task.version, by=by)


class TestRules:
    @pytest.mark.parametrize(
        ("values", "codes"),
        [
            ({"due": "2025-12-31"}, {"due": ["before_start"]}),
            ({"start": "2027-01-01"}, {"due": ["before_start"]}),
            ({"due": "2026-02-30"}, {"due": ["bad_date"]}),
            ({"due": "明年"}, {"due": ["bad_date"]}),
            ({"due": 20261231}, {"due": ["bad_date"]}),
            ({"due": "2999-01-01", "due_text": ""}, {"due": ["year_out_of_range"]}),
            ({"weight": "100.01"}, {"weight": ["out_of_range"]}),
            ({"weight": "-1"}, {"weight": ["out_of_range"]}),
            ({"weight": "2.555"}, {"weight": ["too_precise"]}),
            ({"weight": "NaN"}, {"weight": ["bad_number"]}),
            ({"weight": "Infinity"}, {"weight": ["bad_number"]}),
            ({"weight": True}, {"weight": ["bad_number"]}),
            ({"lead": "市不存在局"}, {"lead": ["unit_unknown"]}),
            ({"lead": ""}, {"lead": ["required"]}),
            ({"units": ["市不存在局"]}, {"units": ["unit_unknown"]}),
            ({"units": ["市商务局"]}, {"units": ["lead_supports"]}),
            ({"units": {"a": 1}}, {"units": ["not_a_list"]}),
            ({"units": 5}, {"units": ["not_a_list"]}),
            ({"content": ""}, {"content": ["required"]}),
            ({"content": " \n "}, {"content": ["required"]}),
            ({"content": "大" * 10_000}, {"content": ["too_long"]}),
            ({"content": "港\x00口"}, {"content": ["bad_characters"]}),
            ({"content": "港\ud800口"}, {"content": ["bad_characters"]}),
            ({"content": 5}, {"content": ["not_a_text"]}),
            ({"progress": 101}, {"progress": ["out_of_range"]}),
            ({"progress": -1}, {"progress": ["out_of_range"]}),
            ({"progress": "33.3"}, {"progress": ["out_of_range"]}),
            ({"state": "finished"}, {"state": ["unknown_choice"]}),
            ({"state": "completed", "progress": 40}, {"progress": ["completed_means_100"]}),
            ({"horizon": "forever"}, {"horizon": ["unknown_choice"]}),
            ({"due_text": "2027年6月底前", "due": "2027-06-29"}, {"due_text": ["due_text_differs"]}),
            ({"due_text": "持续推进"}, {"due": ["continuous_has_no_date"]}),
            ({"field": "没有的领域"}, {"field": ["field_unknown"]}),
            ({"measure": "没有的举措"}, {"measure": ["measure_unknown"]}),
            ({"code": "1.a"}, {"code": ["bad_code"]}),
            ({"version": 5}, {"version": ["unknown_field"]}),
            ({"book": "x"}, {"book": ["unknown_field"]}),
        ],
        ids=str,
    )
    def test_each_rule_names_its_field(self, task, values, codes):
        assert refused(task, make_coordinator(), **values) == codes

    def test_all_faults_are_told_at_once(self, task):
        codes = refused(task, make_coordinator(), due="2025-01-01", weight="101", lead="市不存在局", content="")
        assert codes.keys() == {"due", "weight", "lead", "content"}

    def test_a_supporting_bureau_named_twice_is_refused(self, task):
        other = make_bureau("市外办")
        assert refused(task, make_coordinator(), units=[other, other]) == {"units": ["unit_twice"]}

    def test_a_number_another_task_has_is_refused(self, task):
        make_task(task.book, code="1.1.2")
        assert refused(task, make_coordinator(), code="1.1.2") == {"code": ["code_taken"]}

    def test_a_measure_of_another_field_is_refused(self, task):
        other = make_measure(task.book.programme, "2.1", "别的举措", field=make_field("文化交流"))
        assert refused(task, make_coordinator(), measure=other) == {"measure": ["measure_of_other_field"]}


class TestValuesAsTyped:
    def test_texts_become_what_the_model_holds(self, task, official, bureau):
        foreign = make_bureau("市外办", aliases=["外办"])
        edit(
            task, official, start="2026/3/1", due="2027-03-31", due_text="", weight="2.60", progress="70%", units="外办"
        )

        saved = Task.objects.get(pk=task.pk)
        assert (saved.start, saved.due) == (date(2026, 3, 1), date(2027, 3, 31))
        assert (saved.weight, saved.progress) == (Decimal("2.6"), 70)
        assert [unit.bureau for unit in saved.units.all()] == [foreign]

    def test_line_ends_of_a_browser_are_no_change(self, task, official):
        first = edit(task, official, actions="一\r\n二")
        assert edit(first, official, actions="一\n二").version == first.version

    def test_numbers_sort_as_people_count(self, task):
        changed = edit(task, make_coordinator(), code="1.1.10")
        assert changed.sort_key == [1, 1, 10]
        make_task(task.book, code="1.1.9")
        assert list(Task.objects.in_order().values_list("code", flat=True)) == ["1.1.9", "1.1.10"]


class TestDeadline:
    def test_a_new_date_rewrites_the_phrase(self, task, official):
        changed = edit(task, official, due="2027-06-15")
        assert (changed.due_text, changed.due_kind) == ("2027年6月15日前", "date")

    @pytest.mark.parametrize(
        ("phrase", "day", "kind"),
        [
            ("2027年底前", date(2027, 12, 31), "year_end"),
            ("2027年2月底前", date(2027, 2, 28), "month_end"),
            ("2027年三季度末前", date(2027, 9, 30), "quarter_end"),
            ("2027年上半年", date(2027, 6, 30), "half_year"),
            ("2027年6月30日前", date(2027, 6, 30), "date"),
        ],
    )
    def test_a_new_phrase_moves_the_date(self, task, official, phrase, day, kind):
        changed = edit(task, official, due_text=phrase)
        assert (changed.due, changed.due_kind) == (day, kind)

    def test_continuous_work_has_no_date(self, task, official):
        changed = edit(task, official, due_text="持续推进", due="")
        assert (changed.due, changed.due_kind) == (None, "long_term")

    def test_taking_the_date_away_takes_the_phrase_away(self, task, official):
        changed = edit(task, official, due=None)
        assert (changed.due, changed.due_text, changed.due_kind) == (None, "", "none")


class TestState:
    def test_completing_sets_progress_and_day(self, task, official):
        done = edit(task, official, state="completed")
        assert (done.progress, done.completed_on) == (100, timezone.localdate())

    def test_reopening_takes_the_day_away(self, task, official):
        done = edit(task, official, state="completed", progress=100)
        again = edit(done, official, state="in_progress", progress=90)
        assert (again.progress, again.completed_on) == (90, None)


class TestVersions:
    def test_many_fields_and_bureaus_are_one_version(self, task, official):
        changed = edit(
            task, official, objective="引进3家", progress=20, units=[make_bureau("市外办"), make_bureau("市科技局")]
        )

        saved = Task.objects.get(pk=task.pk)
        assert saved.version == changed.version == 2
        assert [u.bureau.name_zh for u in saved.units.all()] == ["市外办", "市科技局"]

    def test_nothing_changed_is_no_version(self, task, official):
        assert edit(task, official, content=task.content, due="2026-12-31", units=[]).version == 1

    def test_a_change_of_bureaus_alone_is_a_version(self, task, official):
        assert edit(task, official, units=[make_bureau("市外办")]).version == 2

    def test_a_bureau_that_stays_keeps_its_part(self, task, official):
        stays, goes = make_bureau("市外办"), make_bureau("市科技局")
        TaskUnit.objects.create(task=task, bureau=goes, order=0)
        TaskUnit.objects.create(task=task, bureau=stays, order=1, deliverable="翻译")

        edit(task, official, units=[stays])

        assert [(u.bureau, u.order, u.deliverable) for u in task.units.all()] == [(stays, 0, "翻译")]

    def test_a_stale_save_is_refused_with_both_texts(self, task, official):
        services.edit_task(task=task, values={"objective": "先到"}, version=1, by=make_coordinator())

        with pytest.raises(Conflict) as e:
            services.edit_task(task=task, values={"objective": "后到"}, version=1, by=official)

        assert e.value.current.objective == "先到"
        assert e.value.mine == {"objective": "后到"}
        assert Task.objects.get(pk=task.pk).objective == "先到"

    def test_a_save_with_an_old_version_in_a_fresh_page_is_refused(self, task, official):
        edit(task, official, objective="先到")
        fresh = Task.objects.get(pk=task.pk)
        with pytest.raises(Conflict):
            services.edit_task(task=fresh, values={"objective": "后到"}, version=1, by=official)


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_one_wins_the_other_sees_both():
    bureau = make_bureau()
    task, people = make_task(lead=bureau), [make_user(Role.OFFICIAL, bureau=bureau) for _ in range(2)]
    gate, outcomes = threading.Barrier(2), {}

    def save(number):
        mine = Task.objects.select_related("book__programme", "measure").get(pk=task.pk)
        gate.wait(10)
        try:
            services.edit_task(task=mine, values={"objective": f"第{number}人"}, version=1, by=people[number])
            outcomes[number] = "saved"
        except Conflict as e:
            outcomes[number] = e
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(n,)) for n in range(2)]
    [t.start() for t in threads]
    [t.join(20) for t in threads]

    winner = next(n for n, o in outcomes.items() if o == "saved")
    loser = outcomes[1 - winner]
    assert isinstance(loser, Conflict)
    assert loser.current.objective == f"第{winner}人"
    assert loser.mine == {"objective": f"第{1 - winner}人"}
    saved = Task.objects.get(pk=task.pk)
    assert (saved.objective, saved.version) == (f"第{winner}人", 2)


class TestPlaces:
    def test_regions_and_countries_follow_from_the_text(self, task, official):
        make_region("JP-40100", "北九州市", "JP")
        make_region("KR-26", "釜山广域市", "KR")
        changed = edit(task, official, partners_text="北九州市、釜山广域市")

        assert changed.countries == ["JP", "KR"]
        assert set(task.regions.values_list("code", flat=True)) == {"JP-40100", "KR-26"}
        edit(changed, official, partners_text="釜山广域市")
        assert Task.objects.get(pk=task.pk).countries == ["KR"]
        assert list(task.regions.values_list("code", flat=True)) == ["KR-26"]

    def test_a_partner_city_is_known_by_the_name_its_agreement_uses(self, task, official):
        kobe = make_region("JP-28100", "神戸市", "JP")
        source = DataSource.objects.create(code="s_kobe", title="天津市外办", retrieved=date(2026, 11, 24))
        Agreement.objects.create(
            code="SC024",
            city=make_region("CN-120000", "天津市", "CN", role="benchmark"),
            partner=kobe,
            partner_name_zh="神户市",
            country="JP",
            kind="friendship",
            precision="unknown",
            source=source,
        )
        changed = edit(task, official, partners_text="神户市")
        assert (changed.countries, list(task.regions.all())) == (["JP"], [kobe])

    def test_both_countries_in_one_word(self, task, official):
        make_region("JP", "日本", "JP", role="country")
        make_region("KR", "韩国", "KR", role="country")
        assert edit(task, official, partners_text="日韩").countries == ["JP", "KR"]


class TestWhoMay:
    def test_another_bureau_may_not_edit(self, task):
        for role in (Role.OFFICIAL, Role.HEAD, Role.LEADER, Role.ANALYST, Role.SYSTEM_ADMIN):
            with pytest.raises(NotAllowed):
                edit(task, make_user(role), objective="越权")
        assert Task.objects.get(pk=task.pk).objective == ""

    def test_a_supporting_bureau_reads_only(self, task):
        helper = make_bureau()
        TaskUnit.objects.create(task=task, bureau=helper)
        with pytest.raises(NotAllowed):
            edit(task, make_user(Role.OFFICIAL, bureau=helper), objective="越权")

    def test_the_lead_bureau_does_not_hand_its_task_on(self, task, official):
        other = make_bureau("市外办")
        assert refused(task, official, lead=other) == {"lead": ["arranged"]}
        assert refused(task, official, code="2.1.1") == {"code": ["arranged"]}
        assert edit(task, make_coordinator(), lead=other).lead == other

    def test_a_system_of_the_lead_bureau_edits_with_the_write_scope(self, task, bureau):
        assert edit(task, make_client(bureau, ["taskbooks:write"]), progress=10).progress == 10
        with pytest.raises(NotAllowed):
            edit(task, make_client(bureau, ["taskbooks:read"]), progress=20)
        with pytest.raises(NotAllowed):
            edit(task, make_client(scopes=["taskbooks:write"]), progress=20)


class TestIssuedBook:
    @pytest.mark.parametrize("status", ["issued", "closed"])
    def test_rows_are_locked_but_progress_moves(self, task, official, status):
        TaskBook.objects.filter(pk=task.book_id).update(status=status)
        task.book.refresh_from_db()

        assert refused(task, official, content="改题", due="2027-12-31", units=[make_bureau()]) == {
            "content": ["locked"],
            "due": ["locked"],
            "due_text": ["locked"],
            "units": ["locked"],
        }
        assert edit(task, official, state="completed", progress_note="已建成").progress == 100
        for by_service in (
            lambda: services.add_task(book=task.book, values={}, by=make_coordinator()),
            lambda: services.delete_task(task=task, version=2, by=make_coordinator()),
            lambda: services.restore_task(task=task, version=2, by=make_coordinator()),
        ):
            with pytest.raises(ValidationError) as e:
                by_service()
            assert e.value.codes == {"": ["locked"]}


class TestAddDeleteRestore:
    def values(self, book, **more):
        measure = make_measure(book.programme)
        return {
            "code": "1.1.7",
            "field": measure.field.code,
            "measure": measure.code,
            "content": "开通仁川电商快线",
            "lead": make_bureau().code,
        } | more

    def test_a_task_is_added_with_its_bureaus(self):
        book, other = make_book(), make_bureau("市外办")
        task = services.add_task(
            book=book, values=self.values(book, units=[other], due_text="2027年底前"), by=make_coordinator()
        )

        saved = Task.objects.visible_to(make_coordinator()).get(pk=task.pk)
        assert (saved.code, saved.sort_key, saved.due) == ("1.1.7", [1, 1, 7], date(2027, 12, 31))
        assert [u.bureau for u in saved.units.all()] == [other]

    def test_an_empty_task_is_told_everything_that_misses(self):
        with pytest.raises(ValidationError) as e:
            services.add_task(book=make_book(), values={}, by=make_coordinator())
        assert e.value.codes == {name: ["required"] for name in ("code", "field", "measure", "content", "lead")}

    def test_only_the_coordinator_adds_and_deletes(self, task, official):
        with pytest.raises(NotAllowed):
            services.add_task(book=task.book, values=self.values(task.book), by=official)
        with pytest.raises(NotAllowed):
            services.delete_task(task=task, version=1, by=official)

    def test_delete_and_undo(self, task):
        by = make_coordinator()
        gone = services.delete_task(task=task, version=1, by=by)
        assert not Task.objects.visible_to(by).exists()

        back = services.restore_task(task=gone, version=gone.version, by=by)
        assert (back.version, list(Task.objects.visible_to(by))) == (3, [task])

    def test_a_deleted_task_is_not_edited(self, task, official):
        gone = services.delete_task(task=task, version=1, by=make_coordinator())
        with pytest.raises(Conflict):
            services.edit_task(task=gone, values={"objective": "迟了"}, version=2, by=official)

    def test_a_stale_delete_is_refused(self, task, official):
        edit(task, official, objective="新")
        with pytest.raises(Conflict):
            services.delete_task(task=task, version=1, by=make_coordinator())
        assert Task.objects.get(pk=task.pk).deleted_at is None

    def test_a_number_given_away_blocks_the_undo(self, task):
        by = make_coordinator()
        gone = services.delete_task(task=task, version=1, by=by)
        make_task(task.book, code=task.code)
        with pytest.raises(ValidationError) as e:
            services.restore_task(task=gone, version=2, by=by)
        assert e.value.codes == {"code": ["code_taken"]}


class TestHistory:
    def test_every_change_names_who_and_why(self, task, official):
        services.edit_task(task=task, values={"progress": 30}, version=1, by=official, reason="月度调度")

        event = task.events.order_by("pgh_id").last()
        assert (event.progress, event.version) == (30, 2)
        assert event.pgh_context.metadata["actor_label"] == str(official)
        assert event.pgh_context.metadata["reason"] == "月度调度"
