"""Rows that are no tasks: titles, section headings, notes, sums, statistics."""

import re
from dataclasses import dataclass, field

from planning.taskbooks.engine.deadlines import Heading, year_of
from planning.taskbooks.engine.words import squashed

_NUMBERS = (  # level of a heading by its number
    re.compile(r"第[一二三四五六七八九十\d]+(?:部分|篇|章|类|板块)[、:,.]*"),
    re.compile(r"[一二三四五六七八九十]+[、.,:](?!\d)"),
    re.compile(r"\([一二三四五六七八九十]+\)[、.]?"),
    re.compile(r"\d{1,2}[、.](?!\d)"),
    re.compile(r"\(\d{1,2}\)|\d{1,2}\)"),
)
_THEME_WORD = re.compile(r"^(?:(?:合作)?领域|类别|主题|板块)[一二三四五六七八九十\d]*[:、]")
_NUMERAL = re.compile(r"\(?[一二三四五六七八九十]{1,3}\)?[、.]?|[IVX]{1,4}[、.]?")
_NOTE = re.compile(
    r"^(?:注|说明|备注|附注|填表|填报|制表|审核|联系|单位负责|日期|报送|截至|截止|数据|打印|印发|抄送|主送|签发|编制|来源|"
    r"示例|提示|要求|第\d+页|共\d+页|\*|※|★)"
)
_SUM = re.compile(r"^(?:合计|总计|小计|共计|总数|累计|本页小计|本表(?:合计|共)|合计\S{0,8}|\S{0,8}(?:合计|小计|总计))$")
_STATISTICS = re.compile(
    r"^(?:以上|本表|全表|全年|其中)?(?:共|合计|总计|小计|共计|总共|其中|统计)[:,]?.{0,20}?\d+(?:项|个|条|件|类)|"
    r"^(?:统计|汇总|任务统计|完成情况统计|分类统计|分布)|^.{0,10}(?:任务|项目|事项|单位)(?:总)?数(?:量)?[:：]?\d*(?:项|个)?$|"
    r"^(?:平均|占比|完成率|比例)"
)
_TITLE = re.compile(
    r"(?:任务书|任务表|分解表|分工表|一览表|责任表|计划表|安排表|汇总表|统计表|清单|台账|\(续\)|续表|^附件|^附表|方案|要点)"
)
_UNIT_LINE = re.compile(
    r"(?:(?P<sure>填报|报送|报告|编报|填表|上报|申报)|本|牵头|责任|主办)?(?:单位|部门)(?:名称)?(?:\([^()]*章\))?:(?P<name>.+)"
)
_GENERIC = re.compile(
    r"(?:20\d\d年?(?:[-—–~至到]+20\d\d年?)?|近期|中期|远期|短期|长期|年度|重点|主要|工作|任务|目标|计划|事项|项目|推进|实施|阶段|类|的|和|[()、:,\-—])+"
)
_INNER_BLANK = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_HORIZON = re.compile(r"近期|短期|中期|远期|长期")
HORIZONS = {"近期": "近期", "短期": "近期", "中期": "中期", "远期": "远期", "长期": "远期"}
_HORIZON_REMARK = re.compile(r"[(（][^()（）]*(?:近期|短期|中期|远期|长期|20\d\d)[^()（）]*[)）]")


def horizon_in(text: str) -> str | None:
    """近期, 中期 or 远期, if the text names exactly one of them."""
    found = {HORIZONS[word] for word in _HORIZON.findall(squashed(text))}
    return found.pop() if len(found) == 1 else None


def level_of(text: str) -> int | None:
    """How deep a heading stands by its number, from 0; ``None`` without a number."""
    key = squashed(text)
    return next((n for n, pattern in enumerate(_NUMBERS) if pattern.match(key)), None)


def unnumbered(text: str) -> str:
    """A heading or theme without its number: ``一、经贸合作`` → ``经贸合作``."""
    rest = _INNER_BLANK.sub("", " ".join(text.split()))
    key = squashed(rest)
    for pattern in (_THEME_WORD, *_NUMBERS):
        if (found := pattern.match(key)) and len(found[0]) < len(key):
            rest = _cut(rest, len(found[0]))
            break
    return rest.strip()


def _cut(text: str, length: int) -> str:
    """``text`` without the characters that make up the first ``length`` of its squashed form."""
    done = 0
    for n, char in enumerate(text):
        if done >= length:
            return text[n:]
        done += len(squashed(char))
    return ""


def is_numeral(text: str) -> bool:
    """一, （二）, 三、: the number of a section standing in a cell of its own."""
    return _NUMERAL.fullmatch(squashed(text)) is not None


def is_note(text: str) -> bool:
    key = squashed(text)
    return bool(_NOTE.match(key)) or len(key) > 60 or "。" in key


def is_sum(text: str) -> bool:
    """A sum, by the first words of its row."""
    return _SUM.match(squashed(text)) is not None


def is_statistics(text: str) -> bool:
    """A line of statistics, by its first words; words of a task can look like it, so ask only where no task is."""
    return _STATISTICS.match(squashed(text)) is not None


def is_title(text: str) -> bool:
    key = squashed(text)
    return level_of(key) is None and _TITLE.search(key) is not None


def unit_line(text: str, *, sure: bool = True) -> str:
    """The organisation in a line such as 填报单位：市商务局, or "". Not ``sure``: also behind 单位： or 责任单位：."""
    found = _UNIT_LINE.match(squashed(text))
    if not found or (sure and not found["sure"]):
        return ""
    return re.split(r"填报|填表|日期|联系|时间|审核|[,;。]", found["name"])[0].strip()


def sheet_subject(name: str) -> str:
    """What a sheet's name speaks of: ``3.市商务局（12项）`` → ``市商务局``."""
    return re.sub(
        r"(?:20\d\d年?)|(?:重点)?(?:任务|工作)?(?:任务书|分解表|清单|台账|任务表|任务)$", "", unnumbered(name)
    ).strip()


@dataclass
class Sections:
    """The headings above the current row: titles of the sheet, then section headings, the outermost first."""

    titles: list[str] = field(default_factory=list)
    outer: list[Heading] = field(default_factory=list)  # years of the sheet's name, of the book, in this order
    name_horizon: str | None = None
    _stack: list[tuple[int, str]] = field(default_factory=list)

    def open(self, text: str) -> None:
        """A section heading begins; those as deep or deeper end."""
        level = level_of(text)
        level = 1 if level is None else level
        self._stack = [(n, t) for n, t in self._stack if n < level] + [(level, text)]

    def retitle(self, text: str) -> None:
        """A title in the middle of a sheet: a new part, unless it only repeats the title at a page break."""
        if text not in self.titles:
            self.titles.append(text)
            self._stack = []

    @property
    def theme(self) -> str:
        """The outermost heading that names a theme and not only a time or "tasks"."""
        names = [_HORIZON_REMARK.sub("", unnumbered(text)).strip() for _n, text in self._stack]
        telling = [name for name in names if name and not _GENERIC.fullmatch(squashed(name))]
        return (telling or [name for name in names if name] or [""])[0]

    @property
    def measure(self) -> str:
        """The innermost heading below the theme, or ""."""
        names = [unnumbered(text) for _n, text in self._stack]
        return names[-1] if len(names) > 1 and _HORIZON_REMARK.sub("", names[-1]).strip() != self.theme else ""

    @property
    def horizon(self) -> str | None:
        texts = [text for _n, text in reversed(self._stack)] + self.titles[::-1]
        return next((h for text in texts if (h := horizon_in(text))), None) or self.name_horizon

    @property
    def year(self) -> Heading:
        """The year of the nearest heading that has one; a heading of several years only if there is no better."""
        nearest = [year_of(text) for text in [*(t for _n, t in reversed(self._stack)), *self.titles[::-1]]]
        found = [h for h in [*nearest, *self.outer] if h.year]
        return next((h for h in found if not h.doubtful), found[0] if found else Heading())
