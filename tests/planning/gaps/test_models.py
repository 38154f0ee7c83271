"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, InternalError, transaction

from planning.gaps.models import BenchmarkRegion, GapFinding, GapRun, IndicatorNode
from tests.planning.gaps.factories import compute, start


def refused(action, error=IntegrityError):
    with pytest.raises(error), transaction.atomic():
        action()


def test_result_can_be_written_once_only(finished):
    refused(lambda: GapRun.objects.filter(pk=finished.pk).update(result={}), InternalError)
    refused(lambda: GapRun.objects.filter(pk=finished.pk).update(year_rule="latest"), InternalError)
    refused(lambda: GapFinding.objects.filter(run=finished).update(own=1), InternalError)
    refused(lambda: GapFinding.objects.filter(run=finished).delete(), InternalError)


def test_result_without_its_time_or_hash_is_refused(world):
    run = start(world)
    refused(lambda: GapRun.objects.filter(pk=run.pk).update(result={"a": 1}))
    refused(lambda: GapRun.objects.filter(pk=run.pk).update(input_hash="x"))


def test_year_and_reference_go_with_their_choices(world):
    run = start(world)
    refused(lambda: GapRun.objects.filter(pk=run.pk).update(year=2019))
    refused(lambda: GapRun.objects.filter(pk=run.pk).update(year_rule="one_year"))
    refused(lambda: GapRun.objects.filter(pk=run.pk).update(benchmark="region"))


def test_rank_beyond_the_number_ranked_is_refused(world):
    run, indicator = start(world), world["indicators"]["gdp"]
    refused(lambda: GapFinding.objects.create(run=run, indicator=indicator, position=1, rank=5, n_ranked=4))
    refused(lambda: GapFinding.objects.create(run=run, indicator=indicator, position=1, rank=0, n_ranked=4))


def test_region_stands_in_a_set_once(world):
    member = world["benchmark_set"].members.first()
    refused(lambda: BenchmarkRegion.objects.create(benchmark_set=member.benchmark_set, region=member.region))


def test_weight_tree_keeps_its_shape(world):
    nodes = IndicatorNode.objects.filter(indicator_set=world["indicator_set"])
    leaf, root = nodes.get(code="leaf-gdp"), nodes.get(code="index")
    base = {"indicator_set": world["indicator_set"], "parent": root}
    refused(lambda: nodes.filter(pk=leaf.pk).update(weight=-1))
    refused(lambda: nodes.filter(pk=leaf.pk).update(name_zh="both a leaf and a dimension"))
    refused(lambda: nodes.filter(pk=leaf.pk).update(parent=None))
    refused(lambda: IndicatorNode.objects.create(**base, code="scale", name_zh="code twice"))
    refused(lambda: IndicatorNode.objects.create(**base, code="x", indicator=leaf.indicator))
    refused(lambda: IndicatorNode.objects.create(**base | {"parent": None}, code="x", name_zh="second root"))
    refused(lambda: IndicatorNode.objects.create(**base, code="x"))


def test_change_of_a_weight_is_in_the_history(world):
    leaf = IndicatorNode.objects.get(code="leaf-gdp")
    IndicatorNode.objects.filter(pk=leaf.pk).update(weight=2)
    assert [float(e.weight) for e in leaf.events.order_by("pgh_id")] == [3, 2]


def test_run_without_result_may_be_withdrawn_one_with_result_not(world):
    waiting, done = start(world, seed=1), compute(start(world))
    GapRun.objects.filter(pk=waiting.pk).delete()
    refused(lambda: GapRun.objects.filter(pk=done.pk)._raw_delete("default"), InternalError)
