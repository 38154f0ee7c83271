"""The light of a task: the rule by hand, and the same rule in SQL."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from planning.taskbooks.lights import light_for
from planning.taskbooks.models import Task
from tests.planning.factories import make_book, make_task

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("start", "due", "completed", "light"),
    [
        (None, None, False, "grey"),
        (date(2026, 11, 25), None, False, "grey"),
        (date(2026, 11, 24), None, False, "green"),
        (date(2026, 1, 4), date(2026, 12, 2), False, "green"),
        (date(2026, 1, 4), date(2026, 12, 1), False, "blue"),
        (date(2026, 1, 4), date(2026, 11, 24), False, "blue"),
        (date(2026, 1, 4), date(2026, 11, 23), False, "yellow"),
        (date(2026, 1, 4), date(2026, 11, 17), False, "yellow"),
        (date(2026, 1, 4), date(2026, 11, 16), False, "red"),
        (None, date(2026, 11, 16), True, "done"),
    ],
)
def test_light_by_hand(start, due, completed, light):
    assert light_for(start=start, due=due, completed=completed, today=TODAY) == light


days = st.none() | st.dates(TODAY - timedelta(days=40), TODAY + timedelta(days=40))


class LightInSqlEqualsLightInPython(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(days, days, st.booleans()), min_size=1, max_size=20), st.integers(-20, 20))
    def test_for_any_dates(self, cases, shift):
        today = TODAY + timedelta(days=shift)
        book = make_book()
        expected = {}
        first = make_task(book, code="9.9.9")
        Task.objects.filter(pk=first.pk).delete()
        rows = []
        for number, (start, due, completed) in enumerate(cases, 1):
            if start and due and start > due:
                start, due = due, start
            rows.append(
                Task(
                    book=book,
                    code=f"1.1.{number}",
                    sort_key=[1, 1, number],
                    field_id=first.field_id,
                    measure_id=first.measure_id,
                    lead_id=first.lead_id,
                    content="任务",
                    start=start,
                    due=due,
                    state="completed" if completed else "in_progress",
                    progress=100 if completed else 0,
                )
            )
            expected[f"1.1.{number}"] = light_for(start=start, due=due, completed=completed, today=today)
        Task.objects.bulk_create(rows)

        found = dict(Task.objects.filter(book=book).with_light(today).values_list("code", "light"))

        assert found == expected
