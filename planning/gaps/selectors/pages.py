"""A whole report, and the comparison of two, as their pages show them."""

from typing import Any

from django.utils.translation import gettext as _

from planning.gaps.models import GapRun
from planning.gaps.selectors import charts, wording
from planning.gaps.selectors.differing import changed_figures, changed_indicators, changed_method, changed_scores
from planning.gaps.selectors.report import Names, Report, divisors_by_code, divisors_of, unpacked_case
from planning.gaps.selectors.sections import changes, sections
from planning.gaps.selectors.sections.data import grade_sentence, limits
from planning.gaps.selectors.sections.parts import Section, Table, columns, number, text
from planning.gaps.selectors.sections.position import robust_ranks
from planning.gaps.selectors.summary import summary
from planning.gaps.selectors.units import Units

GRADE_TONES = {"A": "green", "B": "green", "C": "amber", "D": "red"}


def page_of(report: Report) -> dict[str, Any]:
    """Everything that the templates of a report show."""
    found = sections(report)
    drawn = [chart for section in found for chart in section.charts]
    return {
        "summary": summary(report),
        "sections": found,
        "charts": charts.of(report),
        "chart_data": {f"chart-{c.key}": c.data for c in drawn},
        "ranks": robust_ranks(report),
        "grade": report.result["quality"]["grade"],
        "grade_tone": GRADE_TONES[report.result["quality"]["grade"]],
        "grade_sentence": grade_sentence(report),
        "limits": limits(report),
    }


def comparison(a: GapRun, b: GapRun) -> dict[str, Any]:
    """What differs between two reports: method, figures, scores, indicators."""
    cases = [unpacked_case(run) for run in (a, b)]
    names, other = (Names.of(run, divisors_of(case)) for run, case in zip((a, b), cases, strict=True))
    for field in ("regions", "indicators", "sources", "nodes"):
        setattr(names, field, getattr(other, field) | getattr(names, field))
    pair = [
        Units(run.result, divisors_by_code(case), names.indicators) for run, case in zip((a, b), cases, strict=True)
    ]
    differing = changed_figures(*cases)
    method = changed_method(*cases)
    scores = changed_scores(a.result, b.result)
    found = Section("compare", _("What differs"))
    counts = {kind: len(rows) for kind, rows in differing.items()}
    found.texts.append(
        _("%(revised)d figures differ, %(added)d are only in the second, %(removed)d only in the first.") % counts
    )
    found.tables.append(changes.scores(names, scores, b.result["own"]))
    found.tables.append(_indicators(names, changed_indicators(a.result, b.result), pair))
    if method:
        found.tables.append(changes.method(names, method))
    if any(counts.values()):
        found.tables.append(changes.figures(names, {k: rows[:500] for k, rows in differing.items()}))
    return {"section": found, "same": not method and not any(counts.values())}


def _indicators(names: Names, rows: list[dict[str, Any]], pair: list[Units]) -> Table:
    found = []
    for row in rows:
        old, new = row["old"] or {}, row["new"] or {}
        found.append(
            [
                text(names.indicator(row["code"])),
                *(_figure(units, row["code"], side) for units, side in zip(pair, (old, new), strict=True)),
                *(number(wording.points(side.get("score")) or "—", side.get("score")) for side in (old, new)),
                number(wording.points(row["change"], signed=True) or "—", row["change"]),
                *(number(wording.points(side.get("contribution"), signed=True) or "—", None) for side in (old, new)),
            ]
        )
    first, second = _("first"), _("second")
    heads = columns(
        _("Indicator"),
        "#" + _("Figure") + f" ({first})",
        "#" + _("Figure") + f" ({second})",
        "#" + _("Score") + f" ({first})",
        "#" + _("Score") + f" ({second})",
        "#" + _("Change"),
        "#" + _("Contribution") + f" ({first})",
        "#" + _("Contribution") + f" ({second})",
    )
    return Table("compared-indicators", _("Indicators"), heads, found)


def _figure(units: Units, code: str, side: dict[str, Any]):
    if side.get("value") is None:
        return number("—", None)
    shown = f"{units.text(code, side['value'])} ({wording.when(side['year'])}, {units.label(code)})"
    return number(shown, units.number(code, side["value"]))


def sliders(report: Report) -> list[dict[str, Any]]:
    """Nodes of the tree with their weight among the siblings in per cent; the top has none."""
    depth: dict[str, int] = {}
    found = []
    for node in report.result["tree"]:
        depth[node["code"]] = 0 if node["parent"] is None else depth[node["parent"]] + 1
        if node["parent"] is None:
            continue
        name = report.names.indicator(node["indicator"]) if node["indicator"] else report.names.node(node["code"])
        weight = 100 * node["weight"]
        place = {"depth": depth[node["code"]] - 1, "weight": weight, "exact": repr(weight)}
        found.append({"code": node["code"], "name": name, **place})
    return found
