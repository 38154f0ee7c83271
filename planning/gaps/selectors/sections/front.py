"""Position and gaps in own units as tables, for files and paper; the page draws them in a richer way."""

from django.utils.translation import gettext as _

from planning.gaps.selectors import wording
from planning.gaps.selectors.sections.parts import Cell, Section, Table, columns, number, text


def position(report) -> Section:
    """Scores and ranks of all regions and dimensions."""
    found = Section(
        "position", _("Overall position"), _("scores from 1 to 100, higher is better in every indicator"), number=1
    )
    rows = []
    for region in report.regions:
        rows.append(
            [
                Cell(str(region["rank"])) if region["rank"] else Cell(_("not ranked")),
                text(region["name"]),
                number(region["score"], _float(region["score"]), region["reason"], report.trace_score(region["code"])),
                *(number(d["score"], _float(d["score"]), d["reason"]) for d in region["dimensions"]),
                text(region["coverage"]),
            ]
        )
    heads = columns(
        "#" + _("Rank"), _("Region"), "#" + _("Score"), *(f"#{d.name}" for d in report.dimensions), "#" + _("Coverage")
    )
    own = {n for n, r in enumerate(report.regions) if r["is_own"]}
    found.tables.append(Table("scores", _("Scores of all regions"), heads, rows, own=own))
    return found


def _float(value: str | None) -> float | None:
    return None if value is None else float(value)


def indicators(report) -> Section:
    """Gaps in own units, the greatest first."""
    note = _("figures in their own units, with year and source; gap against the benchmark of the same indicator")
    found = Section("indicators", _("Indicators"), note, number=2)
    rows = []
    for row in report.sorted_rows:
        word = "" if row.behind is None else _("behind") if row.behind else _("ahead") if row.gap != "0" else _("level")
        rows.append(
            [
                text(f"{row.name} ({row.unit}, {row.arrow})"),
                _figure(row.own),
                _figure(row.best, with_region=True),
                _figure(row.median),
                Cell(f"{word} {row.gap}", reason="") if row.gap is not None else Cell("", reason=row.gap_reason),
                Cell(row.relative) if row.relative is not None else Cell("", reason=row.relative_reason),
                Cell(f"{row.rank}/{row.n_ranked}") if row.rank else Cell("", reason=row.own.reason),
                Cell(f"{row.trend} ({row.trend_years})") if row.trend else Cell("", reason=row.trend_reason),
            ]
        )
    heads = columns(
        _("Indicator"),
        f"#{report.own}",
        "#" + _("Best"),
        "#" + _("Median of the others"),
        "#" + _("Gap"),
        "#" + _("Share"),
        "#" + _("Rank"),
        _("Trend a year"),
    )
    found.tables.append(Table("gaps", _("Gaps in own units"), heads, rows))
    return found


def _figure(figure, with_region: bool = False) -> Cell:
    if figure.text is None:
        return Cell("", reason=figure.reason)
    source = f" [{figure.source}]" if figure.source else ""
    region = f" {figure.region}" if with_region and figure.region else ""
    return Cell(f"{figure.text} ({figure.year}){source}{region}", value=figure.value)


def _why(value: float | None, reason: str | None) -> str:
    return wording.reason(reason) if value is None else ""


def benchmarks(report) -> Table:
    """Score gap to every kind of benchmark."""
    rows = [
        [
            text(
                wording.of(wording.BENCHMARKS, b["kind"])
                + (f": {report.names.region(b['region'])}" if b["region"] else "")
            ),
            number(wording.points(b["score"]), b["score"], _why(b["score"], b["reason"])),
            number(wording.points(b["gap"], signed=True), b["gap"], _why(b["gap"], b["reason"])),
        ]
        for b in report.result["benchmarks"]
    ]
    return Table(
        "benchmarks", _("Against every benchmark"), columns(_("Benchmark"), "#" + _("Score"), "#" + _("Gap")), rows
    )
