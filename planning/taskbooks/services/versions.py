"""Issued versions of a book: freezing the rows, and comparing two versions cell by cell."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Subquery

from planning.taskbooks.models import BookVersion, Task, TaskBook, TaskUnit
from planning.taskbooks.services import layout

# Where the columns of the form come from. The document is Chinese, whatever language its reader uses.
_PATHS = {column.field: column.field for column in layout.COLUMNS} | {
    "field": "field__name_zh",
    "measure": "measure__title",
    "lead": "lead__name_zh",
    "units": "unit_names",
}
COLUMNS = tuple(_PATHS)
FIRST_EDITION = "1.0"

_after_issue: list[Callable[[BookVersion], None]] = []


def after_issue(handler: Callable[[BookVersion], None]) -> None:
    """Let an upper room act in the transaction that issues a version (the road map sets its baseline)."""
    if handler not in _after_issue:
        _after_issue.append(handler)


def rows_now(book: TaskBook) -> list[dict[str, str]]:
    """All tasks of ``book`` as they would be frozen: texts, with the task's ``id``, in book order. One statement."""
    names = StringAgg("bureau__name_zh", layout.SEPARATOR, order_by="order")
    units = TaskUnit.objects.filter(task=OuterRef("pk")).order_by().values("task").annotate(n=names).values("n")
    tasks = Task.objects.alive().filter(book=book).order_by("sort_key", "code")
    found = tasks.annotate(unit_names=Subquery(units)).values_list("id", *_PATHS.values())
    return [
        {"id": str(key)} | {name: _text(value) for name, value in zip(COLUMNS, values, strict=True)}
        for key, *values in found
    ]


def _text(value: Any) -> str:
    return layout.HORIZON_NAMES.get(value) or ("" if value is None else str(value))


def digest_of(rows: list[dict[str, str]]) -> str:
    """SHA-256 of the rows as canonical JSON (sorted keys, no blanks, UTF-8)."""
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def next_edition(edition: str) -> str:
    """1.0 for the first issue, then 1.1, 1.2, … for its amendments."""
    if not edition:
        return FIRST_EDITION
    whole, part = edition.split(".")
    return f"{whole}.{int(part) + 1}"


def freeze(book: TaskBook) -> BookVersion:
    """Write the version that is being issued; ``book`` bears its edition, number and day already."""
    rows = rows_now(book)
    version = BookVersion.objects.create(
        book=book,
        edition=book.edition,
        number=book.number,
        issued_on=book.issued_on,
        reason=book.amendment,
        rows=rows,
        digest=digest_of(rows),
    )
    for handler in _after_issue:
        handler(version)
    return version


@dataclass
class Difference:
    """What became of one task: ``kind`` is added, dropped, moved (only its number changed) or changed.

    ``cells`` are (column, before, after); ``before`` and ``after`` are the whole rows, None where there is none.
    """

    kind: str
    before: dict[str, str] | None
    after: dict[str, str] | None
    cells: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def row(self) -> dict[str, str]:
        return self.after or self.before or {}


def compare(before: Iterable[dict[str, str]], after: Iterable[dict[str, str]]) -> list[Difference]:
    """Differences between two lists of frozen rows in the order of ``after``; what was dropped stands where it stood.

    Tasks are recognised by their ``id``, so that a new number is a move and not a loss and an addition.
    """
    old = {row["id"]: row for row in before}
    new = {row["id"]: row for row in after}
    found = [_difference(old.get(key), row) for key, row in new.items()]
    found += [Difference("dropped", row, None) for key, row in old.items() if key not in new]
    return sorted((d for d in found if d is not None), key=lambda d: _place(d.row["code"]))


def _difference(before: dict[str, str] | None, after: dict[str, str]) -> Difference | None:
    if before is None:
        return Difference("added", None, after)
    cells = [(n, before[n], after[n]) for n in COLUMNS if before.get(n, "") != after.get(n, "")]
    if not cells:
        return None
    moved = {name for name, _old, _new in cells} == {"code"}
    return Difference("moved" if moved else "changed", before, after, cells)


def _place(code: str) -> list[int]:
    return [int(part) for part in code.split(".")]
