"""Deadlines as they are written: which days a phrase names, and what kind of deadline it is."""

import calendar
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta

from planning.taskbooks.engine.words import arabic, squashed

_PLACEHOLDERS = {"", "-", "--", "—", "——", "/", "\\", "无", "N/A"}
_RECURRING = re.compile(
    r"每(?:个|一|1|两|2|隔|半)?(?:年|季|月|周|旬|日|天|半年|学期)|逐[年月季]|[按分][年月季周]|定期|月度|^季度$"
)
_LONG_TERM = re.compile(r"持续|长期|常态|长效|不断|一直|始终|贯穿|经常性|^全年推进")
_ONWARDS = re.compile(r"起|启动|开始")
_RELATIVE = re.compile(
    r"\d+个(?:月|工作日|季度|半年)|(?<!\d)\d{1,2}(?:工作日|天|周|日|年)(?:之|以)?内|之日起|(?:后|起)\d+"
)
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?$")
_DASH = r"[-—–~至到]+"
_REWRITES = (
    (re.compile(rf"(?<![\d.])(20\d\d)年?{_DASH}(20\d\d)(?!\d)年?"), r"\1年~\2年"),
    (re.compile(rf"(\d{{1,2}})月(\d{{1,2}})[日号]?{_DASH}(\d{{1,2}})[日号]"), r"\1月\2日~\1月\3日"),
    (re.compile(rf"(?<![\d.])(\d{{1,2}})月?{_DASH}(\d{{1,2}})月"), r"\1月~\2月"),
    (re.compile(rf"(20\d\d)[./](\d{{1,2}}){_DASH}(\d{{1,2}})(?![\d./])"), r"\1年\2月~\3月"),
    (re.compile(r"第?([一二三四1-4])(?:季度)?(?:至|到|-|—|~)+第?([一二三四1-4])季度"), r"\1季度~\2季度"),
    (re.compile(r"第?([一二三四1-4])、第?([一二三四1-4])季度"), r"\1季度、\2季度"),
    (re.compile(r"(20\d\d)年年(?=[底末终内中])"), r"\1年"),
)
_POINT = re.compile(
    r"""
    (?P<iso>(?<!\d)(?P<iy>20\d\d)(?P<mark>[-/.])(?P<im>\d{1,2})(?P=mark)(?P<id>\d{1,2})(?!\d)日?)
    | (?P<compact>(?<!\d)(?P<cy>20\d\d)(?P<cm>\d\d)(?P<cd>\d\d)(?!\d))
    | (?P<ym>(?<!\d)(?P<yy>20\d\d)[-/.](?P<mm>\d{1,2})(?!\d)月?)
    | (?P<ym6>(?<!\d)(?P<sy>20\d\d)(?P<sm>0[1-9]|1[0-2])(?!\d))
    | (?P<plan>“?十(?P<five>[三四五六])五”?(?:规划)?(?:期?末|期间|时期|期内)?)
    | (?:(?P<year>(?<!\d)20\d\d(?:年度?)?|(?<!\d)[2-4]\d年)|(?P<rel>今年|本年度?|当年|明年|次年))?(?:的)?
      (?:
        (?P<month>(?<!\d)\d{1,2})月份?(?:(?P<day>\d{1,2})[日号]?(?!\d)|(?P<ten>[上中下])旬|(?P<early>初)|[底末]+)?
        | 第?(?P<quarter>[一二三四1-4])(?:个)?季度?[底末]*
        | Q(?P<q>[1-4])[底末]*
        | (?P<half>[上下])半年[底末]*
        | (?P<mid>年?中(?![旬日]))
        | (?P<end>年[底末终内]+|全年)
      )
    | (?P<whole>(?<!\d)20\d\d(?:年度?)?(?!\d)|(?<!\d)[2-4]\d年|今年|本年度?|当年|明年|次年)[底末内]*
    """,
    re.VERBOSE,
)
_SHORT_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:日|号)?(?:之?前|以前)?")
_QUARTER = {"一": 1, "二": 2, "三": 3, "四": 4}
_PLAN_END = {"三": 2020, "四": 2025, "五": 2030, "六": 2035}
_SERIALS = range(36526, 73416)  # the serial numbers of 2000-01-01 to 2100-12-31
_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Heading:
    """The year a heading gives to deadlines below it; of several years, the first, which then is in doubt."""

    year: int | None = None
    doubtful: bool = False


@dataclass(frozen=True)
class Deadline:
    """What was understood. ``first`` and ``last`` are the days named (``None`` if none); ``kind`` as ``DueKind``."""

    kind: str
    first: date | None = None
    last: date | None = None
    year_assumed: bool = False
    ambiguous: bool = False
    serial: bool = False


NONE, UNPARSED = Deadline("none"), Deadline("unparsed")


def read_phrase(text: str, heading: Heading, today: date) -> Deadline:
    """The deadline that ``text`` names; ``heading`` gives the year where the phrase has none.

    ``today`` settles 今年 and 明年 where no heading names a year.
    """
    phrase = _TIME.sub("", squashed(text)) if ":" in text or "：" in text else squashed(text)
    if phrase in _PLACEHOLDERS:
        return NONE
    if phrase.isdigit() and len(phrase) != 4:
        return read_number(int(phrase), heading)
    phrase = arabic(phrase)
    if _RECURRING.search(phrase):
        return Deadline("recurring")
    for pattern, new in _REWRITES:
        phrase = pattern.sub(new, phrase)
    points = _points(phrase, heading, today)
    if _LONG_TERM.search(phrase):
        if not points or _ONWARDS.search(phrase):
            return Deadline("long_term")
        points = [replace(p, ambiguous=True) for p in points]
    if _RELATIVE.search(phrase) or not points:
        return UNPARSED
    return _settled(points, is_range="~" in phrase or re.search(_DASH, phrase) is not None)


def read_number(value: int | float, heading: Heading) -> Deadline:
    """A bare number as a deadline: a year, a day as 20260630, a month as 2026.6, or the serial number of a day."""
    if value == int(value):
        return _read_whole(int(value))
    whole, _, rest = f"{value:.10g}".partition(".")
    if int(value) in _SERIALS:
        return _one("date", _EPOCH + timedelta(days=int(value)), serial=True)
    if 2000 <= value < 2100 and len(rest) <= 2 and 1 <= int(rest) <= 12:
        return _span("month_end", *_month(int(whole), int(rest)), ambiguous=rest == "1")
    if heading.year and 1 <= int(whole) <= 12 and len(rest) <= 2:
        day = _day(heading.year, int(whole), int(rest))
        doubt = heading.doubtful or rest in ("1", "2", "3")  # 6.3 may have been 6.30
        return _one("date", day, year_assumed=True, ambiguous=doubt) if day else UNPARSED
    return UNPARSED


def read_day(day: date, shape: str) -> Deadline:
    """A date cell; ``shape`` tells which parts it shows. What shows as 2026年6月 was meant as the month."""
    if shape == "ym":
        return _span("month_end", *_month(day.year, day.month), ambiguous=True)
    if shape == "y":
        return _span("year_end", date(day.year, 1, 1), date(day.year, 12, 31), ambiguous=True)
    return _one("date", day)


def year_of(text: str) -> Heading:
    """The year that a heading, a title or a sheet's name gives."""
    for phrase in (arabic(squashed(text)), arabic(unicodedata.normalize("NFKC", text))):
        if found := re.search(rf"(?<!\d)(20\d\d)年?\s*{_DASH}\s*(20\d\d)(?!\d)", phrase):
            return Heading(int(found[1]), doubtful=found[1] != found[2])
        if years := re.findall(r"(?<!\d)(20\d\d)(?=\s*年|$|[^\d./-])", phrase):
            return Heading(int(years[0]), doubtful=len(set(years)) > 1)
    return Heading()


def _read_whole(value: int) -> Deadline:
    if 2000 <= value <= 2100:
        return _span("year_end", date(value, 1, 1), date(value, 12, 31))
    if value in _SERIALS:
        return _one("date", _EPOCH + timedelta(days=value), serial=True)
    if 20000101 <= value <= 21001231 and (day := _day(value // 10000, value // 100 % 100, value % 100)):
        return _one("date", day)
    if 200001 <= value <= 210012 and 1 <= value % 100 <= 12:
        return _span("month_end", *_month(value // 100, value % 100))
    return UNPARSED


def _settled(points: list[Deadline], *, is_range: bool) -> Deadline:
    """One deadline from the points of a phrase: a range ends with its last; of several the last one is in doubt."""
    if any(p.kind == "unparsed" for p in points):
        return UNPARSED
    last = max(points, key=lambda p: p.last)
    first = min(points, key=lambda p: p.first)
    several = len({p.last for p in points}) > 1 and not is_range
    return replace(
        last,
        first=first.first,
        year_assumed=any(p.year_assumed for p in points),
        ambiguous=several or any(p.ambiguous for p in points),
    )


def _points(phrase: str, heading: Heading, today: date) -> list[Deadline]:
    if found := _SHORT_DAY.fullmatch(phrase):
        phrase = f"{found[1]}月{found[2]}日"
    matches = list(_POINT.finditer(phrase))
    explicit = [year for m in matches if (year := _own_year(m, today, heading))]
    points, inherited = [], None
    for match in matches:
        own = _own_year(match, today, heading)
        inherited = own or inherited
        year = inherited or (explicit[0] if explicit else None)
        assumed = year is None or (own is not None and match["rel"] is not None) or _is_relative(match)
        year = year or heading.year
        point = _point(match, year)
        vague = _vague(point, match[0], phrase[match.end() :])
        doubt = point.ambiguous or vague or (assumed and heading.doubtful)
        points.append(replace(point, year_assumed=assumed and point.last is not None, ambiguous=doubt))
    return points


def _is_relative(match: re.Match) -> bool:
    return bool(match["whole"] and not match["whole"][0].isdigit())


def _own_year(match: re.Match, today: date, heading: Heading) -> int | None:
    """The year a point names itself."""
    for name in ("iy", "cy", "yy", "sy"):
        if match[name]:
            return int(match[name])
    if match["plan"]:
        return _PLAN_END[match["five"]]
    word = match["year"] or match["rel"] or match["whole"]
    if not word:
        return None
    if word[0].isdigit():
        year = int(re.match(r"\d+", word)[0])
        return year if year > 99 else 2000 + year
    return (heading.year or today.year) + (word in ("明年", "次年"))


def _point(match: re.Match, year: int | None) -> Deadline:
    if year is None:
        return UNPARSED
    for prefix, kind in (("i", "iso"), ("c", "compact")):
        if match[kind]:
            return _dated(year, int(match[f"{prefix}m"]), int(match[f"{prefix}d"]))
    if month := match["mm"] or match["sm"] or match["month"]:
        return _in_month(match, year, int(month))
    if quarter := match["quarter"] or match["q"]:
        number = _QUARTER.get(quarter) or int(quarter)
        return _span("quarter_end", date(year, 3 * number - 2, 1), _month(year, 3 * number)[1])
    if match["half"] or match["mid"]:
        first_half = match["half"] != "下"
        days = (date(year, 1, 1), date(year, 6, 30)) if first_half else (date(year, 7, 1), date(year, 12, 31))
        return _span("half_year", *days, ambiguous=match["mid"] is not None)
    doubt = match["plan"] is not None
    return _span("year_end", date(year, 1, 1), date(year, 12, 31), ambiguous=doubt)


def _in_month(match: re.Match, year: int, month: int) -> Deadline:
    if not 1 <= month <= 12:
        return UNPARSED
    if match["day"]:
        return _dated(year, month, int(match["day"]))
    first, last = _month(year, month)
    if match["early"] or match["ten"] == "上":
        return _span("ten_day", first, date(year, month, 10), ambiguous=match["early"] is not None)
    if match["ten"] == "中":
        return _span("ten_day", date(year, month, 11), date(year, month, 20))
    if match["ten"]:
        return _span("ten_day", date(year, month, 21), last)
    return _span("month_end", first, last)


def _vague(point: Deadline, written: str, rest: str) -> bool:
    """6月前 may mean before the month or until its end; 6月底前 is clear."""
    whole = point.kind in ("month_end", "quarter_end", "half_year", "year_end")
    return whole and written[-1] not in "底末终内" and re.match(r"[之以]?前(?!期)", rest) is not None


def _dated(year: int, month: int, day: int) -> Deadline:
    found = _day(year, month, day)
    return _one("date", found) if found else UNPARSED


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _one(kind: str, day: date, **more: bool) -> Deadline:
    return Deadline(kind, day, day, **more)


def _span(kind: str, first: date, last: date, **more: bool) -> Deadline:
    return Deadline(kind, first, last, **more)
