"""What the gap is made of: bars that add up from the own score to that of the benchmark."""

from django.utils.translation import gettext as _

from planning.gaps.selectors import wording
from planning.gaps.selectors.sections.parts import Chart, Section, Table, columns, number, text

MOST_BARS = 14


def lines_of(report) -> list[tuple[str, str, float, dict | None]]:
    """(code, name, points, line) of every part, effects last; they sum to the gap."""
    parts = report.result["decomposition"]
    if not parts:
        return []
    found = [(line["code"], report.names.indicator(line["code"]), line["value"], line) for line in parts["lines"]]
    for key, name in (("coverage_effect", _("Coverage effect")), ("profile_effect", _("Profile effect"))):
        if parts[key]:
            found.append((key, name, parts[key], None))
    return found


def waterfall(report) -> Chart | None:
    """From the own score to the benchmark's; small parts are drawn as one bar so that the picture can be read."""
    parts, overall = report.result["decomposition"], report.result["overall"]
    lines = lines_of(report)
    if not lines:
        return None
    biggest = sorted(lines, key=lambda line: -abs(line[2]))
    drawn, rest = biggest[:MOST_BARS], biggest[MOST_BARS:]
    steps = [{"label": name, "value": value} for _code, name, value, _line in sorted(drawn, key=lambda line: -line[2])]
    if rest:
        steps.append({"label": _("%(count)d further parts") % {"count": len(rest)}, "value": sum(r[2] for r in rest)})
    data = {
        "start": {"label": report.own, "value": overall["score"]},
        "steps": steps,
        "end": {"label": report.benchmark_name, "value": overall["score"] + parts["gap"]},
        "unit": _("points"),
    }
    title = _("From the score of %(own)s to that of %(benchmark)s") % {
        "own": report.own,
        "benchmark": report.benchmark_name,
    }
    return Chart("waterfall", "waterfall", title, data, table(report))


def table(report) -> Table:
    """Every part with weight and scores; the last row is the sum."""
    parts, overall = report.result["decomposition"], report.result["overall"]
    rows = []
    for code, name, value, line in lines_of(report):
        href, trace = (f"#i-{code}", report.trace(code)) if line else ("", "")
        own, other = (line["own_score"], line["benchmark_score"]) if line else (None, None)
        weight = line["weight"] if line else None
        rows.append(
            [
                text(name, href),
                number(wording.points(value, signed=True), value, href=trace),
                number(wording.percent(weight) or "", weight),
                number(wording.points(own) or "", own, href=trace),
                number(wording.points(other) or "", other, href=trace),
            ]
        )
    heads = columns(
        _("Indicator"), "#" + _("Contribution"), "#" + _("Weight"), f"#{report.own}", f"#{report.benchmark_name}"
    )
    total = [
        text(_("Gap")),
        number(wording.points(parts["gap"], signed=True), parts["gap"]),
        text(""),
        number(wording.points(overall["score"]), overall["score"], href=report.trace_score(report.result["own"])),
        number(
            wording.points(overall["benchmark"]["score"]),
            overall["benchmark"]["score"],
            href=report.trace_score(overall["benchmark"]["region"]),
        ),
    ]
    return Table("contributions", _("What the gap is made of"), heads, rows, total=total)


def section(report) -> Section:
    note = _("points by which each indicator makes %(name)s better; the parts sum to the gap")
    found = Section("contributions", _("What the gap is made of"), note % {"name": report.benchmark_name})
    chart = waterfall(report)
    if chart is None:
        found.texts.append(
            _("No gap to take apart: %(reason)s.") % {"reason": report.overall["gap_reason"] or _("no score")}
        )
        return found
    found.charts = [chart]
    found.foot = _(
        "Positive: the benchmark is better. Coverage effect: what changes because one side lacks a figure. Profile "
        "effect: the composite of the middle values differs from the middle of the composites."
    )
    return found
