"""Values for a task as they come in from a form, REST or another service, turned into what the model holds."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import Bureau
from dalian_coop.base.errors import Error
from partners.industries.models import CooperationField
from planning.plans.enums import Horizon
from planning.plans.models import Measure
from planning.taskbooks.enums import TaskState
from planning.taskbooks.services import cells
from planning.taskbooks.services.cells import BadCell
from planning.taskbooks.services.checks import TEXTS

Errors = dict[str, list[Error]]


class Inputs:
    """Reads the values of one task. Registers are queried only when a value asks for them."""

    def __init__(self, programme_id: UUID):
        self._programme_id = programme_id
        self._readers: dict[str, Callable[[Any], Any]] = dict.fromkeys(TEXTS, _text) | {
            "code": lambda v: cells.code_of(_text(v)),
            "start": _day,
            "due": _day,
            "completed_on": _day,
            "weight": _number,
            "progress": _progress,
            "state": lambda v: _choice(v, TaskState.values),
            "horizon": lambda v: _choice(v, ["", *Horizon.values]),
            "field": self._field,
            "measure": self._measure,
            "lead": self._lead,
            "units": self._units,
        }

    def read(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], Errors]:
        """(values as the model holds them, what could not be read). Only the fields given."""
        typed, errors = {}, {}
        for name, value in values.items():
            reader = self._readers.get(name)
            if reader is None:
                errors[name] = [Error("unknown_field", _("A task has no such field."))]
                continue
            try:
                typed[name] = reader(value)
            except BadCell as bad:
                errors[name] = [bad.error]
        return typed, errors

    @cached_property
    def _bureaus(self) -> "BureauRegister":
        return BureauRegister(Bureau.objects.all())

    @cached_property
    def _fields(self) -> list[CooperationField]:
        return list(CooperationField.objects.all())

    @cached_property
    def _measures(self) -> list[Measure]:
        return list(Measure.objects.filter(programme=self._programme_id))

    def _lead(self, value: Any) -> Bureau:
        if value in (None, ""):
            raise BadCell("required", _("Please choose the bureau that leads the task."))
        return value if isinstance(value, Bureau) else self._bureaus.find(value)

    def _units(self, value: Any) -> list[Bureau]:
        if value is None:
            return []
        names = cells.names_of(_text(value)) if isinstance(value, str) else value
        if not isinstance(names, Iterable) or isinstance(names, Mapping):
            raise BadCell("not_a_list", _("Please give a list of bureaus."))
        return [name if isinstance(name, Bureau) else self._bureaus.find(name) for name in names if name != ""]

    def _field(self, value: Any) -> CooperationField:
        if isinstance(value, CooperationField):
            return value
        name = _filled(value)
        for field in self._fields:
            if name in (str(field.pk), field.code, field.name_zh, field.name_en, *field.aliases):
                return field
        raise BadCell("field_unknown", _("There is no field of cooperation “%(name)s”.") % {"name": name[:60]})

    def _measure(self, value: Any) -> Measure:
        if isinstance(value, Measure):
            return value
        name = _filled(value)
        for measure in self._measures:
            if name in (str(measure.pk), measure.code, measure.title, str(measure)):
                return measure
        raise BadCell("measure_unknown", _("There is no measure “%(name)s” in this programme.") % {"name": name[:60]})


class BureauRegister:
    """Bureaus by key, code, short name, full name or alias."""

    def __init__(self, bureaus: Iterable[Bureau]):
        self._found: dict[str, set[Bureau]] = {}
        self._sure: dict[str, Bureau] = {}
        for bureau in bureaus:
            for name in (bureau.full_name, *bureau.aliases):
                self._found.setdefault(name, set()).add(bureau)
            for name in (str(bureau.pk), bureau.code, bureau.name_zh):
                self._sure[name] = bureau

    def find(self, value: Any) -> Bureau:
        name = str(value) if isinstance(value, UUID) else _text(value)
        found = {self._sure[name]} if name in self._sure else self._found.get(name, set())
        if len(found) != 1:
            raise BadCell("unit_unknown", _("There is no bureau “%(name)s”.") % {"name": name[:60]})
        return next(iter(found))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadCell("not_a_text", _("Please give a text."))
    return cells.plain(value)


def _filled(value: Any) -> str:
    text = _text(value)
    if not text:
        raise BadCell("required", _("Please fill this in."))
    return text


def _day(value: Any) -> date | None:
    if isinstance(value, bool | int | float | list | dict):
        raise BadCell("bad_date", _("This is not a date. Please write it like 2026-06-30."))
    return cells.date_of(value)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool | list | dict):
        raise BadCell("bad_number", _("This is not a number."))
    return cells.number_of(str(value) if isinstance(value, Decimal) else value)


def _progress(value: Any) -> int:
    number = _number(value.strip().removesuffix("%").removesuffix("％") if isinstance(value, str) else value)
    if number is None:
        return 0
    if number != number.to_integral_value() or not 0 <= number <= 100:
        raise BadCell("out_of_range", _("The progress must be a whole number from 0 to 100."))
    return int(number)


def _choice(value: Any, allowed: list[str]) -> str:
    text = _text(value)
    if text not in allowed:
        raise BadCell("unknown_choice", _("“%(value)s” is not one of the choices.") % {"value": text[:40]})
    return text
