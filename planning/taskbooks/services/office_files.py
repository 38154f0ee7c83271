"""An office's own workbook comes in: look at what was understood, answer what is open, then write all or nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.accounts.services.bureaus import keep_preference
from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from planning.taskbooks.engine.result import Result
from planning.taskbooks.engine.vocabulary import key_of
from planning.taskbooks.models import TaskBook
from planning.taskbooks.services import importing
from planning.taskbooks.services.reading import read_file
from planning.taskbooks.services.reports import Report
from planning.taskbooks.services.taking_over import Answers, Questions, TakingOver, at_its_cells

HEADINGS = "task_book_headings"  # where a bureau's explanations of headings are kept
REJECTED = "rejected"
# Remarks that are settled by an answer and need no confirmation besides.
_ANSWERED = {"unit_unknown", "lead_missing", "code_missing", "code_duplicate"}


@dataclass
class OfficeImport:
    """What the file would do. ``doubts`` counts remarks by kind that somebody must have looked at; ``open_doubts``
    are those nobody has. ``report`` is ``None`` when the file could not be read (``result.error``).
    """

    result: Result
    questions: Questions
    doubts: dict[str, int]
    open_doubts: list[str]
    report: Report | None = None

    @property
    def may_be_written(self) -> bool:
        return bool(self.report and not self.report.errors and not self.open_doubts and not self.report.writes_nothing)


def look(*, data: bytes, name: str, book: TaskBook | None, answers: Answers, by: Any, today: date) -> OfficeImport:
    """Read the file with ``answers`` and try the import, without writing anything.

    Raises ``NotAllowed``, and ``ValidationError`` when the book cannot take the file as a whole.
    """
    return _carry_out(data, name, book, answers, by, today, expected=None)


@transaction.atomic
def take(
    *, data: bytes, name: str, book: TaskBook | None, answers: Answers, by: Any, today: date, expected: str
) -> OfficeImport:
    """Do what ``look`` showed under the digest ``expected``, and remember for the bureau how headings were explained.

    Nothing is written while a doubt is open; ``report.applied`` tells. Raises as ``look`` does.
    """
    done = _carry_out(data, name, book, answers, by, today, expected=expected)
    if done.report is not None and done.report.applied and by.bureau is not None and answers.headings:
        kept = learnt_by(by) | {key_of(label): role for label, role in answers.headings.items()}
        keep_preference(bureau=by.bureau, name=HEADINGS, value=kept, by=by)
    return done


def learnt_by(actor: Any) -> dict[str, str]:
    """Headings that people of the actor's bureau have explained before, by ``key_of``."""
    return dict(actor.bureau.preferences.get(HEADINGS, {})) if actor.bureau is not None else {}


def _carry_out(data, name, book, answers: Answers, by, today: date, *, expected: str | None) -> OfficeImport:
    if not by.has_perm(Perm.IMPORT_BOOK, book):
        raise NotAllowed(_("Only the coordinating office imports task books."))
    learnt = learnt_by(by) | {key_of(label): role for label, role in answers.headings.items()}
    result = read_file(data=data, name=name, today=today, learnt=learnt, years=book.title if book else "")
    doubts = _doubts(result)
    found = OfficeImport(result, Questions(), doubts, [kind for kind in doubts if kind not in answers.confirmed])
    if result.error:
        raise ValidationError({"file": [Error("unreadable", result.error)]})
    taking = TakingOver(result, answers, book)
    sheets = taking.sheets()
    found.questions = taking.questions
    if not sheets:
        raise ValidationError({"file": [Error("no_tasks", _("The file has a header, but no task below it."))]})
    if expected is None or found.open_doubts:
        report = importing.preview(name=name, book=book, by=by, sheets=sheets)
    else:
        report = importing.apply(name=name, book=book, by=by, sheets=sheets, expected=expected)
    found.report = at_its_cells(report, result)
    return found


def _doubts(result: Result) -> dict[str, int]:
    counts = Counter(w.kind for w in result.warnings if w.kind not in _ANSWERED)
    if result.rejected:
        counts[REJECTED] = len(result.rejected)
    return dict(counts)
