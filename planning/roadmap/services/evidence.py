"""Reaching a milestone: files that show it, parts of several bureaus, and another bureau that looks at it."""

import hashlib
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.text import text_errors
from dalian_coop.history.context import acting
from planning.roadmap.models import Evidence, Milestone, MilestonePart
from planning.roadmap.services.checks import milestone_errors, refuse
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.permissions import coordinates

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 20
TOO_BIG = Error("too_big", gettext_lazy("The file is larger than 20 MB."))
# What an archive of evidence holds, each with how its content begins; a name alone proves nothing.
_KINDS = {
    ".pdf": b"%PDF-",
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".pptx": b"PK\x03\x04",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}


@transaction.atomic
def add_evidence(*, milestone: Milestone, name: str, data: bytes, by: Any, note: str = "") -> Evidence:
    """Keep a file that shows that the milestone was reached.

    Allowed to the lead bureau, bureaus with a part, and the coordinators. Raises ``NotAllowed``; ``ValidationError``
    under ``file``: ``empty``, ``too_big`` (20 MB), ``bad_kind``, ``too_many`` (20), ``twice``; ``done`` once verified.
    """
    _require_contributor(milestone, by)
    _refuse_done(milestone)
    name = PurePosixPath(name.replace("\\", "/")).name.strip()
    refuse({"note": errors} if (errors := text_errors(note, max_length=300)) else {})
    refuse({"file": errors} if (errors := text_errors(name, max_length=200)) else {})
    digest = hashlib.sha256(data).hexdigest()
    if error := _file_error(milestone, name, data, digest):
        raise ValidationError({"file": [error]})
    row = Evidence(milestone=milestone, name=name, note=note.strip(), size=len(data), sha256=digest, by_label=str(by))
    row.file.save(name, ContentFile(data), save=False)
    with acting(by):
        row.save(force_insert=True)
    return row


def _file_error(milestone: Milestone, name: str, data: bytes, digest: str) -> Error | None:
    start = _KINDS.get(PurePosixPath(name).suffix.lower())
    have = Evidence.objects.filter(milestone=milestone)
    if not data:
        return Error("empty", _("The file is empty."))
    if len(data) > MOST_BYTES:
        return TOO_BIG
    if start is None or not data.startswith(start):
        return Error("bad_kind", _("Please give a PDF, Word, Excel or PowerPoint file, or a PNG or JPEG picture."))
    if have.filter(sha256=digest).exists():
        return Error("twice", _("This file is here already."))
    if have.count() >= MOST_FILES:
        return Error("too_many", _("There are 20 files already."))
    return None


@transaction.atomic
def remove_evidence(*, evidence: Evidence, version: int, by: Any) -> None:
    """Take a file away while the milestone is not done. Raises ``NotAllowed``, ``ValidationError``, ``Conflict``."""
    _require_contributor(evidence.milestone, by)
    _refuse_done(evidence.milestone)
    with acting(by):
        deleted, _each = Evidence.objects.filter(pk=evidence.pk, version=version).delete()
    if not deleted:
        raise Conflict(current=Evidence.objects.filter(pk=evidence.pk).first())
    transaction.on_commit(lambda: evidence.file.storage.delete(evidence.file.name))


@transaction.atomic
def report_done(*, milestone: Milestone, done_on: date, version: int, by: Any) -> Milestone:
    """Say that the milestone was reached on ``done_on``; it waits for another bureau to verify it.

    Raises ``NotAllowed``, ``Conflict``; ``ValidationError``: ``in_future``, ``needs_evidence`` without a file,
    ``parts_open`` naming the bureaus whose part is missing, ``done``.
    """
    if not by.has_perm(Perm.EDIT_MILESTONE, milestone):
        raise NotAllowed(_("Only the bureau that leads this task, or the coordinating bureau, edits it."))
    _refuse_done(milestone)
    _refuse_closed(milestone)
    draft = Milestone(code=milestone.code, name=milestone.name, due=milestone.due, done_on=done_on)
    draft.task = milestone.task
    found = {"done_on": e} if (e := milestone_errors(draft, today=timezone.localdate()).get("done_on")) else {}
    refuse(found)
    if not milestone.evidence.exists():
        raise ValidationError({"": [Error("needs_evidence", _("Please add a file that shows it first."))]})
    missing = milestone.parts.filter(done_on=None).select_related("bureau")
    if names := "、".join(part.bureau.name for part in missing):
        message = _("The parts of these bureaus are still missing: %(names)s.") % {"names": names}
        raise ValidationError({"": [Error("parts_open", message)]})
    milestone.reported_on, milestone.reported_by = done_on, by.bureau
    with acting(by):
        return save_if_unchanged(milestone, ["reported_on", "reported_by"], expected=version)


@transaction.atomic
def verify_done(*, milestone: Milestone, version: int, by: Any) -> Milestone:
    """Confirm what was reported; only now the milestone is done.

    The verifier belongs to another bureau than the one that leads the task and the one that reported, and to one that
    supports the task, has a part in the milestone, or coordinates. Raises ``NotAllowed``, ``Conflict``,
    ``ValidationError`` ``not_reported``.
    """
    _require_verifier(milestone, by)
    _refuse_closed(milestone)
    if milestone.reported_on is None or milestone.done_on:
        raise ValidationError({"": [Error("not_reported", _("Nobody has reported this milestone as done."))]})
    milestone.done_on, milestone.verified_by = milestone.reported_on, by.bureau
    with acting(by):
        return save_if_unchanged(milestone, ["done_on", "verified_by"], expected=version)


@transaction.atomic
def send_back(*, milestone: Milestone, reason: str, version: int, by: Any) -> Milestone:
    """Do not confirm what was reported; ``reason`` says what is missing. Raises as ``verify_done``."""
    _require_verifier(milestone, by)
    errors = text_errors(reason, max_length=400)
    if not reason.strip():
        errors = [Error("reason_required", _("Please say what is missing."))]
    refuse({"reason": errors} if errors else {})
    if milestone.reported_on is None or milestone.done_on:
        raise ValidationError({"": [Error("not_reported", _("Nobody has reported this milestone as done."))]})
    milestone.reported_on = milestone.reported_by = None
    with acting(by, reason=reason.strip()):
        return save_if_unchanged(milestone, ["reported_on", "reported_by"], expected=version)


@transaction.atomic
def set_parts(*, milestone: Milestone, parts: dict[Bureau, str], by: Any) -> list[MilestonePart]:
    """Make the milestone shared: each bureau with what it contributes. Done parts of bureaus that stay remain done.

    Raises ``NotAllowed``; ``ValidationError``: ``required`` and ``too_long`` texts, ``too_many`` (20), ``done``.
    """
    if not by.has_perm(Perm.EDIT_MILESTONE, milestone):
        raise NotAllowed(_("Only the bureau that leads this task, or the coordinating bureau, edits it."))
    _refuse_done(milestone)
    _refuse_closed(milestone)
    if len(parts) > MOST_FILES:
        raise ValidationError({"parts": [Error("too_many", _("At most 20 bureaus share a milestone."))]})
    for content in parts.values():
        errors = text_errors(content, max_length=300) or (
            [] if content.strip() else [Error("required", _("Please fill this in."))]
        )
        refuse({"parts": errors} if errors else {})
    have = {part.bureau_id: part for part in milestone.parts.select_for_update()}
    wanted = {bureau.pk: content.strip() for bureau, content in parts.items()}
    with acting(by):
        milestone.parts.exclude(bureau__in=wanted).delete()
        for pk, content in wanted.items():
            if pk not in have:
                MilestonePart.objects.create(milestone=milestone, bureau_id=pk, content=content)
            elif have[pk].content != content:
                have[pk].content = content
                save_if_unchanged(have[pk], ["content"], expected=have[pk].version)
    return list(milestone.parts.select_related("bureau"))


@transaction.atomic
def finish_part(*, part: MilestonePart, done_on: date | None, version: int, by: Any) -> MilestonePart:
    """A bureau says when its part was done (None takes it back). Raises ``NotAllowed``, ``Conflict``, ``in_future``."""
    if not may_finish(part, by):
        raise NotAllowed(_("Only the bureau itself, or the coordinating office, reports its part."))
    _refuse_done(part.milestone)
    _refuse_closed(part.milestone)
    if done_on and done_on > timezone.localdate():
        raise ValidationError({"done_on": [Error("in_future", _("The day lies in the future."))]})
    part.done_on = done_on
    with acting(by):
        return save_if_unchanged(part, ["done_on"], expected=version)


def may_contribute(milestone: Milestone, by: Any) -> bool:
    """Whether the person may add files: as ``add_evidence`` asks."""
    return _allows(_require_contributor, milestone, by) and not (milestone.done_on and milestone.verified_by_id)


def may_verify(milestone: Milestone, by: Any) -> bool:
    """Whether the person may verify what was reported: as ``verify_done`` asks."""
    reported = milestone.reported_on is not None and milestone.done_on is None
    return reported and _allows(_require_verifier, milestone, by)


def may_finish(part: MilestonePart, by: Any) -> bool:
    """Whether the person may say that the part is done: as ``finish_part`` asks."""
    return part.bureau_id in by.bureau_ids or coordinates(by)


def _allows(rule, milestone: Milestone, by: Any) -> bool:
    try:
        rule(milestone, by)
    except (NotAllowed, ValidationError):
        return False
    return True


def _require_contributor(milestone: Milestone, by: Any) -> None:
    shares = milestone.parts.filter(bureau__in=by.bureau_ids).exists()
    if not shares and not by.has_perm(Perm.EDIT_MILESTONE, milestone):
        raise NotAllowed(_("Only bureaus that work on this milestone add files."))
    _refuse_closed(milestone)


def _require_verifier(milestone: Milestone, by: Any) -> None:
    own = set(by.bureau_ids)
    if not by.has_perm(Perm.EDIT_MILESTONE) or own & {milestone.task.lead_id, milestone.reported_by_id}:
        raise NotAllowed(_("A bureau other than the one that reports verifies it."))
    concerned = (
        coordinates(by)
        or milestone.task.units.filter(bureau__in=own).exists()
        or milestone.parts.filter(bureau__in=own).exists()
    )
    if not concerned:
        raise NotAllowed(_("A bureau that supports the task, or the coordinating office, verifies it."))


def _refuse_done(milestone: Milestone) -> None:
    if milestone.done_on and milestone.verified_by_id:
        raise ValidationError({"": [Error("done", _("The milestone is done and verified."))]})


def _refuse_closed(milestone: Milestone) -> None:
    if milestone.task.book.status == BookStatus.CLOSED:
        raise ValidationError({"": [Error("closed", _("The task book is closed."))]})
