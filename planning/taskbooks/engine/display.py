"""A cell as the spreadsheet displays it: numbers and dates by their number format."""

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from planning.taskbooks.engine.tables import Cell, Value

_CONDITION = re.compile(r"\[[^\]]*\]|_.|\*.")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.([0#?]+))?")
_DATE_PART = re.compile(r"yyyy|yy|y|mmmm|mmm|mm|m|dd|d|[^ymd]+", re.IGNORECASE)


def displayed(cell: Cell | None) -> str:
    """The text a person sees in the cell, outer blanks off; an error cell and a formula without a value show none."""
    if cell is None or cell.error or cell.no_value:
        return ""
    return text_of(cell.value, cell.format)


def text_of(value: Value, number_format: str = "General") -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime | date):
        return _date(value, number_format)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)


def _plain(value: int | float) -> str:
    """As the format General shows it: at most eleven digits."""
    if isinstance(value, int) or value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{Decimal(f'{value:.11g}').normalize():f}"


def _number(value: int | float, number_format: str) -> str:
    section = number_format.split(";")[0]
    literals: list[str] = []

    def keep(match: re.Match) -> str:
        literals.append(match[1] if match[1] is not None else match[2])
        return chr(0xE000 + len(literals) - 1)

    shape = _LITERAL.sub(keep, _CONDITION.sub("", section))
    found = _DIGITS.search(shape)
    if found is None or shape.strip().lower() in ("general", "@") or "E" in shape or "/" in shape:
        return _plain(value)
    before, after = shape[: found.start()], shape[found.end() :]
    number = Decimal(repr(value)) * (100 if "%" in shape else 1)
    text = _rounded(number, found)
    out = before + text + after
    return re.sub("[\ue000-\uefff]", lambda m: literals[ord(m[0]) - 0xE000], out).strip()


def _rounded(number: Decimal, found: re.Match) -> str:
    decimals = found[1] or ""
    least = decimals.rstrip("#?")
    number = number.quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP)
    text = f"{number:,f}" if "," in found[0] else f"{number:f}"
    whole, _, rest = text.partition(".")
    while len(rest) > len(least) and rest.endswith("0"):
        rest = rest[:-1]
    return f"{whole}.{rest}" if rest else whole


def date_shape(number_format: str) -> str:
    """Which of the letters y, m, d a date format shows: ``yyyy"年"m"月"`` → ``ym``. Empty if it is no such format."""
    shape = _LITERAL.sub("", _CONDITION.sub("", number_format.split(";")[0])).lower()
    return "".join(letter for letter in "ymd" if letter in shape)


def _date(value: date | datetime, number_format: str) -> str:
    if not date_shape(number_format) or re.search(r"mmm|h", number_format, re.IGNORECASE):
        return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()
    shape = re.sub(r'["\\@]', "", _CONDITION.sub("", number_format.split(";")[0]))
    parts = {"yyyy": f"{value.year:04}", "yy": f"{value.year % 100:02}", "y": f"{value.year % 100:02}"}
    parts |= {"mm": f"{value.month:02}", "m": str(value.month), "dd": f"{value.day:02}", "d": str(value.day)}
    return "".join(parts.get(part.lower(), part) for part in _DATE_PART.findall(shape)).strip()
