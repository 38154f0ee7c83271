"""One table: every operation of the REST interface × every scope of a client × whose system it is.

The operations are those of the OpenAPI description: one without a row fails, a row without an operation too. What
people may do with the same operations stands in ``test_permission_table``.

Letters for the three systems (of the bureau that leads the task, of one without part, of none that sees anything: an
overseas office of another country): ``y`` done or shown, ``-`` 404, ``n`` 403. Scopes that a row does not name get
``nnn``; without a token every cell is 401. For POST and PATCH ``y`` also stands for a refusal of the empty body.
"""

from datetime import date

import pytest
from django.db import transaction
from django.test import TestCase

from dalian_coop.accounts.permissions import SCOPES
from dalian_coop.accounts.services import issue_token
from dalian_coop.corrections.services import report_error
from dalian_coop.exports.enums import Format
from dalian_coop.exports.selectors import Choice
from dalian_coop.exports.services import ask
from dalian_coop.rest import exported
from dalian_coop.rest.docs import openapi
from planning.roadmap.models import Shift
from tests.factories import bearer, make_bureau, make_client
from tests.partners.factories import make_agreement, make_observation, make_region
from tests.planning.factories import make_book, make_task
from tests.planning.gaps.factories import make_world, start
from tests.planning.roadmap.factories import make_stone

REFERENCE = ("reference:read",)
BOOKS = ("taskbooks:read", "taskbooks:write")
BUREAUS = REFERENCE + BOOKS
GAPS = ("gaps:read", "gaps:run")
ALL = tuple(SCOPES)

# operation → (scopes that open it, what the three systems then get)
TABLE = {
    "agreements_list": (REFERENCE, "yyy"),
    "agreements_retrieve": (REFERENCE, "yy-"),
    "bureaus_list": (BUREAUS, "yyy"),
    "bureaus_retrieve": (BUREAUS, "yyy"),
    "catalog_retrieve": (ALL, "yyy"),
    "changes_lag": (ALL, "yyy"),
    "changes_read": (("reference:read", *BOOKS, *GAPS), "yyy"),
    "cooperation_fields_list": (REFERENCE, "yyy"),
    "cooperation_fields_retrieve": (REFERENCE, "yyy"),
    "corrections_list": (("corrections:write",), "yyy"),
    "corrections_create": (("corrections:write",), "yyy"),
    "corrections_retrieve": (("corrections:write",), "y--"),
    "corrections_partial_update": ((), "nnn"),  # people answer
    "data_sources_list": (REFERENCE, "yyy"),
    "data_sources_retrieve": (REFERENCE, "yyy"),
    "export_read": (BOOKS, "yyy"),  # of tasks: those that one sees
    "exports_list": (ALL, "yyy"),
    "exports_create": (ALL, "yyy"),
    "exports_retrieve": (ALL, "---"),  # asked for by another system
    "exports_file_retrieve": (ALL, "---"),
    "extension_requests_list": (BOOKS, "yyy"),
    "extension_requests_retrieve": (BOOKS, "y--"),
    "extension_requests_consequences_retrieve": (BOOKS, "y--"),
    "extension_requests_create": (("taskbooks:write",), "yyy"),
    "extension_requests_approve_create": (("taskbooks:write",), "y--"),
    "extension_requests_refuse_create": (("taskbooks:write",), "y--"),
    "extension_requests_withdraw_create": (("taskbooks:write",), "y--"),
    "gap_reports_list": (GAPS, "yyy"),
    "gap_reports_create": (("gaps:run",), "yyy"),
    "gap_reports_retrieve": (GAPS, "yyy"),
    "indicators_list": (REFERENCE, "yyy"),
    "indicators_retrieve": (REFERENCE, "yyy"),
    "industries_list": (REFERENCE, "yyy"),
    "industries_retrieve": (REFERENCE, "yyy"),
    "jobs_list": (GAPS, "yyy"),
    "jobs_retrieve": (GAPS, "---"),  # asked for by another system
    "me_list": (ALL, "yyy"),
    "milestones_list": (BOOKS, "yyy"),
    "milestones_retrieve": (BOOKS, "y--"),
    "milestones_partial_update": (("taskbooks:write",), "y--"),
    "milestones_life_retrieve": (BOOKS, "y--"),
    "milestones_report_create": (("taskbooks:write",), "y--"),
    "milestones_send_back_create": (("taskbooks:write",), "y--"),
    "milestones_verify_create": (("taskbooks:write",), "y--"),
    "observations_list": (REFERENCE, "yyy"),
    "observations_retrieve": (REFERENCE, "yy-"),
    "roadmaps_changes_retrieve": (BOOKS, "y--"),
    "roadmaps_domino_retrieve": (BOOKS, "y--"),
    "roadmaps_risk_retrieve": (BOOKS, "y--"),
    "roadmaps_versions_retrieve": (BOOKS, "y--"),
    "regions_list": (REFERENCE, "yyy"),
    "regions_retrieve": (REFERENCE, "yy-"),
    "roadmaps_moves_create": (("taskbooks:write",), "y--"),
    "roadmaps_moves_undo_create": (("taskbooks:write",), "y--"),
    "roadmaps_preview_create": (BOOKS, "y--"),
    "roadmaps_schedule_retrieve": (BOOKS, "y--"),
    "task_books_list": (BOOKS, "yyy"),
    "task_books_retrieve": (BOOKS, "y--"),
    "tasks_list": (BOOKS, "yyy"),
    "tasks_retrieve": (BOOKS, "y--"),
    "tasks_partial_update": (("taskbooks:write",), "y--"),
}


def operations() -> dict[str, tuple[str, str]]:
    """Operation → (method, path with its parameters in braces)."""
    found = {}
    for path, methods in openapi()["paths"].items():
        for method, operation in methods.items():
            found[operation["operationId"]] = (method, path)
    return found


def test_the_table_has_exactly_the_operations_that_openapi_has():
    assert set(TABLE) == set(operations())


@pytest.mark.parametrize("operation", TABLE)
def test_rows_name_known_scopes(operation):
    scopes, letters = TABLE[operation]
    assert set(scopes) <= set(SCOPES) and len(letters) == 3


class TestScopeTable(TestCase):
    """Every cell."""

    @classmethod
    def setUpTestData(cls):
        lead, other, korea = make_bureau("市商务局"), make_bureau("市教育局"), make_bureau(seat_country="KR")
        make_bureau("市外办", coordinates=True)
        cls.tokens = {
            scope: [bearer(issue_token(client=make_client(b, [scope])).text) for b in (lead, other, korea)]
            for scope in SCOPES
        }
        cls.keys = cls._world(lead)

    @classmethod
    def _world(cls, lead) -> dict[str, object]:
        """First segment of the path → what stands in its braces."""
        from partners.industries.models import CooperationField, Industry

        world = make_world()
        city = make_region("JP-40100", "北九州市")
        figure = make_observation(city, world["indicators"]["gdp"], 2019, 5, world["source"])
        task = make_task(make_book(), lead=lead, countries=["JP"], start=date(2026, 1, 5))
        asker = make_client(make_bureau(), ["taskbooks:read", "gaps:run"])
        industry = Industry.objects.first() or Industry.objects.create(
            code="C", name_zh="制造业", scheme="isic4", level="section"
        )
        report = start(world)
        stone = make_stone(task)
        line = {"kind": "milestone", "id": str(stone.pk), "before": {}, "after": {}, "version": stone.version}
        reporter = make_client(lead, ["taskbooks:read", "corrections:write"])
        return {
            "agreements": make_agreement(world["regions"]["CN-210200"], city, world["source"]).code,
            "bureaus": lead.code,
            "cooperation-fields": CooperationField.objects.first().code,
            "corrections": report_error(resource="tasks", object_id=task.pk, message="x", by=reporter).pk,
            "data-sources": world["source"].code,
            "exports": ask(choices=[Choice(exported.resources()["tasks"])], kind=Format.NDJSON, by=asker).pk,
            "extension-requests": cls._request(stone).pk,
            "gap-reports": report.pk,
            "indicators": "gdp",
            "industries": industry.code,
            "jobs": report.job_id,
            "milestones": stone.pk,
            "observations": figure.pk,
            "regions": city.code,
            "roadmaps": task.book.code,
            "shift": str(Shift.objects.create(book=task.book, reason="x", by_label="王1", lines=[line]).pk),
            "task-books": task.book.code,
            "tasks": task.pk,
        }

    @staticmethod
    def _request(stone):
        from planning.roadmap.models import ExtensionRequest

        return ExtensionRequest.objects.create(milestone=stone, old_due=stone.due, new_due=date(2030, 1, 1), reason="x")

    def test_every_cell(self):
        surprises = []
        for operation, (method, path) in operations().items():
            scopes, letters = TABLE[operation]
            url = self.url(path)
            if self.ask(method, url, {}) != "s":
                surprises.append(f"{operation} without a token")
            for scope, systems in self.tokens.items():
                wanted = letters if scope in scopes else "nnn"
                got = "".join(self.ask(method, url, token) for token in systems)
                if got != wanted:
                    surprises.append(f"{operation} with {scope}: {got} instead of {wanted}")
        assert not surprises, "\n".join(surprises)

    def url(self, path: str) -> str:
        name = path.removeprefix("/api/v1/").partition("/")[0]
        path = path.replace("{resource}", "tasks").replace("{kind}", "ndjson").replace("{shift}", self.keys["shift"])
        for braces in ("{id}", "{code}", "{pk}"):
            path = path.replace(braces, str(self.keys.get(name, "")))
        return path

    def ask(self, method: str, url: str, token: dict) -> str:
        """The letter of the answer; what was written is undone."""
        with transaction.atomic():
            body = {"data": b"{}", "content_type": "application/json"} if method in ("post", "patch") else {}
            answer = getattr(self.client, method)(url, **body, **token)
            transaction.set_rollback(True)
        if answer.status_code in (401, 403, 404):
            return {401: "s", 403: "n", 404: "-"}[answer.status_code]
        fine = answer.status_code < 300 or (method != "get" and answer.status_code in (400, 422, 428))
        return "y" if fine else f"[{answer.status_code}]"
