"""The calendars as built from the package, the shipped list and people's own rows."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from dalian_coop.base.errors import Conflict
from dalian_coop.base.reference import BadRow, rows
from dalian_coop.calendars import selectors, services
from dalian_coop.calendars.apps import decree_is_known
from dalian_coop.calendars.models import Holiday
from dalian_coop.calendars.workdays import Calendar


def from_file(country: str) -> Calendar:
    found = [
        (row["kind"], date.fromisoformat(row["date"])) for _, row in rows(services.FILE) if row["country"] == country
    ]
    return Calendar(
        country,
        frozenset(d for kind, d in found if kind == "holiday"),
        frozenset(d for kind, d in found if kind == "makeup_workday"),
    )


@pytest.mark.parametrize("country", ["CN", "JP", "KR"])
def test_package_and_shipped_list_agree_on_every_day_2020_to_2026(country):
    package, file = selectors.calendar_from_package(country), from_file(country)
    days = (date(2020, 1, 1) + timedelta(days=n) for n in range((date(2027, 1, 1) - date(2020, 1, 1)).days))
    assert [d for d in days if package.is_working_day(d) != file.is_working_day(d)] == []


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_keeps_own_rows():
    own = Holiday.objects.create(country="CN", date=date(2028, 1, 3), name="x", kind="holiday", source="own")
    [first] = services.load_holidays()
    [second] = services.load_holidays()
    assert (first.new, second.new, second.changed, second.same) == (556, 0, 0, 556)
    assert Holiday.objects.filter(pk=own.pk).exists()


def test_a_bad_row_of_the_list_is_named(tmp_path):
    path = tmp_path / "holidays.csv"
    head = "country,date,name,name_local,kind,source\n"
    for line in ("CN,2026-02-30,a,b,holiday,s", "XX,2026-02-01,a,b,holiday,s", "CN,2026-02-01,a,b,party,s"):
        path.write_text(head + line, "utf-8")
        with pytest.raises(BadRow, match="holidays.csv, line 2"):
            services.load_holidays(path)
    path.write_text(head + "CN,2026-02-01,a,b,holiday,s\n" * 2, "utf-8")
    with pytest.raises(BadRow, match="line 3.*line 2"):
        services.load_holidays(path)


@pytest.mark.django_db
def test_a_decreed_row_wins_over_the_package():
    labour_day, plain_monday, plain_sunday = date(2026, 5, 1), date(2026, 3, 2), date(2026, 3, 1)
    before = selectors.calendar_of("CN")
    assert [before.is_working_day(d) for d in (labour_day, plain_monday, plain_sunday)] == [False, True, False]
    for day, kind in ((labour_day, "makeup_workday"), (plain_monday, "holiday"), (plain_sunday, "makeup_workday")):
        Holiday.objects.create(country="CN", date=day, name="x", kind=kind, source="decree")
    after = selectors.calendar_of("CN")
    assert [after.is_working_day(d) for d in (labour_day, plain_monday, plain_sunday)] == [True, False, True]
    assert selectors.calendar_of("JP").is_working_day(plain_monday)


@pytest.mark.django_db
def test_joint_calendar_of_the_three_countries():
    every = selectors.joint_calendar(["KR", "CN", "JP"])
    assert not every.is_working_day(date(2026, 2, 23))  # Emperor's birthday, and a day off in China
    assert not every.is_working_day(date(2026, 10, 9))  # Hangul day, worked in China and Japan
    assert every.is_working_day(date(2026, 11, 25))
    assert selectors.joint_calendar([]) == selectors.calendar_of("CN")


@pytest.mark.django_db
def test_calendar_takes_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        selectors.calendar_of("CN")
    with pytest.raises(ValueError, match="no calendar"):
        selectors.calendar_of("FR")


@pytest.mark.django_db
def test_a_missing_decree_is_noticed_from_mid_november_and_gone_once_entered():
    assert selectors.missing_decrees(date(2026, 11, 14)) == []
    assert selectors.missing_decrees(date(2026, 11, 15)) == [2027]
    assert selectors.missing_decrees(date(2027, 3, 1)) == [2027]
    Holiday.objects.create(country="CN", date=date(2027, 2, 20), name="x", kind="makeup_workday", source="decree")
    assert selectors.missing_decrees(date(2026, 11, 15)) == []


@pytest.mark.django_db
def test_the_deploy_check_warns_of_a_missing_decree(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 12, 1))
    [warning] = decree_is_known(None, databases=["default"])
    assert warning.id == "calendars.W001" and "2027" in warning.msg
    assert decree_is_known(None, databases=None) == []
    error = StringIO()
    call_command("check", "--deploy", "--tag", "calendars", "--database", "default", stderr=error)
    assert "calendars.W001" in error.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"country": "FR"}, {"kind": "party"}, {"country": "CN", "date": date(2026, 1, 1)}])
def test_database_refuses_wrong_special_days(change):
    Holiday.objects.create(country="CN", date=date(2026, 1, 1), name="a", kind="holiday", source="s")
    values = {"country": "JP", "date": date(2026, 1, 2), "name": "a", "kind": "holiday", "source": "s"} | change
    with pytest.raises(IntegrityError), transaction.atomic():
        Holiday.objects.create(**values)


@pytest.mark.django_db
def test_a_stale_edit_of_a_special_day_is_a_conflict():
    day = Holiday(country="CN", date=date(2027, 2, 20), name="a", kind="makeup_workday", source="s")
    services.change_special_day(holiday=day, by=None)
    mine, theirs = Holiday.objects.get(pk=day.pk), Holiday.objects.get(pk=day.pk)
    theirs.kind = "holiday"
    assert services.change_special_day(holiday=theirs, by=None).version == 2
    mine.name_local = "补班"
    with pytest.raises(Conflict):
        services.change_special_day(holiday=mine, by=None)
    assert Holiday.objects.get(pk=day.pk).kind == "holiday"
