"""Asking for a gap run."""

import hashlib
import json
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from dalian_coop.jobs import services as jobs
from dalian_coop.jobs.enums import JobState
from partners.regions.models import Region
from planning.gaps.enums import BenchmarkKind, Imputation, Normalisation, Weighting, YearRule
from planning.gaps.models import BenchmarkSet, GapRun, IndicatorSet
from planning.gaps.services.building import figures_of
from planning.gaps.services.documents import engine_stamp
from planning.gaps.services.trees import keep_version

JOB_KIND = "gap_run"
FIRST_YEAR = 1900
MOST_REPLICATIONS = 200_000
CHOICES = {"normalisation": Normalisation, "imputation": Imputation, "weights": Weighting}


@transaction.atomic
def start_run(
    *,
    benchmark_set: BenchmarkSet,
    indicator_set: IndicatorSet,
    year_rule: str = YearRule.COMMON,
    year: int | None = None,
    benchmark: str = BenchmarkKind.LEADER,
    reference: Region | None = None,
    params: dict[str, Any] | None = None,
    seed: int = 0,
    previous: GapRun | None = None,
    by,
) -> GapRun:
    """Write down a run and hand it to a worker; its ``job`` shows how far it is.

    ``year`` belongs to the rule of one year only, ``reference`` (a region of the set) to the benchmark "named
    region" only. ``params``: normalisation, imputation, weights, treatment, replications, node_weights (weights by
    node code instead of those of the set). Two requests that must give the same report share one run: the one that
    is there comes back. Raises ``ValidationError``, and ``NotAllowed`` when the actor may not start runs.
    """
    if not by.has_perm(Perm.RUN_GAPS):
        raise NotAllowed(_("Only coordinators and analysts start gap analyses."))
    _check(benchmark_set, indicator_set, year_rule, year, benchmark, reference)
    choices = {
        "benchmark_set": benchmark_set,
        "indicator_set": indicator_set,
        "year_rule": year_rule,
        "year": year,
        "benchmark": benchmark,
        "reference": reference,
        "params": _checked_params(params or {}, indicator_set),
        "seed": seed,
    }
    key = request_key(choices)
    with connection.cursor() as cursor:  # two people who press the button at once wait for each other here
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    if shared := same_run(key):
        return shared
    keep_version(indicator_set=indicator_set)
    job = jobs.enqueue(
        kind=JOB_KIND, params={"benchmark_set": benchmark_set.code, "indicator_set": indicator_set.code}, by=by
    )
    return GapRun.objects.create(
        **choices,
        request_key=key,
        benchmark_set_version=benchmark_set.version,
        indicator_set_version=indicator_set.version,
        previous=previous,
        job=job,
        created_by=job.created_by,
        client=job.client,
    )


def same_run(key: str) -> GapRun | None:
    """A run of the same request that has its report or is on the way to it."""
    alive = [JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED]
    found = GapRun.objects.filter(request_key=key, job__state__in=alive, cancelled_at=None)
    return found.select_related("job").defer("result", "case", "document").order_by("created_at").first()


def request_key(choices: dict[str, Any]) -> str:
    """Equal for two requests whose reports must be equal: sets as they stand, choices, code, and the figures.

    Of the figures number and time of the last change are taken: any write that could change a report moves them.
    """
    benchmark_set, indicator_set = choices["benchmark_set"], choices["indicator_set"]
    members = list(benchmark_set.members.order_by("region__code").values_list("region__code", "version"))
    regions = [benchmark_set.own, *benchmark_set.regions.all()]
    nodes = list(indicator_set.nodes.order_by("code").values_list("code", "version", "indicator__version"))
    pairs = list(indicator_set.nodes.filter(indicator__isnull=False).values_list("indicator_id", "per_id"))
    indicators = {pk for pair in pairs for pk in pair if pk}
    stamp = figures_of([r.pk for r in regions], list(indicators)).aggregate(Count("pk"), Max("updated_at"))
    document = {
        "sets": [benchmark_set.code, benchmark_set.version, indicator_set.code, indicator_set.version],
        "members": members,
        "nodes": nodes,
        "choices": [choices["year_rule"], choices["year"], choices["benchmark"]],
        "reference": choices["reference"].code if choices["reference"] else None,
        "params": choices["params"],
        "seed": choices["seed"],
        "figures": stamp,
        "engine": engine_stamp(),
    }
    return hashlib.sha256(json.dumps(document, sort_keys=True, default=str).encode()).hexdigest()


def _checked_params(params: dict[str, Any], indicator_set: IndicatorSet) -> dict[str, Any]:
    """The choices of the method that differ from the default, so that the same request is written the same way."""
    found: dict[str, Any] = {}
    for name, choice in CHOICES.items():
        value = params.get(name) or choice.values[0]
        if value not in choice.values:
            raise ValidationError({name: [Error("unknown", _("This choice is not known."))]})
        if value != choice.values[0]:
            found[name] = str(value)
    if params.get("treatment"):
        found["treatment"] = True
    if replications := params.get("replications"):
        if not 100 <= replications <= MOST_REPLICATIONS:
            text = _("Give a number between %(first)d and %(last)d.") % {"first": 100, "last": MOST_REPLICATIONS}
            raise ValidationError({"replications": [Error("out_of_range", text)]})
        found["replications"] = int(replications)
    if weights := _node_weights(params.get("node_weights") or {}, indicator_set):
        found["node_weights"] = weights
    return found


def _node_weights(weights: dict[str, Any], indicator_set: IndicatorSet) -> dict[str, float]:
    known = dict(indicator_set.nodes.values_list("code", "weight"))
    found = {}
    for code, weight in weights.items():
        if code not in known or isinstance(weight, bool) or not isinstance(weight, int | float):
            raise ValidationError({"node_weights": [Error("unknown", _("“%(code)s” is no node.") % {"code": code})]})
        if not 0 <= weight <= 100_000:
            text = _("The weight of “%(code)s” must be 0 or more.") % {"code": code}
            raise ValidationError({"node_weights": [Error("out_of_range", text)]})
        if float(weight) != float(known[code]):
            found[code] = float(weight)
    return dict(sorted(found.items()))


def _check(benchmark_set, indicator_set, year_rule, year, benchmark, reference) -> None:
    found = {
        "year": _year_error(year_rule, year),
        "reference": _reference_error(benchmark_set, benchmark, reference),
        "benchmark_set": None,
        "indicator_set": None,
    }
    if not benchmark_set.members.exists():
        found["benchmark_set"] = Error("empty", _("This benchmark set has no regions."))
    if not indicator_set.nodes.filter(indicator__isnull=False).exists():
        found["indicator_set"] = Error("empty", _("This indicator set has no indicators."))
    if errors := {name: [error] for name, error in found.items() if error}:
        raise ValidationError(errors)


def _year_error(year_rule: str, year: int | None) -> Error | None:
    if year_rule != YearRule.ONE_YEAR:
        text = _("A year is used only with the rule “One year for everything”.")
        return None if year is None else Error("not_used", text)
    if year is None:
        return Error("required", _("Give the year to compare."))
    last = timezone.localdate().year
    if not FIRST_YEAR <= year <= last:
        text = _("Give a year between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": last}
        return Error("out_of_range", text)
    return None


def _reference_error(benchmark_set: BenchmarkSet, benchmark: str, reference: Region | None) -> Error | None:
    if benchmark != BenchmarkKind.REGION:
        text = _("A region is used only with the benchmark “A named region”.")
        return None if reference is None else Error("not_used", text)
    if reference is None:
        return Error("required", _("Choose the region to compare with."))
    if not benchmark_set.members.filter(region=reference).exists():
        return Error("not_in_set", _("This region is not in the benchmark set."))
    return None
