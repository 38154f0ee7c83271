"""Working-day arithmetic against hand-counted tables and properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalian_coop.calendars.workdays import Calendar, JointCalendar, joint

# October 2026 in China by the State Council's notice: off 1-7, worked on Sunday 20 September and Saturday 10 October.
OCTOBER = Calendar(
    "CN",
    off=frozenset(date(2026, 10, n) for n in range(1, 8)),
    worked=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    decreed_years=frozenset({2026}),
)
days = st.dates(date(2026, 8, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over the whole holiday
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # the make-up Saturday counts
        (date(2026, 9, 30), 4, date(2026, 10, 12)),
        (date(2026, 10, 3), 0, date(2026, 10, 8)),
        (date(2026, 10, 8), 0, date(2026, 10, 8)),
        (date(2026, 10, 12), -1, date(2026, 10, 10)),
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
        (date(2026, 9, 18), 1, date(2026, 9, 20)),  # Friday to the make-up Sunday
    ],
)
def test_add_working_days_over_a_holiday_with_make_up_days(start, count, expected):
    assert OCTOBER.add_working_days(start, count) == expected


def test_next_and_previous_working_day():
    assert OCTOBER.next_working_day(date(2026, 10, 1)) == date(2026, 10, 8)
    assert OCTOBER.previous_working_day(date(2026, 10, 7)) == date(2026, 9, 30)
    assert OCTOBER.next_working_day(date(2026, 10, 10)) == date(2026, 10, 10)


def test_working_days_between_counts_both_ends():
    assert OCTOBER.working_days_between(date(2026, 9, 28), date(2026, 10, 12)) == 7  # 28 29 30 | 8 9 10 12
    assert OCTOBER.working_days_between(date(2026, 10, 8), date(2026, 10, 8)) == 1
    assert OCTOBER.working_days_between(date(2026, 10, 1), date(2026, 10, 7)) == 0
    assert OCTOBER.working_days_between(date(2026, 10, 9), date(2026, 10, 8)) == 0


@given(days, st.integers(-60, 60))
def test_going_and_coming_back_meet(day, count):
    start = OCTOBER.next_working_day(day)
    there = OCTOBER.add_working_days(start, count)
    assert OCTOBER.is_working_day(there)
    assert OCTOBER.add_working_days(there, -count) == start
    assert OCTOBER.working_days_between(min(start, there), max(start, there)) == abs(count) + 1


@given(days)
def test_joint_calendar_works_only_when_all_work(day):
    japan = Calendar("JP", off=frozenset({date(2026, 11, 3), date(2026, 11, 23)}))
    both = joint([OCTOBER, japan])
    assert both.is_working_day(day) == (OCTOBER.is_working_day(day) and japan.is_working_day(day))
    assert not both.is_working_day(date(2026, 11, 3))
    assert not both.is_working_day(date(2026, 10, 10))  # worked in China, a Saturday in Japan


def test_joint_of_one_is_that_one_and_of_none_is_an_error():
    assert joint([OCTOBER]) is OCTOBER
    with pytest.raises(ValueError, match="at least one"):
        joint([])


def test_only_decreed_years_are_certain():
    assert OCTOBER.is_decreed(date(2026, 5, 1))
    assert not OCTOBER.is_decreed(date(2027, 5, 1))
    assert not JointCalendar((OCTOBER, Calendar("JP"))).is_decreed(date(2026, 5, 1))


def test_a_calendar_without_working_days_is_an_error_not_a_hang():
    never = Calendar("CN", off=frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(365)))
    with pytest.raises(ValueError, match="no working day"):
        never.add_working_days(date(2026, 2, 1), 1)
