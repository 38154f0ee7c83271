"""Charts of a gap report as plain data; each has a table with the same values on the page."""

from typing import Any

from django.utils.translation import gettext as _

from planning.gaps.selectors import wording
from planning.gaps.selectors.report import Report

MOST_AXES = 6


def scores(report: Report) -> dict[str, Any]:
    """Total scores of all ranked regions, the own one marked."""
    rows = [r for r in report.regions if r["rank"]]
    return {
        "categories": [r["name"] for r in rows],
        "series": [{"name": _("Score"), "values": [float(r["score"]) for r in rows]}],
        "highlight": report.own,
        "horizontal": True,
        "unit": _("points"),
    }


def difference(report: Report) -> dict[str, Any]:
    """Own score minus that of the benchmark by indicator, the farthest behind first."""
    lines = sorted(report.lines, key=lambda line: line["difference"])
    rows = [
        {"label": line["row"].name, "value": line["difference"], "note": f"{line['own']} − {line['benchmark']}"}
        for line in lines
    ]
    return {"rows": rows, "unit": _("points")}


def radar(report: Report) -> dict[str, Any] | None:
    """Scores of up to six dimensions for the own city, the benchmark and the median of the others."""
    dimensions = report.dimensions[:MOST_AXES]
    own = next(r for r in report.result["regions"] if r["code"] == report.result["own"])
    series = [{"name": report.own, "values": _values(own["nodes"], dimensions)}]
    if report.result["decomposition"]:
        profile = report.result["decomposition"]["profile"]
        series.append({"name": report.benchmark_name, "values": _values(profile, dimensions)})
    if report.run.benchmark != "median":
        series.append({"name": _("Median of the others"), "values": _medians(report, dimensions)})
    if len(dimensions) < 3:
        return None
    axes = [{"name": d.name, "max": 100, "min": 0} for d in dimensions]
    return {"axes": axes, "series": series, "unit": _("points")}


def radar_rows(chart: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The radar as a table: one row an axis."""
    if chart is None:
        return []
    return [
        {"name": axis["name"], "values": [wording.points(s["values"][k]) for s in chart["series"]]}
        for k, axis in enumerate(chart["axes"])
    ]


def _values(nodes: dict[str, Any], dimensions) -> list[float | None]:
    return [None if nodes[d.code]["score"] is None else round(nodes[d.code]["score"], 1) for d in dimensions]


def _medians(report: Report, dimensions) -> list[float | None]:
    found = []
    for dimension in dimensions:
        peers = sorted(
            r["nodes"][dimension.code]["score"]
            for r in report.result["regions"]
            if r["ranked"] and r["code"] != report.result["own"] and r["nodes"][dimension.code]["score"] is not None
        )
        half = len(peers) // 2
        middle = None if not peers else peers[half] if len(peers) % 2 else (peers[half - 1] + peers[half]) / 2
        found.append(None if middle is None else round(middle, 1))
    return found


def of(report: Report) -> dict[str, Any]:
    """All charts of a report, and the radar's table; None where there is nothing to draw."""
    drawn = radar(report)
    return {
        "scores": scores(report),
        "difference": difference(report) if report.result["decomposition"] else None,
        "difference_rows": sorted(report.lines, key=lambda line: line["difference"]),
        "radar": drawn,
        "radar_rows": radar_rows(drawn),
    }
