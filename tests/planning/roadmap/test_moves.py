"""Moving dates: what a preview says, what applying writes, what undoing puts back, and what is refused."""

from datetime import date

import pytest

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from dalian_coop.history.selectors import timeline
from planning.roadmap import services
from planning.roadmap.models import Dependency, Milestone, Shift
from planning.roadmap.services import Change
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import Task
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_task
from tests.planning.roadmap.factories import make_link, make_stone

pytestmark = pytest.mark.django_db
TODAY = date(2027, 1, 4)


@pytest.fixture
def task(lead):
    return make_task(lead=lead.bureau, code="1.1.1", start=date(2026, 1, 5), due=date(2027, 12, 31))


@pytest.fixture
def chain(task):
    """Five milestones, each five working days after the one before, over the Spring Festival of 2027.

    Days off in the calendar (no make-up days decreed yet): Friday 5 to Wednesday 10 February.
    """
    days = [date(2027, 1, 22), date(2027, 1, 29), date(2027, 2, 12), date(2027, 2, 19), date(2027, 2, 26)]
    stones = [make_stone(task, day, code=f"M{n}") for n, day in enumerate(days, 1)]
    for before, after in zip(stones, stones[1:], strict=False):
        make_link(before, after, lag_days=5)
    return stones


def look(chain, by, day, n=0, **options):
    stone = chain[n]
    return services.preview(
        book=stone.task.book, changes=[Change(stone.pk, day)], by=by, today=TODAY, **options
    )  # fmt: skip


def move(chain, by, day, n=0, *, versions=None, reason="港口检修", **options):
    versions = look(chain, by, day, n, **options).versions if versions is None else versions
    return services.apply(
        book=chain[n].task.book, changes=[Change(chain[n].pk, day)], reason=reason, by=by, versions=versions, **options
    )


def dates(chain):
    return [Milestone.objects.get(pk=stone.pk).due for stone in chain]


def test_a_chain_of_five_across_the_spring_festival_by_hand(chain, lead):
    """M1 moves from Friday 22 to Thursday 28 January, four working days.

    M2: five working days after 28 January: 29, 1, 2, 3, 4 February → 4 February.
    M3: the office rests 5 to 10 February: 11, 12, 15, 16, 17 → 17 February.
    M4: 18, 19, 22, 23, 24 → 24 February. M5: 25, 26 February, 1, 2, 3 March → 3 March.
    """
    found = look(chain, lead, date(2027, 1, 28))
    assert [(m.code, m.new, m.days) for m in found.moves] == [
        ("M1", date(2027, 1, 28), 4), ("M2", date(2027, 2, 4), 4), ("M3", date(2027, 2, 17), 3),
        ("M4", date(2027, 2, 24), 3), ("M5", date(2027, 3, 3), 3),
    ]  # fmt: skip
    assert [m.asked for m in found.moves] == [True, False, False, False, False]
    assert "M2" in found.moves[2].cause and "5" in found.moves[2].cause and found.moves[2].cause_id == chain[1].pk
    assert found.applicable and dates(chain)[0] == date(2027, 1, 22)  # nothing was written


def test_applied_undone_and_kept_in_the_history(chain, lead):
    before = dates(chain)
    shift = move(chain, lead, date(2027, 1, 28))
    after = dates(chain)
    assert after == [date(2027, 1, 28), date(2027, 2, 4), date(2027, 2, 17), date(2027, 2, 24), date(2027, 3, 3)]
    assert {timeline(stone)[0].reason for stone in chain} == {"港口检修"}
    assert {timeline(stone)[0].actor_label for stone in chain} == {str(lead)}
    services.undo(shift=shift, by=lead)
    assert dates(chain) == before
    assert "港口检修" in timeline(chain[4])[0].reason
    with pytest.raises(ValidationError) as error:
        services.undo(shift=shift, by=lead)
    assert error.value.codes == {"": ["undone"]}


def test_dates_given_by_people_stay_until_a_link_asks_for_later(chain, lead):
    found = look(chain, lead, date(2027, 1, 18))
    assert [m.code for m in found.moves] == ["M1"]
    kept = look(chain, lead, date(2027, 1, 18), follow="keep")
    # M3 lies six working days after M2 in the plan (1 to 4, 11, 12 February), M4 and M5 five after the one before:
    # 26 to 29 January, 1, 2 February; 3, 4, 11, 12, 15; 16 to 19, 22.
    assert [(m.code, m.new) for m in kept.moves] == [
        ("M1", date(2027, 1, 18)), ("M2", date(2027, 1, 25)), ("M3", date(2027, 2, 2)), ("M4", date(2027, 2, 15)),
        ("M5", date(2027, 2, 22)),
    ]  # fmt: skip


def test_the_lights_that_turn_are_told(chain, lead):
    stone = chain[0]
    found = services.preview(
        book=stone.task.book, changes=[Change(stone.pk, date(2027, 2, 3))], by=lead, today=date(2027, 1, 25)
    )
    assert (found.moves[0].light, found.moves[0].light_after) == ("yellow", "grey")
    assert [m.code for m in found.turned] == ["M1", "M2"]


def test_a_forecast_shows_the_light_the_plan_will_have(chain, lead):
    change = Change(chain[0].pk, date(2027, 2, 1), which="forecast")
    found = services.preview(book=chain[0].task.book, changes=[change], by=lead, today=TODAY)
    assert [(m.code, m.field, m.light_after) for m in found.moves] == [
        ("M1", "forecast", "red"), ("M2", "forecast", "red"), ("M3", "forecast", "yellow"),
        ("M4", "forecast", "yellow"), ("M5", "forecast", "yellow"),
    ]  # fmt: skip
    services.apply(
        book=chain[0].task.book, changes=[change], reason="x", by=lead, versions=found.versions
    )  # fmt: skip
    row = Milestone.objects.get(pk=chain[2].pk)
    assert (row.due, row.forecast) == (date(2027, 2, 12), date(2027, 2, 19))


def test_the_spring_festival_and_the_missing_decree_are_warned_of(chain, lead):
    from django.utils.translation import override

    with override("en"):
        notes = look(chain, lead, date(2027, 2, 8), n=1).moves[0].notes
    assert notes == ("China: Spring Festival", "China: Working days not yet decreed")


def test_somebody_else_saved_while_the_preview_was_open(chain, lead):
    versions = look(chain, lead, date(2027, 1, 28)).versions
    services.rename(milestone=chain[3], name="theirs", version=1, by=lead)
    before = dates(chain)
    with pytest.raises(Conflict) as error:
        move(chain, lead, date(2027, 1, 28), versions=versions)
    assert error.value.current.pk == chain[3].pk
    assert dates(chain) == before and not Shift.objects.exists()


def test_other_moves_than_those_seen_are_a_conflict(chain, lead, task):
    versions = look(chain, lead, date(2027, 1, 28)).versions
    services.link_milestones(predecessor=chain[4], successor=make_stone(task, date(2027, 2, 26)), by=lead, lag_days=0)
    with pytest.raises(Conflict):
        move(chain, lead, date(2027, 1, 28), versions=versions)


def test_undoing_after_somebody_moved_a_row_is_a_conflict_and_undoes_nothing(chain, lead):
    shift = move(chain, lead, date(2027, 1, 28))
    services.reschedule(
        milestone=Milestone.objects.get(pk=chain[4].pk), due=date(2027, 3, 10), reason="x", version=2, by=lead
    )
    after = dates(chain)
    with pytest.raises(Conflict):
        services.undo(shift=shift, by=lead)
    assert dates(chain) == after and Shift.objects.get().undone_at is None


def test_a_move_that_cannot_keep_its_own_predecessor_is_refused_in_words(chain, lead):
    assert look(chain, lead, date(2027, 2, 11), n=2).applicable  # 1 to 4 and 11 February are five working days
    found = look(chain, lead, date(2027, 2, 4), n=2)
    assert not found.applicable and "M2" in found.problems[0]
    with pytest.raises(ValidationError) as error:
        move(chain, lead, date(2027, 2, 4), n=2, versions=found.versions)
    assert error.value.codes == {"due": ["impossible"]}


@pytest.mark.parametrize(("limit", "day"), [("fixed", date(2027, 2, 12)), ("not_after", date(2027, 2, 15))])
def test_a_limit_in_the_way_is_named_and_nothing_is_half_moved(chain, lead, limit, day):
    Milestone.objects.filter(pk=chain[2].pk).update(limit=limit, limit_on=day)
    found = look(chain, lead, date(2027, 1, 28))
    assert len(found.problems) == 1 and "M3" in found.problems[0]
    before = dates(chain)
    with pytest.raises(ValidationError):
        move(chain, lead, date(2027, 1, 28), versions=found.versions)
    assert dates(chain) == before


def test_milestones_of_other_bureaus_are_told_and_not_moved(chain, lead):
    other = make_task(chain[0].task.book, code="1.1.2", start=date(2026, 1, 5))
    make_link(chain[4], make_stone(other, date(2027, 3, 1), code="X1"), lag_days=1)
    found = look(chain, lead, date(2027, 1, 28))
    assert [(m.code, m.allowed) for m in found.moves][-1] == ("X1", False)
    with pytest.raises(NotAllowed, match="X1"):
        move(chain, lead, date(2027, 1, 28))
    move(chain, make_coordinator(), date(2027, 1, 28))
    assert Milestone.objects.get(code="X1").due == date(2027, 3, 4)


def test_rows_one_may_not_see_are_counted_and_not_named(chain, lead):
    office = make_user(Role.OFFICIAL, bureau=make_bureau("驻日办", seat_country="JP"))
    own = make_task(chain[0].task.book, code="1.1.3", lead=office.bureau, start=date(2026, 1, 5))
    first = make_stone(own, date(2027, 1, 15), code="J1")
    make_link(first, chain[0], lag_days=5)
    found = services.preview(
        book=own.book, changes=[Change(first.pk, date(2027, 1, 20))], by=office, today=TODAY
    )  # fmt: skip
    assert ([m.code for m in found.moves], found.unseen) == (["J1"], 5)
    assert not found.applicable
    with pytest.raises(NotAllowed):
        services.apply(
            book=own.book, changes=[Change(first.pk, date(2027, 1, 20))], reason="x", by=office, versions=found.versions
        )
    with pytest.raises(ValidationError) as error:
        look(chain, office, date(2027, 1, 28))
    assert error.value.codes == {"id": ["unknown"]}


def test_a_row_of_another_book_is_unknown(chain, lead):
    other = make_stone(make_task(make_book(), lead=lead.bureau))
    with pytest.raises(ValidationError) as error:
        services.preview(
            book=chain[0].task.book, changes=[Change(other.pk, date(2027, 5, 4))], by=lead, today=TODAY
        )  # fmt: skip
    assert error.value.codes == {"id": ["unknown"]}


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 1, 4), "before_start"),
        (date(1999, 12, 31), "year_out_of_range"),
        (date(2101, 1, 1), "year_out_of_range"),
    ],
)
def test_impossible_days_are_refused(chain, lead, day, code):
    with pytest.raises(ValidationError) as error:
        look(chain, lead, day)
    assert error.value.codes == {"due": [code]}


def test_a_knock_on_move_beyond_the_calendar_is_refused(chain, lead):
    with pytest.raises(ValidationError) as error:
        look(chain, lead, date(2100, 12, 30))
    assert error.value.codes == {"due": ["out_of_calendar"]}


def test_a_year_without_calendar_counts_weekends_only_and_says_so(chain, lead):
    found = look(chain, lead, date(2060, 10, 1))
    assert found.moves[1].new == date(2060, 10, 8)  # Friday 1 October and five weekdays
    assert any("2060-10-08" in text for text in found.warnings)


def test_29_february_is_a_day_like_any_other(chain, lead):
    assert look(chain, lead, date(2028, 2, 29)).moves[1].new == date(2028, 3, 7)


def test_done_milestones_stay_and_cannot_be_moved(chain, lead):
    Milestone.objects.filter(pk=chain[1].pk).update(done_on=date(2027, 1, 20))
    assert [m.code for m in look(chain, lead, date(2027, 1, 28)).moves] == ["M1"]
    with pytest.raises(ValidationError) as error:
        look(chain, lead, date(2027, 1, 28), n=1)
    assert error.value.codes == {"id": ["done"]}


def test_no_reason_and_nothing_to_move_are_refused(chain, lead):
    for reason, day, codes in (("  ", date(2027, 1, 28), {"reason": ["reason_required"]}),
                               ("x", date(2027, 1, 22), {"": ["unchanged"]})):  # fmt: skip
        with pytest.raises(ValidationError) as error:
            move(chain, lead, day, reason=reason)
        assert error.value.codes == codes


def test_an_issued_book_needs_an_extension_but_takes_forecasts(chain, lead):
    book = chain[0].task.book
    book.status = BookStatus.ISSUED
    book.save()
    with pytest.raises(ValidationError) as error:
        move(chain, lead, date(2027, 1, 28))
    assert error.value.codes == {"due": ["needs_extension"]}
    change = Change(chain[4].pk, date(2027, 3, 1), which="forecast")
    versions = services.preview(book=book, changes=[change], by=lead, today=TODAY).versions
    services.apply(book=book, changes=[change], reason="x", by=lead, versions=versions)
    assert Milestone.objects.get(pk=chain[4].pk).forecast == date(2027, 3, 1)


def test_a_bar_moves_with_its_deadline_as_written_and_pushes_its_milestones(chain, lead, task):
    Task.objects.filter(pk=task.pk).update(due_text="2027年底前", due_kind="year_end")
    changes = [Change(task.pk, start=date(2027, 1, 25), due=date(2028, 1, 31), kind="task")]
    found = services.preview(book=task.book, changes=changes, by=lead, today=TODAY)
    assert [(m.code, m.field, m.new) for m in found.moves][:3] == [
        ("1.1.1", "start", date(2027, 1, 25)), ("1.1.1", "due", date(2028, 1, 31)), ("M1", "due", date(2027, 1, 25)),
    ]  # fmt: skip
    shift = services.apply(book=task.book, changes=changes, reason="x", by=lead, versions=found.versions)
    moved = Task.objects.get(pk=task.pk)
    assert (moved.start, moved.due, moved.due_text) == (date(2027, 1, 25), date(2028, 1, 31), "2028年1月31日前")
    services.undo(shift=shift, by=lead)
    back = Task.objects.get(pk=task.pk)
    assert (back.start, back.due, back.due_text) == (date(2026, 1, 5), date(2027, 12, 31), "2027年底前")
    assert dates(chain)[0] == date(2027, 1, 22)


def test_a_bar_that_ends_before_it_begins_is_refused(chain, lead, task):
    with pytest.raises(ValidationError) as error:
        services.preview(
            book=task.book, changes=[Change(task.pk, due=date(2025, 1, 1), kind="task")], by=lead, today=TODAY
        )
    assert error.value.codes == {"due": ["before_start"]}


def test_a_preview_of_a_thousand_links_takes_few_queries(task, lead, django_assert_max_num_queries):
    target = make_stone(task, date(2027, 3, 1), code="T")
    stones = [make_stone(task, date(2027, 2, 1), code=f"P{n}") for n in range(1000)]
    Dependency.objects.bulk_create(Dependency(predecessor=stone, successor=target) for stone in stones)
    with django_assert_max_num_queries(16):
        found = look(stones, lead, date(2027, 3, 15))
    assert [(m.code, m.new) for m in found.moves] == [("P0", date(2027, 3, 15)), ("T", date(2027, 3, 15))]
