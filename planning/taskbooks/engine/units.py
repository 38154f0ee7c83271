"""Offices in a cell: who leads, who supports, under the names of the register."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from planning.taskbooks.engine.words import squashed, without_remark

LEAD, SUPPORT = "lead", "support"
_NONE = {"", "-", "--", "—", "——", "/", "无", "暂无", "N/A"}
_SPLIT = re.compile(r"[、,;/|\n+&。\t]+")
_AND = re.compile(r"会同|以及|和|及|与")
_PREFIX = re.compile(
    r"(?P<lead>牵头|主办|主责|责任|承办|负责)?(?P<support>配合|协办|协同配合|协同|协作|参与|支持)?(?:单位|部门|方)?:"
)
_OWN_REMARK = re.compile(
    r"\((?P<lead>[^()]*(?:牵头|主办|主责)[^()]*)\)|\((?P<support>[^()]*(?:配合|协办|协同|参与|支持)[^()]*)\)"
)
_SUFFIX_LEAD = re.compile(r"(?:共同|联合)?(?:牵头|主办|主责)(?:负责|落实|单位)?$")
_SUFFIX_SUPPORT = re.compile(r"(?:共同|积极|分别)?(?:配合|协办|协同|参与|支持)(?:落实|单位)?$")
_ITEM = re.compile(r"^\(?\d{1,2}[.、)]")
_OWN = {"本单位", "本部门", "本局", "本委", "本办", "我局", "我委", "我办", "我单位", "我中心", "本中心"}
_SHIELD = {"、": "\ue001", ",": "\ue002", "/": "\ue003", ";": "\ue004"}
_UNSHIELD = {v: k for k, v in _SHIELD.items()}


class Register:
    """Names of organisations → the short name that task books use."""

    def __init__(self, units: Iterable[tuple[str, Iterable[str]]]):
        """``units``: short name and all other names (full name, aliases) of each organisation."""
        self._names: dict[str, str] = {}
        rows = [(short, list(others)) for short, others in units]
        for short, _others in rows:
            self._names[squashed(short)] = short
        for short, others in rows:
            for name in others:
                self._names.setdefault(squashed(name), short)
        self._with_marks = sorted((n for n in self._names if any(m in n for m in _SHIELD)), key=len, reverse=True)

    def find(self, name: str) -> str | None:
        """The short name of the organisation called ``name``, or ``None``."""
        key = squashed(name)
        for form in (key, without_remark(key)):
            for candidate in _forms(form):
                if found := self._names.get(candidate):
                    return found
        return None

    def shield(self, text: str) -> str:
        """``text`` with the list marks inside known names made harmless."""
        for name in self._with_marks:
            if name in text:
                text = text.replace(name, "".join(_SHIELD.get(c, c) for c in name))
        return text


def _forms(name: str) -> Iterable[str]:
    yield name
    for prefix in ("辽宁省大连市", "大连市", "大连", "中共"):
        if name.startswith(prefix) and len(name) > len(prefix) + 1:
            rest = name[len(prefix) :]
            yield rest
            yield "市" + rest
            yield "大连" + rest
    yield "市" + name
    yield "大连" + name
    if name.startswith("市"):
        yield name[1:]


@dataclass
class Units:
    """What a cell names. ``leads`` and ``supports`` hold short names, or what was written where it is unknown."""

    leads: list[str] = field(default_factory=list)
    supports: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.leads or self.supports or self.unmarked)


def read_units(text: str, register: Register, own: str | None = None) -> Units:
    """The organisations in a cell, with the parts that marks such as 牵头： or （配合） give them.

    ``own`` is the organisation of the sheet, for 本单位. Names without a mark stay in ``unmarked``.
    """
    units = Units()
    if squashed(text) in _NONE:
        return units
    part, pending = "", []
    for token in _tokens(text, register):
        token, part, pending = _open_part(token, part, pending, units)
        if not token:
            continue
        name, mark, reaches_back = _marked(token, register)
        found = _named(name, text, register, own, units)
        if reaches_back:
            if mark == SUPPORT and not (units.leads or units.unmarked):
                units.unmarked, pending = pending[:1], pending[1:]  # 市商务局，市外办配合: the first one leads
            _file(units, pending, mark)
            pending, part = [], ""
        if mark or part:
            _file(units, found, mark or part)
        else:
            pending += found
    units.unmarked += pending
    return units


def _tokens(text: str, register: Register) -> list[str]:
    lines = [_ITEM.sub("", squashed(line)) for line in re.split(r"[\r\n\u2460-\u2473]+", text)]
    shielded = register.shield("\n".join(line for line in lines if line))
    whole = squashed(text)
    if register.find(whole):
        return [whole]
    tokens = []
    for piece in _SPLIT.split(_outside_brackets(shielded)):
        piece = "".join(_UNSHIELD.get(c, c) for c in piece).strip(".:")
        tokens += _spaced(piece, text, register) if piece else []
    return tokens


def _outside_brackets(text: str) -> str:
    """List marks inside brackets do not separate: 市商务局（口岸办、服贸处）."""
    return re.sub(r"\([^()]*\)", lambda m: "".join(_SHIELD.get(c, c) for c in m[0]), text)


def _spaced(piece: str, written: str, register: Register) -> list[str]:
    """``piece`` split at the blanks it was written with, if both sides are organisations."""
    if register.find(piece):
        return [piece]
    for chunk in re.split(r"[、,，;；/\n]+", written):
        words = [squashed(w) for w in chunk.split() if squashed(w)]
        if len(words) > 1 and "".join(words) == piece and sum(register.find(w) is not None for w in words) > 1:
            return words
    return [piece]


def _open_part(token: str, part: str, pending: list[str], units: Units) -> tuple[str, str, list[str]]:
    """Take a mark such as 配合单位： off the front; it holds until the next one."""
    found = _PREFIX.match(token)
    if not found or not (found["lead"] or found["support"]):
        return token, part, pending
    units.unmarked += pending
    both = found["lead"] and found["support"]
    part = "" if both else LEAD if found["lead"] else SUPPORT
    return token[found.end() :], part, []


def _marked(token: str, register: Register) -> tuple[str, str, bool]:
    """The name, its mark, and whether the mark holds for the names before it too."""
    if remark := _OWN_REMARK.search(token):
        mark = LEAD if remark["lead"] else SUPPORT
        return token[: remark.start()] + token[remark.end() :], mark, False
    token = re.sub(r"^由(?=.{2})", "", token)
    for pattern, mark in ((_SUFFIX_LEAD, LEAD), (_SUFFIX_SUPPORT, SUPPORT)):
        name = pattern.sub("", token)
        if name != token and register.find(token) is None:
            return name, mark, True
    for word, mark in (("牵头", LEAD), ("主办", LEAD), ("配合", SUPPORT), ("协办", SUPPORT)):
        if token.startswith(word) and register.find(token[2:]):
            return token[2:], mark, False
    return re.sub(r"负责$", "", token) if len(token) > 3 else token, "", False


def _named(name: str, text: str, register: Register, own: str | None, units: Units) -> list[str]:
    """Short names in ``name``: one, or two joined by 和; an unknown one stays as written in ``text``."""
    if not name or name in _NONE:
        return []
    if name in _OWN and own:
        return [own]
    for form in (name, re.sub(r"等(?:相关|有关)?(?:单位|部门)?$", "", name)):
        if found := register.find(form):
            return [found]
        parts = [register.find(p) for p in _AND.split(form) if p]
        if len(parts) > 1 and all(parts):
            return parts
        if joined := _joined(form, register):
            return joined
    name = re.sub(r"(?<=.{2})等$", "", name)
    name = as_written(name, text)
    units.unknown.append(name)
    return [name]


def as_written(name: str, text: str) -> str:
    """The part of ``text`` that reads ``name`` in half-width forms without blanks."""
    places = [(c, n) for n, char in enumerate(text) for c in squashed(char)]
    at = "".join(c for c, _n in places).find(name)
    return text[places[at][1] : places[at + len(name) - 1][1] + 1] if at >= 0 and name else name


def _joined(name: str, register: Register) -> list[str] | None:
    """Two names around a 和 where one of them holds a 和 itself: 市文化和旅游局和市外办."""
    for mark in _AND.finditer(name):
        left, right = register.find(name[: mark.start()]), register.find(name[mark.end() :])
        if left and right:
            return [left, right]
    return None


def _file(units: Units, names: list[str], part: str) -> None:
    (units.leads if part == LEAD else units.supports).extend(names)
