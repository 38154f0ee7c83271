"""The last day a deadline as written names (2026年三季度末前 → 2026-09-30), to compare it with the date beside it."""

import calendar
import re
from datetime import date

_YEAR = r"(?P<year>20[0-9]{2})年"
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DAY = re.compile(_YEAR + r"(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日前?")
_ISO = re.compile(r"(?P<year>20[0-9]{2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})前?")
_MONTH = re.compile(_YEAR + r"(?P<month>[0-9]{1,2})月(?:份|底|末)?前?")
_QUARTER = re.compile(_YEAR + r"第?(?P<quarter>[一二三四1-4])季度(?:底|末)?前?")
_HALF = re.compile(_YEAR + r"(?P<half>[上下])半年(?:底|末)?前?")
_WHOLE = re.compile(_YEAR + r"(?:年?底|年?末|内)?前?")


def last_day(phrase: str) -> date | None:
    """The last day that ``phrase`` names, or None when it names none or cannot be read."""
    text = re.sub(r"\s+", "", phrase)
    if found := _DAY.fullmatch(text) or _ISO.fullmatch(text):
        try:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            return None
    if found := _MONTH.fullmatch(text):
        return _month_end(int(found["year"]), int(found["month"]))
    if found := _QUARTER.fullmatch(text):
        return _month_end(int(found["year"]), 3 * _QUARTERS[found["quarter"]])
    if found := _HALF.fullmatch(text):
        return _month_end(int(found["year"]), 6 if found["half"] == "上" else 12)
    if found := _WHOLE.fullmatch(text):
        return date(int(found["year"]), 12, 31)
    return None


def phrase_of(day: date) -> str:
    """How a task book writes a plain date."""
    return f"{day.year}年{day.month}月{day.day}日前"


def _month_end(year: int, month: int) -> date | None:
    return date(year, month, calendar.monthrange(year, month)[1]) if 1 <= month <= 12 else None
