"""A gap report as its page shows it: every figure with year and source, every missing one with the reason."""

import gzip
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from django.urls import reverse
from django.utils.translation import gettext as _

from dalian_coop.base.models import pick_name
from partners.indicators.models import DataSource, Indicator
from partners.regions.models import Region
from planning.gaps.models import GapRun
from planning.gaps.selectors import wording
from planning.gaps.selectors.differing import DIVISOR
from planning.gaps.selectors.units import Units

NAMES = ("name_zh", "name_en", "name_ja", "name_ko")


@dataclass(frozen=True)
class Figure:
    """One number: as text, with its year and the number of its source in the list of sources."""

    text: str | None
    year: str = ""
    source: int | None = None
    reason: str = ""
    region: str = ""
    value: float | None = None
    href: str = ""


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
    href: str = ""
    notes: list[str] = field(default_factory=list)
    score_reason: str = ""
    cells: list[Figure] = field(default_factory=list)

    @property
    def absent(self) -> list[Figure]:
        """Regions without a figure."""
        return [cell for cell in self.cells if cell.text is None]


@dataclass(frozen=True)
class Dimension:
    """A node of the frozen tree."""

    code: str
    parent: str
    name: str


@dataclass
class Names:
    """What the codes of a result stand for, read in four statements; the tree is the one that the run froze."""

    regions: dict[str, Region]
    indicators: dict[str, Indicator]
    sources: dict[str, DataSource]
    nodes: dict[str, Dimension]

    @classmethod
    def of(cls, run: GapRun, denominators: list[str] = ()) -> "Names":
        result = run.result
        codes = [r["code"] for r in result["regions"]]
        sources = {c["source"] for i in result["indicators"] for c in i["cells"] if c["source"]}
        indicators = {i["code"] for i in result["indicators"]} | set(denominators)
        return cls(
            {r.code: r for r in Region.objects.filter(code__in=codes)},
            {i.code: i for i in Indicator.objects.filter(code__in=indicators)},
            {s.code: s for s in DataSource.objects.filter(code__in=sources).order_by("code")},
            _dimensions(run),
        )

    def region(self, code: str | None) -> str:
        return self.regions[code].name if code in self.regions else str(code or "")

    def indicator(self, code: str) -> str:
        return self.indicators[code].name if code in self.indicators else code

    def node(self, code: str | None) -> str:
        return self.nodes[code].name if code in self.nodes else str(code or "")

    def source_numbers(self) -> dict[str, int]:
        return {code: number for number, code in enumerate(self.sources, 1)}


def _dimensions(run: GapRun) -> dict[str, Dimension]:
    kept = run.indicator_set.versions.filter(number=run.indicator_set_version).first()
    rows = [n for n in (kept.tree if kept else []) if not n["indicator"]]
    return {n["code"]: Dimension(n["code"], n["parent"], pick_name(*(n[name] for name in NAMES))) for n in rows}


def divisors_of(case: dict[str, Any]) -> list[str]:
    """Codes of the indicators by which figures were divided."""
    return [code.removeprefix(DIVISOR) for code in case.get("denominators", [])]


def divisors_by_code(case: dict[str, Any]) -> dict[str, str]:
    """Code of an indicator → code of the one by which its figures were divided, "" for none."""
    return {i["code"]: (i.get("denominator") or "").removeprefix(DIVISOR) for i in case["indicators"]}


def unpacked_case(run: GapRun) -> dict[str, Any]:
    """The frozen input of a run; runs from before cases were frozen have an empty one."""
    if run.case is None:
        return {"regions": [], "indicators": [], "observations": [], "tree": {}}
    return orjson.loads(gzip.decompress(bytes(run.case)))


class Report:
    """The page of one computed run. Reads everything when it is made; the template asks no database."""

    def __init__(self, run: GapRun):
        self.run, self.result = run, run.result
        self.names = Names.of(run, divisors_of(self.case))
        self.numbers = self.names.source_numbers()
        self.own = self.names.region(self.result["own"])
        self.divisors = divisors_by_code(self.case)
        self.units = Units(self.result, self.divisors, self.names.indicators)
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
            "href": self.trace_score(self.result["own"]),
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
        return self.names.region(region) if region else wording.of(wording.BENCHMARKS, self.run.benchmark)

    @property
    def regions(self) -> list[dict[str, Any]]:
        """All regions by rank, those without one last."""
        found = sorted(self.result["regions"], key=lambda r: (r["rank"] is None, r["rank"] or 0, r["code"]))
        return [
            {
                "code": r["code"],
                "name": self.names.region(r["code"]),
                "href": self.trace_score(r["code"]),
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
    def dimensions(self) -> list[Dimension]:
        """Nodes directly below the root, in order."""
        root = next(n for n in self.names.nodes.values() if not n.parent)
        return [n for n in self.names.nodes.values() if n.parent == root.code]

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
    def sorted_rows(self) -> list[Row]:
        """The indicators, the one farthest behind (in points of the score) first; those without a gap last."""
        gaps = {i["code"]: i["contribution"] for i in self.result["indicators"]}
        return sorted(self.rows, key=lambda r: (r.gap is None, -(gaps[r.code] or 0.0)))

    @cached_property
    def case(self) -> dict[str, Any]:
        """The frozen input."""
        return unpacked_case(self.run)

    @property
    def address(self) -> str:
        """The page of the report."""
        return reverse("gaps:report", args=[self.run.pk])

    @property
    def title(self) -> str:
        """What the report is called, on paper and as a file."""
        return _("Gaps of %(city)s: %(set)s") % {"city": self.own, "set": self.run.benchmark_set.name}

    @cached_property
    def members(self) -> dict[str, dict[str, str]]:
        """Origin and reason of every region compared with, as the run froze them."""
        kept = {m.region.code: m for m in self.run.benchmark_set.members.select_related("region")}
        found = {}
        for region in self.case["regions"]:
            origin, _colon, reason = region["reason"].partition(": ")
            member = kept.get(region["code"])
            if member is not None and member.reason_zh == reason:
                reason = member.reason  # unchanged since: then also in other languages
            elif reason == self.run.benchmark_set.reason_zh:
                reason = self.run.benchmark_set.reason
            found[region["code"]] = {"origin": origin, "reason": reason}
        return found

    def trace(self, code: str, region: str = "") -> str:
        """Address where the figures of an indicator are traced to their observations."""
        return reverse("gaps:trace", args=[self.run.pk, code]) + (f"#r-{region}" if region else "")

    def trace_score(self, region: str | None, year: int | None = None) -> str:
        """Address where the score of a region is taken apart; that of all scores for no region."""
        if region not in self.names.regions:
            return "#regions"
        return reverse("gaps:trace-score", args=[self.run.pk, region]) + (f"?year={year}" if year else "")

    def structure_names(self, codes: list[str]) -> dict[str, str]:
        """Names of the structural figures."""
        known = {i.code: i.name for i in Indicator.objects.filter(code__in=codes)}
        return {code: known.get(code) or _("Population") for code in codes}

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
        code, unit = found["code"], self.units.label(found["code"])
        gap, trend = found["gap"], self._trend(code, found["trend"], unit)
        return Row(
            code=code,
            name=indicator.name,
            unit=unit,
            arrow=str(arrow),
            direction=str(direction),
            own=self._figure(code, found["own"]),
            best=self._figure(code, found["best"]) if found["best"] else Figure(None, reason=wording.reason("MISSING")),
            median=self._median(found),
            benchmark=Figure(
                self.units.text(code, found["benchmark"]["value"]),
                reason=wording.reason(found["benchmark"]["reason"]),
                region=self.names.region(found["benchmark"]["region"]),
            ),
            behind=None if gap is None else gap > 0,
            gap=None if gap is None else self.units.text(code, abs(gap)),
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
            href=self.trace(code),
            notes=[wording.reason(f) for f in found["flags"] if f != "FIXED"],
            score_reason=wording.reason(found["score_reason"]),
            cells=[self._figure(code, c) for c in found["cells"]],
        )

    def _figure(self, code: str, cell: dict[str, Any]) -> Figure:
        return Figure(
            text=self.units.text(code, cell["value"]),
            year=wording.when(cell["year"]) if cell["value"] is not None else "",
            source=self.numbers.get(cell["source"]),
            reason=wording.reason(cell["reason"]),
            region=self.names.region(cell["region"]),
            value=self.units.number(code, cell["value"]),
            href=self.trace(code, cell["region"]),
        )

    def _median(self, found: dict[str, Any]) -> Figure:
        years = found["median"]["years"]
        span = "" if found["fixed"] else "–".join(str(y) for y in sorted({min(years), max(years)})) if years else ""
        reason = "" if found["median"]["value"] is not None else wording.reason("NO_PEERS")
        shown = self.units.text(found["code"], found["median"]["value"])
        return Figure(shown, span or wording.when(None), None, reason, href=self.trace(found["code"]))

    def _trend(self, code: str, trend: dict[str, Any], unit: str) -> tuple[str | None, str, str]:
        """(text, years, reason): growth a year where ratios mean something, else the slope in own units."""
        years = f"{trend['first']}–{trend['last']}" if trend["n"] > 1 else ""
        if trend["growth"] is not None:
            return wording.percent(trend["growth"], signed=True), years, ""
        if trend["slope"] is not None:
            sign = "+" if trend["slope"] >= 0 else ""
            return f"{sign}{self.units.text(code, trend['slope'])} {unit}", years, ""
        growth = trend["growth_reason"]
        return None, "", wording.reason(trend["slope_reason"] if growth == "INTERVAL_SCALE" else growth)
