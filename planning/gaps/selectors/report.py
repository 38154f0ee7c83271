"""A gap report as its page shows it: every figure with year and source, every missing one with the reason."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from partners.indicators.models import DataSource, Indicator
from partners.regions.models import Region
from planning.gaps.models import GapRun
from planning.gaps.selectors import wording


@dataclass(frozen=True)
class Figure:
    """One number: as text, with its year and the number of its source in the list of sources."""

    text: str | None
    year: str = ""
    source: int | None = None
    reason: str = ""
    region: str = ""
    value: float | None = None


@dataclass
class Row:
    """One indicator in the tables of the report."""

    code: str
    name: str
    unit: str
    arrow: str
    direction: str
    own: Figure
    best: Figure
    median: Figure
    benchmark: Figure
    behind: bool | None
    gap: str | None
    gap_reason: str
    relative: str | None
    relative_reason: str
    rank: int | None
    n_ranked: int
    n_regions: int
    trend: str | None
    trend_years: str
    trend_reason: str
    contribution: float | None
    notes: list[str] = field(default_factory=list)
    score_reason: str = ""
    cells: list[Figure] = field(default_factory=list)

    @property
    def absent(self) -> list[Figure]:
        """Regions without a figure."""
        return [cell for cell in self.cells if cell.text is None]


@dataclass
class Names:
    """What the codes of a result stand for, read in four statements."""

    regions: dict[str, Region]
    indicators: dict[str, Indicator]
    sources: dict[str, DataSource]
    nodes: dict[str, Any]

    @classmethod
    def of(cls, run: GapRun) -> "Names":
        result = run.result
        codes = [r["code"] for r in result["regions"]]
        sources = {c["source"] for i in result["indicators"] for c in i["cells"] if c["source"]}
        indicators = [i["code"] for i in result["indicators"]]
        return cls(
            {r.code: r for r in Region.objects.filter(code__in=codes)},
            {i.code: i for i in Indicator.objects.filter(code__in=indicators)},
            {s.code: s for s in DataSource.objects.filter(code__in=sources).order_by("code")},
            {n.code: n for n in run.indicator_set.nodes.filter(indicator=None).order_by("position", "code")},
        )

    def region(self, code: str | None) -> str:
        return self.regions[code].name if code else ""

    def source_numbers(self) -> dict[str, int]:
        return {code: number for number, code in enumerate(self.sources, 1)}


class Report:
    """The page of one computed run. Reads everything when it is made; the template asks no database."""

    def __init__(self, run: GapRun):
        self.run, self.result = run, run.result
        self.names = Names.of(run)
        self.numbers = self.names.source_numbers()
        self.own = self.names.region(self.result["own"])
        self.rows = [self._row(i) for i in self.result["indicators"]]

    @property
    def is_empty(self) -> bool:
        """No figure that the own city and another region share."""
        return self.result["empty"] is not None

    @property
    def overall(self) -> dict[str, Any]:
        found = self.result["overall"]
        best = max((r for r in self.result["regions"] if r["rank"] == 1), key=lambda r: r["score"], default=None)
        return {
            "score": wording.points(found["score"]),
            "reason": wording.reason(found["reason"]),
            "rank": found["rank"],
            "n_ranked": found["n_ranked"],
            "gap": wording.points(found["gap"]),
            "gap_reason": wording.reason(found["gap_reason"]),
            "behind": None if found["gap"] is None else found["gap"] > 0,
            "size": wording.points(abs(found["gap"])) if found["gap"] is not None else None,
            "lead": wording.points(found["lead"]),
            "benchmark": wording.points(found["benchmark"]["score"]),
            "benchmark_name": self.benchmark_name,
            "best_name": self.names.region(best["code"]) if best else "",
            "best_score": wording.points(best["score"]) if best else None,
            "mean": wording.points(found["mean"]),
            "median": wording.points(found["median"]),
        }

    @property
    def benchmark_name(self) -> str:
        """The region compared with, or the kind of middle."""
        region = self.result["overall"]["benchmark"]["region"]
        return self.names.region(region) if region else self.run.get_benchmark_display()

    @property
    def regions(self) -> list[dict[str, Any]]:
        """All regions by rank, those without one last."""
        found = sorted(self.result["regions"], key=lambda r: (r["rank"] is None, r["rank"] or 0, r["code"]))
        return [
            {
                "code": r["code"],
                "name": self.names.region(r["code"]),
                "is_own": r["code"] == self.result["own"],
                "rank": r["rank"],
                "score": wording.points(r["score"]),
                "reason": wording.reason(r["reason"]),
                "coverage": wording.percent(r["coverage"]),
                "dimensions": [
                    {
                        "name": dimension.name,
                        "score": wording.points(r["nodes"][dimension.code]["score"]),
                        "reason": wording.reason(r["nodes"][dimension.code]["reason"]),
                    }
                    for dimension in self.dimensions
                ],
            }
            for r in found
        ]

    @property
    def dimensions(self) -> list[Any]:
        """Nodes directly below the root, in order."""
        root = next(n for n in self.names.nodes.values() if n.parent_id is None)
        return [n for n in self.names.nodes.values() if n.parent_id == root.pk]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What the score gap is made of; the last lines are the effects that belong to no indicator."""
        parts = self.result["decomposition"]
        by_code = {row.code: row for row in self.rows}
        return [
            {
                "row": by_code[line["code"]],
                "weight": wording.percent(line["weight"]),
                "own": wording.points(line["own_score"]),
                "benchmark": wording.points(line["benchmark_score"]),
                "difference": round(line["own_score"] - line["benchmark_score"], 1) + 0.0,
                "value": line["value"],
                "text": wording.points(line["value"], signed=True),
                "behind": line["value"] > 0,
                "share": wording.percent(line["value"] / parts["gap"]) if parts["gap"] > 0 else None,
            }
            for line in (parts or {}).get("lines", [])
        ]

    @property
    def effects(self) -> dict[str, Any]:
        """The sum of the lines."""
        parts = self.result["decomposition"] or {}
        return {"gap": wording.points(parts.get("gap"), signed=True)}

    @property
    def bars(self) -> list[dict[str, Any]]:
        """The lines and effects with the place of their bars in a box 200 wide; zero stands where all bars fit."""
        parts = self.result["decomposition"]
        named = [line | {"name": line["row"].name} for line in self.lines]
        for key, name in (("coverage_effect", _("Coverage effect")), ("profile_effect", _("Profile effect"))):
            if parts and parts[key]:
                text = wording.points(parts[key], signed=True)
                named.append({"name": name, "value": parts[key], "text": text, "behind": parts[key] > 0})
        low = min([0.0, *(line["value"] for line in named)])
        span = max([0.0, *(line["value"] for line in named)]) - low or 1.0
        for line in named:
            start, end = sorted((0.0, line["value"]))
            line["zero"] = f"{200 * -low / span:.1f}"
            line["x"] = f"{200 * (start - low) / span:.1f}"
            line["width"] = f"{200 * (end - start) / span:.1f}"
        return named

    @property
    def table(self) -> list[tuple[str, list[Figure]]]:
        """Every figure: one row a region, in the order of the set."""
        names = [self.names.region(r["code"]) for r in self.result["regions"]]
        return [(name, [row.cells[i] for row in self.rows]) for i, name in enumerate(names)]

    @property
    def sources(self) -> list[dict[str, Any]]:
        used = self.result["quality"]["by_source"]
        return [{"number": n, "source": self.names.sources[c], "count": used[c]} for c, n in self.numbers.items()]

    @property
    def quality(self) -> dict[str, Any]:
        found = self.result["quality"]
        years = [(wording.when(int(y) if y.isdigit() else None), n) for y, n in found["by_year"].items()]
        share = found["observed"] / found["cells"] if found["cells"] else 0.0
        return found | {"years": years, "share": wording.percent(share), "absent": found["cells"] - found["observed"]}

    @property
    def biggest(self) -> dict[str, Any] | None:
        """The line that adds most to the gap."""
        return next((line for line in self.lines if line["behind"]), None)

    @property
    def strongest(self) -> dict[str, Any] | None:
        """The line in which the own city is furthest ahead."""
        return next((line for line in reversed(self.lines) if line["value"] < 0), None)

    def _row(self, found: dict[str, Any]) -> Row:
        indicator = self.names.indicators[found["code"]]
        arrow, direction = wording.DIRECTIONS[found["direction"]]
        gap, trend = found["gap"], self._trend(found["trend"], indicator.unit_label)
        return Row(
            code=found["code"],
            name=indicator.name,
            unit=indicator.unit_label,
            arrow=str(arrow),
            direction=str(direction),
            own=self._figure(found["own"]),
            best=self._figure(found["best"]) if found["best"] else Figure(None, reason=wording.reason("MISSING")),
            median=self._median(found),
            benchmark=Figure(
                wording.figure(found["benchmark"]["value"]),
                reason=wording.reason(found["benchmark"]["reason"]),
                region=self.names.region(found["benchmark"]["region"]),
            ),
            behind=None if gap is None else gap > 0,
            gap=None if gap is None else wording.figure(abs(gap)),
            gap_reason=wording.reason(found["gap_reason"]),
            relative=None if found["relative_gap"] is None else wording.percent(abs(found["relative_gap"])),
            relative_reason=wording.reason(found["relative_gap_reason"]),
            rank=found["rank"],
            n_ranked=found["n_ranked"],
            n_regions=found["n_regions"],
            trend=trend[0],
            trend_years=trend[1],
            trend_reason=trend[2],
            contribution=found["contribution"],
            notes=[wording.reason(f) for f in found["flags"] if f != "FIXED"],
            score_reason=wording.reason(found["score_reason"]),
            cells=[self._figure(c) for c in found["cells"]],
        )

    def _figure(self, cell: dict[str, Any]) -> Figure:
        return Figure(
            text=wording.figure(cell["value"]),
            year=wording.when(cell["year"]) if cell["value"] is not None else "",
            source=self.numbers.get(cell["source"]),
            reason=wording.reason(cell["reason"]),
            region=self.names.region(cell["region"]),
            value=cell["value"],
        )

    def _median(self, found: dict[str, Any]) -> Figure:
        years = found["median"]["years"]
        span = "" if found["fixed"] else "–".join(str(y) for y in sorted({min(years), max(years)})) if years else ""
        reason = "" if found["median"]["value"] is not None else wording.reason("NO_PEERS")
        return Figure(wording.figure(found["median"]["value"]), span or wording.when(None), None, reason)

    def _trend(self, trend: dict[str, Any], unit: str) -> tuple[str | None, str, str]:
        """(text, years, reason): growth a year where ratios mean something, else the slope in own units."""
        years = f"{trend['first']}–{trend['last']}" if trend["n"] > 1 else ""
        if trend["growth"] is not None:
            return wording.percent(trend["growth"], signed=True), years, ""
        if trend["slope"] is not None:
            sign = "+" if trend["slope"] >= 0 else ""
            return f"{sign}{wording.figure(trend['slope'])} {unit}", years, ""
        code = trend["growth_reason"]
        return None, "", wording.reason(trend["slope_reason"] if code == "INTERVAL_SCALE" else code)
