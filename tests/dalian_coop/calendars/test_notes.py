"""Seasons and days that deserve a second look, and days on which offices of several countries can meet."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from dalian_coop.accounts.enums import Role
from dalian_coop.calendars.enums import Season
from dalian_coop.calendars.models import Holiday
from dalian_coop.calendars.selectors import Notes, calendar_of, joint_calendar, next_common_days
from dalian_coop.calendars.workdays import Calendar, OutOfCalendar
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [
        ("CN", date(2026, 2, 16), ["spring_festival"]),  # New Year's Eve
        ("CN", date(2026, 2, 22), ["spring_festival"]),  # the Sunday inside the week
        ("CN", date(2026, 2, 14), ["makeup_workday"]),
        ("CN", date(2026, 10, 7), ["national_day"]),
        ("CN", date(2026, 10, 10), ["makeup_workday"]),
        ("CN", date(2026, 6, 19), ["day_off"]),  # Dragon Boat
        ("CN", date(2026, 6, 18), []),
        ("CN", date(2027, 2, 8), ["spring_festival", "not_decreed"]),
        ("JP", date(2026, 4, 30), ["golden_week"]),  # worked by law, hard to reach all the same
        ("JP", date(2026, 5, 6), ["golden_week"]),  # the substitute day
        ("JP", date(2026, 8, 14), ["obon"]),
        ("JP", date(2026, 8, 17), []),
        ("KR", date(2026, 2, 18), ["seollal"]),
        ("KR", date(2026, 9, 25), ["chuseok"]),
        ("KR", date(2026, 10, 9), ["day_off"]),  # Hangul day
        ("CN", date(2060, 3, 3), ["not_decreed"]),
        ("JP", date(2060, 3, 3), ["not_decreed"]),
    ],
)
def test_what_there_is_to_say_about_a_day(country, day, expected):
    assert [note.season.value for note in Notes([country]).of(day)] == expected


def test_three_countries_at_once_with_one_query_each(django_assert_num_queries):
    with django_assert_num_queries(3):
        found = Notes(["KR", "CN", "JP", "CN"]).of(date(2026, 2, 17))
    assert [(note.country, note.season) for note in found] == [
        ("CN", Season.SPRING_FESTIVAL), ("KR", Season.SEOLLAL),
    ]  # fmt: skip


def test_the_next_days_on_which_all_three_work():
    # China 1 to 7 October off, 10 worked but a Saturday elsewhere; Korea 5 and 9 October off; Japan 12 October off.
    assert next_common_days(["CN", "JP", "KR"], date(2026, 9, 30), 4) == [
        date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 13), date(2026, 10, 14),
    ]  # fmt: skip


def test_the_table_agrees_with_the_days_themselves():
    calendar = joint_calendar(["CN", "KR"])
    day, count = date(2026, 1, 1), 0
    while day < date(2027, 3, 1):
        working = calendar.is_working_day(day)
        count += working
        assert calendar.working_days_between(date(2026, 1, 1), day) == count
        assert (calendar.next_working_day(day) == day) is working
        day += timedelta(days=1)


def test_equal_calendars_share_one_table():
    assert calendar_of("CN").table is calendar_of("CN").table


def test_days_beyond_the_table_are_refused():
    for day in (date(1998, 12, 31), date(2104, 1, 1)):
        with pytest.raises(OutOfCalendar):
            Calendar("CN").next_working_day(day)
    with pytest.raises(OutOfCalendar):
        Calendar("CN").add_working_days(date(2103, 12, 1), 1000)


def test_administrators_see_a_banner_until_the_decree_is_entered(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date(2026, 12, 20))
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    page = client.get(reverse("admin:index"))
    assert reverse("admin:calendars_holiday_add") in page.content.decode()
    assert "2027" in page.content.decode()
    client.force_login(make_user(Role.AUDIT_ADMIN))
    assert "2027" not in client.get(reverse("admin:index")).content.decode()
    Holiday.objects.create(country="CN", date=date(2027, 2, 20), name="x", kind="makeup_workday", source="decree")
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    assert 'class="messagelist"' not in client.get(reverse("admin:index")).content.decode()
