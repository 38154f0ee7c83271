"""The shipped lists of industries and fields of cooperation."""

from pathlib import Path

from dalian_coop.base.reference import Counts, sync
from partners.industries.enums import FieldRole, IndustryLevel, Scheme
from partners.industries.models import CooperationField, Industry, IndustryLink
from partners.regions.services import reading

DATA = Path(__file__).resolve().parent / "data"


def load_industries() -> list[Counts]:
    """Loads the fields of cooperation, the three classifications and the correspondence. Raises ``BadRow``."""
    fields = DATA / "fields.csv"
    counts = [sync(CooperationField, reading.read(fields, _field, CooperationField, ("code",)), ("code",), path=fields)]
    industries = DATA / "industries.csv"
    counts.append(reading.sync_tree(Industry, reading.read(industries, _industry, Industry, ("code",)), industries))
    links, ids = DATA / "industry_mapping.csv", reading.Known.codes_of(Industry)
    key = ("origin_id", "target_id")
    found = reading.read(links, lambda row: _link(row, ids), IndustryLink, key)
    return [*counts, sync(IndustryLink, found, key, path=links)]


def _field(row: dict[str, str]) -> dict:
    return {
        "code": reading.required(row, "code"),
        "role": FieldRole(row["role"]).value,
        "order": int(row["order"]),
        "name_zh": reading.required(row, "name_zh"),
        "name_en": row["name_en"],
        "name_ja": row["name_ja"],
        "name_ko": row["name_ko"],
        "aliases": [a for a in row["aliases"].split(";") if a],
    }


def _industry(row: dict[str, str]) -> dict:
    if not (row["name_zh"] or row["name_en"]):
        raise ValueError("the industry has no name")
    return {
        "code": reading.required(row, "industry_id"),
        "parent_code": row["parent_id"],
        "scheme": Scheme(row["scheme"]).value,
        "level": IndustryLevel(row["level"]).value,
        "scheme_code": reading.required(row, "code"),
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "own_translation": reading.flag(row["own_translation"]),
        "source": reading.required(row, "source"),
        "note": row["note"],
        "note_zh": row["note_zh"],
    }


def _link(row: dict[str, str], ids: reading.Known) -> dict:
    return {
        "origin_id": ids[row["from_id"]],
        "target_id": ids[row["to_id"]],
        "status": reading.required(row, "status"),
        "source": reading.required(row, "source"),
        "note": row["note"],
        "note_zh": row["note_zh"],
    }
