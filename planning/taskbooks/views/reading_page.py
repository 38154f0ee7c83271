"""What the page of an office's workbook shows: columns, questions, remarks, and each task as written and understood."""

from dataclasses import dataclass
from typing import Any

from dalian_coop.accounts.models import Bureau
from partners.industries.models import CooperationField
from planning.taskbooks.engine.result import ReadTask, Rejected, Remark
from planning.taskbooks.engine.vocabulary import key_of
from planning.taskbooks.enums import DueKind
from planning.taskbooks.services.office_files import REJECTED, OfficeImport
from planning.taskbooks.services.reading import KINDS
from planning.taskbooks.services.taking_over import ROLE_NAMES, Answers

SHOWN_TASKS, SHOWN_REMARKS = 200, 100


@dataclass(frozen=True)
class Pair:
    """A cell as written and as understood; the page shows one of them if they say the same."""

    written: str
    understood: str

    @property
    def differs(self) -> bool:
        return bool(self.written) and self.written != self.understood


@dataclass(frozen=True)
class Doubt:
    """Remarks of one kind, to be confirmed together."""

    kind: str
    label: Any
    count: int
    confirmed: bool
    remarks: list[Remark | Rejected]


def page_of(seen: OfficeImport, answers: Answers) -> dict[str, Any]:
    tasks = seen.result.tasks
    return {
        "seen": seen,
        "report": seen.report,
        "answers": answers,
        "columns": _columns(seen, answers),
        "roles": ROLE_NAMES.items(),
        "units": [(name, answers.units.get(name)) for name in seen.questions.units],
        "themes": [(name, answers.themes.get(name)) for name in seen.questions.themes],
        "bureaus": [(b.code, b.name) for b in Bureau.objects.all()] if _asks_units(seen) else [],
        "fields": [(f.code, f.name) for f in CooperationField.objects.all()] if seen.questions.themes else [],
        "doubts": _doubts(seen, answers),
        "tasks": [_row(task, seen) for task in tasks[:SHOWN_TASKS]],
        "more_tasks": max(0, len(tasks) - SHOWN_TASKS),
    }


def _asks_units(seen: OfficeImport) -> bool:
    return bool(seen.questions.units or seen.questions.lead_missing)


def _columns(seen: OfficeImport, answers: Answers) -> list[dict[str, str]]:
    """Every heading of the file once, with the role it has or was given."""
    given = {key_of(label): role for label, role in answers.headings.items()}
    found: dict[str, dict[str, str]] = {}
    for table in seen.result.tables:
        for column in table.columns:
            name = column.label.split(" / ")[-1]
            place = f"{table.sheet} {column.column}".strip()
            role = given.get(key_of(name), column.role)
            was = "?" if key_of(name) in given else role  # an answer once given is posted again
            found.setdefault(name, {"name": name, "label": column.label, "place": place, "role": role, "was": was})
    return list(found.values())


def _doubts(seen: OfficeImport, answers: Answers) -> list[Doubt]:
    doubts = []
    for kind, count in seen.doubts.items():
        remarks = seen.result.rejected if kind == REJECTED else [w for w in seen.result.warnings if w.kind == kind]
        label = KINDS["content_missing"] if kind == REJECTED else KINDS[kind]
        doubts.append(Doubt(kind, label, count, kind in answers.confirmed, remarks[:SHOWN_REMARKS]))
    return doubts


def _row(task: ReadTask, seen: OfficeImport) -> dict[str, Any]:
    due = task.due.isoformat() if task.due else str(DueKind(task.due_kind).label)
    written_units = task.written.get("units", "")
    return {
        "place": f"{task.sheet} {task.row}".strip(),
        "code": task.code,
        "field": task.field,
        "content": task.content,
        "lead": Pair(task.written.get("lead", "") or written_units, task.lead or ""),
        "support": Pair(task.written.get("support", ""), "、".join(task.support)),
        "due": Pair(task.due_text or task.written.get("due", ""), due),
        "remarks": [str(w.text) for w in seen.result.warnings_at(task.sheet, task.row)],
    }
