"""Cells of an imported table as values, without guessing; values as the texts a person compares."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from dalian_coop.base.errors import Error
from dalian_coop.documents.reading import iso_date
from dalian_coop.documents.sheets import CellError, Value

_UNIT_SPLIT = re.compile(r"[、,，;；\n]+")
_CENT = Decimal("0.01")


class BadCell(Exception):
    """A cell that cannot be taken as what its column holds."""

    def __init__(self, code: str, message):
        super().__init__(code)
        self.error = Error(code, message)


def text_of(value: Value) -> str:
    """A cell as text, outer blanks off. Numbers are written plainly, dates as ISO."""
    if isinstance(value, CellError):
        raise BadCell("formula_error", _("The cell shows the error %(value)s.") % {"value": str(value)})
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").strip()


def code_of(value: Value) -> str:
    """A task number: no blanks, ASCII digits (full-width ones count)."""
    digits = str.maketrans("０１２３４５６７８９．", "0123456789.")
    return re.sub(r"\s+", "", text_of(value)).translate(digits)


def date_of(value: Value) -> date | None:
    if value is None or (isinstance(value, str) and not isinstance(value, CellError) and not value.strip()):
        return None
    day = iso_date(value) if not isinstance(value, CellError) else None
    if day is None:
        text = text_of(value)[:40]
        raise BadCell("bad_date", _("“%(value)s” is not a date. Please write it like 2026-06-30.") % {"value": text})
    return day


def number_of(value: Value) -> Decimal | None:
    """A number with at most two decimals; the noise of binary fractions is taken off."""
    text = text_of(value)
    if not text:
        return None
    try:
        number = Decimal(text)
        rounded = number.quantize(_CENT)
    except InvalidOperation:
        number = rounded = None
    if number is None or not number.is_finite():
        raise BadCell("bad_number", _("“%(value)s” is not a number.") % {"value": text[:40]})
    if abs(number - rounded) > Decimal("1e-9"):
        raise BadCell("too_precise", _("Please give the number with at most two decimals."))
    return rounded


def names_of(value: Value) -> list[str]:
    """Names joined by 、 or another list mark, in their order."""
    return [name for part in _UNIT_SPLIT.split(text_of(value)) if (name := part.strip())]


def shown(value: object) -> str:
    """A value as text for the report's “old → new”."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def plain(text: str) -> str:
    """A stored text as it would come back from a cell: the two are compared in this form."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
