"""The sheet of tasks: rows become tasks, compared with what the book has, checked, and written in bulk."""

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import Bureau
from dalian_coop.base.errors import Error
from dalian_coop.documents.sheets import Row, Sheet, header_names
from planning.taskbooks.models import Task, TaskBook, TaskRegion, TaskUnit
from planning.taskbooks.services import cells, layout
from planning.taskbooks.services.cells import BadCell
from planning.taskbooks.services.checks import deadline_errors, measure_errors, sort_key, task_errors
from planning.taskbooks.services.deadlines import due_kind_of
from planning.taskbooks.services.inputs import BureauRegister
from planning.taskbooks.services.lookups import Fields, Measures
from planning.taskbooks.services.merging import Bases, CellConflict
from planning.taskbooks.services.phrases import last_day, phrase_of
from planning.taskbooks.services.places import Places
from planning.taskbooks.services.reports import Change, Outcome, Report, RowReport

KIND = "tasks"
_IDENTITY = re.compile(r"([0-9a-f-]{36})@([0-9]{1,9})")
_PLAIN_TEXTS = (
    "content",
    "objective",
    "actions",
    "deliverable",
    "acceptance",
    "responsible",
    "due_text",
    "partners_text",
    "key_industries",
    "guarantees",
)


@dataclass
class _Draft:
    """A row on its way into the book: the values of the columns the file has, and the task they go to."""

    sheet: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    bad: list[tuple[str | None, Error]] = field(default_factory=list)
    task: Task | None = None
    seen_version: int | None = None
    units: list[Bureau] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


class TaskSheet:
    """One import of tasks into one book.

    ``lock`` keeps others from editing its rows until the end; a dry run does not need that.
    """

    def __init__(self, book: TaskBook, report: Report, by, *, lock: bool):
        self.book, self.report = book, report
        self.bureaus = BureauRegister(Bureau.objects.all())
        self.fields, self.places = Fields(), Places()
        self.measures = Measures(book.programme, by)
        self.existing = _tasks_of(book, lock=lock)
        self.by_id = {task.pk: task for task in self.existing.values()}
        self.named: dict[str, _Draft] = {}
        self.new: list[_Draft] = []
        self.changed: list[_Draft] = []

    def take(self, sheet: Sheet, header: Row, columns: dict[str, int]) -> None:
        """Read every task row of ``sheet`` below its header; nothing is written yet."""
        titles = {sheet_row[columns["主要举措"]] for sheet_row in sheet.rows}
        self.measures.titles |= {cells.plain(t) for t in titles if isinstance(t, str)}
        self.bases = Bases(self._stale(sheet, columns))
        for row in sheet.rows:
            if row.number > header.number and not _is_empty(row, columns) and not _is_header(row):
                self._take_row(sheet, row, columns)

    def _stale(self, sheet: Sheet, columns: dict[str, int]) -> list[tuple[uuid.UUID, int]]:
        """Key and version of the rows that were changed in the portal after the file was exported."""
        if layout.IDENTITY not in columns:
            return []
        marks = [_IDENTITY.fullmatch(str(row[columns[layout.IDENTITY]])) for row in sheet.rows]
        seen = [(_uuid(mark[1]), int(mark[2])) for mark in marks if mark]
        return [(key, version) for key, version in seen if key in self.by_id and self.by_id[key].version != version]

    def tasks(self) -> dict[str, Task]:
        """The tasks of the book by number, those of the file included."""
        return {task.code: task for task in [*self.by_id.values(), *(d.task for d in self.new)]}

    def absent(self) -> int:
        """How many tasks of the book the file does not name."""
        return len(self.existing) - len({d.task.pk for d in self.named.values() if d.task and d.task.pk in self.by_id})

    def write(self) -> None:
        """Write what was read; call it only if the report has no errors."""
        _insert(self.new, self.places)
        _update(self.changed, self.places)

    def note_measures(self) -> None:
        """Measures that came with the rows are reported as rows of their own kind."""
        for measure in self.measures.created:
            self.report.note(RowReport("measures", "", 0, measure.code, measure.title, Outcome.NEW))
        for measure, old in self.measures.renamed:
            change = Change("主要举措", old, measure.title)
            self.report.note(RowReport("measures", "", 0, measure.code, measure.title, Outcome.CHANGED, (change,)))

    # --- one row ---

    def _take_row(self, sheet: Sheet, row: Row, columns: dict[str, int]) -> None:
        draft = _Draft(sheet.name, row.number)
        self._read(draft, row, columns)
        self._find(draft, row, columns)
        self._resolve(draft)
        if not draft.bad:
            self._merge(draft)
        self._report(draft, columns)

    def _read(self, draft: _Draft, row: Row, columns: dict[str, int]) -> None:
        """Cells to values. Columns the file does not have are left out, so that they stay as they are."""
        for column in layout.COLUMNS:
            if column.title not in columns:
                continue
            try:
                draft.values[column.field] = _READERS.get(column.field, cells.text_of)(row[columns[column.title]])
            except BadCell as bad:
                draft.bad.append((column.field, bad.error))

    def _find(self, draft: _Draft, row: Row, columns: dict[str, int]) -> None:
        """The task the row means: by its hidden identity if the file came from here, else by its number."""
        code = draft.values.get("code", "")
        if not code:
            draft.bad.append(("code", Error("code_missing", _("The row has no number."))))
            return
        if code in self.named:
            first = self.named[code].row
            message = _("The number %(code)s stands already in row %(row)d.") % {"code": code, "row": first}
            draft.bad.append(("code", Error("code_duplicate", message)))
            return
        self.named[code] = draft
        identity = _IDENTITY.fullmatch(str(row[columns[layout.IDENTITY]])) if layout.IDENTITY in columns else None
        if identity and (task := self.by_id.get(_uuid(identity[1]))) and not _taken(self.named, task, draft):
            draft.task, draft.seen_version = task, int(identity[2])
        else:
            draft.task = self.existing.get(code)

    def _resolve(self, draft: _Draft) -> None:
        """Names to rows of the database."""
        values, current = draft.values, draft.task
        for name, look_up in (("field", self.fields.named), ("lead", self._lead), ("units", self._units)):
            if name in values:
                self._try(draft, name, look_up)
        if "measure" in values and not draft.bad:
            title = cells.plain(values["measure"])
            measure = current.measure if current else None
            self._try(
                draft, "measure", lambda _value: self.measures.named(title, values["field"], values["code"], measure)
            )

    def _try(self, draft: _Draft, name: str, look_up) -> None:
        try:
            draft.values[name] = look_up(draft.values[name])
        except BadCell as bad:
            draft.bad.append((name, bad.error))

    def _lead(self, text: str) -> Bureau:
        if not text:
            raise BadCell("lead_missing", _("The row names no lead bureau."))
        if len(names := cells.names_of(text)) > 1:
            raise BadCell(
                "lead_ambiguous", _("A task has exactly one lead bureau; here are %(n)d.") % {"n": len(names)}
            )
        return self.bureaus.find(text)

    def _units(self, text: str) -> list[Bureau]:
        return [self.bureaus.find(name) for name in cells.names_of(text)]

    def _merge(self, draft: _Draft) -> None:
        """Put the values into the task (a new one if there is none), noting what differs, and check the result."""
        new = draft.task is None
        task = draft.task = draft.task or Task(book=self.book)
        old_units = [] if new else [unit.bureau for unit in task.units.all()]
        if not new and draft.seen_version not in (None, task.version):
            self._reconcile(draft, task, old_units)
        if not new:
            _settle_deadline(task, draft.values)
        draft.units = draft.values.get("units", old_units)
        for name, value in draft.values.items():
            old = old_units if name == "units" else (None if new else getattr(task, name))
            before, after = _text(name, old), _text(name, value)
            if old == value:  # a measure that was renamed is still the same
                before = after
            if not new and before != after:
                draft.changes.append(Change(layout.BY_FIELD[name].title, before, after))
            if name != "units" and (new or before != after):
                setattr(task, name, value)
        if new or any(c.column in ("时限表述", "完成时限") for c in draft.changes):
            task.due_kind = due_kind_of(task.due_text, task.due)
            _add(draft, deadline_errors(task))
        _add(draft, measure_errors(task))
        _add(draft, task_errors(task, units=draft.units))

    def _reconcile(self, draft: _Draft, task: Task, units: list[Bureau]) -> None:
        """Three texts for each cell: at the export, in the portal, in the file. Only what the file changed counts."""
        base = self.bases.values(task, draft.seen_version)
        for name in list(draft.values):
            theirs = _text(name, units if name == "units" else getattr(task, name))
            mine = _text(name, draft.values[name])
            if mine == theirs:
                continue
            if base is None:
                draft.bad.append((None, _stale(draft.seen_version, task.version)))
                return
            before = _text(name, base[name])
            if mine == before:
                del draft.values[name]
            elif theirs != before:
                del draft.values[name]
                place = (draft.sheet, draft.row, task.code, layout.BY_FIELD[name].title)
                self.report.conflicts.append(CellConflict(*place, before, theirs, mine))

    def _report(self, draft: _Draft, columns: dict[str, int]) -> None:
        task, new = draft.task, draft.task is None or draft.task._state.adding
        if draft.bad:
            outcome = Outcome.REJECTED
        elif new:
            outcome = Outcome.NEW
            task.sort_key = sort_key(task.code)
            self.new.append(draft)
        elif draft.changes:
            outcome = Outcome.CHANGED
            self.changed.append(draft)
        else:
            outcome = Outcome.SAME
        for name, error in draft.bad:
            title = layout.BY_FIELD[name].title if name in layout.BY_FIELD else None
            self.report.refuse(draft.sheet, draft.row, columns.get(title), error)
        code, label = draft.values.get("code", ""), draft.values.get("content", "")
        self.report.note(RowReport(KIND, draft.sheet, draft.row, code, label, outcome, tuple(draft.changes)))


_READERS = {"code": cells.code_of, "start": cells.date_of, "due": cells.date_of, "weight": cells.number_of}


def _horizon(value) -> str:
    text = cells.text_of(value)
    if text and text not in layout.HORIZONS:
        names = "、".join(layout.HORIZON_NAMES.values())
        raise BadCell("horizon_unknown", _("The horizon must be one of %(names)s.") % {"names": names})
    return layout.HORIZONS.get(text, "")


_READERS["horizon"] = _horizon


def _tasks_of(book: TaskBook, *, lock: bool) -> dict[str, Task]:
    tasks = Task.objects.alive().filter(book=book).select_related("field", "measure", "lead")
    if lock:
        tasks = tasks.select_for_update(of=("self",)).order_by("id")  # one order for all, so that nobody deadlocks
    units = Prefetch("units", TaskUnit.objects.select_related("bureau").order_by("order"))
    return {task.code: task for task in tasks.prefetch_related(units)}


def _is_empty(row: Row, columns: dict[str, int]) -> bool:
    """No content besides what merged cells carry down."""
    carried = {columns["领域"], columns["主要举措"]}
    return all(value in (None, "") for index, value in enumerate(row.values) if index not in carried)


def _is_header(row: Row) -> bool:
    return layout.REQUIRED <= header_names(row).keys()


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _taken(named: dict[str, _Draft], task: Task, draft: _Draft) -> bool:
    """A copied row carries the identity of its original: only the first of them is that task."""
    return any(other.task is task for other in named.values() if other is not draft)


def _text(name: str, value: Any) -> str:
    """A value as it stands in the form."""
    if name == "units":
        return layout.SEPARATOR.join(bureau.name_zh for bureau in value)
    if name in ("field", "lead"):
        return value.name_zh if value else ""
    if name == "measure":
        return value.title if value else ""
    if name == "horizon":
        return layout.HORIZON_NAMES.get(value, "")
    return cells.plain(cells.shown(value)) if name in _PLAIN_TEXTS else cells.shown(value)


def _settle_deadline(task: Task, values: dict[str, Any]) -> None:
    """A date changed alone takes the deadline as written along; a second import of the same file finds it settled."""
    due, text = values.get("due", task.due), values.get("due_text", task.due_text)
    if due is None or "due" not in values or last_day(text) in (None, due):
        return
    if text == task.due_text and due != task.due:
        values["due_text"] = task.due_text = phrase_of(due)
    elif due == task.due and task.due_text == phrase_of(due):
        values["due_text"] = task.due_text


def _add(draft: _Draft, found: dict[str, list[Error]]) -> None:
    draft.bad.extend((name, error) for name, errors in found.items() for error in errors)


def _stale(seen: int, current: int) -> Error:
    return Error(
        "stale_row",
        _("The row was changed in the portal after this file was exported (version %(seen)d, now %(current)d).")
        % {"seen": seen, "current": current},
    )


# What is written along with a field because it follows from it.
_FOLLOWS = {
    "code": ["sort_key"],
    "due": ["due_text", "due_kind"],
    "due_text": ["due_kind"],
    "partners_text": ["countries"],
}


def _insert(drafts: list[_Draft], places: Places) -> None:
    regions = _name_places(drafts, places)
    Task.objects.bulk_create([d.task for d in drafts], batch_size=500)
    TaskUnit.objects.bulk_create(_unit_rows(drafts), batch_size=2000)
    TaskRegion.objects.bulk_create(regions, batch_size=2000)


def _update(drafts: list[_Draft], places: Places) -> None:
    """The rows are locked and their versions checked, so one bulk statement is enough; it counts the version up."""
    if not drafts:
        return
    regions = _name_places(drafts, places)
    now = timezone.now()
    for draft in drafts:
        draft.task.version += 1
        draft.task.updated_at = now
        draft.task.sort_key = sort_key(draft.task.code)
    touched = {change.column for draft in drafts for change in draft.changes}
    fields = [c.field for c in layout.COLUMNS if c.title in touched and c.field != "units"]
    fields = {*fields, "version", "updated_at"}.union(*(_FOLLOWS.get(name, ()) for name in fields))
    Task.objects.bulk_update([d.task for d in drafts], fields, batch_size=500)
    keys = [d.task.pk for d in drafts]
    _replace_units([d for d in drafts if any(c.column == "配合单位" for c in d.changes)])
    wanted = {(r.task_id, r.region_id) for r in regions}
    have = set()
    for row in TaskRegion.objects.filter(task__in=keys):
        if (row.task_id, row.region_id) in wanted:
            have.add((row.task_id, row.region_id))
        else:
            row.delete()
    TaskRegion.objects.bulk_create(r for r in regions if (r.task_id, r.region_id) not in have)


def _replace_units(drafts: list[_Draft]) -> None:
    """Bring the supporting bureaus to the file's; those that stay keep the part they deliver."""
    for draft in drafts:
        have = {unit.bureau_id: unit for unit in draft.task.units.all()}
        keep = {bureau.pk for bureau in draft.units}
        TaskUnit.objects.filter(task=draft.task).exclude(bureau__in=keep).delete()
        for order, bureau in enumerate(draft.units):
            unit = have.get(bureau.pk)
            if unit is None:
                TaskUnit.objects.create(task=draft.task, bureau=bureau, order=order)
            elif unit.order != order:
                unit.order, unit.version = order, unit.version + 1
                unit.save(update_fields=["order", "version", "updated_at"])


def _unit_rows(drafts: list[_Draft]) -> list[TaskUnit]:
    return [TaskUnit(task=d.task, bureau=bureau, order=n) for d in drafts for n, bureau in enumerate(d.units)]


def _name_places(drafts: list[_Draft], places: Places) -> list[TaskRegion]:
    """Set each task's countries from its text; the regions it names as unsaved rows."""
    rows = []
    for draft in drafts:
        named = places.named_in(draft.task.partners_text)
        draft.task.countries = list(named.countries)
        rows += [TaskRegion(task=draft.task, region=region) for region in named.regions]
    return rows
