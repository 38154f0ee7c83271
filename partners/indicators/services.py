"""The shipped lists of sources, indicators and observations."""

import re
from pathlib import Path

from dalian_coop.base.reference import BadRow, Counts, sync
from partners.indicators.enums import LICENCES, UNITS, Category, Direction, ObservationStatus, OtherUse, SourceQuality
from partners.indicators.models import DataSource, Indicator, Observation
from partners.regions.models import Region
from partners.regions.services import reading

DATA = Path(__file__).resolve().parent / "data"
PERIOD = re.compile(r"A|fixed|\d{4}-(0[1-9]|1[0-2])(/\d{4}-(0[1-9]|1[0-2]))?")
OBSERVATION_KEY = ("region_id", "indicator_id", "year", "period", "source_id")


def load_indicators() -> list[Counts]:
    """Loads sources, indicators and observations. Raises ``BadRow``."""
    sources, indicators = DATA / "sources.csv", DATA / "indicators.csv"
    found = reading.read(sources, _source, DataSource, ("code",))
    counts = [sync(DataSource, found, ("code",), path=sources)]
    found = reading.read(indicators, _indicator, Indicator, ("code",))
    return [*counts, sync(Indicator, found, ("code",), path=indicators), _load_observations()]


def _source(row: dict[str, str]) -> dict:
    if row["licence"] not in LICENCES:
        raise ValueError(f"the licence {row['licence']!r} has no translation")
    return {
        "code": reading.required(row, "source"),
        "title": reading.required(row, "title"),
        "title_lang": reading.required(row, "title_lang"),
        "publisher": row["publisher"],
        "reference": row["ref"],
        "licence": row["licence"],
        "quality": SourceQuality(row["quality"]).value,
        "retrieved": reading.day(row["retrieved"]),
        "other_use": OtherUse(row["other_use"]).value if row["other_use"] else "",
        "note": row["note"],
        "note_zh": row["note_zh"],
    }


def _indicator(row: dict[str, str]) -> dict:
    if row["unit"] not in UNITS:
        raise ValueError(f"the unit {row['unit']!r} has no translation")
    return {
        "code": reading.required(row, "indicator"),
        "category": Category(row["category"]).value,
        "name_zh": reading.required(row, "name_zh"),
        "name_en": reading.required(row, "name_en"),
        "unit": row["unit"],
        "direction": Direction(row["direction"]).value,
        "scope": row["scope"],
        "definition": row["definition"],
        "definition_zh": row["definition_zh"],
    }


def _load_observations() -> Counts:
    path = DATA / "observations.csv"
    units = dict(Indicator.objects.values_list("code", "unit"))
    regions, indicators, sources = (reading.Known.codes_of(m) for m in (Region, Indicator, DataSource))

    def parse(row: dict[str, str]) -> dict:
        indicator = indicators[row["indicator"]]
        if row["unit"] != units[row["indicator"]]:
            raise ValueError(f"the unit is {row['unit']!r}, that of the indicator {units[row['indicator']]!r}")
        if not PERIOD.fullmatch(row["period"]):
            raise ValueError(f"{row['period']!r} is no period")
        if not 1900 <= int(row["year"]) <= 2100:
            raise ValueError(f"the year {row['year']} lies outside 1900 to 2100")
        value = reading.number(reading.required(row, "value"))
        return {
            "region_id": regions[row["region_id"]],
            "indicator_id": indicator,
            "year": int(row["year"]),
            "period": row["period"],
            "value": value,
            "preferred": reading.flag(row["preferred"]),
            "status": ObservationStatus(row["status"]).value,
            "source_id": sources[row["source"]],
            "note": row["note"],
            "note_zh": row["note_zh"],
        }

    found = reading.read(path, parse, Observation, OBSERVATION_KEY)
    _refuse_two_preferred(found, path)
    # Those that step back first, so that the one that takes their place never meets them.
    parts = ([v for v in found if not v["preferred"]], [v for v in found if v["preferred"]])
    counts = [sync(Observation, part, OBSERVATION_KEY, path=path) for part in parts]
    return Counts(
        Observation._meta.db_table,
        sum(c.new for c in counts),
        sum(c.changed for c in counts),
        sum(c.same for c in counts),
    )


def _refuse_two_preferred(found: list[dict], path: Path) -> None:
    seen = {}
    for line, values in enumerate(found, 2):
        if values["preferred"]:
            mark = tuple(values[name] for name in OBSERVATION_KEY[:-1])
            if mark in seen:
                raise BadRow(path, line, f"preferred as line {seen[mark]}, same region, indicator and period")
            seen[mark] = line
