"""The grid's own addresses: all rows as JSON, changed ones since a moment, many edits in one request, settings."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

import orjson
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.text import has_bad_characters
from dalian_coop.ui.pages import reads_only
from planning.taskbooks import workflow
from planning.taskbooks.enums import TaskState
from planning.taskbooks.forms import GridSettingsForm
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.permissions import EditScope
from planning.taskbooks.services import batch, columns, gridrows
from planning.taskbooks.services.presence import note_presence
from planning.taskbooks.services.settings import save_grid_settings
from planning.taskbooks.views.finding import find_book
from planning.taskbooks.views.table import TONES

MOST_EDITS = 500
# A row's time is taken before its transaction ends: what is asked for reaches a little further back than "since".
OVERLAP = timedelta(seconds=30)
POLL_MILLISECONDS = 15_000
BULK = ("state", "progress", "due", "lead", "units", "horizon", "responsible")  # what is set in many rows at once
KEYS = (
    ("↑ ↓ ← →", gettext_lazy("move; with Shift choose cells, with Ctrl go to the edge")),
    (
        "Home End PgUp PgDn",
        gettext_lazy("to the ends of the row, a screen up or down; with Ctrl to the corners"),
    ),
    ("Tab, Shift+Tab", gettext_lazy("next and previous cell; at the end of the row, or after Esc, out of the grid")),
    ("Enter, F2", gettext_lazy("edit; Enter again saves and goes down, Shift+Enter up, Esc takes it back")),
    ("Alt+Enter", gettext_lazy("a new line while editing, else the task with its history")),
    ("A … 字 …", gettext_lazy("typing replaces what is in the cell")),
    ("Delete", gettext_lazy("empty the chosen cells")),
    ("Ctrl+A, C, X, V", gettext_lazy("choose everything, copy, cut, paste; also from and to Excel")),
    ("Ctrl+D", gettext_lazy("fill down from the first chosen row")),
    ("Ctrl+;", gettext_lazy("today's date")),
    ("Ctrl+Z, Ctrl+Y", gettext_lazy("take the last action back, and do it again")),
    ("Alt+← Alt+→", gettext_lazy("fold a measure and unfold it")),
    ("Ctrl+S, Ctrl+F, F1", gettext_lazy("save now, filter, these keys")),
)
STATUS = {frozenset({batch.DENIED}): 403, frozenset({batch.CONFLICT}): 409}


def answers_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: errors as JSON. A lost session is 401, so that the page can ask for the password in place."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _json({"detail": _("Please sign in again.")}, 401)
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied as refusal:
            return _json({"detail": str(refusal)}, 403)
        except Http404:
            return _json({"detail": _("This task book is not there (any more), or you may not see it.")}, 404)

    return guarded


@answers_json
@require_http_methods(["GET", "HEAD", "PATCH"])
def rows(request: HttpRequest, code: str) -> HttpResponse:
    book = find_book(request.user, code)
    return _save(request, book) if request.method == "PATCH" else _read(request, book)


@reads_only
def _read(request: HttpRequest, book: TaskBook) -> HttpResponse:
    """Every row one sees; with ``?since=`` only what changed, what is gone and who is here."""
    now = timezone.now()
    tasks = Task.objects.visible_to(request.user).filter(book=book)
    answer: dict[str, Any] = {"now": now, "status": book.status, "me": request.user.pk, "csrf": get_token(request)}
    if "since" in request.GET:
        since = _moment(request.GET["since"])
        if since is None:
            return _json({"detail": _("“since” is a time as this address gives it.")}, 400)
        tasks = gridrows.changed_since(tasks, since - OVERLAP)
        answer["gone"] = gridrows.gone_since(book, since - OVERLAP)
        here = {"row": request.GET.get("row", "")[:36], "slot": request.GET.get("slot", "")[:9]}
        answer |= note_presence(book=book, by=request.user, **here)
    else:
        answer["choices"] = columns.choices(book)
    if region := request.GET.get("region"):
        tasks = tasks.filter(task_regions__region__code=region[:20])
    answer["rows"] = _rows(tasks, request.user)
    return _json(answer)


def _moment(text: str) -> datetime | None:
    """A time with its zone as this address gave it; None for everything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) and found.year > 1 else None


def _rows(tasks: Any, actor: Any) -> list[list[Any]]:
    """Rows for the page; the key of the lead bureau becomes 1 (may be edited), or 0."""
    found, scope = gridrows.grid_rows(tasks, timezone.localdate()), EditScope.of(actor)
    place = gridrows.LEAD_ID
    for row in found:
        row[place] = int(scope.covers(row[place]))
    return found


def _save(request: HttpRequest, book: TaskBook) -> HttpResponse:
    edits = _edits(request.body)
    if isinstance(edits, str):
        return _json({"detail": edits}, 400)
    outcomes = batch.save_batch(book=book, edits=edits, by=request.user)
    ids = [edit.id for edit in edits]
    tasks = Task.objects.visible_to(request.user).filter(book=book, pk__in=ids)
    current = {row[0]: row for row in _rows(tasks, request.user)}
    conflicts = [outcome.id for outcome in outcomes if outcome.status == batch.CONFLICT]
    writers = gridrows.last_writers(conflicts) if conflicts else {}
    results = [
        {
            "id": outcome.id,
            "status": outcome.status if outcome.id in current else batch.GONE,
            "row": current.get(outcome.id),
            "errors": {name: [str(error) for error in found] for name, found in outcome.errors.items()},
            "reason": outcome.reason,
        }
        | writers.get(outcome.id, {})
        for outcome in outcomes
    ]
    kinds = frozenset(outcome.status for outcome in outcomes)
    status = STATUS.get(kinds, 200 if kinds <= {batch.SAVED, batch.SAME} else 207)
    return _json({"now": timezone.now(), "results": results}, status)


def _edits(body: bytes) -> list[batch.Edit] | str:
    """The edits of a request, or a sentence that says why it holds none."""
    try:
        given = orjson.loads(body)["edits"]
        if len(given) > MOST_EDITS:
            return _("At most %(n)s rows can be saved at once.") % {"n": MOST_EDITS}
        return [_edit(item) for item in given]
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return _("This request could not be read.")


def _edit(item: dict[str, Any]) -> batch.Edit:
    values = dict(item["fields"])
    texts = [text for value in values.values() for text in (value if isinstance(value, list) else [value])]
    if any(isinstance(text, str) and has_bad_characters(text) for text in texts):
        raise ValueError("a text that cannot be stored")
    return batch.Edit(UUID(item["id"]), int(item["ver"]), values, str(item.get("edit", ""))[:64])


@answers_json
@require_http_methods(["POST"])
def settings(request: HttpRequest, code: str) -> HttpResponse:
    """How this person wants the columns: order, width, which are hidden, height of the rows."""
    find_book(request.user, code)
    form = GridSettingsForm(request.POST)
    if not form.is_valid():
        return _json({"detail": _("This request could not be read.")}, 422)
    save_grid_settings(settings=form.cleaned_data["settings"], by=request.user)
    return HttpResponse(status=204)


def page_context(book: TaskBook, actor: Any) -> dict[str, Any]:
    """What the page of a book needs for the grid."""
    about = description(book, actor)
    words = {column["name"]: column["label"] for column in about["columns"]}
    about["bulk"] = [{"name": name, "label": words[name]} for name in BULK]
    return {
        "grid": about,
        "states": [(state.value, state.label, TONES[state]) for state in TaskState],
        "grid_keys": KEYS,
        "grid_every": POLL_MILLISECONDS,
    }


def description(book: TaskBook, actor: Any) -> dict[str, Any]:
    """What the page hands to the grid's scripts."""
    base = reverse("taskbooks:book", args=[book.code])
    return columns.describe(book, actor) | {
        "fields": [name if name != "lead_id" else "may" for name in gridrows.FIELDS],
        "book": book.code,
        "title": book.title,
        "me": actor.pk,
        "bureau": actor.bureau.code if actor.bureau else "",
        "urls": {
            "rows": reverse("taskbooks:rows", args=[book.code]),
            "settings": reverse("taskbooks:grid-settings", args=[book.code]),
            "tasks": f"{base}tasks/",
        },
        "mayEdit": actor.has_perm(Perm.EDIT_TASK),
        "issued": not workflow.rows_may_come_and_go(book.status),
        "settings": actor.preferences.get("grid", {}),
        "today": timezone.localdate(),
    }


def _json(content: dict[str, Any], status: int = 200) -> HttpResponse:
    response = HttpResponse(orjson.dumps(content, default=str), content_type="application/json", status=status)
    response["Cache-Control"] = "no-store"
    return response
