"""The quality gate on real books: reads the rows, runs ``quality`` and puts its findings into words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dalian_coop.accounts.scope import sees_rows_apart
from dalian_coop.base.models import pick_name
from dalian_coop.calendars.enums import Country
from dalian_coop.calendars.selectors import calendar_of
from planning.plans.models import Measure
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.quality import Finding, Level, Row, Rule, book_findings, row_findings

_NAMES = ("zh", "en", "ja", "ko")
_PATHS = (
    "code", "content", "objective", "deliverable", "acceptance", "lead__code", "measure__code", "due", "due_kind",
    "weight", *(f"field__name_{lang}" for lang in _NAMES),
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """Findings of a book with their sentences: ``lines`` of {"level", "code", "column", "text", "rule"}."""

    lines: list[dict[str, Any]]

    @property
    def blockers(self) -> int:
        return sum(line["level"] == Level.BLOCK for line in self.lines)

    def blockers_of(self, codes: set[str]) -> int:
        """Blockers in the rows with these numbers; what concerns the book as a whole is not counted."""
        return sum(line["level"] == Level.BLOCK and line["code"] in codes for line in self.lines)

    @property
    def warnings(self) -> int:
        return len(self.lines) - self.blockers


def check_book(book: TaskBook, *, reader: Any = None) -> Report:
    """Run the gate over all rows of ``book``: it is one document, whoever asks. The same few statements for any size.

    A ``reader`` who sees only some of the rows (an overseas office) is told of those and of the book as a whole.
    """
    tasks = Task.objects.alive().filter(book=book).order_by("sort_key", "code")
    rows = [_row(values) for values in tasks.values_list(*_PATHS)]
    measures = Measure.objects.filter(programme=book.programme_id).values_list("code", "title")
    found = book_findings(rows, measures, calendar_of(Country.CHINA).is_working_day)
    if reader is not None and sees_rows_apart(reader):
        seen = set(Task.objects.visible_to(reader).filter(book=book).values_list("code", flat=True)) | {""}
        found = [finding for finding in found if finding.code in seen]
    return Report([_line(finding) for finding in found])


def check_task(task: Task) -> list[dict[str, Any]]:
    """The lines of one task alone, for its page and while it is edited."""
    values = Task.objects.filter(pk=task.pk).values_list(*_PATHS).get()
    return [_line(finding) for finding in row_findings(_row(values), calendar_of(Country.CHINA).is_working_day)]


def _row(values: tuple) -> Row:
    code, content, objective, deliverable, acceptance, lead, measure, due, due_kind, weight, *field = values
    return Row(
        code=code,
        content=content,
        objective=objective,
        deliverable=deliverable,
        acceptance=acceptance,
        lead=lead,
        field=pick_name(*field),
        measure=measure,
        due=due,
        due_kind=due_kind,
        weight=weight,
    )


def _line(finding: Finding) -> dict[str, Any]:
    return {
        "rule": str(finding.rule),
        "level": str(finding.level),
        "is_blocker": finding.level is Level.BLOCK,
        "code": finding.code,
        "column": finding.column,
        "text": sentence(finding),
    }


def sentence(finding: Finding) -> str:
    """What is wrong and what to do, in the reader's language."""
    return _sentences()[finding.rule] % finding.facts


def _sentences() -> dict[Rule, str]:
    return {
        Rule.DELIVERABLE_MISSING: _("The deliverable is missing. Please say what will be handed in."),
        Rule.ACCEPTANCE_MISSING: _("The acceptance standard is missing. Please say when the task counts as done."),
        Rule.OBJECTIVE_MISSING: _("The objective is empty. Please say what is to be reached, and how much."),
        Rule.DUE_MISSING: _(
            "There is no deadline. Please give a day, or write that the work is continuous or recurring."
        ),
        Rule.DUE_NONWORKING: _("%(day)s is not a working day in China. Please choose a working day."),
        Rule.VAGUE: _(
            "“%(verb)s” without anything countable. Please give a number in the objective or the acceptance standard."
        ),
        Rule.WEIGHTS_NOT_100: _(
            "The weights of “%(field)s” add up to %(sum)s; they must add up to 100 (difference %(difference)+.2f)."
        ),
        Rule.WEIGHT_MISSING: _("The other tasks of this field have weights, this one has none."),
        Rule.DUPLICATE: _("The text is the same as that of task %(other)s. Please merge the two or tell them apart."),
        Rule.DOUBLE_LEAD: _(
            "The same task stands at %(other)s with another lead bureau. One bureau must lead it; please settle which."
        ),
        Rule.MEASURE_WITHOUT_TASK: _("No task carries out the measure “%(measure)s”."),
    }
