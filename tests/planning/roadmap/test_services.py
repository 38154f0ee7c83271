"""Changing milestones: what is written, what is refused and in which words."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dalian_coop.base.errors import Conflict, ValidationError
from dalian_coop.history.selectors import timeline
from planning.roadmap import services
from planning.roadmap.models import Dependency, Milestone
from planning.taskbooks.enums import BookStatus
from tests.planning.factories import make_book, make_task
from tests.planning.roadmap.factories import make_link, make_stone

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(lead):
    return make_task(lead=lead.bureau, code="1.1.1", start=date(2026, 1, 5), due=date(2027, 12, 31))


@pytest.fixture
def stone(task):
    return make_stone(task, date(2026, 12, 31))


def codes(error) -> dict:
    return error.value.codes


def test_reschedule_moves_the_date_and_keeps_who_and_why(stone, lead):
    moved = services.reschedule(milestone=stone, due=date(2027, 3, 31), reason="port works", version=1, by=lead)
    assert (moved.due, moved.version) == (date(2027, 3, 31), 2)
    assert Milestone.objects.get(pk=stone.pk).due == date(2027, 3, 31)
    entry = timeline(stone)[0]
    assert (entry.actor_label, entry.reason) == (str(lead), "port works")
    assert [change.field for change in entry.changes] == ["due"]


def test_reschedule_without_a_reason_is_refused(stone, lead):
    with pytest.raises(ValidationError) as error:
        services.reschedule(milestone=stone, due=date(2027, 3, 31), reason="  ", version=1, by=lead)
    assert codes(error) == {"reason": ["reason_required"]}
    assert Milestone.objects.get(pk=stone.pk).due == date(2026, 12, 31)


def test_a_stale_version_is_a_conflict_that_carries_both_texts(stone, lead):
    services.rename(milestone=stone, name="theirs", version=1, by=lead)
    with pytest.raises(Conflict) as error:
        services.rename(milestone=stone, name="mine", version=1, by=lead)
    assert (error.value.current.name, error.value.mine) == ("theirs", {"name": "mine"})
    assert Milestone.objects.get(pk=stone.pk).name == "theirs"


def test_saving_the_same_again_writes_nothing(stone, lead):
    services.edit_milestone(
        milestone=stone, values={"name": stone.name, "due": stone.due, "done_on": None}, version=1, by=lead
    )
    assert Milestone.objects.get(pk=stone.pk).version == 1


def test_before_the_task_starts_is_refused(stone, lead):
    with pytest.raises(ValidationError) as error:
        services.reschedule(milestone=stone, due=date(2026, 1, 4), reason="x", version=1, by=lead)
    assert codes(error) == {"due": ["before_start"]}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": ""}, {"name": ["required"]}),
        ({"name": "长" * 10_000}, {"name": ["too_long"]}),
        ({"name": "a\x00b"}, {"name": ["bad_characters"]}),
        ({"name": "\ud800"}, {"name": ["bad_characters"]}),
        ({"deliverable": "长" * 301}, {"deliverable": ["too_long"]}),
        ({"due": date(1999, 12, 31)}, {"due": ["year_out_of_range"]}),
        ({"due": None}, {"due": ["required"]}),
        ({"done_on": date(2090, 1, 1)}, {"done_on": ["in_future"]}),
        ({"done_on": date(1999, 1, 1)}, {"done_on": ["year_out_of_range"]}),
    ],
)
def test_bad_values_are_told_at_their_field(stone, lead, values, expected):
    with pytest.raises(ValidationError) as error:
        services.edit_milestone(milestone=stone, values=values, version=1, by=lead, reason="x")
    assert codes(error) == expected
    assert Milestone.objects.get(pk=stone.pk).version == 1


def test_29_february_of_a_leap_year_is_a_date_like_any_other(task, lead):
    stone = make_stone(task, date(2027, 12, 31))
    moved = services.reschedule(milestone=stone, due=date(2028, 2, 29), reason="x", version=1, by=lead)
    assert moved.due == date(2028, 2, 29)


def test_html_in_a_name_is_kept_as_text(stone, lead):
    assert services.rename(milestone=stone, name="<b>x</b>", version=1, by=lead).name == "<b>x</b>"


def test_done_and_undone(stone, lead):
    today = timezone.localdate()
    done = services.mark_done(milestone=stone, done_on=today, version=1, by=lead)
    assert Milestone.objects.with_light(today).get(pk=stone.pk).light == "done"
    services.undo_done(milestone=done, version=2, by=lead)
    assert Milestone.objects.get(pk=stone.pk).done_on is None


def test_a_date_before_the_predecessor_is_refused_with_its_name(task, lead):
    first, second = make_stone(task, date(2026, 6, 30)), make_stone(task, date(2026, 9, 30))
    make_link(first, second)
    with pytest.raises(ValidationError) as error:
        services.reschedule(milestone=second, due=date(2026, 6, 29), reason="x", version=1, by=lead)
    assert codes(error) == {"due": ["before_predecessor"]}
    assert first.code in str(error.value)
    services.reschedule(milestone=second, due=date(2026, 6, 30), reason="x", version=1, by=lead)


def test_a_date_after_the_successor_is_refused(task, lead):
    first, second = make_stone(task, date(2026, 6, 30)), make_stone(task, date(2026, 9, 30))
    make_link(first, second)
    with pytest.raises(ValidationError) as error:
        services.reschedule(milestone=first, due=date(2026, 10, 1), reason="x", version=1, by=lead)
    assert codes(error) == {"due": ["after_successor"]}


def test_a_deleted_predecessor_binds_nobody(task, lead):
    first, second = make_stone(task, date(2026, 6, 30)), make_stone(task, date(2026, 9, 30))
    make_link(first, second)
    services.delete_milestone(milestone=first, version=1, by=lead)
    services.reschedule(milestone=second, due=date(2026, 6, 1), reason="x", version=1, by=lead)


def test_issued_book_takes_reports_but_no_new_dates(stone, lead):
    stone.task.book.status = BookStatus.ISSUED
    stone.task.book.save()
    with pytest.raises(ValidationError) as error:
        services.reschedule(milestone=stone, due=date(2027, 3, 31), reason="port works", version=1, by=lead)
    assert codes(error) == {"due": ["needs_extension"]}
    assert Milestone.objects.get(pk=stone.pk).due == date(2026, 12, 31)
    with pytest.raises(ValidationError) as error:
        services.mark_done(milestone=stone, done_on=date(2026, 6, 1), version=1, by=lead)
    assert codes(error) == {"done_on": ["needs_verifier"]}


def test_closed_book_takes_nothing(stone, lead):
    stone.task.book.status = BookStatus.CLOSED
    stone.task.book.save()
    with pytest.raises(ValidationError) as error:
        services.mark_done(milestone=stone, done_on=date(2026, 6, 1), version=1, by=lead)
    assert codes(error) == {"done_on": ["needs_extension"]}


def test_an_added_milestone_gets_the_next_number(task, lead):
    first = services.add_milestone(task=task, name="签约", due=date(2026, 6, 30), by=lead)
    second = services.add_milestone(task=task, name="投产", due=date(2026, 9, 30), deliverable="合同", by=lead)
    assert [first.code, second.code] == ["1.1.1-M1", "1.1.1-M2"]
    assert [first.order, second.order] == [1, 2]


def test_a_number_that_is_taken_is_refused(task, lead):
    services.add_milestone(task=task, name="签约", due=date(2026, 6, 30), code="A", by=lead)
    with pytest.raises(ValidationError) as error:
        services.add_milestone(task=task, name="投产", due=date(2026, 6, 30), code="A", by=lead)
    assert codes(error) == {"code": ["code_taken"]}


def test_the_database_itself_refuses_a_number_twice(stone):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_stone(stone.task, code=stone.code)


def test_deleted_and_restored_keeps_links_and_history(task, lead):
    first, second = make_stone(task, date(2026, 6, 30)), make_stone(task, date(2026, 9, 30))
    make_link(first, second)
    gone = services.delete_milestone(milestone=first, version=1, by=lead)
    assert not Milestone.objects.visible_to(lead).filter(pk=first.pk).exists()
    back = services.restore_milestone(milestone=gone, version=2, by=lead)
    assert (back.deleted_at, Dependency.objects.count()) == (None, 1)
    assert len(timeline(first)) == 3


def test_restoring_is_refused_when_the_number_was_given_away(stone, lead):
    gone = services.delete_milestone(milestone=stone, version=1, by=lead)
    make_stone(stone.task, code=stone.code)
    with pytest.raises(ValidationError) as error:
        services.restore_milestone(milestone=gone, version=2, by=lead)
    assert codes(error) == {"code": ["code_taken"]}


def test_deleting_a_stale_version_is_a_conflict(stone, lead):
    services.rename(milestone=stone, name="theirs", version=1, by=lead)
    with pytest.raises(Conflict):
        services.delete_milestone(milestone=stone, version=1, by=lead)


def test_a_milestone_cannot_wait_for_itself(stone, lead):
    with pytest.raises(ValidationError) as error:
        services.link_milestones(predecessor=stone, successor=stone, by=lead)
    assert codes(error) == {"predecessor": ["itself"]}


def test_a_ring_over_five_is_refused_and_the_chain_named(task, lead):
    stones = [make_stone(task, date(2026, 6, 30), code=f"M{n}") for n in range(1, 6)]
    for before, after in zip(stones, stones[1:], strict=False):
        services.link_milestones(predecessor=before, successor=after, by=lead)
    with pytest.raises(ValidationError) as error:
        services.link_milestones(predecessor=stones[-1], successor=stones[0], by=lead)
    assert codes(error) == {"predecessor": ["cycle"]}
    assert "M1 → M2 → M3 → M4 → M5 → M1" in str(error.value)
    assert Dependency.objects.count() == 4


def test_linking_twice_changes_nothing(task, lead):
    first, second = make_stone(task, date(2026, 6, 30)), make_stone(task, date(2026, 9, 30))
    one = services.link_milestones(predecessor=first, successor=second, by=lead)
    assert services.link_milestones(predecessor=first, successor=second, by=lead).pk == one.pk


def test_a_link_to_another_book_is_refused(stone, lead):
    with pytest.raises(ValidationError) as error:
        services.link_milestones(predecessor=stone, successor=make_stone(make_task(make_book())), by=lead)
    assert codes(error) == {"predecessor": ["other_book"]}


def test_a_predecessor_that_is_due_later_is_refused(task, lead):
    early, late = make_stone(task, date(2026, 6, 30)), make_stone(task, date(2026, 9, 30))
    with pytest.raises(ValidationError) as error:
        services.link_milestones(predecessor=late, successor=early, by=lead)
    assert codes(error) == {"predecessor": ["later"]}


def test_a_lag_of_minus_400_days_is_refused(task, lead):
    first, second = make_stone(task, date(2026, 6, 30)), make_stone(task, date(2026, 9, 30))
    with pytest.raises(ValidationError) as error:
        services.link_milestones(predecessor=first, successor=second, lag_days=-400, by=lead)
    assert codes(error) == {"lag_days": ["out_of_range"]}


def test_unlinking_tells_whether_there_was_a_link(task, lead):
    first, second = make_stone(task, date(2026, 6, 30)), make_stone(task, date(2026, 9, 30))
    make_link(first, second)
    assert services.unlink_milestones(predecessor=first, successor=second, by=lead) is True
    assert services.unlink_milestones(predecessor=first, successor=second, by=lead) is False
