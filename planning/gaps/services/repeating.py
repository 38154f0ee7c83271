"""Running again on the figures of today."""

from planning.gaps.models import GapRun
from planning.gaps.services.starting import start_run


def repeat_run(*, run: GapRun, by) -> GapRun:
    """The same question on the figures, sets and method of today; the new run will explain what changed.

    If nothing has changed, the run that answers it already comes back. Raises as ``start_run``.
    """
    return start_run(
        benchmark_set=run.benchmark_set,
        indicator_set=run.indicator_set,
        year_rule=run.year_rule,
        year=run.year,
        benchmark=run.benchmark,
        reference=run.reference,
        params=run.params,
        seed=run.seed,
        previous=run,
        by=by,
    )
