"""The regions and countries that a text such as 日本、釜山广域市 names."""

import re
from collections import defaultdict
from dataclasses import dataclass

from partners.regions.models import Region
from partners.relations.models import Agreement

_SPLIT = re.compile(r"[、,，;；\s]+")
_BOTH = {"日韩", "韩日", "日本和韩国", "中日韩"}
_ABROAD = ("JP", "KR")


@dataclass(frozen=True)
class Named:
    """What a text names. ``unknown`` are words that are neither a region nor a partner city of ours."""

    regions: tuple[Region, ...] = ()
    countries: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Places:
    """All names at hand (two queries), so that thousands of rows can be looked up."""

    def __init__(self):
        self._regions: dict[str, list[Region]] = defaultdict(list)
        for region in Region.objects.only("id", "code", "country", "role", "name_zh"):
            self._regions[region.name_zh].append(region)
        # What agreements call a partner (神户市) may be spelt otherwise in the list of regions (神戸市).
        by_id = {r.pk: r for rs in self._regions.values() for r in rs}
        self._partners = {
            name: (country, by_id.get(partner))
            for name, country, partner in Agreement.objects.values_list("partner_name_zh", "country", "partner_id")
        }
        self._countries = {r.country: r for rs in self._regions.values() for r in rs if r.role == "country"}

    def named_in(self, text: str) -> Named:
        """Split ``text`` and look every name up. A name that two regions share gives its country only."""
        regions: dict[str, Region] = {}
        countries: set[str] = set()
        unknown: list[str] = []
        for name in filter(None, _SPLIT.split(text)):
            found = self._regions.get(name, [])
            if name in _BOTH:
                countries |= set(_ABROAD)
                regions |= {r.code: r for c, r in self._countries.items() if c in _ABROAD}
            elif len(found) == 1:
                regions[found[0].code] = found[0]
                countries.add(found[0].country)
            elif found:
                countries |= {r.country for r in found}
            elif name in self._partners:
                country, region = self._partners[name]
                countries.add(country)
                if region:
                    regions[region.code] = region
            else:
                unknown.append(name)
        return Named(
            tuple(regions[code] for code in sorted(regions)),
            tuple(sorted(countries & set(_ABROAD))),
            tuple(unknown),
        )
