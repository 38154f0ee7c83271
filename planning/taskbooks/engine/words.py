"""Text as people type it, brought into one form for comparing; what is shown stays as it was written."""

import re
import unicodedata

_BLANKS = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_NUMERAL = re.compile(r"[〇○零一二三四五六七八九十两]+(?=[年月日号个]|季度|旬)")
_DIGIT = {"〇": 0, "○": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5} | {
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_REMARK = re.compile(r"\([^()]*\)")
_ASCII_DIGITS = str.maketrans("０１２３４５６７８９．", "0123456789.")
_LOST = re.compile("\ufffd|[\ue000-\uf8ff]|\\?{2,}|\\?(?=[\u4e00-\u9fff])")


def squashed(text: str) -> str:
    """Half-width forms, no blanks: ``序　号（必填）`` → ``序号(必填)``."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def without_remark(text: str) -> str:
    """A squashed text without what stands in brackets, unless that is all of it."""
    return _REMARK.sub("", text) or text


def code_text(text: str) -> str:
    """A task number: no blanks, ASCII digits."""
    return _BLANKS.sub("", text).translate(_ASCII_DIGITS)


def arabic(text: str) -> str:
    """Chinese numerals before a unit of time as digits: ``二〇二六年十二月`` → ``2026年12月``."""
    return _NUMERAL.sub(lambda m: str(_numeral(m[0])), text)


def _numeral(text: str) -> int:
    if "十" not in text:
        return int("".join(str(_DIGIT[c]) for c in text))
    tens, _, ones = text.partition("十")
    return (_DIGIT.get(tens[-1:], 1) if tens else 1) * 10 + (_DIGIT.get(ones[:1], 0) if ones else 0)


def looks_lossy(text: str) -> bool:
    """Whether characters of ``text`` were lost on its way: replacement characters, question marks inside Chinese."""
    return _LOST.search(text) is not None
