"""Objectives: who sets them, what is refused, and their pages."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from planning.plans.models import Objective
from planning.plans.services import delete_objective, save_objective
from tests.factories import make_user
from tests.planning.factories import make_book, make_coordinator, make_measure, make_objective, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_book().programme


@pytest.fixture
def plans(programme):
    return make_plan(programme), make_plan(programme, "medium", 2027, 2028)


def codes(refused) -> dict:
    return refused.value.codes


def test_an_objective_with_parent_weight_and_measures(programme, plans):
    short, medium = plans
    measures = [make_measure(programme, "1.1"), make_measure(programme, "1.2")]
    goal = make_objective(medium)
    made = save_objective(
        plan=short, code=" 1 ", title="目标", measures=measures, parent=goal, weight=Decimal(40), by=make_coordinator()
    )
    assert (made.code, made.parent, made.weight) == ("1", goal, 40)
    save_objective(
        objective=made, version=made.version, plan=short, code="1", title="改名", measures=measures[1:],
        by=make_coordinator(),
    )  # fmt: skip
    assert [link.measure for link in made.measure_links.all()] == measures[1:]


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"title": " "}, "title", "required"),
        ({"code": ""}, "code", "required"),
        ({"code": "T"}, "code", "code_taken"),
        ({"weight": Decimal(101)}, "weight", "out_of_range"),
        ({"weight": Decimal(-1)}, "weight", "out_of_range"),
    ],
)
def test_what_is_wrong_with_a_value(plans, values, field, code):
    make_objective(plans[0], code="T")
    with pytest.raises(ValidationError) as refused:
        save_objective(
            **{"plan": plans[0], "code": "9", "title": "目标", "measures": [], "by": make_coordinator()} | values
        )
    assert codes(refused) == {field: [code]}


def test_it_can_only_lead_to_a_longer_horizon_of_its_programme(plans):
    short, medium = plans
    other = make_objective(make_plan(make_book().programme, "long", 2029, 2030))
    for plan, parent in ((medium, make_objective(short)), (short, make_objective(short)), (short, other)):
        with pytest.raises(ValidationError) as refused:
            save_objective(plan=plan, code="1", title="目标", measures=[], parent=parent, by=make_coordinator())
        assert codes(refused) == {"parent": ["not_longer"]}


def test_a_measure_serves_one_objective_of_a_plan(programme, plans):
    measure = make_measure(programme, "1.1")
    make_objective(plans[0], measure)
    with pytest.raises(ValidationError) as refused:
        save_objective(plan=plans[0], code="1", title="目标", measures=[measure], by=make_coordinator())
    assert codes(refused) == {"measures": ["serves_another"]}
    save_objective(plan=plans[1], code="1", title="目标", measures=[measure], by=make_coordinator())


def test_a_measure_of_another_programme_is_refused(plans):
    foreign = make_measure(make_book().programme, "1.1")
    with pytest.raises(ValidationError) as refused:
        save_objective(plan=plans[0], code="1", title="目标", measures=[foreign], by=make_coordinator())
    assert codes(refused) == {"measures": ["other_programme"]}


def test_only_coordinators_and_only_on_the_current_version(plans):
    objective = make_objective(plans[0])
    values = {"plan": plans[0], "code": "1", "title": "目标", "measures": []}
    with pytest.raises(NotAllowed):
        save_objective(**values, by=make_user(Role.HEAD))
    with pytest.raises(NotAllowed):
        delete_objective(objective=objective, version=1, by=make_user(Role.LEADER))
    with pytest.raises(Conflict):
        save_objective(**values, objective=objective, version=7, by=make_coordinator())


def test_taking_away_needs_that_nothing_leads_to_it(plans):
    goal = make_objective(plans[1])
    child = make_objective(plans[0], parent=goal)
    with pytest.raises(ValidationError) as refused:
        delete_objective(objective=goal, version=1, by=make_coordinator())
    assert codes(refused) == {"": ["has_children"]}
    delete_objective(objective=child, version=1, by=make_coordinator())
    delete_objective(objective=goal, version=1, by=make_coordinator())
    assert not Objective.objects.exists()


def test_the_database_refuses_what_the_service_would(plans):
    objective = make_objective(plans[0], code="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_objective(plans[0], code="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Objective.objects.filter(pk=objective.pk).update(parent=objective)
    with pytest.raises(IntegrityError), transaction.atomic():
        Objective.objects.filter(pk=objective.pk).update(weight=101)


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(client, programme, plans):
    client.force_login(make_coordinator())
    address = reverse("plans:add-objective", args=[programme.code])
    make_objective(plans[0], code="1")
    answer = client.post(address, {"plan": plans[0].pk, "code": "1", "title": "我的目标", "version": 0})
    assert answer.status_code == 422
    assert "我的目标" in answer.content.decode()
    answer = client.post(address, {"plan": plans[0].pk, "code": "2", "title": "我的目标", "version": 0})
    assert answer.status_code == 302
    made = Objective.objects.get(code="2")
    page = reverse("plans:objective", args=[programme.code, made.pk])
    assert "我的目标" in client.get(page).content.decode()
    stale = {"plan": plans[0].pk, "code": "2", "title": "别的", "version": 5}
    assert client.post(page, stale).status_code == 409
    client.post(reverse("plans:delete-objective", args=[programme.code, made.pk]), {"version": 1})
    assert not Objective.objects.filter(pk=made.pk).exists()
