"""Asking for a gap run."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from dalian_coop.jobs import services as jobs
from partners.regions.models import Region
from planning.gaps.enums import BenchmarkKind, YearRule
from planning.gaps.models import BenchmarkSet, GapRun, IndicatorSet

JOB_KIND = "gap_run"
FIRST_YEAR = 1900


@transaction.atomic
def start_run(
    *,
    benchmark_set: BenchmarkSet,
    indicator_set: IndicatorSet,
    year_rule: str = YearRule.COMMON,
    year: int | None = None,
    benchmark: str = BenchmarkKind.LEADER,
    reference: Region | None = None,
    by,
) -> GapRun:
    """Write down a run and hand it to a worker; its ``job`` shows how far it is.

    ``year`` belongs to the rule of one year only, ``reference`` (a region of the set) to the benchmark "named
    region" only. Raises ``ValidationError``, and ``NotAllowed`` when the actor may not start runs.
    """
    if not by.has_perm(Perm.RUN_GAPS):
        raise NotAllowed(_("Only coordinators and analysts start gap analyses."))
    _check(benchmark_set, indicator_set, year_rule, year, benchmark, reference)
    job = jobs.enqueue(
        kind=JOB_KIND, params={"benchmark_set": benchmark_set.code, "indicator_set": indicator_set.code}, by=by
    )
    return GapRun.objects.create(
        benchmark_set=benchmark_set,
        indicator_set=indicator_set,
        year_rule=year_rule,
        year=year,
        benchmark=benchmark,
        reference=reference,
        job=job,
        created_by=job.created_by,
        client=job.client,
    )


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
