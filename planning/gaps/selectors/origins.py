"""The observations behind the figures of a run: as they were frozen, and as they stand now."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from partners.indicators.models import Observation
from planning.gaps.selectors.differing import DIVISOR, Document, Key, figures


@dataclass(frozen=True)
class Origin:
    """One frozen observation. ``href`` leads to it; ``now`` is what stands there today, None where it is gone."""

    value: float
    year: int | None
    source: str
    vintage: str
    href: str = ""
    now: float | None = None

    @property
    def is_revised(self) -> bool:
        """Whether another figure stands there today, or none."""
        return self.now != self.value


class Origins:
    """The frozen figures of some indicators, with their observations; reads the database once."""

    def __init__(self, case: Document, codes: Iterable[str], actor):
        codes = {c.removeprefix(DIVISOR) for c in codes}
        self._frozen: dict[Key, Document] = {
            (region, code.removeprefix(DIVISOR), year): found
            for (region, code, year), found in figures(case).items()
            if code.removeprefix(DIVISOR) in codes
        }
        self._there = _observations(codes, {key[0] for key in self._frozen}, actor)

    def of(self, region: str, code: str, year: int | None) -> Origin | None:
        """What was frozen for a region, an indicator (never a divisor's code) and a year, None: fixed."""
        found = self._frozen.get((region, code, year)) or self._frozen.get((region, code, None))
        if found is None:
            return None
        stored = self._there.get((region, code, found["year"]), {})
        one = stored.get(found["source"])
        preferred = next((row for row in stored.values() if row["preferred"]), None)
        now = None if preferred is None else float(preferred["value"])
        shown = one or preferred
        href = reverse("indicators:observation", args=[code, shown["pk"]]) if shown else ""
        return Origin(found["value"], found["year"], found["source"], found["vintage"], href, now)

    def years(self, code: str) -> list[int]:
        """Years in which some region has a figure."""
        return sorted({year for _region, found, year in self._frozen if found == code and year})


def _observations(codes: set[str], regions: set[str], actor) -> dict[Key, dict[str, dict[str, Any]]]:
    """{(region, indicator, year or None): {source: row}} of what stands in the portal now."""
    rows = Observation.objects.visible_to(actor).filter(
        indicator__code__in=codes, region__code__in=regions, period__in=("A", "fixed")
    )
    fields = ("pk", "value", "preferred", "year", "period", "region__code", "indicator__code", "source__code")
    found: dict[Key, dict[str, dict[str, Any]]] = {}
    for row in rows.values(*fields):
        year = None if row["period"] == "fixed" else row["year"]
        found.setdefault((row["region__code"], row["indicator__code"], year), {})[row["source__code"]] = row
    return found
