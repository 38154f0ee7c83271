"""Finding the header of a table of tasks: one row or several, with cells merged over both, anywhere in a sheet."""

from collections.abc import Mapping
from dataclasses import dataclass

from planning.taskbooks.engine.display import displayed
from planning.taskbooks.engine.tables import Merges, Table
from planning.taskbooks.engine.vocabulary import CONTENT_INSTEAD, CONTENT_ORDER, OTHER, exact_role, key_of, likely_role
from planning.taskbooks.engine.words import squashed, without_remark

_UNITS = {"lead", "units", "support"}
_TIMES = {"due", "start", "period", "due_text"}
_KNOWN_BY = {"content", "content_second", "measure", "actions", "target"}


@dataclass(frozen=True)
class Header:
    """Where a header stands (``first`` to ``last`` row) and what its columns hold: ``{role: column}``, from 1.

    ``labels`` are the headings as written, by column, those of merged groups first.
    """

    first: int
    last: int
    roles: dict[str, int]
    labels: dict[int, str]

    @property
    def same_layout(self) -> tuple:
        return tuple(sorted(self.roles.items()))


class HeaderFinder:
    """Looks for headers in one table."""

    def __init__(self, table: Table, merges: Merges, learnt: Mapping[str, str]):
        self.table, self.merges, self.learnt = table, merges, learnt
        self._texts: dict[int, dict[int, str]] = {}
        self._known: dict[str, str | None] = {}

    def at(self, row: int) -> Header | None:
        """The header whose main row is ``row``, or ``None``."""
        if not self._could_be(row):
            return None
        best = None
        for first, last in self._blocks(row):
            header = self._read(first, last)
            if header and (best is None or len(header.roles) > len(best.roles)):
                best = header
        return best

    def _could_be(self, row: int) -> bool:
        """Enough of its cells are names of columns, and few are not."""
        texts = self._short_texts(row)
        exact = [self._exact(text) for text in texts]
        if len(texts) < 2 or all(role is None for role in exact):
            return False
        roles = [role if role is not None else likely_role(text) for text, role in zip(texts, exact, strict=True)]
        sure, named = {role for role in exact if role is not None}, {role for role in roles if role is not None}
        if len(sure) < 2 and len(named) < 3:
            return False
        hits = sum(role is not None for role in roles)
        return 2 * hits >= len(texts) and 2 * hits >= sum(1 for _ in self.table.filled(row))

    def _exact(self, text: str) -> str | None:
        """The role of a heading by its name; most cells of a sheet are asked about, and many are alike."""
        if text not in self._known:
            self._known[text] = exact_role(text, self.learnt)
        return self._known[text]

    def _blocks(self, row: int) -> list[tuple[int, int]]:
        """Which rows may make up the header around ``row``, the smallest first."""
        found = [(row, row)]
        below = row + 1 if row < len(self.table.rows) and self._is_part(row + 1, row) else row
        above = row - 1 if row > 1 and self._is_group_row(row - 1) else row
        if below != row:
            found.append((row, below))
        if above != row:
            found += [(above, row), (above, below)]
        if below != row and below < len(self.table.rows) and self._is_part(below + 1, row):
            found.append((above, below + 1))
        return found

    def _is_part(self, row: int, main: int) -> bool:
        """A row below that only continues the header: names of columns, or cells merged from above."""
        own = [(c, cell) for c, cell in self.table.filled(row) if self.merges.origin(row, c) == (row, c)]
        reaches = any(self.merges.origin(row, c)[0] <= main for c in range(1, len(self.table.rows[row - 1]) + 1))
        texts = [displayed(cell) for _c, cell in own]
        if not texts:
            return reaches and any(self.merges.range_of(row, c) for c in range(1, len(self.table.rows[row - 1]) + 1))
        if any(len(squashed(t)) > 12 for t in texts):
            return False
        named = sum(self._exact(t) is not None or likely_role(t) is not None for t in texts)
        above = self._labels(main)
        grouped = all(c not in above or self.merges.width(main, self.merges.origin(main, c)[1]) > 1 for c, _ in own)
        return 2 * named >= len(texts) and (grouped or named == len(texts)) and not self._could_stand_alone(row, main)

    def _could_stand_alone(self, row: int, main: int) -> bool:
        """The next row repeats the header (a page break), it does not continue it."""
        return set(self._labels(row).values()) == set(self._labels(main).values())

    def _is_group_row(self, row: int) -> bool:
        """A row above that holds names of groups, and is no title."""
        texts = self._short_texts(row)
        if len(set(texts)) < 2:
            return False
        return sum(self._exact(t) is not None or likely_role(t) is not None for t in texts) * 2 >= len(texts)

    def _short_texts(self, row: int) -> list[str]:
        return [
            t for c, cell in self.table.filled(row) if (t := displayed(cell)) and len(without_remark(squashed(t))) <= 20
        ]

    def _labels(self, row: int) -> dict[int, str]:
        """Text by column in ``row``, merged cells repeated in all they cover."""
        if row not in self._texts:
            width = len(self.table.rows[row - 1])
            found = {}
            for column in range(1, width + 1):
                origin = self.merges.origin(row, column)
                if text := displayed(self.table.cell(*origin)):
                    found[column] = text
            self._texts[row] = found
        return self._texts[row]

    def _read(self, first: int, last: int) -> Header | None:
        stacks: dict[int, list[str]] = {}
        for row in range(first, last + 1):
            for column, text in self._labels(row).items():
                stack = stacks.setdefault(column, [])
                if not stack or stack[-1] != text:
                    stack.append(text)
        found: dict[int, tuple[str, int]] = {}
        for column, stack in stacks.items():
            if (role := self._role(stack)) is not None:
                found[column] = role
        roles = _chosen(found, stacks)
        labels = {column: " / ".join(" ".join(t.split()) for t in stack) for column, stack in stacks.items()}
        return Header(first, last, roles, labels) if _is_table(roles) else None

    def _role(self, stack: list[str]) -> tuple[str, int] | None:
        """(role, how sure: 0 = by name) of a column from its headings, the lowest first."""
        lowest = stack[-1]
        if (role := self._exact(lowest)) is not None:
            return role, 0
        if len(stack) > 1:
            joined = "".join(stack[-2:])
            if (role := self._exact(joined)) is not None:
                return role, 0
        for label in reversed(stack):
            if (role := self._exact(label)) is not None:
                return role, 1
            if (role := likely_role(label)) is not None:
                return role, 2
        return None


def _chosen(found: dict[int, tuple[str, int]], stacks: dict[int, list[str]]) -> dict[str, int]:
    """One column a role: the surest, then the most telling name, then the leftmost."""
    ranked: dict[str, tuple] = {}
    for column, (role, doubt) in found.items():
        order = CONTENT_ORDER.get(without_remark(key_of(stacks[column][-1])), 99) if role == "content" else 0
        rank = (doubt, order, column)
        if role != OTHER and (role not in ranked or rank < ranked[role]):
            ranked[role] = rank
    roles = {role: rank[-1] for role, rank in ranked.items()}
    if "content" not in roles and (instead := next((r for r in CONTENT_INSTEAD if r in roles), None)):
        roles["content"] = roles.pop(instead)
    broad = [c for c, (role, _d) in found.items() if role == "content" and c != roles.get("content")]
    if broad and "measure" not in roles and "field" in roles and broad[0] < roles["content"]:
        roles["measure"] = broad[0]
    roles.pop("content_second", None)
    return roles


def _is_table(roles: dict[str, int]) -> bool:
    """A table of tasks says what is to be done, and who does it or until when."""
    return "content" in roles and bool(roles.keys() & (_UNITS | _TIMES)) or {"content", "code", "field"} <= roles.keys()
