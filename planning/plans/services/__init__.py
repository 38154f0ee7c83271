"""Writes of programmes, plans and measures."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dalian_coop.base.errors import Error, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.text import text_errors
from dalian_coop.history.context import acting
from partners.industries.models import CooperationField
from planning.plans.enums import Horizon
from planning.plans.models import Measure, Plan, Programme
from planning.plans.services.objectives import delete_objective, save_objective
from planning.plans.services.sample import load_sample_objectives

__all__ = [
    "delete_objective",
    "ensure_measure",
    "ensure_plan",
    "ensure_programme",
    "load_sample_objectives",
    "save_objective",
]


@transaction.atomic
def ensure_programme(*, code: str, name_zh: str, name_en: str = "", is_sample: bool = False, by: Any) -> Programme:
    """The programme with ``code``; made with the given names if there is none."""
    _refuse({"name_zh": text_errors(name_zh, max_length=200), "name_en": text_errors(name_en, max_length=200)})
    with acting(by):
        programme, _created = Programme.objects.get_or_create(
            code=code, defaults={"name_zh": name_zh, "name_en": name_en, "is_sample": is_sample}
        )
    return programme


@transaction.atomic
def ensure_plan(*, programme: Programme, horizon: Horizon, first_year: int, last_year: int, by: Any) -> Plan:
    """The programme's plan for ``horizon``; made if there is none, its years set to the given ones."""
    if first_year > last_year:
        raise ValidationError({"last_year": [Error("before_first", _("The last year lies before the first."))]})
    with acting(by):
        plan, created = Plan.objects.get_or_create(
            programme=programme, horizon=horizon, defaults={"first_year": first_year, "last_year": last_year}
        )
        if not created and (plan.first_year, plan.last_year) != (first_year, last_year):
            plan.first_year, plan.last_year = first_year, last_year
            save_if_unchanged(plan, ["first_year", "last_year"], expected=plan.version)
    return plan


@transaction.atomic
def ensure_measure(*, programme: Programme, field: CooperationField, code: str, title: str, by: Any) -> Measure:
    """The measure with ``code``; made if there is none. A code that already stands for another title is refused.

    Raises ``ValidationError``: ``measure_code_taken``, or what is wrong with the title.
    """
    _refuse({"measure": text_errors(title, max_length=200)})
    measure = Measure.objects.filter(programme=programme, code=code).first()
    if measure is None:
        with acting(by):
            order = Measure.objects.filter(programme=programme).count() + 1
            return Measure.objects.create(programme=programme, field=field, code=code, title=title, order=order)
    if (measure.title, measure.field_id) != (title, field.pk):
        message = _("Measure %(code)s is “%(title)s” already.") % {"code": code, "title": measure.title}
        raise ValidationError({"measure": [Error("measure_code_taken", message)]})
    return measure


def _refuse(errors: dict[str, list[Error]]) -> None:
    if found := {name: es for name, es in errors.items() if es}:
        raise ValidationError(found)
