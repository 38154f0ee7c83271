"""Trend of the scores, and the years to catch up."""

from django.utils.translation import gettext as _

from planning.gaps.selectors import wording
from planning.gaps.selectors.sections.parts import Cell, Chart, Section, Table, columns, number, text


def section(report) -> Section:
    """Scores by year, trend of every dimension, years until the gap is closed."""
    trends = report.result["trends"]
    found = Section("trend", _("Trend and time to catch up"), _("scores of the same scale in every year"))
    if trends["reason"]:
        found.texts.append(_("No trend: %(reason)s.") % {"reason": wording.reason(trends["reason"])})
        return found
    if chart := _scores(report):
        found.charts.append(chart)
    found.tables = [_catch_up(report, trends), _dimensions(report, trends)]
    if len(trends["sigma"]["years"]) > 1:
        found.texts.append(_sigma(trends["sigma"]))
    found.foot = _(
        "Years to catch up: the present difference divided by the speed at which it closes, with a 90 % interval "
        "(Fieller). An interval without upper end means that it may never close."
    )
    return found


def _scores(report) -> Chart | None:
    years = report.result["years"]
    own, benchmark = report.result["own"], report.result["overall"]["benchmark"]["region"]
    if len(years) < 2:
        return None
    by_year = [{r["code"]: r for r in y["regions"]} for y in years]
    lines = [(report.own, [_round(y[own]["score"]) for y in by_year])]
    if benchmark and benchmark != own:
        lines.append((report.names.region(benchmark), [_round(y[benchmark]["score"]) for y in by_year]))
    peers = [r["code"] for r in report.result["regions"] if r["role"] == "peer"]
    middle = [_mean([y[c]["score"] for c in peers if y[c]["score"] is not None and y[c]["rank"]]) for y in by_year]
    lines.append((_("Mean of the others"), middle))
    if all(v is None for v in lines[0][1]):
        return None
    categories = [str(y["year"]) for y in years]
    heads = [f"#{name}" for name, _values in lines]
    missing = wording.reason("LOW_COVERAGE")
    rows = [
        [text(year, report.trace_score(own, int(year))), *(_point(values[n], missing) for _name, values in lines)]
        for n, year in enumerate(categories)
    ]
    table = Table("scores-by-year", _("Scores by year"), columns(_("Year"), *heads), rows)
    series = [{"name": name, "values": values} for name, values in lines]
    return Chart("trend", "line", _("Scores by year"), {"categories": categories, "series": series}, table)


def _point(value: float | None, missing: str) -> Cell:
    return number(wording.points(value), value, "" if value is not None else missing)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _mean(values: list[float]) -> float | None:
    return round(sum(values) / len(values), 1) if values else None


def _catch_up(report, trends) -> Table:
    rows = []
    for line in trends["catch_up"]:
        rows.append(
            [
                text(
                    wording.of(wording.BENCHMARKS, line["kind"])
                    + (f": {report.names.region(line['region'])}" if line["region"] else "")
                ),
                _known(wording.points(line["difference"]), line["difference"], line["reason"]),
                _known(_speed(line["slope"]), line["slope"], line["reason"]),
                years_cell(line),
                _known(wording.percent(line["p_closing"]), line["p_closing"], "TOO_FEW_YEARS"),
            ]
        )
    heads = columns(
        _("Benchmark"),
        "#" + _("Gap now"),
        "#" + _("Change a year"),
        "#" + _("Years to catch up"),
        "#" + _("P(closing)"),
    )
    return Table("catch-up", _("Years to catch up"), heads, rows)


def _known(shown: str | None, value: float | None, reason: str | None) -> Cell:
    """A figure, or why there is none: a reason beside a figure would belong to another column."""
    return number(shown, value, "" if shown is not None else wording.reason(reason))


def _speed(value: float | None) -> str | None:
    return None if value is None else f"{round(value, 2) + 0.0:+.2f}"


def years_cell(line: dict) -> Cell:
    """Years with interval, or "not at the present trend"."""
    if line["years"] is None:
        return Cell(wording.reason(line["reason"]) or _("no data"))
    if line["low"] is None and line["high"] is None:
        return Cell(
            wording.years(line["years"]), value=line["years"], reason=wording.reason((line["flags"] or [None])[0])
        )
    low, high = wording.years(max(0.0, line["low"] or 0.0)), wording.years(line["high"]) or "∞"
    return Cell(f"{wording.years(line['years'])} ({low}–{high})", value=line["years"])


def _dimensions(report, trends) -> Table:
    rows = []
    inner = [n["code"] for n in report.result["tree"] if n["code"] in trends["nodes"]]
    for code, trend in ((code, trends["nodes"][code]) for code in inner):
        label, reason = wording.of(wording.TREND_LABELS, trend["label"]), wording.reason(trend["label_reason"])
        rows.append(
            [
                text(report.names.node(code)),
                _known(_speed(trend["slope"]), trend["slope"], trend["slope_reason"]),
                Cell(label, reason="" if label else reason),
                text(f"{trend['first']}–{trend['last']}" if trend["n"] > 1 else ""),
            ]
        )
    heads = columns(_("Dimension"), "#" + _("Points a year"), _("Trend"), _("Years"))
    return Table("dimension-trends", _("Trend of the dimensions"), heads, rows)


def _sigma(sigma) -> str:
    first, last = sigma["sd"][0], sigma["sd"][-1]
    values = {
        "first": wording.points(first),
        "last": wording.points(last),
        "a": sigma["years"][0],
        "b": sigma["years"][-1],
    }
    if first is None or last is None:
        return _("The spread of the scores cannot be followed: too few regions have a score in each year.")
    if sigma["p"] is not None and sigma["p"] < 0.1 and sigma["slope"] < 0:
        return (
            _("The regions become more alike: standard deviation of the scores %(first)s (%(a)s), %(last)s (%(b)s).")
            % values
        )
    if sigma["p"] is not None and sigma["p"] < 0.1:
        return (
            _("The regions drift apart: standard deviation of the scores %(first)s (%(a)s), %(last)s (%(b)s).") % values
        )
    return (
        _(
            "The regions neither approach nor drift apart clearly: standard deviation "
            "%(first)s (%(a)s), %(last)s (%(b)s)."
        )
        % values
    )
