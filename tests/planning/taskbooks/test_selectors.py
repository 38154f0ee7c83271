"""Reads of task books that other rooms' pages show."""

from datetime import date

import pytest

from dalian_coop.accounts.enums import Role
from partners.relations.selectors import CityTasks
from planning.taskbooks import selectors
from planning.taskbooks.models import TaskRegion
from tests.factories import make_user
from tests.planning.factories import make_coordinator, make_region, make_task

pytestmark = pytest.mark.django_db


def test_city_pages_get_the_number_of_visible_tasks_and_their_worst_light():
    kitakyushu = make_region("JP-40100", "北九州市", "JP")
    late = make_task(code="1.1.1", start=date(2026, 1, 1), due=date(2026, 6, 30))
    in_time = make_task(late.book, code="1.1.2", start=date(2026, 1, 1), due=date(2027, 6, 30))
    for task in (late, in_time):
        TaskRegion.objects.create(task=task, region=kitakyushu)
    today = date(2026, 11, 24)
    everything = selectors.tasks_by_region(make_coordinator(), today)
    assert everything == {"JP-40100": CityTasks(count=2, light="red")}
    assert selectors.tasks_by_region(make_user(Role.OFFICIAL), today) == {}, "no task of this bureau's books"
