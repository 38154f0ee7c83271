"""Quality gate of a task book before it is submitted (pure): what is missing, vague, doubled or does not add up.

The rules follow the supervision practice for task books: every task names a deliverable, a standard of acceptance and a
deadline; an objective says how much; the weights of a field of cooperation add up to 100; nothing stands twice.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

WHOLE = Decimal(100)
# Kinds of deadlines that have no last day on purpose.
CONTINUOUS = frozenset({"recurring", "long_term"})
# Verbs that promise nothing unless something countable stands with them.
VAGUE = ("加强", "加大", "加快", "推进", "推动", "促进", "深化", "强化", "提升", "提高", "完善", "优化", "拓展", "扩大")
VAGUE += ("积极", "进一步", "大力", "持续", "探索", "支持", "鼓励", "做好", "抓好")
_COUNTABLE = re.compile(
    r"[0-9%％]|[一二两三四五六七八九十百千万亿]+(?:余)?(?:个|项|家|次|条|场|期|人|名|篇|份|件|处|所|座|艘|班|吨|元|倍|成|轮)|一批次"
)
_NOISE = re.compile(r"[\W_]+")


class Level(StrEnum):
    """A blocker keeps the book from being submitted; a warning is read and answered for."""

    BLOCK = "block"
    WARN = "warn"


class Rule(StrEnum):
    """What is wrong. Codes are stable."""

    DELIVERABLE_MISSING = "deliverable_missing"
    ACCEPTANCE_MISSING = "acceptance_missing"
    OBJECTIVE_MISSING = "objective_missing"
    DUE_MISSING = "due_missing"
    DUE_NONWORKING = "due_nonworking"
    VAGUE = "vague"
    WEIGHTS_NOT_100 = "weights_not_100"
    WEIGHT_MISSING = "weight_missing"
    DUPLICATE = "duplicate"
    DOUBLE_LEAD = "double_lead"
    MEASURE_WITHOUT_TASK = "measure_without_task"


BLOCKING = frozenset(
    {Rule.DELIVERABLE_MISSING, Rule.ACCEPTANCE_MISSING, Rule.DUE_MISSING, Rule.WEIGHTS_NOT_100, Rule.DOUBLE_LEAD}
)


@dataclass(frozen=True, slots=True)
class Row:
    """One task as the gate reads it. ``lead`` and ``field`` are keys that are only compared; texts as written."""

    code: str
    content: str
    objective: str
    deliverable: str
    acceptance: str
    lead: str
    field: str
    measure: str
    due: date | None
    due_kind: str
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``code`` and ``column`` name the cell (empty: the whole book), ``facts`` fill the sentence."""

    rule: Rule
    code: str = ""
    column: str = ""
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        return Level.BLOCK if self.rule in BLOCKING else Level.WARN


def row_findings(row: Row, is_working_day: Callable[[date], bool]) -> list[Finding]:
    """What can be said of one row alone, in the order of its columns; fit for running while somebody types."""
    found = []
    if verb := vague_verb(row.content, row.objective, row.acceptance, row.deliverable):
        found.append(Finding(Rule.VAGUE, row.code, "content", {"verb": verb}))
    if not row.objective.strip():
        found.append(Finding(Rule.OBJECTIVE_MISSING, row.code, "objective"))
    if not row.deliverable.strip():
        found.append(Finding(Rule.DELIVERABLE_MISSING, row.code, "deliverable"))
    if not row.acceptance.strip():
        found.append(Finding(Rule.ACCEPTANCE_MISSING, row.code, "acceptance"))
    if row.due is None and row.due_kind not in CONTINUOUS:
        found.append(Finding(Rule.DUE_MISSING, row.code, "due"))
    # "By the end of the year" names no day; only a day that somebody chose can be a bad choice.
    elif row.due is not None and row.due_kind == "date" and not is_working_day(row.due):
        found.append(Finding(Rule.DUE_NONWORKING, row.code, "due", {"day": row.due}))
    return found


def book_findings(
    rows: Sequence[Row], measures: Iterable[tuple[str, str]], is_working_day: Callable[[date], bool]
) -> list[Finding]:
    """Everything found in ``rows`` (in book order); ``measures`` are (number, title) of those the book must carry out.

    Blockers and warnings stand in the order of the rows; what concerns the book as a whole follows.
    """
    found = [finding for row in rows for finding in row_findings(row, is_working_day)]
    found += _twice(rows)
    found += _weights(rows)
    used = {row.measure for row in rows}
    for code, title in measures:
        if code not in used:
            found.append(Finding(Rule.MEASURE_WITHOUT_TASK, facts={"measure": f"{code} {title}"}))
    places = {row.code: n for n, row in enumerate(rows)}
    return sorted(found, key=lambda f: places.get(f.code, len(places)))


def vague_verb(content: str, *measures: str) -> str:
    """The vague verb with which ``content`` begins, if neither it nor ``measures`` says anything countable; else ""."""
    text = content.strip()
    verb = next((v for v in VAGUE if text.startswith(v)), "")
    return "" if not verb or any(_COUNTABLE.search(t) for t in (text, *measures)) else verb


def bare(text: str) -> str:
    """``text`` without what does not change its meaning: width, case, blanks and punctuation."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


def _twice(rows: Sequence[Row]) -> list[Finding]:
    """The same task twice: led by two bureaus it must be settled, led by one it is a slip."""
    found, first = [], {}
    for row in rows:
        text = bare(row.content)
        if not text:
            continue
        earlier = first.setdefault(text, row)
        if earlier is not row:
            rule = Rule.DUPLICATE if earlier.lead == row.lead else Rule.DOUBLE_LEAD
            column = "content" if rule is Rule.DUPLICATE else "lead"
            found.append(Finding(rule, row.code, column, {"other": earlier.code}))
    return found


def _weights(rows: Sequence[Row]) -> list[Finding]:
    """Weights add up to 100 within a field of cooperation. A field without any weight is not weighed at all."""
    fields: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        fields[row.field].append(row)
    found = []
    for name, members in fields.items():
        weighed = [row.weight for row in members if row.weight is not None]
        if not weighed:
            continue
        found += [Finding(Rule.WEIGHT_MISSING, row.code, "weight") for row in members if row.weight is None]
        if (total := sum(weighed, Decimal(0))) != WHOLE:
            facts = {"field": name, "sum": total, "difference": total - WHOLE}
            found.append(Finding(Rule.WEIGHTS_NOT_100, facts=facts))
    return found
