"""What changed since the run that this one repeats: the data, the method, or the world."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.gaps.selectors import wording
from planning.gaps.selectors.differing import DIVISOR
from planning.gaps.selectors.sections.parts import Cell, Section, Table, columns, number, text

STEPS = {
    "code": gettext_lazy("Method: the code of the engine"),
    "data": gettext_lazy("Data: figures of known years were revised"),
    "world": gettext_lazy("World: new figures"),
    "method": gettext_lazy("Method: sets, weights and options"),
}
WHAT = {
    "selection": gettext_lazy("choice of the year"),
    "screening": gettext_lazy("coverage rules"),
    "imputation": gettext_lazy("filling of missing figures"),
    "treatment": gettext_lazy("treatment of outliers"),
    "normalisation": gettext_lazy("how figures become scores"),
    "weights": gettext_lazy("weights"),
    "benchmark": gettext_lazy("benchmark"),
    "robustness": gettext_lazy("robustness"),
    "region": gettext_lazy("region"),
    "indicator": gettext_lazy("indicator"),
    "weight": gettext_lazy("weight"),
}
KINDS = {"revised": gettext_lazy("revised"), "added": gettext_lazy("new"), "removed": gettext_lazy("withdrawn")}


def section(report) -> Section | None:
    """None for a run that repeats nothing."""
    found = report.run.explanation
    if not found:
        return None
    section = Section("changes", _("What changed since the earlier report"))
    section.texts.append(_headline(found))
    section.tables.append(_steps(found))
    if any(found["counts"].values()):
        section.tables.append(figures(report.names, found))
    if found["method"]:
        section.tables.append(method(report.names, found["method"]))
    section.tables.append(scores(report.names, found["scores"], report.result["own"]))
    section.foot = _(
        "The steps are computed one after the other and add up to the whole change. The effect of a single figure is "
        "what it alone would have done to the old score."
    )
    return section


def _headline(found: dict[str, Any]) -> str:
    first, last = found["steps"][0]["from"], found["steps"][-1]["to"]
    counts = found["counts"]
    if not any(counts.values()) and not found["method"] and first == last:
        return _("Nothing changed: the figures, the method and the score are the same.")
    values = {"old": wording.points(first), "new": wording.points(last), **counts}
    if first is None or last is None:
        return _("%(revised)d figures revised, %(added)d new, %(removed)d withdrawn.") % values
    values["change"] = wording.points(last - first, signed=True)
    return (
        _(
            "The own score moved from %(old)s to %(new)s (%(change)s): %(revised)d "
            "figures revised, %(added)d new, %(removed)d withdrawn."
        )
        % values
    )


def _steps(found: dict[str, Any]) -> Table:
    rows = [
        [
            text(wording.of(STEPS, s["kind"])),
            _step(s["from"]),
            _step(s["to"]),
            number(_change(s["change"]), s["change"], wording.reason("LOW_COVERAGE") if s["change"] is None else ""),
        ]
        for s in found["steps"]
    ]
    heads = columns(_("Cause"), "#" + _("Score before"), "#" + _("Score after"), "#" + _("Change"))
    return Table("change-steps", _("Data, method or world"), heads, rows)


def _step(value: float | None) -> Cell:
    return number(wording.points(value), value, wording.reason("LOW_COVERAGE") if value is None else "")


def _change(value: float | None) -> str | None:
    return None if value is None else f"{round(value, 2) + 0.0:+.2f}"


def figures(names, found: dict[str, Any]) -> Table:
    """Every figure that differs, those with the greatest effect first."""
    rows = [
        [
            text(KINDS[kind]),
            text(names.region(f["region"]) if f["region"] in names.regions else f["region"]),
            text(names.indicator(f["indicator"].removeprefix(DIVISOR))),
            text(wording.when(f["year"])),
            _figure(f["old"]),
            _figure(f["new"]),
            number(_change(f["effect"]), f["effect"]) if f.get("effect") is not None else Cell(""),
        ]
        for kind in KINDS
        for f in found[kind]
    ]
    heads = columns(
        _("What"),
        _("Region"),
        _("Indicator"),
        _("Year"),
        "#" + _("Before"),
        "#" + _("Now"),
        "#" + _("Effect on the own score"),
    )
    return Table("changed-figures", _("Figures that differ"), heads, rows)


def _figure(value: float | None) -> Cell:
    return Cell("—") if value is None else number(wording.figure(value), value)


def method(names, rows_: list[dict[str, Any]]) -> Table:
    """Options, regions, indicators and weights that differ."""
    rows = []
    for row in rows_:
        item = row["item"]
        name = names.regions[item].name if item in names.regions else ""
        name = name or (names.indicators[item].name if item in names.indicators else names.node(item))
        rows.append(
            [text(wording.of(WHAT, row["what"])), text(name), text(_value(row["old"])), text(_value(row["new"]))]
        )
    heads = columns(_("What"), _("Item"), _("Before"), _("Now"))
    return Table("changed-method", _("Method that differs"), heads, rows)


def _value(value: Any) -> str:
    if value is True or value is False:
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, str):
        return wording.of(wording.OPTIONS | wording.BENCHMARKS, value)
    return "—" if value is None else str(value)


def scores(names, rows_: list[dict[str, Any]], own: str) -> Table:
    """Scores and ranks of all regions before and now."""
    rows = [
        [
            text(names.region(r["code"]) if r["code"] in names.regions else r["code"]),
            _points(r["old"]),
            _points(r["new"]),
            number(_change(r["change"]), r["change"]) if r["change"] is not None else Cell("—"),
            text(f"{r['old_rank'] or '—'} → {r['new_rank'] or '—'}"),
        ]
        for r in rows_
    ]
    heads = columns(_("Region"), "#" + _("Score before"), "#" + _("Now"), "#" + _("Change"), _("Rank"))
    mine = {n for n, r in enumerate(rows_) if r["code"] == own}
    return Table("changed-scores", _("Scores and ranks"), heads, rows, own=mine)


def _points(value: float | None) -> Cell:
    return Cell("—") if value is None else number(wording.points(value), value)
