"""Makers of task books and tasks for tests. They write the database directly; rules are tested through the services.

book = make_book()
task = make_task(book, lead=bureau, due=date(2026, 12, 31))
coordinator = make_coordinator()
"""

import itertools

from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.models import Bureau, User
from partners.industries.enums import FieldRole
from partners.industries.models import CooperationField
from partners.regions.enums import RegionRole
from partners.regions.models import Region
from planning.plans.models import Measure, Objective, ObjectiveMeasure, Plan, Programme
from planning.taskbooks.models import Task, TaskBook, TaskUnit
from tests.factories import make_bureau, make_user

_numbers = itertools.count(1)


def make_field(name: str = "经贸合作", **values) -> CooperationField:
    """A field of cooperation, the same one for the same name."""
    number = next(_numbers)
    defaults = {"code": f"field-{number}", "role": FieldRole.SUPPORT, "order": number, "name_en": f"Field {number}"}
    return CooperationField.objects.get_or_create(name_zh=name, defaults=defaults | values)[0]


def make_measure(programme: Programme, code: str = "1.1", title: str = "深化重点产业合作", **values) -> Measure:
    """A measure of the programme, the same one for the same code."""
    defaults = {"field": values.pop("field", None) or make_field(), "title": title}
    return Measure.objects.get_or_create(programme=programme, code=code, defaults=defaults | values)[0]


def make_plan(programme: Programme, horizon: str = "short", first_year: int = 2026, last_year: int = 2026) -> Plan:
    return Plan.objects.create(programme=programme, horizon=horizon, first_year=first_year, last_year=last_year)


def make_objective(plan: Plan, *measures: Measure, **values) -> Objective:
    """An objective of ``plan`` that ``measures`` serve."""
    number = next(_numbers)
    objective = Objective.objects.create(plan=plan, **{"code": f"O{number}", "title": f"目标{number}"} | values)
    ObjectiveMeasure.objects.bulk_create(ObjectiveMeasure(objective=objective, measure=m) for m in measures)
    return objective


def make_book(**values) -> TaskBook:
    """An empty task book in draft with a programme of its own."""
    number = next(_numbers)
    programme = Programme.objects.create(code=f"programme-{number}", name_zh=f"专项工作{number}")
    defaults = {"code": f"book-{number}", "title": f"任务书{number}", "first_year": 2026, "last_year": 2030}
    return TaskBook.objects.create(**defaults | {"programme": programme} | values)


def make_task(book: TaskBook | None = None, *, units: tuple[Bureau, ...] = (), **values) -> Task:
    """A task of ``book``, numbered behind the others unless ``code`` is given; ``units`` support it."""
    book = book or make_book()
    number = next(_numbers)
    measure = values.pop("measure", None) or make_measure(book.programme)
    code = values.pop("code", f"1.1.{number}")
    defaults = {
        "field": measure.field,
        "content": f"推动第{number}项合作",
        "sort_key": [int(part) for part in code.split(".")],
    }
    if "lead" not in values:
        values["lead"] = make_bureau()
    task = Task.objects.create(book=book, code=code, measure=measure, **defaults | values)
    TaskUnit.objects.bulk_create(TaskUnit(task=task, bureau=bureau, order=n) for n, bureau in enumerate(units))
    return task


def make_region(code: str, name: str, country: str, **values) -> Region:
    defaults = {"level": "city", "role": RegionRole.PARTNER, "pinyin": name}
    return Region.objects.create(code=code, name_zh=name, country=country, **defaults | values)


def make_coordinator(**values) -> User:
    """Somebody of the coordinating office."""
    return make_user(Role.COORDINATOR, **values)
