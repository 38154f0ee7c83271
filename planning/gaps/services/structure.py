"""Structural figures of regions for the peer finder: how big, how rich, how far; not what is scored."""

from typing import Any

from partners.indicators.enums import ObservationStatus
from partners.indicators.models import Indicator, Observation
from partners.regions.models import Region

# code: transform. Population, size of the economy, the port, the way to Korea and Japan; age for the prefectures.
STRUCTURE = {
    "population": "log",
    "urban_agglomeration_pop": "log",
    "employment_yb": "log",
    "container_teu": "log",
    "dist_incheon": "none",
    "dist_fukuoka": "none",
    "jp_pop": "log",
    "jp_pop_65": "log",
    "jp_univ_students": "log",
}
LEAST_SHARE = 2 / 3


def structures(regions: list[Region]) -> dict[str, dict[str, float]]:
    """{region code: {structural figure: its latest value}}."""
    found = {r.code: {"population": float(r.population)} if r.population else {} for r in regions}
    codes = dict(Indicator.objects.filter(code__in=STRUCTURE).values_list("pk", "code"))
    region_codes = {r.pk: r.code for r in regions}
    rows = (
        Observation.objects.comparable()
        .filter(region_id__in=list(region_codes), indicator_id__in=list(codes))
        .exclude(status=ObservationStatus.PROJECTION)
        .order_by("year")
        .values_list("region_id", "indicator_id", "value")
    )
    for region, indicator, value in rows:  # later years overwrite earlier ones
        found[region_codes[region]][codes[indicator]] = float(value)
    return found


def peer_finder(own: str, found: dict[str, dict[str, float]]) -> dict[str, Any]:
    """The section of the case: structural figures that the own region and two thirds of the others have."""
    others = [figures for code, figures in found.items() if code != own]
    usable = [
        {"code": code, "transform": transform}
        for code, transform in STRUCTURE.items()
        if code in found[own] and others and sum(code in f for f in others) >= LEAST_SHARE * len(others)
    ]
    return {"indicators": usable, "count": 10}
