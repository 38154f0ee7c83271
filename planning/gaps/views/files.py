"""Downloads of a report: case file, result, workbook, Word and PDF."""

from django.http import Http404, HttpResponse

from dalian_coop.documents.writing import XLSX_TYPE, as_download, safe_name
from planning.gaps import resources, selectors
from planning.gaps.services.documents import unpacked
from planning.gaps.views.reports import RunPage

JSON_TYPE = "application/json; charset=utf-8"


def attachment(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to keep; figures are not for caches on the way."""
    stem, _dot, suffix = name.rpartition(".")
    return as_download(HttpResponse(content, content_type=content_type), safe_name(stem, suffix))


class CaseFile(RunPage):
    """The frozen input: ``manage.py gap_case`` computes the same report from it."""

    def get(self, request, pk):
        run = self.computed(pk)
        if run.case is None:
            raise Http404
        return attachment(unpacked(run.case).encode(), JSON_TYPE, f"gap-case-{run.pk}.json")


class ResultFile(RunPage):
    """The result, byte for byte as the engine wrote it."""

    def get(self, request, pk):
        run = self.computed(pk)
        if run.document is None:
            raise Http404
        return attachment(unpacked(run.document).encode(), JSON_TYPE, f"gap-result-{run.pk}.json")


class TablesFile(RunPage):
    """All tables of the report as one workbook."""

    def get(self, request, pk):
        report = selectors.Report(self.computed(pk))
        return attachment(resources.tables_file(report), XLSX_TYPE, f"{report.title}.xlsx")


class DocumentFile(RunPage):
    """The report as a Word or PDF file."""

    def get(self, request, pk, form):
        if form not in resources.FORMS:
            raise Http404
        content_type, write = resources.FORMS[form]
        report = selectors.Report(self.computed(pk))
        return attachment(write(report), content_type, f"{report.title}.{form}")
