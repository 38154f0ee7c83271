"""Sort keys and search keys of Chinese text (PostgreSQL's collations know no pinyin everywhere)."""

# pypinyin is imported where it is used: its tables take half a second and 30 MB that most processes never need.


def pinyin_key(text: str) -> str:
    """Pinyin without tones, syllables parted by blanks: sorts Chinese names as a dictionary does."""
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(text)).lower()


def pinyin_initials(text: str) -> str:
    """First letters: 市商务局 → ``sswj``."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()
