"""Shares that add up, months from history: hand-computed and as properties."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from planning.dashboard.engine import Event, largest_remainder, lights_by_month, month_ends


def test_shares_by_hand():
    assert largest_remainder([1, 1, 1]) == [334, 333, 333]
    assert largest_remainder([33, 20, 15, 15, 15, 12, 13]) == [268, 163, 122, 122, 122, 97, 106]
    assert largest_remainder([0, 5]) == [0, 1000]
    assert largest_remainder([0, 0]) == [0, 0]


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=12))
def test_shares_add_up_and_stay_within_one_tenth_of_the_truth(counts):
    parts = largest_remainder(counts)
    whole = sum(counts)
    assert sum(parts) == (1000 if whole else 0)
    for count, part in zip(counts, parts, strict=True):
        assert abs(part - (1000 * count / whole if whole else 0)) < 1


def test_twelve_months_end_today():
    days = month_ends(date(2026, 3, 10))
    assert len(days) == 12
    assert days[-3:] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 10)]
    assert days[0] == date(2025, 4, 30)


def event(task, day, due=date(2026, 12, 31), completed=False, gone=False):
    return Event(task, day, date(2026, 1, 1), due, completed, gone)


DAYS = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


def test_before_the_first_record_there_is_no_data_and_not_zero():
    months = lights_by_month([event("a", date(2026, 2, 10))], DAYS)
    assert [m.lights if m.lights is None else dict(m.lights) for m in months] == [None, {"green": 1}, {"green": 1}]


def test_each_month_uses_the_dates_and_states_of_then():
    events = [
        event("a", date(2026, 1, 5), due=date(2026, 1, 10)),
        event("b", date(2026, 1, 5)),
        event("a", date(2026, 2, 3), due=date(2026, 6, 30)),  # rescheduled
        event("b", date(2026, 3, 3), completed=True),
    ]
    months = lights_by_month(events, DAYS)
    assert dict(months[0].lights) == {"red": 1, "green": 1}
    assert dict(months[1].lights) == {"green": 2}
    assert dict(months[2].lights) == {"green": 1, "done": 1}


def test_a_deleted_task_counts_until_it_was_deleted():
    months = lights_by_month([event("a", date(2026, 1, 5)), event("a", date(2026, 2, 5), gone=True)], DAYS)
    assert [m.lights.total() for m in months] == [1, 0, 0]


def test_a_write_on_the_last_day_of_a_month_belongs_to_it():
    assert lights_by_month([event("a", date(2026, 1, 31))], DAYS)[0].lights.total() == 1


def test_without_any_history_every_month_is_a_gap():
    assert [m.lights for m in lights_by_month([], DAYS)] == [None, None, None]
