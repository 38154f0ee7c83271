"""Objectives: what each plan wants to reach, and by which measures."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.text import text_errors
from dalian_coop.history.context import acting
from planning.plans.enums import Horizon
from planning.plans.models import Measure, Objective, ObjectiveMeasure, Plan, Programme

_LENGTH = {horizon: place for place, horizon in enumerate(Horizon.values)}
_FIELDS = ("plan", "parent", "code", "title", "weight")


@transaction.atomic
def save_objective(
    *, plan: Plan, code: str, title: str, measures: Iterable[Measure], by: Any, parent: Objective | None = None,
    weight: Decimal | None = None, objective: Objective | None = None, version: int = 0,
) -> Objective:  # fmt: skip
    """Add an objective, or change ``objective`` as it stood at ``version``; its measures are set to ``measures``.

    Raises ``NotAllowed``, ``Conflict``, and ``ValidationError``: ``code_taken``; ``parent``: ``not_longer`` when the
    objective it leads to is not of a longer horizon of the same programme; ``measures``: ``other_programme``, or
    ``serves_another`` when a measure serves another objective of the plan; ``weight``: ``out_of_range``.
    """
    if not by.has_perm(Perm.EDIT_PLAN):
        raise NotAllowed(_("Only the coordinating bureau sets objectives."))
    Programme.objects.select_for_update(no_key=True).get(pk=plan.programme_id)
    wanted = {measure.pk: measure for measure in measures}
    target = objective or Objective()
    if objective is not None and objective.version != version:
        raise Conflict(current=objective)
    values = {"plan": plan, "parent": parent, "code": code.strip(), "title": title.strip(), "weight": weight}
    for name, value in values.items():
        setattr(target, name, value)
    _refuse(target, wanted)
    with acting(by):
        if objective is None:
            target.save(force_insert=True)
        else:
            save_if_unchanged(target, _FIELDS, expected=version)
        _set_measures(target, wanted)
    return target


def _refuse(target: Objective, measures: dict) -> None:
    programme = target.plan.programme_id
    same = Objective.objects.exclude(pk=target.pk).filter(plan=target.plan)
    found = {
        "code": text_errors(target.code, max_length=20) or _required(target.code),
        "title": text_errors(target.title, max_length=300) or _required(target.title),
        "parent": _parent_errors(target, programme),
        "weight": [],
        "measures": [],
    }
    if target.weight is not None and not 0 <= target.weight <= 100:
        found["weight"] = [Error("out_of_range", _("The weight must lie between 0 and 100."))]
    if not found["code"] and same.filter(code=target.code).exists():
        found["code"] = [Error("code_taken", _("This number is taken already."))]
    if any(measure.programme_id != programme for measure in measures.values()):
        found["measures"] = [Error("other_programme", _("A measure belongs to another programme."))]
    others = ObjectiveMeasure.objects.filter(objective__in=same, measure__in=measures).select_related("measure")
    if others:
        names = "、".join(str(link.measure) for link in others)
        message = _("Of this plan these measures serve another objective already: %(names)s.") % {"names": names}
        found["measures"] = [Error("serves_another", message)]
    if errors := {name: es for name, es in found.items() if es}:
        raise ValidationError(errors)


def _required(text: str) -> list[Error]:
    return [] if text else [Error("required", _("Please fill this in."))]


def _parent_errors(target: Objective, programme) -> list[Error]:
    parent = target.parent
    if parent is None:
        return []
    longer = _LENGTH[parent.plan.horizon] > _LENGTH[target.plan.horizon]
    if parent.plan.programme_id == programme and longer:
        return []
    return [Error("not_longer", _("It can only lead to an objective of a longer horizon of the same programme."))]


def _set_measures(objective: Objective, wanted: dict) -> None:
    held = {link.measure_id: link for link in ObjectiveMeasure.objects.filter(objective=objective)}
    for key in wanted.keys() - held.keys():
        ObjectiveMeasure.objects.create(objective=objective, measure=wanted[key])
    for key in held.keys() - wanted.keys():
        held[key].delete()


@transaction.atomic
def delete_objective(*, objective: Objective, version: int, by: Any) -> None:
    """Take an objective away; its measures and tasks stay.

    Raises ``NotAllowed``, ``Conflict``, and ``ValidationError`` (``has_children``) while others lead to it.
    """
    if not by.has_perm(Perm.EDIT_PLAN):
        raise NotAllowed(_("Only the coordinating bureau sets objectives."))
    current = Objective.objects.select_for_update().get(pk=objective.pk)
    if current.version != version:
        raise Conflict(current=current)
    if current.children.exists():
        raise ValidationError({"": [Error("has_children", _("Other objectives lead to this one."))]})
    with acting(by):
        current.delete()
