"""What the page of a milestone shows, and which of its steps the person may take."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.permissions import Perm
from dalian_coop.history.selectors import timeline
from planning.roadmap import forms, selectors, services
from planning.roadmap.models import Milestone, TaskEstimate
from planning.roadmap.selectors.life import StoneLife, life_of, linkable
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import Task
from planning.taskbooks.workflow import rows_may_come_and_go

_SHOWN_IN_HISTORY = (
    "code", "name", "due", "deliverable", "done_on", "forecast", "reported_on", "reported_by", "verified_by",
    "workplace", "limit", "limit_on",
)  # fmt: skip


def edit_form(stone: Milestone) -> forms.MilestoneForm:
    return forms.MilestoneForm(initial={f: getattr(stone, f) for f in (*services.EDITABLE, "version")})


def stone_context(request: HttpRequest, stone: Milestone, bound: dict[str, Any] | None = None) -> dict[str, Any]:
    """``bound`` are forms that were refused, by name; they are shown instead of empty ones."""
    by, today = request.user, timezone.localdate()
    life = life_of(stone, by, today)
    book = stone.task.book
    fields = {f.name: f.verbose_name for f in Milestone._meta.fields if f.name in _SHOWN_IN_HISTORY}
    estimate = TaskEstimate.objects.filter(task=stone.task).first()
    context = {
        "stone": stone,
        "book": book,
        "life": life,
        "form": edit_form(stone),
        "is_issued": book.status == BookStatus.ISSUED,
        "is_open": rows_may_come_and_go(book.status),
        "siblings": selectors.milestones_of_task(stone.task, today),
        "entries": timeline(stone, fields=fields),
        "days": selectors.light_days(),
        "estimate": estimate,
        "decidable": bool(life.open_request) and services.may_decide(life.open_request, by),
        "parts": [(part, services.may_finish(part, by)) for part in life.parts],
    }
    return context | may_what(by, stone) | _forms(by, stone, life, estimate) | (bound or {})


def may_what(by: Any, stone: Milestone) -> dict[str, bool]:
    """Who may edit, add files and verify."""
    return {
        "may_edit": by.has_perm(str(Perm.EDIT_MILESTONE), stone),
        "may_contribute": services.may_contribute(stone, by),
        "may_verify": services.may_verify(stone, by),
    }


def _forms(by: Any, stone: Milestone, life: StoneLife, estimate: TaskEstimate | None) -> dict[str, Any]:
    state = {"version": stone.version}
    points = ("optimistic", "likely", "pessimistic", "version")
    return {
        "evidence_form": forms.EvidenceForm(),
        "report_form": forms.ReportForm(initial=state | {"done_on": timezone.localdate()}),
        "back_form": forms.BackForm(initial=state, auto_id="back_%s"),
        "rules_form": forms.RulesForm(
            initial=state | {n: getattr(stone, n) for n in ("workplace", "limit", "limit_on")}, auto_id="rules_%s"
        ),
        "link_form": forms.LinkForm(milestones=linkable(stone, by), auto_id="link_%s"),
        "part_form": forms.PartForm(bureaus=bureaus_of(stone), auto_id="part_%s"),
        "estimate_form": forms.EstimateForm(
            initial={name: getattr(estimate, name) for name in points} if estimate else {}, auto_id="estimate_%s"
        ),
    }


def bureaus_of(stone: Milestone):
    """Bureaus that work on the book, and so may look at this milestone."""
    tasks = Task.objects.alive().filter(book=stone.task.book_id)
    found = Bureau.objects.filter(led_tasks__in=tasks) | Bureau.objects.filter(supported_tasks__task__in=tasks)
    return found.distinct().order_by("pinyin")
