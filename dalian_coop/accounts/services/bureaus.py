"""The list of bureaus."""

from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from dalian_coop.accounts.enums import BureauKind
from dalian_coop.accounts.models import Bureau
from dalian_coop.base.chinese import pinyin_initials, pinyin_key
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.reference import BadRow, Counts, rows, sync

FILE = Path(__file__).resolve().parent.parent / "data" / "bureaus.csv"
KINDS = {
    "bureau": BureauKind.BUREAU,
    "party dept": BureauKind.PARTY_DEPT,
    "quasi-official": BureauKind.QUASI_OFFICIAL,
    "centre": BureauKind.CENTRE,
    "overseas office": BureauKind.OVERSEAS_OFFICE,
    "central agency": BureauKind.CENTRAL_AGENCY,
    "district": BureauKind.DISTRICT,
    "group": BureauKind.GROUP,
    "company": BureauKind.COMPANY,
    "university": BureauKind.UNIVERSITY,
}
COORDINATING = "市发展改革委"
SEATS = {"驻日本代表处": "JP", "驻韩国代表处": "KR"}


def load_bureaus() -> list[Counts]:
    """Loads ``data/bureaus.csv``: short name, full name, kind, aliases. Raises ``BadRow``."""
    found = []
    for line, row in rows(FILE):
        if row["kind"] not in KINDS:
            raise BadRow(FILE, line, f"unknown kind {row['kind']!r}")
        if not row["name"]:
            raise BadRow(FILE, line, "the name is empty")
        name = row["name"]
        found.append(
            {
                "code": slugify(pinyin_key(name))[:64],
                "name_zh": name,
                "full_name": row["full_name"],
                "kind": KINDS[row["kind"]].value,
                "aliases": [a for a in row["aliases"].split(";") if a],
                "seat_country": SEATS.get(name, ""),
                "pinyin": pinyin_key(name),
                "initials": pinyin_initials(name)[:60],
                "coordinates": name == COORDINATING,
            }
        )
    return [sync(Bureau, found, ("code",), path=FILE)]


def packaged_units() -> list[tuple[str, list[str]]]:
    """Short name and other names (full name, aliases) of the organisations shipped with the portal, from the file."""
    return [(r["name"], [r["full_name"], *filter(None, r["aliases"].split(";"))]) for _line, r in rows(FILE)]


@transaction.atomic
def keep_preference(*, bureau: Bureau, name: str, value: object, by) -> Bureau:
    """Remember ``value`` under ``name`` for everybody of ``bureau``; other names stay as they are."""
    current = Bureau.objects.select_for_update().get(pk=bureau.pk)
    if current.preferences.get(name) == value:
        return current
    current.preferences = current.preferences | {name: value}
    return save_if_unchanged(current, ["preferences"], expected=current.version)
