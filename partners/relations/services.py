"""The shipped list of agreements."""

from datetime import date
from pathlib import Path

from dalian_coop.base.reference import Counts, sync
from partners.indicators.models import DataSource
from partners.regions.enums import Country
from partners.regions.models import Region
from partners.regions.services import reading
from partners.relations.enums import AgreementKind, DatePrecision
from partners.relations.models import Agreement

FILE = Path(__file__).resolve().parent / "data" / "sister_cities.csv"


def load_agreements() -> list[Counts]:
    """Loads ``data/sister_cities.csv``. Raises ``BadRow``."""
    regions, sources = reading.Known.codes_of(Region), reading.Known.codes_of(DataSource)
    found = reading.read(FILE, lambda row: _agreement(row, regions, sources), Agreement, ("code",))
    return [sync(Agreement, found, ("code",), path=FILE)]


def _agreement(row: dict[str, str], regions: reading.Known, sources: reading.Known) -> dict:
    precision = DatePrecision(row["date_precision"])
    return {
        "code": reading.required(row, "pair_id"),
        "city_id": regions[row["city_id"]],
        "city_part": row["city_sub"],
        "partner_id": regions[row["partner_id"]] if row["partner_id"] else None,
        "partner_name_zh": reading.required(row, "partner_name_zh"),
        "partner_name_local": row["partner_name_local"],
        "country": Country(row["country"]).value,
        "kind": AgreementKind(row["kind"]).value,
        "signed_on": first_day(row["date"], precision),
        "precision": precision.value,
        "source_id": sources[row["source"]],
        "note": row["note"],
        "note_zh": row["note_zh"],
    }


def first_day(text: str, precision: DatePrecision) -> date | None:
    """The first day of a date given as ``1979-05-01``, ``1979-05`` or ``1979``; None where it is unknown."""
    length = {DatePrecision.DAY: 10, DatePrecision.MONTH: 7, DatePrecision.YEAR: 4, DatePrecision.UNKNOWN: 0}[precision]
    if len(text) != length:
        raise ValueError(f"{text!r} is no date known to the {precision}")
    return reading.day((text + "-01-01")[:10]) if text else None
