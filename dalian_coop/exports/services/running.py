"""An export as a job: several resources in one snapshot, one archive."""

import json
import threading
from typing import Any

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dalian_coop.base.errors import NotAllowed, ServiceError
from dalian_coop.base.snapshots import snapshot
from dalian_coop.exports import selectors
from dalian_coop.exports.enums import Format
from dalian_coop.exports.selectors import Choice
from dalian_coop.exports.services.files import EXPIRY, Archive, archive, describe
from dalian_coop.exports.services.writing import Note, pieces
from dalian_coop.history.selectors import actor_state, present_cursor
from dalian_coop.history.services import BATCH, stamp
from dalian_coop.jobs.models import Job
from dalian_coop.jobs.services import LeaseLost, Run, enqueue

AT_ONCE = 2


class Busy(ServiceError):
    """As many exports as one may have at once are under way."""


@transaction.atomic
def ask(*, choices: list[Choice], kind: Format, by) -> Job:
    """Ask for a copy of what is chosen. Raises ``Busy`` when two exports of ``by`` are under way."""
    # Of two that ask at once the second waits here, and then sees the first.
    type(by).objects.select_for_update().get(pk=by.pk)
    if selectors.exports_of(by).filter(state__in=["queued", "running"]).count() >= AT_ONCE:
        raise Busy(_("Two of your exports are still under way."))
    params = {
        "resources": [choice.whole.name for choice in choices],
        "format": str(kind),
        "language": translation.get_language() or "",
        "filters": {choice.whole.name: dict(choice.filters) for choice in choices if choice.filters},
        "fields": {choice.whole.name: list(choice.fields) for choice in choices if choice.fields},
    }
    return enqueue(kind=selectors.KIND, params=params, by=by)


def carry_out(run: Run) -> None:
    """Write the archive and end the job with its sums, its cursor and its expiry.

    Safe to run twice: each run writes a file of its own, and only the one that still holds the job names it.
    """
    actor = run.job.client or run.job.created_by
    chosen = selectors.choices_of(run.params)
    if not all(actor.has_perm(choice.whole.perm) for choice in chosen):
        raise NotAllowed(_("You may no longer read one of these resources."))
    while stamp() == BATCH:
        pass
    target = selectors.folder() / f"{run.job.pk}-{run.job.fence}.zip"
    with translation.override(run.params["language"] or None), _Progress(run) as progress:
        with archive(target) as file, snapshot():
            result = _write(file, actor, chosen, Format(run.params["format"]), progress)
    result["file"] = describe(target)
    result["expires_at"] = (timezone.now() + EXPIRY).isoformat()
    run.finish(result)


def _write(file: Archive, actor, chosen: list[Choice], kind: Format, progress: "_Progress") -> dict[str, Any]:
    """Everything that is read of the database, in the caller's snapshot."""
    as_of, whole = timezone.now(), [choice.whole for choice in chosen]
    note, found = Note(actor, as_of), []
    # The first read of the snapshot: what it does not see yet comes with the feed.
    cursors = {c.whole.name: present_cursor(actor, [c.whole]).text() if c.is_whole else None for c in chosen}
    common = present_cursor(actor, whole).text() if all(cursors.values()) else None
    state = actor_state(actor, whole)
    progress.expect([choice.rows(actor).order_by().count() for choice in chosen])
    for choice in chosen:
        name = choice.whole.name
        progress.begin(name)
        flow = pieces(choice.resource, choice.rows(actor), kind, note, progress.count)
        member = file.add(f"{name}.{kind}", flow, lambda name=name: progress.done[name])
        found.append(
            {"name": name, "path": member.path, "rows": member.rows, "bytes": member.bytes, "sha256": member.sha256}
            | {"sync_cursor": cursors[name]}
        )
    package = _package(chosen, found, kind, as_of.isoformat(), common)
    file.add("datapackage.json", [json.dumps(package, ensure_ascii=False, indent=2).encode()], lambda: 0)
    return {"as_of": as_of.isoformat(), "sync_cursor": common, "state": state, "resources": found}


def _package(chosen: list[Choice], found: list[dict], kind: Format, as_of: str, cursor: str | None) -> dict[str, Any]:
    """Frictionless Data Package: which files, and what their columns are."""
    return {
        "profile": "tabular-data-package" if kind is Format.CSV else "data-package",
        "name": "dalian-coop-export",
        "created": as_of,
        "sync_cursor": cursor,
        "resources": [_described(choice, file, kind) for choice, file in zip(chosen, found, strict=True)],
    }


def _described(choice: Choice, file: dict, kind: Format) -> dict[str, Any]:
    columns = choice.resource.schema()
    schema: dict[str, Any] = {
        "fields": [selectors.table_field(title, schema) for title, schema in columns.items()],
        "missingValues": [""],
    }
    if "id" in columns:
        schema["primaryKey"] = "id"
    return {
        "name": choice.whole.name,
        "path": file["path"],
        "description": choice.whole.description,
        "format": str(kind),
        "mediatype": kind.media_type.partition(";")[0],
        "encoding": "utf-8",
        "bytes": file["bytes"],
        "hash": f"sha256:{file['sha256']}",
        "rowCount": file["rows"],
        "sync_cursor": file["sync_cursor"],
        "filters": dict(choice.filters),
        "schema": schema,
    }


class _Progress:
    """Counts rows, and says once a second how far it is.

    On a connection of its own, in a thread of its own: the snapshot's transaction may not write, and nobody would see
    what it wrote before its end.
    """

    def __init__(self, run: Run):
        self.run, self.total, self.done = run, 0, {}
        self.step, self.lost = "", False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._report, name=f"progress-{run.job.pk}", daemon=True)

    def __enter__(self) -> "_Progress":
        self._thread.start()
        return self

    def __exit__(self, *args) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def expect(self, counts: list[int]) -> None:
        self.total = sum(counts)

    def begin(self, name: str) -> None:
        self.step, self.done[name] = name, 0

    def count(self, rows: int) -> None:
        """So many rows more. Raises ``LeaseLost`` when somebody else has the job."""
        if self.lost:
            raise LeaseLost(self.step)
        self.done[self.step] += rows

    def _report(self) -> None:
        try:
            while not self._stop.wait(1):
                share = sum(self.done.values()) / self.total if self.total else 0
                self.run.report(round(99 * min(1, share)), self.step)
        except LeaseLost:
            self.lost = True
        finally:
            connection.close()
