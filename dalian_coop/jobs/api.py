"""``jobs``: what one has asked for, and how far it is."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dalian_coop.accounts.permissions import Perm
from dalian_coop.jobs.enums import JobState
from dalian_coop.jobs.models import Job
from dalian_coop.rest import datasets
from dalian_coop.rest.columns import label
from dalian_coop.rest.filters import Filter
from dalian_coop.rest.routing import router
from dalian_coop.rest.viewsets import ReadOnlyViewSet


class JobViewSet(ReadOnlyViewSet):
    """Long work that was asked for. Poll a job until its state is succeeded or failed."""

    model = Job
    dataset = datasets.Dataset(
        _("How far the long work is that the reader has asked for."),
        pgettext_lazy("theme", "Administration"),
        datasets.NOT_SHARED,
        _("A technical record of the reader’s own requests."),
    )
    columns = {
        "id": "id",
        "kind": "kind",
        "state": "state",
        "state_label": label("state", JobState),
        "progress": "progress",
        "step": "step",
        "created_at": "created_at",
        "started_at": "started_at",
        "finished_at": "finished_at",
        "result": "result",
        "error": "error",
    }
    filters = {
        "kind": Filter("kind", "exact", "in"),
        "state": Filter("state", "exact", "in"),
        "created_at": Filter("created_at", "gte", "lte"),
    }
    ordering = ("-created_at",)
    orders = {"created_at": ("created_at",)}
    perms = {"list": Perm.READ_JOBS, "retrieve": Perm.READ_JOBS}


router.register("jobs", JobViewSet, basename="jobs")
