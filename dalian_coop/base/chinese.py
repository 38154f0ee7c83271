"""Sort keys and search keys of Chinese text (PostgreSQL's collations know no pinyin everywhere)."""

from pypinyin import Style, lazy_pinyin


def pinyin_key(text: str) -> str:
    """Pinyin without tones, syllables parted by blanks: sorts Chinese names as a dictionary does."""
    return " ".join(lazy_pinyin(text)).lower()


def pinyin_initials(text: str) -> str:
    """First letters: 市商务局 → ``sswj``."""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()
