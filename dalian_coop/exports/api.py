"""REST: ``export/<resource>.<format>`` at once, and ``exports`` as jobs."""

from functools import partial

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.exceptions import Throttled
from rest_framework.response import Response

from dalian_coop.documents.writing import as_download, safe_name
from dalian_coop.exports import selectors, services
from dalian_coop.exports.enums import Format
from dalian_coop.exports.services import ranges
from dalian_coop.jobs.enums import JobState
from dalian_coop.rest import hooks, routing
from dalian_coop.rest.asking import readable, unknown_names
from dalian_coop.rest.exported import Exported
from dalian_coop.rest.permissions import ANYONE_SIGNED_IN
from dalian_coop.rest.problems import BadParameter, Gone, TooLarge, Unprocessable
from dalian_coop.rest.renderers import OrjsonRenderer
from dalian_coop.rest.viewsets import Endpoint

_FILE = {"type": "string", "format": "binary"}
_RETRY_SECONDS = 30


class AnyRenderer(OrjsonRenderer):
    """Whatever format a client accepts, refusals come as problem+json."""

    media_type = "*/*"


class BulkView(Endpoint):
    """All rows of one resource at once, read in one snapshot.

    X-Sync-Cursor is the cursor with which GET /changes/ goes on without a gap. More than 100,000 rows answer 413: ask
    for a job at /exports/. The filters of the resource's list choose rows, and fields chooses columns; such a part is
    no copy that the feed could go on with, so it has no X-Sync-Cursor.
    """

    perms = {"read": ANYONE_SIGNED_IN}
    about = {"read": _("All rows of one resource as a file, with the cursor at which the feed goes on.")}
    operation_ids = {"read": "export_read"}
    pagination_class = None
    renderer_classes = [AnyRenderer]
    query = {"read": {"fields": ({"type": "string"}, "Columns to send, separated by commas; all without it.")}}
    responses = {"read": {(200, kind.media_type.partition(";")[0]): (_FILE, "The file.") for kind in Format}}

    def read(self, request, resource: str, kind: str):
        if unknown_names([resource]) or kind not in list(Format):
            raise Http404
        (found,) = readable(request, [resource])
        try:
            choice = self._choice(request, found)
            prepared = services.stream(request.user, choice, Format(kind), partial(hooks.sent, request))
        except services.TooMany:
            detail = _("There are more than 100,000 rows. Ask for an export job instead.")
            raise TooLarge(detail, exports_url=request.build_absolute_uri("/api/v1/exports/")) from None
        response = StreamingHttpResponse(prepared.pieces, content_type=Format(kind).media_type)
        response["X-As-Of"], response["X-Row-Count"] = prepared.as_of, str(prepared.rows)
        if prepared.cursor:
            response["X-Sync-Cursor"] = prepared.cursor
        return as_download(response, safe_name(resource, kind))

    @staticmethod
    def _choice(request, resource: Exported) -> selectors.Choice:
        for name, values in request.query_params.lists():
            if len(values) > 1:
                raise BadParameter(name, "repeated", _("This parameter may be given once."))
        filters = request.query_params.dict()
        fields = filters.pop("fields", None)
        if fields is None:
            return selectors.Choice(resource, filters)
        return selectors.Choice(resource, filters, fields.split(","))


class ExportInput(serializers.Serializer):
    """Which resources, in which format."""

    resources = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=20, help_text="names of resources"
    )
    format = serializers.ChoiceField(choices=[(str(kind), str(kind)) for kind in Format], default=str(Format.NDJSON))
    filters = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(max_length=20_000)),
        required=False,
        help_text="resource → filters of its list: only these rows, and no sync_cursor",
    )
    fields = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=80), min_length=1, max_length=100),
        required=False,
        help_text="resource → columns: only these, and no sync_cursor",
    )


_MEMBER = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "path": {"type": "string"},
        "rows": {"type": "integer"},
        "bytes": {"type": "integer"},
        "sha256": {"type": "string"},
        "sync_cursor": {"type": ["string", "null"]},
    },
}
_EXPORT = {
    "type": "object",
    "required": ["id", "state", "progress", "resources", "format", "created_at", "_links"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "state": {"type": "string", "enum": JobState.values},
        "progress": {"type": "integer", "minimum": 0, "maximum": 100},
        "step": {"type": ["string", "null"]},
        "resources": {"type": "array", "items": {"type": "string"}},
        "format": {"type": "string", "enum": [str(kind) for kind in Format]},
        "created_at": {"type": "string", "format": "date-time"},
        "finished_at": {"type": ["string", "null"], "format": "date-time"},
        "expires_at": {"type": ["string", "null"], "format": "date-time"},
        "as_of": {"type": ["string", "null"], "format": "date-time"},
        "error": {"type": ["string", "null"]},
        "filters": {"type": "object", "additionalProperties": {"type": "object"}},
        "fields": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "sync_cursor": {
            "type": ["string", "null"],
            "description": "for the feed of all these resources together; none if only a part of one was asked for",
        },
        "file": {
            "type": ["object", "null"],
            "properties": {
                "name": {"type": "string"},
                "bytes": {"type": "integer"},
                "sha256": {"type": "string"},
            },
        },
        "contents": {"type": "array", "items": _MEMBER},
        "_links": {
            "type": "object",
            "properties": {"self": {"type": "string"}, "file": {"type": "string"}},
        },
    },
}
_LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": _EXPORT}}}


class ExportsView(Endpoint):
    """Full copies made by a worker: several resources in one snapshot, one zip with its sums.

    Poll the address at Location until the state is succeeded, fetch the file, then go on with the feed from
    sync_cursor. Files are kept for 72 hours. Two exports may be under way at once.
    """

    perms = dict.fromkeys(("index", "create", "retrieve", "file"), ANYONE_SIGNED_IN)
    about = {
        "index": _("Your export jobs."),
        "create": _("Ask for a full copy of several resources, read in one snapshot."),
        "retrieve": _("How far an export job is, and its files with their checksums."),
        "file": _("The file of a finished export job; parts of it can be asked for."),
    }
    operation_ids = {"index": "exports_list"}
    pagination_class = None
    input_serializer = ExportInput
    responses = {
        "index": {200: (_LIST, "One's own exports of late, the newest first.")},
        "create": {202: (_EXPORT, "Asked for. Its address is in Location.")},
        "retrieve": {200: (_EXPORT, "How far it is.")},
        "file": {(200, "application/zip"): (_FILE, "The file."), (206, "application/zip"): (_FILE, "The range.")},
    }
    row_schema = _EXPORT

    def get_renderers(self):
        return [AnyRenderer()] if self.action == "file" else super().get_renderers()

    def index(self, request):
        """One's own exports, the newest first."""
        self._only_parameters(set())
        return Response({"items": [self._describe(job) for job in selectors.exports_of(request.user)[:50]]})

    def create(self, request):
        """Ask for a full copy of one or several resources."""
        self._only_parameters(set())
        values = self.read_input()
        if unknown := unknown_names(values["resources"]):
            detail = str(_("There is no such resource to export."))
            errors = [
                {"pointer": f"/resources/{values['resources'].index(n)}", "code": "unknown", "detail": detail}
                for n in unknown
            ]
            raise Unprocessable(detail, errors=errors)
        choices = self._choices(request, values)
        try:
            job = services.ask(choices=choices, kind=Format(values["format"]), by=request.user)
        except services.Busy as busy:
            raise Throttled(_RETRY_SECONDS, str(busy)) from None
        found = self._describe(job)
        return Response(found, status.HTTP_202_ACCEPTED, headers={"Location": found["_links"]["self"]})

    def _choices(self, request, values: dict) -> list[selectors.Choice]:
        """What is asked for, tried out. A filter or column that is none → 422."""
        wanted = readable(request, values["resources"])
        parts = {name: values.get(name, {}) for name in ("filters", "fields")}
        for part, given in parts.items():
            for name in given:
                if name not in values["resources"]:
                    self._refuse(f"/{part}/{name}", "unknown", _("There is no such resource to export."))
        found = []
        for resource in wanted:
            filters, fields = (parts[part].get(resource.name, {}) for part in ("filters", "fields"))
            try:
                found.append(selectors.Choice(resource, filters, fields))
            except BadParameter as bad:
                self._refuse(f"/fields/{resource.name}", bad.errors[0]["code"], bad.detail)
            try:
                found[-1].rows(request.user)
            except BadParameter as bad:
                error = bad.errors[0]
                self._refuse(f"/filters/{resource.name}/{error['parameter'][:80]}", error["code"], bad.detail)
        return found

    @staticmethod
    def _refuse(pointer: str, code: str, detail) -> None:
        raise Unprocessable(detail, errors=[{"pointer": pointer, "code": code, "detail": str(detail)}])

    def retrieve(self, request, pk):
        """How far one export is, and where its file is."""
        self._only_parameters(set())
        return Response(self._describe(self._job(pk)))

    def file(self, request, pk):
        """The file, whole or a range of its bytes. Its strong entity tag is its SHA-256."""
        self._only_parameters(set())
        job = self._job(pk)
        if job.state != JobState.SUCCEEDED:
            raise Http404
        again = {"resync_url": request.build_absolute_uri("/api/v1/exports/")}
        if selectors.is_expired(job) or not selectors.file_of(job).is_file():
            raise Gone(_("This file has expired. Ask for a new export."), reason="expired", **again)
        if not selectors.still_his(job, request.user):
            text = _("What you may see has changed since this file was made. Ask for a new export.")
            raise Gone(text, reason="scope", **again)
        return self._send(request, job)

    def _send(self, request, job) -> HttpResponse:
        path, tag = selectors.file_of(job), f'"{job.result["file"]["sha256"]}"'
        size = path.stat().st_size
        if tag in request.headers.get("If-None-Match", ""):
            return HttpResponse(status=304, headers={"ETag": tag})
        wanted = request.headers.get("Range", "")
        if request.headers.get("If-Range", tag) != tag:
            wanted = ""  # the file is another one than the client began with
        try:
            chosen = ranges.byte_range(wanted, size)
        except ranges.Unsatisfiable:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "ETag": tag})
        first, last = chosen or (0, size - 1)
        if first == 0:
            hooks.sent(request, sum(member["rows"] for member in job.result["resources"]))
        response = StreamingHttpResponse(
            ranges.part(path, first, last), status=206 if chosen else 200, content_type="application/zip"
        )
        response["Content-Length"], response["Accept-Ranges"], response["ETag"] = last - first + 1, "bytes", tag
        if job.result["sync_cursor"]:
            response["X-Sync-Cursor"] = job.result["sync_cursor"]
        if chosen:
            response["Content-Range"] = f"bytes {first}-{last}/{size}"
        return as_download(response, safe_name(f"export-{str(job.pk)[:8]}", "zip"))

    def _job(self, pk):
        job = selectors.exports_of(self.request.user).filter(pk=pk).first()
        if job is None:
            raise Http404
        return job

    def _describe(self, job) -> dict:
        result = job.result if job.state == JobState.SUCCEEDED else {}
        address = f"/api/v1/exports/{job.pk}/"
        links = {"self": address}
        if result and not selectors.is_expired(job):
            links["file"] = f"{address}file/"
        return {
            "id": job.pk,
            "state": job.state,
            "progress": job.progress,
            "step": job.step or None,
            "resources": job.params["resources"],
            "format": job.params["format"],
            "filters": job.params.get("filters", {}),
            "fields": job.params.get("fields", {}),
            "created_at": job.created_at,
            "finished_at": job.finished_at,
            "expires_at": result.get("expires_at"),
            "as_of": result.get("as_of"),
            "error": job.error or None,
            "sync_cursor": result.get("sync_cursor"),
            "file": result.get("file"),
            "contents": result.get("resources", []),
            "_links": links,
        }


routing.add("export/<slug:resource>.<slug:kind>", BulkView.as_view({"get": "read"}), "export")
routing.add("exports/", ExportsView.as_view({"get": "index", "post": "create"}), "exports")
routing.add("exports/<uuid:pk>/", ExportsView.as_view({"get": "retrieve"}), "exports-detail")
routing.add("exports/<uuid:pk>/file/", ExportsView.as_view({"get": "file"}), "exports-file")
