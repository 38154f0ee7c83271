"""One milestone: its form, adding, deleting, and the list on a task's page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, ValidationError
from planning.roadmap import selectors, services
from planning.roadmap.forms import MilestoneForm, NewMilestoneForm
from planning.roadmap.models import Milestone
from planning.roadmap.views.pages import ReaderView
from planning.roadmap.views.stone import edit_form, stone_context
from planning.taskbooks.models import Task


class StoneView(ReaderView):
    """A view of one milestone that the person sees."""

    def stone(self, book: str, pk) -> Milestone:
        found = Milestone.objects.visible_to(self.request.user).with_light(timezone.localdate())
        return get_object_or_404(found.select_related("task__book", "task__lead"), pk=pk, task__book__code=book)

    def may_edit(self, stone: Milestone) -> bool:
        return self.request.user.has_perm(str(Perm.EDIT_MILESTONE), stone)

    def task(self, book: str, code: str) -> Task:
        tasks = Task.objects.visible_to(self.request.user).select_related("book", "lead")
        return get_object_or_404(tasks, book__code=book, code=code)


class Edit(StoneView):
    """The milestone with its history; a form for those who may change it."""

    def get(self, request: HttpRequest, book: str, pk) -> HttpResponse:
        stone = self.stone(book, pk)
        return self.page(stone, edit_form(stone))

    def post(self, request: HttpRequest, book: str, pk) -> HttpResponse:
        stone = self.stone(book, pk)
        if not self.may_edit(stone):
            raise PermissionDenied
        form = MilestoneForm(request.POST)
        if not form.is_valid():
            return self.page(stone, form, status=422)
        data = form.cleaned_data
        try:
            services.edit_milestone(
                milestone=stone, values=form.values(), version=data["version"], by=request.user, reason=data["reason"]
            )
        except ValidationError as refused:
            form.add_service_errors(refused)
            return self.page(stone, form, status=422)
        except Conflict as conflict:
            return self.conflict(stone, form, conflict)
        messages.success(request, _("The milestone is saved."))
        return redirect("roadmap:milestone", book, pk)

    def conflict(self, stone: Milestone, form: MilestoneForm, conflict: Conflict) -> HttpResponse:
        """Both texts side by side; saving again is then a decision."""
        labels = {name: form.fields[name].label for name in services.EDITABLE}
        differences = [
            (labels[name], _shown(getattr(conflict.current, name)), _shown(conflict.mine[name]))
            for name in services.EDITABLE
            if getattr(conflict.current, name) != conflict.mine[name]
        ]
        again = MilestoneForm(initial=form.cleaned_data | {"version": conflict.current.version})
        return self.page(stone, again, status=409, differences=differences, conflict=True)

    def page(self, stone: Milestone, form, status: int = 200, **more) -> HttpResponse:
        context = stone_context(self.request, stone) | {"form": form}
        return render(self.request, "roadmap/milestone.html", context | more, status=status)


def _shown(value) -> str:
    if value is None or value == "":
        return _("(empty)")
    return value if isinstance(value, str) else date_format(value, "Y-m-d")


class Add(StoneView):
    """A new milestone of a task."""

    def get(self, request: HttpRequest, book: str, code: str) -> HttpResponse:
        return self.page(self.allowed(book, code), NewMilestoneForm())

    def post(self, request: HttpRequest, book: str, code: str) -> HttpResponse:
        task = self.allowed(book, code)
        form = NewMilestoneForm(request.POST)
        if not form.is_valid():
            return self.page(task, form, status=422)
        try:
            stone = services.add_milestone(task=task, by=request.user, **form.values())
        except ValidationError as refused:
            form.add_service_errors(refused)
            return self.page(task, form, status=422)
        messages.success(request, _("The milestone is added."))
        return redirect("roadmap:milestone", book, stone.pk)

    def allowed(self, book: str, code: str) -> Task:
        task = self.task(book, code)
        if not self.request.user.has_perm(str(Perm.EDIT_MILESTONE), task):
            raise PermissionDenied
        return task

    def page(self, task: Task, form, status: int = 200) -> HttpResponse:
        return render(self.request, "roadmap/milestone_add.html", {"task": task, "form": form}, status=status)


class Delete(StoneView):
    """Takes a milestone off the map and offers to bring it back."""

    def post(self, request: HttpRequest, book: str, pk) -> HttpResponse:
        stone = self.stone(book, pk)
        if not self.may_edit(stone):
            raise PermissionDenied
        try:
            version = int(request.POST.get("version", ""))
            services.delete_milestone(milestone=stone, version=version, by=request.user)
        except (ValueError, Conflict):
            messages.error(request, _("Somebody changed the milestone in the meantime; please look at it again."))
            return redirect("roadmap:milestone", book, pk)
        except ValidationError as refused:
            messages.error(request, _first(refused))
            return redirect("roadmap:milestone", book, pk)
        return render(request, "roadmap/milestone_deleted.html", {"stone": stone})


class Restore(StoneView):
    """Undoes ``Delete``."""

    def post(self, request: HttpRequest, book: str, pk) -> HttpResponse:
        tasks = Task.objects.visible_to(request.user)
        stone = get_object_or_404(
            Milestone.objects.filter(task__in=tasks, deleted_at__isnull=False).select_related("task__book"),
            pk=pk, task__book__code=book,
        )  # fmt: skip
        if not self.may_edit(stone):
            raise PermissionDenied
        try:
            services.restore_milestone(milestone=stone, version=stone.version, by=request.user)
        except (ValidationError, Conflict) as refused:
            messages.error(request, _first(refused) if isinstance(refused, ValidationError) else str(refused))
            return redirect("roadmap:map", book)
        messages.success(request, _("The milestone is back."))
        return redirect("roadmap:milestone", book, pk)


def _first(refused: ValidationError) -> str:
    return str(next(iter(refused.errors.values()))[0])


class TaskMilestones(StoneView):
    """The milestones of one task, as a fragment of its page."""

    def get(self, request: HttpRequest, book: str, code: str) -> HttpResponse:
        task = self.task(book, code)
        context = {
            "task": task,
            "rows": selectors.milestones_of_task(task, timezone.localdate()),
            "may_edit": request.user.has_perm(str(Perm.EDIT_MILESTONE), task),
        }
        return render(request, "roadmap/includes/task_milestones.html", context)
