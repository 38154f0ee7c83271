"""From a number of a report back to its observations: one indicator, and the score of one region."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import isclose
from typing import Any

from django.utils.translation import gettext as _

from partners.indicators.engine import figure_text
from planning.gaps.selectors import wording
from planning.gaps.selectors.origins import Origin, Origins
from planning.gaps.selectors.report import Report, Row
from planning.gaps.selectors.sections.parts import Cell, Table, columns, number, text

LINEAR = ("minmax", "goalposts")


@dataclass(frozen=True)
class Fact:
    """One line of how a number came about; ``href`` leads to what it rests on."""

    label: str
    text: str
    href: str = ""
    note: str = ""


class IndicatorTrace:
    """Everything of one indicator in a run: its figures, how they became scores, its part of the gap."""

    def __init__(self, report: Report, code: str, actor):
        self.report, self.code = report, code
        self.row: Row = next(r for r in report.rows if r.code == code)
        self.found = next(i for i in report.result["indicators"] if i["code"] == code)
        self.indicator = report.names.indicators[code]
        self.divisor = report.divisors.get(code, "")
        self.origins = Origins(report.case, {code, self.divisor} - {""}, actor)

    @property
    def facts(self) -> list[Fact]:
        """Own figure, gap, score and contribution, each with the sum that gives it."""
        found = [self._own(), self._gap(), self._score(), self._contribution()]
        return [fact for fact in found if fact]

    @property
    def revised(self) -> int:
        """How many of the figures compared are others today."""
        return sum(
            any(o and o.is_revised for o in self._parts(c)) for c in self.found["cells"] if c["value"] is not None
        )

    @property
    def sources(self) -> list[dict[str, Any]]:
        """Sources of the figures compared."""
        used = {o.source for c in self.found["cells"] for o in self._parts(c) if o}
        return [item for item in self.report.sources if item["source"].code in used]

    @cached_property
    def figures(self) -> Table:
        """One row a region: the figure, what it was divided by, year, source, vintage, flags, score and rank."""
        rows = [self._line(cell) for cell in self.found["cells"]]
        heads = [_("Region"), "#" + _("Figure")]
        if self.divisor:
            heads += ["#" + self._head(self.code), "#" + self._head(self.divisor)]
        heads += [_("Year"), _("Source"), _("Vintage"), _("Flag"), "#" + _("Score"), "#" + _("Rank"), _("Today")]
        own = {n for n, c in enumerate(self.found["cells"]) if c["region"] == self.report.result["own"]}
        anchors = [f"r-{c['region']}" for c in self.found["cells"]]
        return Table("figures", _("Figures compared"), columns(*heads), rows, own=own, anchors=anchors)

    @cached_property
    def years(self) -> Table | None:
        """Figures of all years, from which the range of the scores and the trends come; None for a fixed one."""
        years = self.origins.years(self.code)
        if not years:
            return None
        regions = self.report.result["regions"]
        rows = [
            [text(self.report.names.region(r["code"])), *(self._year_cell(r["code"], year) for year in years)]
            for r in regions
        ]
        own = {n for n, r in enumerate(regions) if r["code"] == self.report.result["own"]}
        heads = columns(_("Region"), *(f"#{year}" for year in years))
        return Table("years", _("All years"), heads, rows, own=own)

    def _head(self, code: str) -> str:
        one = self.report.names.indicators[code]
        return f"{one.name} ({one.unit_label})"

    def _parts(self, cell: dict[str, Any]) -> list[Origin | None]:
        codes = [self.code, self.divisor] if self.divisor else [self.code]
        return [self.origins.of(cell["region"], code, cell["year"]) for code in codes]

    def _line(self, cell: dict[str, Any]) -> list[Cell]:
        shown = self.report.units.text(self.code, cell["value"])
        parts = self._parts(cell)
        first = parts[0]
        href = first.href if first and not self.divisor else ""
        flags = _(", ").join(wording.reason(f) for f in cell["flags"] if f != "OBSERVED")
        numbers = [self.report.numbers.get(o.source) for o in parts if o]
        return [
            text(self.report.names.region(cell["region"]), self.report.trace_score(cell["region"])),
            number(shown, self.report.units.number(self.code, cell["value"]), wording.reason(cell["reason"]), href),
            *(self._part(o) for o in parts if self.divisor),
            text(wording.when(cell["year"]) if cell["value"] is not None else ""),
            text(" ".join(f"[{n}]" for n in dict.fromkeys(numbers) if n)),
            text(_(", ").join(dict.fromkeys(o.vintage for o in parts if o))),
            text(flags),
            number(wording.points(cell["score"]), cell["score"], wording.reason(cell["score_reason"])),
            number(str(cell["rank"]) if cell["rank"] else "", cell["rank"]),
            self._today(parts) if cell["value"] is not None else text(""),
        ]

    def _part(self, origin: Origin | None) -> Cell:
        if origin is None:
            return number(None, None, wording.reason("MISSING"))
        return number(_plain(origin.value), origin.value, href=origin.href)

    def _today(self, parts: list[Origin | None]) -> Cell:
        """Whether the portal says the same today."""
        known = [o for o in parts if o]
        changed = [o for o in known if o.is_revised]
        if not known:
            return text("")
        if not changed:
            return text(_("the same"))
        now = _(", ").join(_("withdrawn") if o.now is None else _plain(o.now) for o in changed)
        return text(_("revised: %(now)s") % {"now": now}, tone="amber")

    def _year_cell(self, region: str, year: int) -> Cell:
        found = self.origins.of(region, self.code, year)
        if found is None:
            return text("")
        value = found.value
        if self.divisor:
            below = self.origins.of(region, self.divisor, year)
            if below is None or not below.value:
                return number(None, None, wording.reason("NO_DENOMINATOR"))
            value = found.value / below.value
        return number(self.report.units.text(self.code, value), value, href=found.href)

    def _own(self) -> Fact:
        own, label = self.row.own, self.report.own
        if own.text is None:
            return Fact(label, own.reason)
        parts = self._parts(self.found["own"])
        href = parts[0].href if parts[0] else ""
        note = ""
        if self.divisor and all(parts):
            note = _("%(a)s ÷ %(b)s") % {"a": _plain(parts[0].value), "b": _plain(parts[1].value)}
        return Fact(label, f"{own.text} {self.row.unit} ({own.year})", href, note)

    def _gap(self) -> Fact | None:
        if self.row.gap is None or self.row.benchmark.text is None:
            return Fact(_("Gap"), self.row.gap_reason) if self.row.gap_reason else None
        name = self.row.benchmark.region or wording.of(wording.BENCHMARKS, self.report.run.benchmark)
        word = _("behind") if self.row.behind else _("ahead") if self.row.gap != "0" else _("level")
        values = {"benchmark": self.row.benchmark.text, "own": self.row.own.text, "gap": self.row.gap, "word": word}
        sum_ = _("%(benchmark)s − %(own)s: %(word)s by %(gap)s") % values
        return Fact(_("Gap to %(name)s") % {"name": name}, f"{sum_} {self.row.unit}", note=self.row.direction)

    def _score(self) -> Fact | None:
        own, options = self.found["own"], self.report.result["options"]["normalisation"]
        if own["score"] is None:
            return Fact(_("Score"), wording.reason(own["score_reason"]))
        shown = wording.points(own["score"])
        low, high = self.found["range"]["worst"], self.found["range"]["best"]
        plain = options["method"] in LINEAR and low is not None and high is not None and not self._is_bent()
        if not plain:
            return Fact(_("Score"), shown, note=wording.of(wording.OPTIONS, options["method"]))
        first, last = options["range"]
        units = self.report.units
        values = {"own": self.row.own.text, "low": units.text(self.code, low), "high": units.text(self.code, high)}
        line = "%(first)g + %(span)g × (%(own)s − %(low)s) ÷ (%(high)s − %(low)s)"
        values |= {"first": first, "span": last - first}
        note = _("worst: %(low)s; best: %(high)s") % {"low": self._end(low), "high": self._end(high)}
        return Fact(_("Score"), f"{line % values} = {shown}", note=note)

    def _is_bent(self) -> bool:
        """Whether figures were changed on the way to the score, so that no straight line shows it."""
        raw = next(i for i in self.report.case["indicators"] if i["code"] == self.code)
        treated = any(
            t["code"] == self.code and (t["method"] != "none" or t["moved"]) for t in self.report.result["treatments"]
        )
        return treated or raw.get("transform", "none") != "none" or bool(raw.get("normalisation"))

    def _end(self, value: float) -> str:
        """An end of the range with the region and year it comes from."""
        shown = self.report.units.text(self.code, value)
        for region in self.report.result["regions"]:
            for year in [*self.origins.years(self.code), None]:
                if self._quotient(region["code"], year, value):
                    when = wording.when(year)
                    return f"{shown} ({self.report.names.region(region['code'])} {when})"
        return shown

    def _quotient(self, region: str, year: int | None, value: float) -> bool:
        parts = self._parts({"region": region, "year": year})
        if not all(parts) or parts[0].year != year:
            return False
        found = parts[0].value / parts[1].value if self.divisor and parts[1].value else parts[0].value
        return isclose(found, value, rel_tol=1e-12)

    def _contribution(self) -> Fact | None:
        parts = self.report.result["decomposition"] or {}
        line = next((line for line in parts.get("lines", []) if line["code"] == self.code), None)
        if line is None:
            return None
        shown = wording.points(line["value"], signed=True)
        label = _("Part of the gap in points")
        if parts["method"] != "additive" or line["weight"] is None:
            return Fact(label, shown, self.report_address("contributions"))
        weight, other = wording.percent(line["weight"]), wording.points(line["benchmark_score"])
        sum_ = f"{weight} × ({other} − {wording.points(line['own_score'])}) = {shown}"
        return Fact(label, sum_, self.report_address("contributions"))

    def report_address(self, anchor: str) -> str:
        """Where a section of the report stands."""
        return f"{self.report.address}#{anchor}"


def _plain(value: float) -> str:
    return figure_text(Decimal(repr(value)))
