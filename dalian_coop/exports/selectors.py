"""Reads of exports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from dalian_coop.history.selectors import actor_state
from dalian_coop.jobs.models import Job
from dalian_coop.rest import exported
from dalian_coop.rest.exported import Exported

KIND = "export"


@dataclass(frozen=True)
class Choice:
    """What is taken of a resource: rows that pass the filters of its list, in the columns named (all without).

    Making one raises ``BadParameter`` for columns that are none, ``rows`` for filters that are none.
    """

    whole: Exported
    filters: Mapping[str, str] = field(default_factory=dict)
    fields: Sequence[str] = ()
    resource: Exported = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "resource", self.whole.with_columns(self.fields))

    @property
    def is_whole(self) -> bool:
        """Only the whole of what one may see can be kept up to date by the feed."""
        return not self.filters and not self.fields

    def rows(self, actor) -> QuerySet:
        """Those that the actor sees."""
        return self.whole.narrowed(self.whole.visible_to(actor), self.filters)


def choices_of(params: dict[str, Any]) -> list[Choice]:
    """What an export job was asked for."""
    filters, fields = params.get("filters", {}), params.get("fields", {})
    return [
        Choice(exported.resources()[name], filters.get(name, {}), fields.get(name, ())) for name in params["resources"]
    ]


def folder() -> Path:
    """Where the files are; web and worker need the same one."""
    return Path(settings.MEDIA_ROOT) / "exports"


def exports_of(actor) -> QuerySet[Job]:
    """One's own exports only: a file holds what the one who asked for it sees."""
    own = {"client": actor} if getattr(actor, "scopes", None) is not None else {"created_by": actor}
    return Job.objects.filter(kind=KIND, **own).order_by("-created_at")


def file_of(job: Job) -> Path:
    """The file of a finished export."""
    return folder() / Path(job.result["file"]["name"]).name


def expires_at(job: Job) -> datetime | None:
    """When the file of a finished export goes."""
    text = job.result.get("expires_at")
    return datetime.fromisoformat(text) if text else None


def is_expired(job: Job, now: datetime | None = None) -> bool:
    end = expires_at(job)
    return end is not None and end <= (now or timezone.now())


def still_his(job: Job, actor) -> bool:
    """Whether the actor sees today exactly what he saw when the file was made."""
    known = exported.resources()
    names = job.params["resources"]
    if not all(name in known and actor.has_perm(known[name].perm) for name in names):
        return False
    return job.result["state"] == actor_state(actor, [known[name] for name in names])


def names_in_force(now: datetime) -> set[str]:
    """Names of the files that have not expired."""
    found = Job.objects.filter(kind=KIND, state="succeeded").values_list("result", flat=True)
    return {r["file"]["name"] for r in found if r.get("file") and datetime.fromisoformat(r["expires_at"]) > now}


def file_url(job: Job) -> str:
    return reverse("rest:exports-file", args=[job.pk])


def table_field(title: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A column in the words of Table Schema."""
    types = schema.get("type", "any")
    kind = next((t for t in types if t != "null"), "any") if isinstance(types, list) else types
    formats = {"date": "date", "date-time": "datetime", "decimal": "number"}
    return {"name": title, "type": formats.get(schema.get("format", ""), kind)}
