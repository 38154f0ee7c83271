"""Programmes, plans and measures are made once and found afterwards."""

import pytest

from dalian_coop.base.errors import ValidationError
from planning.plans import services
from planning.plans.enums import Horizon
from planning.plans.models import Measure, Plan, Programme
from tests.planning.factories import make_book, make_coordinator, make_field

pytestmark = pytest.mark.django_db


def test_a_programme_is_made_once():
    first = services.ensure_programme(code="jk", name_zh="深耕日韩", by=None)
    again = services.ensure_programme(code="jk", name_zh="别的名称", by=None)

    assert first == again
    assert Programme.objects.get().name_zh == "深耕日韩"


def test_a_plan_takes_the_given_years_and_counts_its_version():
    programme = make_book().programme
    services.ensure_plan(programme=programme, horizon=Horizon.SHORT, first_year=2026, last_year=2026, by=None)
    services.ensure_plan(programme=programme, horizon=Horizon.SHORT, first_year=2026, last_year=2027, by=None)

    plan = Plan.objects.get(programme=programme)
    assert (plan.first_year, plan.last_year, plan.version) == (2026, 2027, 2)


def test_a_plan_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValidationError) as e:
        services.ensure_plan(
            programme=make_book().programme, horizon=Horizon.LONG, first_year=2030, last_year=2029, by=None
        )
    assert e.value.codes == {"last_year": ["before_first"]}


def test_a_measure_number_stands_for_one_title():
    programme, field, by = make_book().programme, make_field(), make_coordinator()
    first = services.ensure_measure(programme=programme, field=field, code="1.1", title="扩大双向贸易", by=by)

    assert services.ensure_measure(programme=programme, field=field, code="1.1", title="扩大双向贸易", by=by) == first
    with pytest.raises(ValidationError) as e:
        services.ensure_measure(programme=programme, field=field, code="1.1", title="别的举措", by=by)
    assert e.value.codes == {"measure": ["measure_code_taken"]}
    assert Measure.objects.get(programme=programme) == first
