"""What kind of deadline a phrase names. Only the kind: the date stands in its own column and is never made up."""

import re
from datetime import date

from planning.taskbooks.enums import DueKind

_KINDS = (
    (DueKind.RECURRING, r"每(年|半年|季|月|旬|周|两)|逐(年|季|月)|按(年|季|月)"),
    (DueKind.LONG_TERM, r"持续|长期|常态|不断"),
    (DueKind.TEN_DAY, r"[上中下]旬"),
    (DueKind.DATE, r"[0-9]+月[0-9]+日|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"),
    (DueKind.MONTH_END, r"[0-9]{1,2}月|[一二三四五六七八九十]月"),
    (DueKind.QUARTER_END, r"季度"),
    (DueKind.HALF_YEAR, r"半年"),
    (DueKind.YEAR_END, r"年底|年末|年内|年前|年终|年度|[0-9]{4}年"),
)


def due_kind_of(text: str, due: date | None) -> DueKind:
    """The kind that ``text`` (时限表述) names; without a phrase it follows from whether there is a date at all."""
    phrase = re.sub(r"\s+", "", text)
    if not phrase:
        return DueKind.DATE if due else DueKind.NONE
    for kind, pattern in _KINDS:
        if re.search(pattern, phrase):
            return kind
    return DueKind.DATE if due else DueKind.UNPARSED
