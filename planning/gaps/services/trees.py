"""Changing indicator sets: the weight tree as a whole, with a version of each state."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.errors import Conflict, Error, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from partners.indicators.enums import Direction
from partners.indicators.models import Indicator
from planning.gaps.enums import Aggregation, Transform
from planning.gaps.models import IndicatorNode, IndicatorSet, IndicatorSetVersion
from planning.gaps.selectors.sets import GOALPOSTS, NODE_NAMES, tree_document
from planning.gaps.services.texts import CODE, checked, line, may_edit, new_code

MOST_NODES = 400


@transaction.atomic
def save_indicator_set(
    *,
    texts: Mapping[str, str],
    nodes: Sequence[Mapping[str, Any]],
    indicator_set: IndicatorSet | None = None,
    version: int = 0,
    code: str = "",
    note: str = "",
    by,
) -> IndicatorSet:
    """Write a set and its whole tree; keeps the state as a new ``IndicatorSetVersion``.

    ``nodes``: dicts with ``code``, ``parent`` (code, "" for the root), ``weight``, ``aggregation``, ``indicator``
    (code, "" for a dimension), ``interval`` and the names of a dimension, in the order to show. ``version`` is that
    of the set which was read; ``code`` names a new set. Raises ``ValidationError`` (``nodes``: one sentence a node),
    ``Conflict``, ``NotAllowed``.
    """
    may_edit(by)
    cleaned = checked(texts)
    parsed = parse_tree(nodes)
    if indicator_set is None:
        found = IndicatorSet(code=new_code(IndicatorSet, code), edited=True, position=100, **cleaned)
        found.save(force_insert=True)
    else:
        found = indicator_set
        for name, value in cleaned.items() | {("edited", True)}:
            setattr(found, name, value)
        save_if_unchanged(found, [*cleaned, "edited"], expected=version)
    _replace(found, parsed)
    keep_version(indicator_set=found, note=line(note, "note"), by=by)
    return found


def keep_version(*, indicator_set: IndicatorSet, note: str = "", by=None) -> IndicatorSetVersion:
    """Keep the tree as it stands; the number is the set's version."""
    person = None if by is None or getattr(by, "scopes", None) is not None else by
    found, _made = IndicatorSetVersion.objects.get_or_create(
        indicator_set=indicator_set,
        number=indicator_set.version,
        defaults={"tree": tree_document(indicator_set), "note": note, "created_by": person},
    )
    return found


def parse_tree(nodes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Checked nodes, parents before their children. Raises ``ValidationError`` that names the node."""
    if len(nodes) > MOST_NODES:
        raise _wrong("too_many", _("A set has at most %(count)d nodes."), count=MOST_NODES)
    codes = {str(n.get(name) or "") for n in nodes for name in ("indicator", "per")}
    indicators = {i.code: i for i in Indicator.objects.filter(code__in=codes)}
    parsed = [_parse(node, position, indicators) for position, node in enumerate(nodes, 1)]
    _check_codes(parsed)
    ordered = _parents_first(parsed)
    _check_weights(ordered)
    return ordered


def _wrong(kind: str, text, /, **values) -> ValidationError:
    return ValidationError({"nodes": [Error(kind, text % values if values else text)]})


def _parse(node: Mapping[str, Any], position: int, indicators: dict[str, Indicator]) -> dict[str, Any]:
    code = str(node.get("code") or "")
    if not CODE.fullmatch(code):
        raise _wrong("code", _("“%(code)s” is no code of a node."), code=code[:60])
    indicator = indicators.get(node.get("indicator") or "")
    if node.get("indicator") and indicator is None:
        raise _wrong("unknown", _("There is no indicator “%(code)s”."), code=str(node["indicator"])[:60])
    if indicator and indicator.direction == Direction.NEUTRAL:
        text = _("Of “%(name)s” neither more nor less is better; it cannot be scored.")
        raise _wrong("neutral", text, name=indicator.name)
    names = {name: "" if indicator else line(node.get(name), "nodes", 200) for name in NODE_NAMES}
    if not indicator and not names["name_zh"]:
        raise _wrong("name", _("The dimension “%(code)s” needs a Chinese name."), code=code)
    aggregation = node.get("aggregation") or Aggregation.ARITHMETIC
    if aggregation not in Aggregation.values:
        raise _wrong("aggregation", _("“%(code)s” has an unknown rule of aggregation."), code=code)
    return {
        "code": code,
        "parent": str(node.get("parent") or ""),
        "position": position,
        "weight": _weight(node.get("weight"), code),
        "aggregation": aggregation,
        "indicator": indicator,
        "interval": bool(node.get("interval")),
        **_leaf(node, code, indicator, indicators),
        **names,
    }


def _leaf(
    node: Mapping[str, Any], code: str, indicator: Indicator | None, known: dict[str, Indicator]
) -> dict[str, Any]:
    """What only a leaf has: divisor, transform, goalposts and target."""
    if indicator is None:
        return {"per": None, "transform": Transform.NONE, **dict.fromkeys(GOALPOSTS)}
    per = known.get(node.get("per") or "")
    if node.get("per") and (per is None or per == indicator):
        raise _wrong("per", _("“%(code)s” cannot be divided by that."), code=code)
    transform = node.get("transform") or Transform.NONE
    if transform not in Transform.values:
        raise _wrong("transform", _("“%(code)s” has an unknown transform."), code=code)
    posts = {name: _goalpost(node.get(name), code) for name in GOALPOSTS}
    worst, best = posts["worst"], posts["best"]
    if (worst is None) != (best is None) or (worst is not None and worst == best):
        raise _wrong("goalposts", _("“%(name)s” needs two goalposts that differ, or none."), name=indicator.name)
    if worst is not None and (best > worst) != (indicator.direction == Direction.UP):
        raise _wrong("goalposts", _("The goalposts of “%(name)s” are swapped."), name=indicator.name)
    return {"per": per, "transform": transform, **posts}


def _goalpost(value: Any, code: str) -> float | None:
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise _wrong("goalposts", _("A goalpost of “%(code)s” is not a number."), code=code) from error
    if not math.isfinite(number):
        raise _wrong("goalposts", _("A goalpost of “%(code)s” is not a number."), code=code)
    return number


def _weight(value: Any, code: str) -> Decimal:
    try:
        weight = Decimal(str(value)).quantize(Decimal("0.0001"))
    except (InvalidOperation, ValueError) as error:
        raise _wrong("weight", _("The weight of “%(code)s” is not a number."), code=code) from error
    if weight.is_nan() or not 0 <= weight < 100_000:
        raise _wrong("weight", _("The weight of “%(code)s” must be 0 or more."), code=code)
    return weight


def _check_codes(nodes: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    used: set[str] = set()
    for node in nodes:
        if node["code"] in seen:
            raise _wrong("twice", _("“%(code)s” stands twice in the tree."), code=node["code"])
        seen.add(node["code"])
        if node["indicator"]:
            if node["indicator"].code in used:
                raise _wrong("twice", _("“%(name)s” stands twice in the tree."), name=node["indicator"].name)
            used.add(node["indicator"].code)
    if not used:
        raise _wrong("empty", _("This indicator set has no indicators."))
    if sum(not n["parent"] for n in nodes) != 1:
        raise _wrong("root", _("The tree needs exactly one top."))


def _parents_first(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = {n["code"]: n for n in nodes}
    ordered: list[dict[str, Any]] = []
    placed = {""}
    while len(ordered) < len(nodes):
        ready = [n for n in nodes if n["parent"] in placed and n["code"] not in placed]
        if not ready:
            left = next(n for n in nodes if n["code"] not in placed)
            text = _("“%(code)s” hangs in a circle or below something that is not there.")
            raise _wrong("circle", text, code=left["code"])
        for node in ready:
            if node["parent"] and known[node["parent"]]["indicator"]:
                raise _wrong("leaf", _("“%(code)s” hangs below an indicator."), code=node["code"])
        ordered += ready
        placed |= {n["code"] for n in ready}
    return ordered


def _check_weights(nodes: list[dict[str, Any]]) -> None:
    for node in nodes:
        if node["indicator"]:
            continue
        children = [n for n in nodes if n["parent"] == node["code"]]
        name = node["name_zh"]
        if not children:
            raise _wrong("childless", _("The dimension “%(name)s” has nothing below it."), name=name)
        if not sum(n["weight"] for n in children) > 0:
            raise _wrong("zero", _("All weights below “%(name)s” are 0."), name=name)


def _replace(indicator_set: IndicatorSet, nodes: list[dict[str, Any]]) -> None:
    """Change what stays, add what is new, remove what is gone; nodes keep their keys."""
    have = {n.code: n for n in indicator_set.nodes.select_related("indicator")}
    wanted = {n["code"] for n in nodes}
    gone = indicator_set.nodes.exclude(code__in=wanted)
    gone.filter(indicator__isnull=False).delete()
    placed: dict[str, IndicatorNode] = {}
    for values in nodes:
        fields = {k: v for k, v in values.items() if k not in ("code", "parent")}
        fields["parent"] = placed.get(values["parent"])
        node = have.get(values["code"])
        if node is not None and node.indicator != fields["indicator"]:
            text = _("“%(code)s” cannot become another thing; remove it and add it anew.")
            raise _wrong("changed", text, code=node.code)
        placed[values["code"]] = _write(node, indicator_set, values["code"], fields)
    gone.delete()  # dimensions go last: what hung below them has moved by now


def _write(node: IndicatorNode | None, indicator_set, code: str, fields: dict[str, Any]) -> IndicatorNode:
    if node is None:
        return IndicatorNode.objects.create(indicator_set=indicator_set, code=code, **fields)
    if any(getattr(node, name) != value for name, value in fields.items()):
        for name, value in fields.items():
            setattr(node, name, value)
        try:
            save_if_unchanged(node, list(fields), expected=node.version)
        except Conflict as conflict:
            raise Conflict(current=indicator_set) from conflict
    return node
