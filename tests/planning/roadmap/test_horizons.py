"""The tree of horizons: what stands where, completion by weight, what hangs loose, numbers that equal their rows."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dalian_coop.accounts.enums import Role
from planning.roadmap.engine.completion import completion
from planning.roadmap.selectors.horizons import NONE, Tree
from tests.factories import make_bureau, make_user
from tests.planning.factories import (
    make_book,
    make_coordinator,
    make_field,
    make_measure,
    make_objective,
    make_plan,
    make_task,
)
from tests.planning.roadmap.factories import make_stone

TODAY = date(2026, 11, 24)


def test_completion_weighs_the_tasks():
    done = completion([(Decimal(3), 100), (Decimal(1), 20)])
    assert (done.percent, done.weight, done.unweighted, done.alike) == (80.0, Decimal(4), 0, False)


def test_a_task_without_weight_is_left_out_and_told():
    done = completion([(Decimal(2), 50), (None, 100)])
    assert (done.percent, done.unweighted, done.alike) == (50.0, 1, False)


def test_without_any_weight_all_count_alike():
    done = completion([(None, 100), (None, 0), (Decimal(0), 50)])
    assert (done.percent, done.alike) == (50.0, True)
    assert completion([]).percent is None


@pytest.fixture
def programme(db):
    """Short and medium plan; objective S1 leads to M1; measure 1.1 serves both, 2.1 none, 3.1 has no task."""
    book = make_book(code="jk")
    programme = book.programme
    short, medium = make_plan(programme), make_plan(programme, "medium", 2027, 2028)
    first = make_measure(programme, "1.1", field=make_field("经贸"))
    second = make_measure(programme, "2.1", field=make_field("文化"))
    make_measure(programme, "3.1", field=make_field("科技"))
    goal = make_objective(medium, first, code="M1")
    make_objective(short, first, code="S1", parent=goal, weight=Decimal(60))
    make_objective(short, code="S2")
    lead = make_bureau()
    for code, measure, horizon, weight, progress in (
        ("1.1.1", first, "short", 3, 100), ("1.1.2", first, "short", 1, 20), ("1.1.3", first, "medium", 2, 50),
        ("2.1.1", second, "short", None, 10), ("2.1.2", second, "", 5, 0),
    ):  # fmt: skip
        task = make_task(book, lead=lead, measure=measure, code=code, horizon=horizon, weight=weight, progress=progress)
        make_stone(task, done_on=date(2026, 6, 1) if progress == 100 else None)
    return programme


def test_the_tree_holds_every_task_once_where_it_belongs(programme):
    root = Tree(programme, make_coordinator(), TODAY).root()
    short, medium, stray = root.children
    assert [(node.kind, node.title[:2], node.tasks) for node in short.children] == [
        ("objective", "S1", 2),
        ("objective", "S2", 0),
        ("none", "", 1),
    ]
    assert short.children[0].done.percent == 80.0
    assert (short.children[0].stones, short.children[0].reached) == (2, 1)
    assert [node.tasks for node in medium.children] == [1]
    assert [line.code for line in stray.lines] == ["2.1.2"]
    assert root.tasks == short.tasks + medium.tasks + stray.tasks == 5


def test_what_hangs_loose_is_listed(programme):
    loose = Tree(programme, make_coordinator(), TODAY).loose()
    assert [line.code for line in loose.tasks] == ["2.1.1"]  # short, and its measure serves nothing medium-term
    assert [objective.code for objective in loose.objectives] == ["S2"]
    assert [measure.code for measure in loose.measures] == ["3.1"]
    assert loose.count == 3


def test_an_objective_that_leads_to_a_medium_one_is_a_parent_too(programme):
    tree = Tree(programme, make_coordinator(), TODAY)
    goal = next(o for o in tree.objectives if o.code == "M1")
    tree.served = {(o, m) for o, m in tree.served if o != goal.pk}  # only S1, which leads to M1, is served
    assert [line.code for line in tree.loose().tasks] == ["2.1.1"]


def test_rows_of_a_place(programme):
    tree = Tree(programme, make_coordinator(), TODAY)
    assert [line.code for line in tree.rows(horizon="short", objective=NONE)] == ["2.1.1"]
    assert [line.code for line in tree.rows(horizon=NONE)] == ["2.1.2"]
    assert [line.code for line in tree.rows(measure="1.1")] == ["1.1.1", "1.1.2", "1.1.3"]


def test_every_number_opens_as_many_rows(client, programme):
    client.force_login(make_coordinator())
    text = client.get(reverse("roadmap:horizons", args=[programme.code])).content.decode()
    links = re.findall(r'href="([^"]*)" data-count="(\d+)"', text)
    assert len(links) >= 17
    for address, count in links:
        page = client.get(unescape(address))
        assert page.status_code == 200
        assert page.content.decode().count("<tr data-row>") == int(count), address


def test_an_overseas_office_counts_its_own_rows_only(client, programme):
    book = programme.books.get()
    make_task(book, code="1.1.9", measure=programme.measures.get(code="1.1"), horizon="short", countries=["KR"])
    korea = make_user(Role.OFFICIAL, bureau=make_bureau("驻韩国代表处", seat_country="KR"))
    assert Tree(programme, korea, TODAY).root().tasks == 1


def test_the_number_of_queries_does_not_grow_with_the_rows(client, programme):
    client.force_login(make_coordinator())
    address = reverse("roadmap:horizons", args=[programme.code])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    book, measure, lead = programme.books.get(), programme.measures.get(code="1.1"), make_bureau()
    for n in range(10, 60):
        make_stone(make_task(book, lead=lead, measure=measure, code=f"1.1.{n}", horizon="short"))
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 14


def test_an_unknown_place_is_404(client, programme):
    client.force_login(make_coordinator())
    address = reverse("roadmap:horizon-rows", args=[programme.code])
    assert client.get(address, {"objective": "1; drop"}).status_code == 404
    assert client.get(address, {"horizon": "soon"}).status_code == 404
