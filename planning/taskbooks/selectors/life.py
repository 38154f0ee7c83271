"""Reads of a book's life: parts of the bureaus, signatures, versions."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max

from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.scope import sees_rows_apart
from planning.taskbooks.enums import PartStatus
from planning.taskbooks.models import BookPart, BookVersion, Countersignature, Task, TaskBook


@dataclass(frozen=True)
class Part:
    """One bureau's rows of a book. ``version`` is 0 as long as it has not done anything."""

    bureau: Bureau
    tasks: int
    changed: Any
    status: str
    label: str
    reason: str
    submitted_at: Any
    version: int
    is_late: bool


@dataclass(frozen=True)
class Life:
    """What the page of a book's life shows. ``counts`` is the number of parts by status."""

    parts: list[Part]
    signatures: list[Countersignature]
    versions: list[BookVersion]
    counts: dict[str, int]

    @property
    def late(self) -> list[Part]:
        return [part for part in self.parts if part.is_late]


def life_of(book: TaskBook, today: date) -> Life:
    """Parts of all bureaus that lead rows (the late and the open ones first), signatures, versions: five statements."""
    leads = Task.objects.alive().filter(book=book).order_by().values_list("lead")
    counted = {key: (n, at) for key, n, at in leads.annotate(n=Count("id"), at=Max("updated_at"))}
    known = {part.bureau_id: part for part in BookPart.objects.filter(book=book)}
    bureaus = Bureau.objects.filter(pk__in=counted)
    parts = sorted((_part(b, counted[b.pk], known.get(b.pk), book, today) for b in bureaus), key=_urgency)
    counts = {status: 0 for status in PartStatus.values}
    for part in parts:
        counts[part.status] += 1
    return Life(
        parts=parts,
        signatures=list(Countersignature.objects.filter(book=book).select_related("bureau").order_by("bureau__pinyin")),
        versions=list(BookVersion.objects.filter(book=book).defer("rows").order_by("-created_at")),
        counts=counts,
    )


def _part(bureau: Bureau, counted: tuple, part: BookPart | None, book: TaskBook, today: date) -> Part:
    status = part.status if part else PartStatus.DRAFT
    waiting = status in (PartStatus.DRAFT, PartStatus.RETURNED)
    return Part(
        bureau=bureau,
        tasks=counted[0],
        changed=counted[1],
        status=status,
        label=PartStatus(status).label,
        reason=part.reason if part else "",
        submitted_at=part.submitted_at if part else None,
        version=part.version if part else 0,
        is_late=bool(waiting and book.parts_due and book.parts_due < today),
    )


_ORDER = (PartStatus.RETURNED, PartStatus.DRAFT, PartStatus.SUBMITTED, PartStatus.ACCEPTED)


def _urgency(part: Part) -> tuple:
    return (not part.is_late, _ORDER.index(part.status), part.bureau.pinyin)


def version_rows(version: BookVersion, reader: Any) -> list[dict[str, str]]:
    """The frozen rows that ``reader`` may see: an overseas office those whose tasks it sees today."""
    if not sees_rows_apart(reader):
        return version.rows
    seen = set(map(str, Task.objects.visible_to(reader).filter(book=version.book_id).values_list("id", flat=True)))
    return [row for row in version.rows if row["id"] in seen]
