"""The shipped lists of sources, indicators and observations; what people judge of an indicator."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.reference import BadRow, Counts, sync
from dalian_coop.base.text import text_errors
from partners.indicators.enums import (
    CONTROL,
    LICENCES,
    UNITS,
    Category,
    Comparability,
    Direction,
    ObservationStatus,
    OtherUse,
    SourceQuality,
)
from partners.indicators.models import DataSource, Indicator, Observation
from partners.indicators.querysets import arranges
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


ARRANGED = ("owner", "comparability", "comparability_note_zh", "comparability_note")


@transaction.atomic
def judge_indicator(*, indicator: Indicator, values: Mapping[str, Any], version: int, by) -> Indicator:
    """Write down how far the city can move an indicator, and for those who arrange also its owner and whether the
    definitions of China, Japan and Korea agree.

    ``values``: ``controllability`` (one of ``CONTROL`` or None: not judged) and the fields of ``ARRANGED``; what is
    left out stays. The bureau that owns the indicator judges the controllability only. Raises ``NotAllowed``,
    ``ValidationError``, and ``Conflict`` when the indicator is no longer in ``version``.
    """
    if not by.has_perm(Perm.JUDGE_INDICATOR, indicator):
        raise NotAllowed(_("Only the bureau that owns the indicator, coordinators and analysts judge it."))
    allowed = ("controllability", *(ARRANGED if arranges(by) else ()))
    if foreign := set(values) - set(allowed):
        raise NotAllowed(_("Only coordinators and analysts change: %(names)s.") % {"names": ", ".join(sorted(foreign))})
    if errors := _judgement_errors(values):
        raise ValidationError(errors)
    for name, value in values.items():
        setattr(indicator, name, value.strip() if isinstance(value, str) else value)
    return save_if_unchanged(indicator, list(values), expected=version)


def _judgement_errors(values: Mapping[str, Any]) -> dict[str, list[Error]]:
    found = {}
    unknown = [Error("unknown", _("This choice is not known."))]
    if values.get("controllability") is not None and values["controllability"] not in dict(CONTROL):
        found["controllability"] = unknown
    if values.get("comparability") and values["comparability"] not in Comparability.values:
        found["comparability"] = unknown
    for name in ("comparability_note_zh", "comparability_note"):
        if errors := text_errors(values.get(name) or "", max_length=400):
            found[name] = errors
    return found
