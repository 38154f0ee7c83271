"""The score of one region taken apart along the tree, in the comparison or in one year of the panel."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from planning.gaps.selectors import wording
from planning.gaps.selectors.report import Report
from planning.gaps.selectors.sections.parts import Cell, Table, columns, number, text


@dataclass(frozen=True)
class Scored:
    """Scores of one region: by inner node and by indicator, with the reasons where there are none."""

    nodes: dict[str, float | None]
    leaves: dict[str, float | None]
    reasons: dict[str, str | None]
    rank: int | None


def scored(report: Report, region: str, year: int | None) -> Scored | None:
    """The scores of ``region``; None for a year without a panel."""
    place = next(n for n, r in enumerate(report.result["regions"]) if r["code"] == region)
    codes = [i["code"] for i in report.result["indicators"]]
    if year is None:
        found = report.result["regions"][place]
        cells = {i["code"]: i["cells"][place] for i in report.result["indicators"]}
        nodes = {code: node["score"] for code, node in found["nodes"].items()}
        reasons = {code: node["reason"] for code, node in found["nodes"].items()}
        reasons |= {code: cell["score_reason"] for code, cell in cells.items()}
        return Scored(nodes, {code: cell["score"] for code, cell in cells.items()}, reasons, found["rank"])
    series = next((y for y in report.result["years"] if y["year"] == year), None)
    if series is None:
        return None
    found = series["regions"][place]
    leaves = dict(zip(codes, series["scores"][place], strict=True))
    return Scored(found["nodes"], leaves, {}, found["rank"])


def score_table(report: Report, region: str, found: Scored, year: int | None) -> Table:
    """One row a node: its weight as used (what is absent gives its weight to its siblings), score, and product."""
    tree = report.result["tree"]
    shown = {n["code"]: found.leaves[n["indicator"]] if n["indicator"] else found.nodes[n["code"]] for n in tree}
    rules = {n["code"]: n["aggregation"] for n in tree}
    depths: dict[str, int] = {}
    rows, top = [], set()
    for number_, node in enumerate(_in_order(tree)):
        parent = node["parent"]
        depths[node["code"]] = 0 if parent is None else depths[parent] + 1
        used = _weight_used(node, tree, shown)
        rows.append(_row(report, region, node, shown, found, (depths[node["code"]], used, rules.get(parent), year)))
        if depths[node["code"]] < 2 and not node["indicator"]:
            top.add(number_)
    heads = columns(
        _("Dimension or indicator"),
        "#" + _("Figure"),
        "#" + _("Weight in the set"),
        "#" + _("Weight used"),
        "#" + _("Score"),
        "#" + _("Weight × score"),
        _("Aggregation"),
    )
    return Table("tree", _("From the figures to the score"), heads, rows, own=top)


def _in_order(tree: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every node before its children, which follow it at once."""
    below: dict[str | None, list] = {}
    for node in tree:
        below.setdefault(node["parent"], []).append(node)

    def walk(node):
        yield node
        for child in below.get(node["code"], []):
            yield from walk(child)

    return [node for root in below[None] for node in walk(root)]


def _weight_used(node, tree, shown) -> float | None:
    """Share among the siblings that have a score; None for the top and for what has none."""
    if node["parent"] is None or shown[node["code"]] is None:
        return None
    total = sum(n["weight"] for n in tree if n["parent"] == node["parent"] and shown[n["code"]] is not None)
    return node["weight"] / total if total > 0 else None


def _row(report: Report, region: str, node, shown, found: Scored, place) -> list[Cell]:
    depth, used, rule, year = place
    code, leaf, score = node["code"], node["indicator"], shown[node["code"]]
    name = report.names.indicator(leaf) if leaf else report.names.node(code)
    href = report.trace(leaf, region) if leaf else ""
    product = used * score if rule == "arithmetic" and used is not None else None
    reason = wording.reason(found.reasons.get(leaf or code) or ("MISSING" if leaf else "LOW_COVERAGE"))
    return [
        Cell(name, href=href, depth=depth),
        _figure(report, region, leaf, year) if leaf else text(""),
        number(wording.percent(node["weight"]) if node["parent"] else "", node["weight"]),
        number(wording.percent(used) or "", used),
        number(wording.points(score), score, "" if score is not None else reason),
        number(_two(product) or "", product),
        text(wording.of(wording.OPTIONS, node["aggregation"])),
    ]


def _two(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _figure(report: Report, region: str, code: str, year: int | None) -> Cell:
    """The figure behind the score of a leaf, as it was compared; of a year of the panel, after treatment."""
    place = next(n for n, r in enumerate(report.result["regions"]) if r["code"] == region)
    at = next(n for n, i in enumerate(report.result["indicators"]) if i["code"] == code)
    if year is None:
        cell = report.result["indicators"][at]["cells"][place]
        value, when = cell["value"], wording.when(cell["year"]) if cell["value"] is not None else ""
    else:
        series = next(y for y in report.result["years"] if y["year"] == year)
        value, when = series["cells"][place][at], str(year)
    if value is None:
        return number(None, None, wording.reason("MISSING"))
    shown = f"{report.units.text(code, value)} {report.units.label(code)} ({when})"
    return number(shown, report.units.number(code, value), href=report.trace(code, region))
