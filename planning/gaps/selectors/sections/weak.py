"""Weak points by priority, the quadrants, and the main contradiction if there is one."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.gaps.selectors import wording
from planning.gaps.selectors.sections.parts import Cell, Chart, Section, Table, columns, number, text

_AHEAD_ONE = gettext_lazy(
    "%(city)s is not behind %(benchmark)s as a whole, so there is no main contradiction; of its single shortfalls most "
    "lie in %(name)s (first in %(share)s of the replications)."
)
_AHEAD_NONE = gettext_lazy(
    "%(city)s is not behind %(benchmark)s as a whole, so there is no main contradiction; its single shortfalls lie in "
    "%(names)s."
)


def section(report) -> Section:
    """Weak points with contribution, trend, controllability, stability and the value that closes half the gap."""
    note = _("where the gap comes from, widens and can be acted on; only what holds under other choices is sure")
    found = Section("weak", _("Weak points"), note)
    found.texts.append(contradiction(report))
    if chart := _quadrants(report):
        found.charts.append(chart)
    if report.result["weak_points"]:
        found.tables.append(_weak(report))
    found.tables.append(_candidates(report))
    found.foot = _(
        "Priority: share of the shortfall × trend (widening counts more) × controllability, as judged by the owner of "
        "the indicator; one that nobody has judged counts fully. Depends on the method: among the first five in less "
        "than 80 % of the replications."
    )
    return found


def contradiction(report) -> str:
    """The sentence on the main contradiction, or that there is no single one, with the candidates.

    Who is ahead as a whole has no main contradiction of the whole: what the engine names is then told as what it is,
    the dimension in which most of the single shortfalls lie.
    """
    found = report.result["main_contradiction"]
    ahead = report.overall["behind"] is False
    if found["code"]:
        first = next((c for c in found["candidates"] if c["code"] == found["code"]), None)
        values = {"name": report.names.node(found["code"]), "share": wording.percent(first and first["frequency"])}
        values |= {"city": report.own, "benchmark": report.benchmark_name}
        if ahead:
            return _AHEAD_ONE % values
        return _("Main contradiction: %(name)s (first in %(share)s of the replications).") % values
    if not found["candidates"]:
        return _("No main contradiction: %(reason)s.") % {"reason": wording.reason(found["reason"] or "NO_SHORTFALL")}
    names = [
        f"{report.names.node(c['code'])}"
        + (f" ({wording.percent(c['frequency'])})" if c["frequency"] is not None else "")
        for c in found["candidates"][:3]
    ]
    values = {"names": _(", ").join(names), "city": report.own, "benchmark": report.benchmark_name}
    return (_AHEAD_NONE if ahead else _("No single main contradiction; candidates: %(names)s.")) % values


def _weak(report) -> Table:
    rows = [
        [
            text(report.names.indicator(w["code"]), f"#i-{w['code']}"),
            text(report.names.node(w["dimension"])),
            number(wording.percent(w["priority"]), w["priority"]),
            number(wording.points(w["contribution"], signed=True), w["contribution"], href=report.trace(w["code"])),
            _quadrant(w["quadrant"], w["quadrant_reason"]),
            number(
                wording.percent(w["controllability"]),
                w["controllability"],
                href=reverse("indicators:indicator", args=[w["code"]]) + "#judgement",
            ),
            _stability(w),
            _half(report, w),
        ]
        for w in report.result["weak_points"]
    ]
    heads = columns(
        _("Indicator"),
        _("Dimension"),
        "#" + _("Priority"),
        "#" + _("Contribution"),
        _("Level and trend"),
        "#" + _("Controllable"),
        _("Stays among the first five"),
        _("Value that closes half the gap"),
    )
    return Table("weak-points", _("Weak points by priority"), heads, rows)


def _quadrant(code: str | None, reason: str | None) -> Cell:
    if code is None:
        return Cell("", reason=wording.reason(reason or "TOO_FEW_YEARS"))
    return text(wording.of(wording.QUADRANTS, code), tone=wording.QUADRANT_TONES[code])


def _stability(weak) -> Cell:
    if weak["stability"] is None:
        return Cell("", reason=wording.reason("NOT_ASKED"))
    share = wording.percent(weak["stability"])
    if weak["depends_on_method"]:
        return Cell(_("%(share)s · depends on the method") % {"share": share}, value=weak["stability"], tone="amber")
    return Cell(share, value=weak["stability"])


def _half(report, weak) -> Cell:
    row = next(r for r in report.rows if r.code == weak["code"])
    if weak["half_gap_value"] is None:
        return Cell("", reason=wording.reason(weak["half_gap_reason"]))
    now = _("%(value)s %(unit)s, now %(own)s")
    value = weak["half_gap_value"]
    values = {"value": report.units.text(row.code, value), "unit": row.unit, "own": row.own.text}
    return Cell(now % values, value=report.units.number(row.code, value), href=row.own.href)


def _quadrants(report) -> Chart | None:
    points = [q for q in report.result["quadrants"] if q["level"] is not None and q["drift"] is not None]
    if not points:
        return None
    title = _("Level and trend against the mean of the others")
    rows = [
        [
            text(report.names.indicator(q["code"]), f"#i-{q['code']}"),
            number(wording.points(q["level"], signed=True), q["level"], href=report.trace(q["code"])),
            number(f"{q['drift']:+.2f}", q["drift"], href=report.trace(q["code"]) + "#years"),
            _quadrant(q["quadrant"], q["reason"]),
        ]
        for q in points
    ]
    heads = columns(_("Indicator"), "#" + _("Level (points)"), "#" + _("Trend (points a year)"), _("Quadrant"))
    data = {
        "points": [
            {
                "label": report.names.indicator(q["code"]),
                "x": round(q["level"], 2),
                "y": round(q["drift"], 3),
                "quadrant": q["quadrant"] or "",
            }
            for q in points
        ],
        "x": _("score against the mean of the others (points)"),
        "y": _("trend against theirs (points a year)"),
        "names": {code: str(name) for code, name in wording.QUADRANTS.items()},
    }
    return Chart("quadrants", "quadrant", title, data, Table("quadrants", title, heads, rows))


def _candidates(report) -> Table:
    rows = [
        [
            text(report.names.node(c["code"])),
            number(wording.percent(c["priority"]), c["priority"]),
            number(
                wording.percent(c["frequency"]),
                c["frequency"],
                wording.reason("NOT_ASKED") if c["frequency"] is None else "",
            ),
        ]
        for c in report.result["main_contradiction"]["candidates"]
    ]
    heads = columns(_("Dimension"), "#" + _("Priority"), "#" + _("First in so many replications"))
    return Table("dimensions", _("Dimensions by priority"), heads, rows)
