"""One table: every address of the portal × who asks → what must happen. An address without a row fails.

Letters: ``y`` it is done or shown · ``r`` sent on to another page · ``n`` 403, seen but not allowed · ``-`` 404, not
there for this person · ``s`` sign in first (REST: 401). For POST, PATCH and DELETE ``y`` also stands for a refusal of
the (empty) content: what counts is that the actor's right was not the reason.

Columns, in this order:
  stranger | official and head of the lead bureau | official of a supporting bureau | official of a bureau without part
  | offices in Japan and Korea (the task names Japan) | coordinator, leader, analyst | system, security, audit
  administrator; and for REST after them: tokens with every scope of the lead bureau and of a bureau without part, a
  token for reference data only.
"""

from dataclasses import dataclass
from datetime import date

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client, TestCase
from django.urls import get_resolver, reverse

from dalian_coop.accounts import services
from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.permissions import SCOPES
from dalian_coop.corrections.services import report_error
from dalian_coop.exports.enums import Format
from dalian_coop.exports.selectors import Choice
from dalian_coop.exports.services import ask
from dalian_coop.exports.tasks import run as run_export
from dalian_coop.jobs.services import enqueue
from dalian_coop.rest import exported
from dalian_coop.webhooks.models import Endpoint, EndpointState
from tests.dalian_coop.jobs import work  # noqa: F401 - registers a kind of job
from tests.factories import bearer, make_bureau, make_client, make_client_token, make_user
from tests.partners.factories import make_agreement, make_observation
from tests.planning.factories import make_book, make_objective, make_plan, make_task
from tests.planning.gaps.factories import compute, make_world, start
from tests.planning.roadmap.factories import make_stone

PEOPLE = "stranger own head support other japan korea coordinator leader analyst system security audit".split()
TOKENS = ["token_own", "token_other", "token_reference"]

EVERYBODY = "y yy y y yy yyy yyy"
SIGNED_IN = "s yy y y yy yyy yyy"
READERS = "s yy y y yy yyy nnn"  # every business role
IN_BOOK = "s yy y - y- yyy ---"  # those who see the book: scope of the bureau, or of the office's country
IN_BOOK_PAGES = "s yy y - y- yyy nnn"  # the same; administrators are stopped before the book is looked for

PAGES = [
    ("GET", "ui:home", "r rr r r rr rrr rrr"),
    ("POST", "ui:set-theme", EVERYBODY),
    ("POST", "set_language", EVERYBODY),
    ("GET", "jobs:healthz", EVERYBODY),
    ("GET", "jobs:readyz", EVERYBODY),
    ("GET", "jobs:list", READERS),
    ("GET", "jobs:job", "s y- - - -- yyy nnn"),  # asked for by the official of the lead bureau
    ("GET", "jobs:progress", "s y- - - -- yyy nnn"),
    ("GET", "accounts:sign-in", "y rr r r rr rrr rrr"),
    ("POST", "accounts:sign-in", EVERYBODY),
    ("GET", "accounts:sign-out", EVERYBODY),
    ("POST", "accounts:sign-out", "r rr r r rr rrr rrr"),
    ("GET", "accounts:profile", SIGNED_IN),
    ("GET", "accounts:password", SIGNED_IN),
    ("POST", "accounts:password", SIGNED_IN),
    ("GET", "accounts:client-list", "s nn n n nn nnn nyn"),
    ("GET", "accounts:client-add", "s nn n n nn nnn nyn"),
    ("POST", "accounts:client-add", "s nn n n nn nnn nyn"),
    ("POST", "accounts:token-issue", "s nn n n nn nnn nyn"),
    ("POST", "accounts:token-revoke", "s nn n n nn nnn nyn"),
    ("POST", "accounts:client-disable", "s nn n n nn nnn nyn"),
    ("GET", "accounts:client", "s nn n n nn nnn nyn"),
    ("GET", "accounts:client-edit", "s nn n n nn nnn nyn"),
    ("POST", "accounts:client-edit", "s nn n n nn nnn nyn"),
    ("GET", "webhooks:of-client", "s nn n n nn nnn nyn"),
    ("POST", "webhooks:of-client", "s nn n n nn nnn nyn"),
    ("POST", "webhooks:rotate", "s nn n n nn nnn nyn"),
    ("POST", "webhooks:stop-or-resume", "s nn n n nn nnn nyn"),
    ("GET", "webhooks:dead", "s nn n n nn nnn nyn"),
    ("POST", "webhooks:dead", "s nn n n nn nnn nyn"),
    ("GET", "corrections:list", READERS),
    ("GET", "corrections:correction", "s yy y - -- yyy nnn"),  # the supporting bureau has reported it to the lead
    ("POST", "corrections:correction", "s yy n - -- ynn nnn"),
    ("GET", "history:audit", "s nn n n nn nnn nny"),
    ("GET", "relations:city-list", READERS),
    ("GET", "relations:city", "s yy y y y- yyy nnn"),  # a Japanese city
    ("GET", "relations:agreement", "s yy y y y- yyy nnn"),
    ("GET", "industries:industry-list", READERS),
    ("GET", "indicators:indicator-list", READERS),
    ("GET", "indicators:indicator", READERS),
    ("GET", "indicators:observation", "s yy y y y- yyy nnn"),
    ("GET", "indicators:judgement", "s nn n n nn yny nnn"),
    ("POST", "indicators:judgement", "s nn n n nn yny nnn"),
    ("GET", "indicators:source-list", READERS),
    ("GET", "taskbooks:book-list", READERS),
    ("GET", "taskbooks:import-new", "s nn n n nn ynn nnn"),
    ("POST", "taskbooks:import-new", "s nn n n nn ynn nnn"),
    ("POST", "taskbooks:import-new-apply", "s nn n n nn ynn nnn"),
    ("POST", "taskbooks:import-new-read", "s nn n n nn ynn nnn"),
    ("GET", "taskbooks:city-tasks", "s yy y y yy yyy ---"),
    ("GET", "taskbooks:book", IN_BOOK),
    ("GET", "taskbooks:counts", IN_BOOK),
    ("GET", "taskbooks:check", IN_BOOK),
    ("GET", "taskbooks:rows", IN_BOOK),
    ("PATCH", "taskbooks:rows", IN_BOOK),  # row by row: what each may write is told in the answer
    ("POST", "taskbooks:grid-settings", IN_BOOK),
    ("GET", "taskbooks:print", IN_BOOK),
    ("GET", "taskbooks:export-xlsx", IN_BOOK),
    ("GET", "taskbooks:export-csv", IN_BOOK),
    ("GET", "taskbooks:life", IN_BOOK),
    ("POST", "taskbooks:parts-due", "s nn n - n- ynn ---"),
    ("GET", "taskbooks:move", "s nn n - n- ynn ---"),  # assembling
    ("POST", "taskbooks:move", "s nn n - n- ynn ---"),
    ("POST", "taskbooks:all-parts", "s nn n - n- ynn ---"),
    ("GET", "taskbooks:part", "s ny n - n- ynn ---"),  # the head of the lead bureau submits
    ("POST", "taskbooks:part", "s ny n - n- ynn ---"),
    ("GET", "taskbooks:signature", "s nn n - n- nnn ---"),  # nobody signs a draft
    ("POST", "taskbooks:signature", "s nn n - n- nnn ---"),
    ("GET", "taskbooks:paper", IN_BOOK),
    ("GET", "taskbooks:compare-paper", IN_BOOK),
    ("GET", "taskbooks:version", IN_BOOK),
    ("GET", "taskbooks:compare", IN_BOOK),
    ("GET", "taskbooks:import", "s nn n - n- ynn ---"),
    ("POST", "taskbooks:import", "s nn n - n- ynn ---"),
    ("POST", "taskbooks:import-apply", "s nn n - n- ynn ---"),
    ("POST", "taskbooks:import-read", "s nn n - n- ynn ---"),
    ("GET", "taskbooks:import-conflicts", "s nn n - n- -nn ---"),
    ("GET", "taskbooks:deleted", "s nn n - n- ynn ---"),
    ("POST", "taskbooks:restore", "s -- - - -- y-- ---"),
    ("GET", "taskbooks:add", "s nn n - n- ynn ---"),
    ("POST", "taskbooks:add", "s nn n - n- ynn ---"),
    ("GET", "taskbooks:task", IN_BOOK),
    ("GET", "taskbooks:row", IN_BOOK),
    ("GET", "taskbooks:history", IN_BOOK),
    ("GET", "taskbooks:edit", "s yy n - n- ynn ---"),
    ("POST", "taskbooks:edit", "s yy n - n- ynn ---"),
    ("POST", "taskbooks:resolve", "s yy n - n- ynn ---"),
    ("POST", "taskbooks:delete", "s nn n - n- ynn ---"),
    ("GET", "plans:add-objective", "s nn n n nn ynn nnn"),
    ("POST", "plans:add-objective", "s nn n n nn ynn nnn"),
    ("GET", "plans:objective", "s nn n n nn ynn nnn"),
    ("POST", "plans:objective", "s nn n n nn ynn nnn"),
    ("POST", "plans:delete-objective", "s nn n n nn rnn nnn"),
    ("GET", "roadmap:calendar-links", READERS),
    ("POST", "roadmap:calendar-links", "s rr r r rr rrr nnn"),
    ("POST", "roadmap:calendar-revoke", "s r- - - -- --- nnn"),
    ("GET", "roadmap:calendar", "- -- - - -- --- ---"),  # nothing without the signed key
    ("GET", "roadmap:horizons", IN_BOOK_PAGES),
    ("GET", "roadmap:horizon-rows", IN_BOOK_PAGES),
    ("GET", "roadmap:index", READERS),
    ("GET", "roadmap:milestones", READERS),
    ("GET", "roadmap:map", IN_BOOK_PAGES),
    ("GET", "roadmap:data", IN_BOOK_PAGES),
    ("GET", "roadmap:drawer", IN_BOOK_PAGES),
    ("GET", "roadmap:task-drawer", IN_BOOK_PAGES),
    ("GET", "roadmap:moved", IN_BOOK_PAGES),
    ("GET", "roadmap:export-svg", IN_BOOK_PAGES),
    ("GET", "roadmap:export-pdf", IN_BOOK_PAGES),
    ("POST", "roadmap:preview", IN_BOOK_PAGES),  # writes nothing: readers may ask what a slip would drag along
    ("POST", "roadmap:apply", IN_BOOK_PAGES),  # each row decides; an empty request moves none
    ("POST", "roadmap:undo", "s yy n - n- ynn nnn"),
    ("GET", "roadmap:table", IN_BOOK_PAGES),
    ("GET", "roadmap:print", IN_BOOK_PAGES),
    ("GET", "roadmap:task-milestones", IN_BOOK_PAGES),
    ("GET", "roadmap:milestone", IN_BOOK_PAGES),
    ("POST", "roadmap:milestone", "s yy n - n- ynn nnn"),
    ("GET", "roadmap:add-milestone", "s yy n - n- ynn nnn"),
    ("POST", "roadmap:add-milestone", "s yy n - n- ynn nnn"),
    ("POST", "roadmap:delete-milestone", "s yy n - n- ynn nnn"),
    ("POST", "roadmap:restore-milestone", "s yy n - n- ynn nnn"),
    ("POST", "roadmap:add-evidence", "s yy y - n- ynn nnn"),  # the supporting bureau has a part
    ("GET", "roadmap:evidence-file", IN_BOOK_PAGES),
    ("POST", "roadmap:remove-evidence", "s yy y - n- ynn nnn"),
    ("POST", "roadmap:report", "s yy n - n- ynn nnn"),
    ("POST", "roadmap:verify", "s nn y - n- ynn nnn"),  # what the lead bureau reported, a supporting one verifies
    ("POST", "roadmap:send-back", "s nn y - n- ynn nnn"),
    ("POST", "roadmap:set-part", "s yy n - n- ynn nnn"),
    ("POST", "roadmap:finish-part", "s nn y - n- ynn nnn"),  # the part is the supporting bureau's
    ("POST", "roadmap:set-rules", "s yy n - n- ynn nnn"),
    ("POST", "roadmap:add-link", "s yy n - n- ynn nnn"),
    ("POST", "roadmap:remove-link", "s yy n - n- ynn nnn"),
    ("POST", "roadmap:set-estimate", "s yy n - n- ynn nnn"),
    ("GET", "roadmap:stone-risk", IN_BOOK_PAGES),
    ("GET", "roadmap:ask-extension", "s yy n - n- ynn nnn"),
    ("POST", "roadmap:ask-extension", "s yy n - n- ynn nnn"),
    ("GET", "roadmap:extension", IN_BOOK_PAGES),
    ("POST", "roadmap:extension", "s nn n - n- nnn nnn"),  # without a step nobody may; the steps have their own test
    ("GET", "roadmap:versions", IN_BOOK_PAGES),
    ("POST", "roadmap:versions", "s nn n - n- ynn nnn"),
    ("GET", "roadmap:review", IN_BOOK_PAGES),
    ("GET", "roadmap:start", "s nn n - n- ynn nnn"),
    ("POST", "roadmap:start", "s nn n - n- ynn nnn"),
    ("GET", "gaps:report-list", READERS),
    ("POST", "gaps:report-list", "s nn n n nn yny nnn"),
    ("GET", "gaps:report", READERS),  # compares Chinese cities
    ("GET", "gaps:compare", READERS),
    ("GET", "gaps:new-indicator-set", "s nn n n nn yny nnn"),
    ("POST", "gaps:new-indicator-set", "s nn n n nn yny nnn"),
    ("GET", "gaps:indicator-set", READERS),
    ("POST", "gaps:indicator-set", "s nn n n nn yny nnn"),
    ("GET", "gaps:new-benchmark-set", "s nn n n nn yny nnn"),
    ("POST", "gaps:new-benchmark-set", "s nn n n nn yny nnn"),
    ("GET", "gaps:benchmark-set", READERS),
    ("POST", "gaps:benchmark-set", "s nn n n nn yny nnn"),
    ("GET", "gaps:print", READERS),
    ("POST", "gaps:cancel", "s nn n n nn yny nnn"),
    ("POST", "gaps:again", "s nn n n nn yny nnn"),
    ("GET", "gaps:case", READERS),
    ("GET", "gaps:result", READERS),
    ("GET", "gaps:tables", READERS),
    ("GET", "gaps:document", READERS),
    ("GET", "gaps:what-if", READERS),
    ("POST", "gaps:what-if", "s nn n n nn yny nnn"),
    ("POST", "gaps:what-if-scores", READERS),
    ("GET", "gaps:trace", READERS),
    ("GET", "gaps:trace-score", READERS),
    ("GET", "dashboard:dashboard", READERS),
    ("GET", "dashboard:my", READERS),
    ("GET", "dashboard:wall", READERS),
    ("GET", "dashboard:print", READERS),
    ("GET", "dashboard:search", READERS),
    ("GET", "rest:docs", SIGNED_IN),
]

REST = [
    ("GET", "rest:index", f"{SIGNED_IN} yy y"),
    ("GET", "rest:schema", f"{SIGNED_IN} yy y"),
    ("GET", "rest:unknown", "- -- - - -- --- --- -- -"),
    ("GET", "rest:me-list", f"{SIGNED_IN} yy y"),
    ("GET", "rest:bureaus-list", f"{READERS} yy y"),
    ("GET", "rest:bureaus-detail", f"{READERS} yy y"),
    ("GET", "rest:jobs-list", f"{READERS} yy n"),
    ("GET", "rest:jobs-detail", "s y- - - -- yyy nnn -- n"),
    ("GET", "rest:regions-list", f"{READERS} yy y"),
    ("GET", "rest:regions-detail", "s yy y y y- yyy nnn yy y"),
    ("GET", "rest:industries-list", f"{READERS} yy y"),
    ("GET", "rest:cooperation-fields-list", f"{READERS} yy y"),
    ("GET", "rest:cooperation-fields-detail", f"{READERS} yy y"),
    ("GET", "rest:indicators-list", f"{READERS} yy y"),
    ("GET", "rest:indicators-detail", f"{READERS} yy y"),
    ("GET", "rest:observations-list", f"{READERS} yy y"),
    ("GET", "rest:observations-detail", "s yy y y y- yyy nnn yy y"),
    ("GET", "rest:data-sources-list", f"{READERS} yy y"),
    ("GET", "rest:data-sources-detail", f"{READERS} yy y"),
    ("GET", "rest:agreements-list", f"{READERS} yy y"),
    ("GET", "rest:agreements-detail", "s yy y y y- yyy nnn yy y"),
    ("GET", "rest:task-books-list", f"{READERS} yy n"),
    ("GET", "rest:task-books-detail", "s yy y - y- yyy nnn y- n"),
    ("GET", "rest:tasks-list", f"{READERS} yy n"),
    ("GET", "rest:tasks-detail", "s yy y - y- yyy nnn y- n"),
    ("PATCH", "rest:tasks-detail", "s yy n - n- ynn nnn y- n"),
    ("GET", "rest:milestones-list", f"{READERS} yy n"),
    ("GET", "rest:milestones-detail", "s yy y - y- yyy nnn y- n"),
    ("PATCH", "rest:milestones-detail", "s yy n - n- ynn nnn y- n"),
    ("GET", "rest:roadmaps-schedule", "s yy y - y- yyy nnn y- n"),
    ("POST", "rest:roadmaps-preview", "s yy y - y- yyy nnn y- n"),
    ("POST", "rest:roadmaps-move", "s yy y - y- ynn nnn y- n"),  # each row decides; an empty request moves none
    ("POST", "rest:roadmaps-undo", "s yy n - n- ynn nnn y- n"),
    ("GET", "rest:roadmaps-versions", "s yy y - y- yyy nnn y- n"),
    ("GET", "rest:roadmaps-changes", "s yy y - y- yyy nnn y- n"),
    ("GET", "rest:roadmaps-risk", "s yy y - y- yyy nnn y- n"),
    ("GET", "rest:roadmaps-domino", "s yy y - y- yyy nnn y- n"),
    ("GET", "rest:milestones-life", "s yy y - y- yyy nnn y- n"),
    ("POST", "rest:milestones-report", "s yy y - y- ynn nnn y- n"),  # an empty request is refused before the rule
    ("POST", "rest:milestones-verify", "s yy y - y- ynn nnn y- n"),
    ("POST", "rest:milestones-send-back", "s yy y - y- ynn nnn y- n"),
    ("GET", "rest:extension-requests-list", f"{READERS} yy n"),
    ("POST", "rest:extension-requests-list", "s yy y y yy ynn nnn yy n"),  # without a milestone
    ("GET", "rest:extension-requests-detail", "s yy y - y- yyy nnn y- n"),
    ("GET", "rest:extension-requests-consequences", "s yy y - y- yyy nnn y- n"),
    ("POST", "rest:extension-requests-approve", "s yy n - n- ynn nnn y- n"),
    ("POST", "rest:extension-requests-refuse", "s yy n - n- ynn nnn y- n"),
    ("POST", "rest:extension-requests-withdraw", "s yy n - n- ynn nnn y- n"),
    ("GET", "rest:gap-reports-list", f"{READERS} yy n"),
    ("GET", "rest:gap-reports-detail", f"{READERS} yy n"),
    ("POST", "rest:gap-reports-list", "s nn n n nn yny nnn yy n"),
    ("GET", "rest:industries-detail", f"{READERS} yy y"),
    ("GET", "rest:catalog", f"{SIGNED_IN} yy y"),
    ("GET", "rest:corrections-list", f"{READERS} yy n"),
    ("POST", "rest:corrections-list", f"{READERS} yy n"),
    ("GET", "rest:corrections-detail", "s yy y - -- yyy nnn y- n"),
    ("PATCH", "rest:corrections-detail", "s yy n - -- ynn nnn nn n"),  # systems report, people answer
    ("GET", "rest:changes", f"{READERS} yy y"),  # whatever of it one may read
    ("GET", "rest:changes-lag", f"{SIGNED_IN} yy y"),
    ("GET", "rest:export", f"{READERS} yy n"),  # of tasks
    ("GET", "rest:exports", f"{SIGNED_IN} yy y"),  # one's own
    ("POST", "rest:exports", f"{SIGNED_IN} yy y"),
    ("GET", "rest:exports-detail", "s y- - - -- --- --- -- -"),  # asked for by the official of the lead bureau
    ("GET", "rest:exports-file", "s y- - - -- --- --- -- -"),
]

GAP_PAGES = ("print", "again", "case", "result", "tables", "what-if", "what-if-scores")


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf and the methods that it answers, as far as that can be told from outside."""

    name: str
    methods: frozenset[str]


def addresses(resolver=None, namespaces=()) -> list[Address]:
    """Every address of the portal except Django's administration, which has a test of its own."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace != "admin":
                inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
                found += addresses(pattern, inner)
            continue
        found.append(
            Address(":".join([*namespaces, pattern.name or str(pattern.pattern)]), methods_of(pattern.callback))
        )
    return found


def methods_of(view) -> frozenset[str]:
    """Methods of a viewset's routes or of a class-based view; nothing is known of a plain function."""
    if actions := getattr(view, "actions", None):
        return frozenset(m.upper() for m in actions if m != "head")
    cls = getattr(view, "view_class", None)
    return frozenset(m.upper() for m in ("get", "post", "patch", "delete", "put") if hasattr(cls, m))


def test_every_address_and_method_has_a_row():
    rows = {}
    for method, name, _letters in PAGES + REST:
        rows.setdefault(name, set()).add(method)
    missing = [a.name for a in addresses() if a.name not in rows]
    missing += [f"{m} {a.name}" for a in addresses() for m in a.methods - rows.get(a.name, set(a.methods))]
    assert not missing, f"addresses without a row in this table: {missing}"
    known = {a.name for a in addresses()}
    assert not set(rows) - known, f"rows without an address: {set(rows) - known}"


@pytest.mark.parametrize(("method", "name", "letters"), PAGES + REST, ids=lambda value: str(value).replace(" ", ""))
def test_rows_are_complete(method, name, letters):
    columns = len(PEOPLE) + (len(TOKENS) if (method, name, letters) in REST else 0)
    assert len(letters.replace(" ", "")) == columns


class TestPermissionTable(TestCase):
    """Every cell of the table, on one small world."""

    @classmethod
    def setUpTestData(cls):
        lead, support, other = make_bureau("市商务局"), make_bureau("市文旅局"), make_bureau("市教育局")
        japan, korea = make_bureau(seat_country="JP"), make_bureau(seat_country="KR")
        centre = make_bureau("市发展改革委", coordinates=True)
        cls.people = {
            "own": make_user(Role.OFFICIAL, bureau=lead),
            "head": make_user(Role.HEAD, bureau=lead),
            "support": make_user(Role.OFFICIAL, bureau=support),
            "other": make_user(Role.OFFICIAL, bureau=other),
            "japan": make_user(Role.OFFICIAL, bureau=japan),
            "korea": make_user(Role.OFFICIAL, bureau=korea),
            "coordinator": make_user(Role.COORDINATOR, bureau=centre),
            "leader": make_user(Role.LEADER),
            "analyst": make_user(Role.ANALYST),
            "system": make_user(Role.SYSTEM_ADMIN),
            "security": make_user(Role.SECURITY_ADMIN),
            "audit": make_user(Role.AUDIT_ADMIN),
        }
        cls.tokens = {
            "token_own": make_client_token(lead, SCOPES),
            "token_other": make_client_token(other, SCOPES),
            "token_reference": make_client_token(lead, ["reference:read"]),
        }
        cls.kwargs = cls._world(lead, support)

    @classmethod
    def _world(cls, lead, support) -> dict[str, dict]:
        """Objects for the addresses that name one: {address: keyword arguments}."""
        from partners.industries.models import CooperationField, Industry
        from planning.roadmap.models import Shift
        from planning.roadmap.services.calendar_links import make_calendar_link
        from tests.partners.factories import make_region

        world = make_world()
        city = make_region("JP-40100", "北九州市")
        figure = make_observation(city, world["indicators"]["gdp"], 2019, 5, world["source"])
        agreement = make_agreement(world["regions"]["CN-210200"], city, world["source"])
        task = make_task(make_book(), lead=lead, units=(support,), countries=["JP"], start=date(2026, 1, 5))
        gone = make_task(task.book, lead=lead, countries=["JP"], deleted_at="2026-11-01T00:00:00Z")
        programme = task.book.programme.code
        objective = make_objective(make_plan(task.book.programme))
        stone, lost = make_stone(task), make_stone(task, deleted_at="2026-11-01T00:00:00Z")
        line = {"kind": "milestone", "id": str(stone.pk), "before": {}, "after": {}, "version": stone.version}
        shift = Shift.objects.create(book=task.book, reason="港口检修", by_label="王1", lines=[line])
        job = enqueue(kind="slow_work", params={}, by=cls.people["own"])
        export = ask(choices=[Choice(exported.resources()["tasks"])], kind=Format.NDJSON, by=cls.people["own"])
        run_export(str(export.pk))
        owner = make_client(lead, ["gaps:read"])
        token = services.issue_token(client=owner).token
        endpoint = Endpoint.objects.create(client=owner, url="https://198.51.100.7/", resources=["gap-reports"])
        EndpointState.objects.create(endpoint=endpoint, position=0)
        correction = report_error(resource="tasks", object_id=task.pk, message="x", by=cls.people["support"])
        industry = Industry.objects.first() or cls._industry(Industry)
        computed = compute(start(world, benchmark="mean"))
        book = task.book.code
        stone_of = {"book": book, "pk": stone.pk}
        row = {"code": book, "no": task.code}
        task_book = {
            f"taskbooks:{n}": {"code": book}
            for n in (
                "book",
                "counts",
                "rows",
                "grid-settings",
                "print",
                "check",
                "life",
                "parts-due",
                "compare",
                "export-xlsx",
                "export-csv",
                "import",
                "import-apply",
                "import-read",
                "import-conflicts",
                "deleted",
                "add",
            )
        }
        rows = {f"taskbooks:{n}": row for n in ("task", "row", "edit", "resolve", "delete", "history")}
        names = "map data moved export-svg export-pdf preview apply table print versions review start".split()
        maps = {f"roadmap:{n}": {"book": book} for n in names} | cls._life(stone, lead, support)
        return (
            task_book
            | rows
            | maps
            | {
                "taskbooks:move": {"code": book, "name": "assemble"},
                "taskbooks:paper": {"code": book, "kind": "docx"},
                "taskbooks:compare-paper": {"code": book, "kind": "docx"},
                "taskbooks:all-parts": {"code": book, "name": "accept"},
                "taskbooks:part": {"code": book, "bureau": lead.code, "name": "submit"},
                "taskbooks:signature": {"code": book, "bureau": lead.code, "name": "sign"},
                "taskbooks:version": {"code": book, "edition": cls._issued(task.book, lead).edition},
                "taskbooks:restore": {"code": book, "key": gone.pk},
                "taskbooks:city-tasks": {"code": city.code},
                "roadmap:horizons": {"code": programme},
                "roadmap:horizon-rows": {"code": programme},
                "plans:add-objective": {"code": programme},
                "plans:objective": {"code": programme, "pk": objective.pk},
                "plans:delete-objective": {"code": programme, "pk": objective.pk},
                "roadmap:milestone": stone_of,
                "roadmap:calendar-revoke": {"pk": make_calendar_link(by=cls.people["own"]).pk},
                "roadmap:undo": {"book": book, "pk": shift.pk},
                "roadmap:drawer": stone_of,
                "roadmap:task-drawer": {"book": book, "code": task.code},
                "roadmap:delete-milestone": stone_of,
                "roadmap:restore-milestone": {"book": book, "pk": lost.pk},
                "roadmap:task-milestones": {"book": book, "code": task.code},
                "roadmap:add-milestone": {"book": book, "code": task.code},
                "jobs:job": {"pk": job.pk},
                "jobs:progress": {"pk": job.pk},
                "accounts:token-issue": {"pk": owner.pk},
                "accounts:client-disable": {"pk": owner.pk},
                "accounts:client": {"pk": owner.pk},
                "accounts:client-edit": {"pk": owner.pk},
                "webhooks:of-client": {"pk": owner.pk},
                "webhooks:rotate": {"pk": endpoint.pk},
                "webhooks:stop-or-resume": {"pk": endpoint.pk},
                "corrections:correction": {"pk": correction.pk},
                "rest:corrections-detail": {"id": correction.pk},
                "accounts:token-revoke": {"pk": token.pk},
                "relations:city": {"code": city.code},
                "relations:agreement": {"code": agreement.code},
                "indicators:indicator": {"code": "gdp"},
                "indicators:observation": {"code": "gdp", "key": figure.pk},
                "indicators:judgement": {"code": "gdp"},
                "gaps:report": {"pk": start(world).pk},
                "gaps:indicator-set": {"code": world["indicator_set"].code},
                "gaps:benchmark-set": {"code": world["benchmark_set"].code},
                "gaps:cancel": {"pk": start(world).pk},
                **{f"gaps:{n}": {"pk": computed.pk} for n in GAP_PAGES},
                "gaps:document": {"pk": computed.pk, "form": "docx"},
                "gaps:trace": {"pk": computed.pk, "code": "gdp"},
                "gaps:trace-score": {"pk": computed.pk, "region": "CN-210200"},
                "rest:bureaus-detail": {"code": lead.code},
                "rest:jobs-detail": {"id": job.pk},
                "rest:regions-detail": {"code": city.code},
                "rest:industries-detail": {"code": industry.code},
                "rest:cooperation-fields-detail": {"code": CooperationField.objects.first().code},
                "rest:indicators-detail": {"code": "gdp"},
                "rest:observations-detail": {"id": figure.pk},
                "rest:data-sources-detail": {"code": world["source"].code},
                "rest:agreements-detail": {"code": agreement.code},
                "rest:task-books-detail": {"code": book},
                "rest:tasks-detail": {"id": task.pk},
                "rest:milestones-detail": {"id": stone.pk},
                "rest:roadmaps-schedule": {"code": book},
                "rest:roadmaps-preview": {"code": book},
                "rest:roadmaps-move": {"code": book},
                "rest:roadmaps-undo": {"code": book, "shift": shift.pk},
                "rest:gap-reports-detail": {"id": start(world).pk},
                "rest:export": {"resource": "tasks", "kind": "ndjson"},
                "rest:exports-detail": {"pk": export.pk},
                "rest:exports-file": {"pk": export.pk},
            }
        )

    @staticmethod
    def _industry(model):
        return model.objects.create(code="C", name_zh="制造业", scheme="isic4", level="section")

    @classmethod
    def _life(cls, stone, lead, support) -> dict[str, dict]:
        """A milestone that was reported with a file, asked to be extended, and shared with ``support``."""
        from planning.roadmap.models import Evidence, ExtensionRequest, Milestone, MilestonePart

        book = stone.task.book.code
        other = make_stone(stone.task, reported_on=date(2026, 11, 2), reported_by=lead)
        file = Evidence.objects.create(milestone=stone, name="a.pdf", size=5, sha256="", by_label="王1")
        file.file.save("a.pdf", ContentFile(b"%PDF-"))
        cls.addClassCleanup(file.file.storage.delete, file.file.name)
        part = MilestonePart.objects.create(milestone=stone, bureau=support, content="x")
        request = ExtensionRequest.objects.create(
            milestone=Milestone.objects.get(pk=stone.pk), old_due=stone.due, new_due=date(2030, 1, 1), reason="x"
        )
        of = {"book": book, "pk": stone.pk}
        requests = ("consequences", "approve", "refuse", "withdraw")
        steps = "add-evidence report set-part set-rules add-link set-estimate stone-risk ask-extension".split()
        reported = {f"roadmap:{n}": {"book": book, "pk": other.pk} for n in ("verify", "send-back")}
        return (
            {f"roadmap:{n}": of for n in steps}
            | reported
            | {
                "roadmap:evidence-file": of | {"key": file.pk},
                "roadmap:remove-evidence": of | {"key": file.pk},
                "roadmap:finish-part": of | {"key": part.pk},
                "roadmap:remove-link": of | {"key": other.pk},
                "roadmap:extension": {"book": book, "pk": request.pk},
                **{f"rest:extension-requests-{n}": {"id": request.pk} for n in ("detail", *requests)},
                **{f"rest:roadmaps-{n}": {"code": book} for n in ("versions", "changes", "risk", "domino")},
                **{f"rest:milestones-{n}": {"id": stone.pk} for n in ("life", "report", "verify", "send-back")},
            }
        )

    @staticmethod
    def _issued(book, bureau):
        """A frozen version of the draft ``book``, and a signature that was asked of ``bureau``."""
        from planning.taskbooks.models import BookVersion, Countersignature

        Countersignature.objects.create(book=book, bureau=bureau)
        return BookVersion.objects.create(
            book=book, edition="1.0", number="1", issued_on=date(2026, 1, 5), rows=[], digest=""
        )

    def test_pages(self):
        found = self.surprises(PAGES, PEOPLE)
        assert not found, "\n".join(found)

    def test_rest(self):
        found = self.surprises(REST, PEOPLE + TOKENS)
        assert not found, "\n".join(found)

    def surprises(self, rows, actors) -> list[str]:
        """Cells in which something else happened than the table says."""
        browsers = {actor: self.browser(actor) for actor in actors}
        found = []
        for method, name, letters in rows:
            url = "/api/v1/nothing-here/" if name == "rest:unknown" else reverse(name, kwargs=self.kwargs.get(name))
            for actor, wanted in zip(actors, letters.replace(" ", ""), strict=True):
                client, headers = browsers[actor]
                status, letter = self.ask(client, method, url, headers)
                if letter != wanted and not (wanted == "y" and letter == "r" and method != "GET"):
                    found.append(f"{method} {name} as {actor}: {letter} ({status}) instead of {wanted}")
        return found

    def browser(self, actor):
        client = Client(raise_request_exception=False)
        if actor in self.people:
            client.force_login(self.people[actor])
        return client, bearer(self.tokens[actor]) if actor in self.tokens else {}

    def ask(self, client, method, url, headers) -> tuple[int, str]:
        """Ask, undo what was written, and say which letter the answer is."""
        cookies = client.cookies.copy()
        if url.startswith("/api/"):
            headers = headers | {"content_type": "application/json"}
        try:
            with transaction.atomic():
                answer = getattr(client, method.lower())(url, **headers)
                transaction.set_rollback(True)
        finally:
            client.cookies = cookies
        return answer.status_code, letter_of(answer, method)


def letter_of(answer, method: str) -> str:
    status = answer.status_code
    if status == 401 or (status == 302 and answer["Location"].startswith("/accounts/sign-in/?")):
        return "s"
    if status in (403, 404):
        return {403: "n", 404: "-"}[status]
    if status == 302:
        return "r"
    fine = status < 400 or (method != "GET" and status in (400, 409, 412, 415, 422, 428, 429))
    return "y" if fine or (status == 503 and method == "GET") else f"error {status}"


ADMINISTRATION = {"accounts.apiclient": Role.SECURITY_ADMIN, "history.change": Role.AUDIT_ADMIN}


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_each_administration_list_opens_for_one_administrator_only(client, role):
    client.force_login(make_user(role))
    for model in admin.site._registry:
        answer = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        allowed = role == ADMINISTRATION.get(model._meta.label_lower, Role.SYSTEM_ADMIN)
        wanted = 200 if allowed else 403 if role.value.endswith("_admin") else 302
        assert answer.status_code == wanted, model
