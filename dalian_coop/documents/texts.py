"""Bytes of a text file as text: the right characters, or few and marked losses, or a refusal."""

import re

from dalian_coop.documents.refusals import RefusedFile

_UTF16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# Half-width kana and private-use characters: what Shift_JIS and damaged bytes turn into when read as GB18030.
_MOJIBAKE = re.compile("[\uff61-\uff9f\ue000-\uf8ff]")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_LINE_BREAK = re.compile(r"_x000D_(?:\r?\n)?|\r\n?")
_REPLACED = "\ufffd"
_ONE_IN = 200  # characters: more losses than that, and the text is something else than it was taken for
_GB = {"gb2312", "gbk", "gb18030", "cp936"}


def cell_text(value: str) -> str:
    """Text of a workbook's cell with plain line feeds; a carriage return is ``_x000D_`` there, or itself, or both."""
    return _LINE_BREAK.sub("\n", value).replace("_x005F_", "_")


def decoded(data: bytes, declared: str = "") -> tuple[str, bool]:
    """``(text, lossy)`` of UTF-8 (with or without byte order mark) or GB18030.

    Single damaged bytes become U+FFFD and ``lossy`` is True; a text in another encoding is refused.
    Raises ``RefusedFile("bad_encoding")``.
    """
    if data.startswith(_UTF16_OR_32) or b"\x00" in data:
        raise RefusedFile("bad_encoding")
    order = ("gb18030", "utf-8-sig") if declared.lower() in _GB else ("utf-8-sig", "gb18030")
    for encoding in order:
        if (text := _strictly(data, encoding)) is not None:
            return text, _REPLACED in text
    for encoding in ("utf-8-sig", "gb18030"):
        text = data.decode(encoding, errors="replace")
        if text.count(_REPLACED) <= max(1, len(text) // _ONE_IN) and _plausible(text, encoding):
            return text, True
    raise RefusedFile("bad_encoding")


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if _plausible(text, encoding) else None


def _plausible(text: str, encoding: str) -> bool:
    if encoding == "utf-8-sig":
        return True if _REPLACED not in text else _CHINESE.search(text) is not None
    return not _MOJIBAKE.search(text)
