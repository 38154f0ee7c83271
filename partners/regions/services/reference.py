"""The list of regions."""

from pathlib import Path

from dalian_coop.base.chinese import pinyin_key
from dalian_coop.base.reference import Counts
from partners.regions.enums import Country, RegionLevel, RegionRole
from partners.regions.models import Region
from partners.regions.services import reading

FILE = Path(__file__).resolve().parent.parent / "data" / "regions.csv"


def load_regions() -> list[Counts]:
    """Loads ``data/regions.csv``. Raises ``BadRow``."""
    found = reading.read(FILE, _region, Region, ("code",))
    return [reading.sync_tree(Region, found, FILE)]


def _region(row: dict[str, str]) -> dict:
    names = {f"name_{lang}": row[f"name_{lang}"] for lang in ("zh", "en", "ja", "ko")}
    if not any(names.values()):
        raise ValueError("the region has no name")
    population = reading.number(row["population"])
    return {
        "code": reading.required(row, "region_id"),
        "parent_code": row["parent_id"],
        "level": RegionLevel(row["level"]).value,
        "country": Country(row["country"]).value,
        "role": RegionRole(row["role"]).value,
        "official_code": row["code"],
        "code_scheme": row["code_scheme"],
        "iso3166_2": row["iso3166_2"],
        **names,
        "latitude": reading.number(row["latitude"]),
        "longitude": reading.number(row["longitude"]),
        "point": row["point"],
        "population": None if population is None else int(population),
        "population_source": row["population_source"],
        "pinyin": pinyin_key(names["name_zh"] or names["name_en"]),
        "sources": [s for s in row["source"].split(";") if s],
    }
