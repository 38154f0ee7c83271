"""Position: ranks with their intervals under other reasonable choices."""

from django.utils.translation import gettext as _

from planning.gaps.selectors import wording
from planning.gaps.selectors.sections.parts import Cell, Chart, Section, Table, columns, number, text


def _rank(nominal: int | None) -> Cell:
    if nominal is None:
        return number(None, None, wording.reason("NOT_RANKED"))
    return number(str(nominal), nominal)


def robust_ranks(report) -> Chart | None:
    """Nominal rank, 5–95 % interval, P(top 3) of every ranked region."""
    found = report.result["robustness"]["regions"]
    if not found:
        return None
    own = report.result["own"]
    rows = [
        [
            text(report.names.region(r["code"]), report.trace_score(r["code"])),
            _rank(r["nominal"]),
            number(f"{r['median']:g}", r["median"]),
            number(f"{r['low']}–{r['high']}", None),
            number(wording.percent(r["top3"]), r["top3"]),
        ]
        for r in found
    ]
    table = Table(
        "ranks",
        _("Ranks under other reasonable choices"),
        columns(
            _("Region"), "#" + _("Rank"), "#" + _("Median rank"), "#" + _("5–95 % of the ranks"), "#" + _("P(top 3)")
        ),
        rows,
        own={n for n, r in enumerate(found) if r["code"] == own},
    )
    data = {
        "rows": [
            {
                "label": report.names.region(r["code"]),
                "low": r["low"],
                "high": r["high"],
                "mark": r["nominal"],
                "own": r["code"] == own,
            }
            for r in found
        ],
        "min": 1,
        "max": len(found),
        "unit": _("rank"),
    }
    return Chart("ranks", "ranges", _("Rank of this report (mark) and 5–95 % of the ranks (bar)"), data, table)


def section(report) -> Section:
    chart = robust_ranks(report)
    return Section("ranks", _("Ranks"), charts=[chart] if chart else [])
