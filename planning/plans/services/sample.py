"""The objectives of the sample programme: invented and marked so, to show what the tree of horizons can do."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from dalian_coop.base.reference import rows
from planning.plans.models import Measure, Objective, Plan, Programme
from planning.plans.services.objectives import save_objective

FILE = Path(__file__).resolve().parents[1] / "data" / "objectives_sample.csv"
CODE = "jk-2026-2030"


@transaction.atomic
def load_sample_objectives(*, by: Any) -> int:
    """Add the sample's objectives, once: a programme that has any is left as people have made it. Returns how many."""
    programme = Programme.objects.filter(code=CODE, is_sample=True).first()
    if programme is None or Objective.objects.filter(plan__programme=programme).exists():
        return 0
    plans = {plan.horizon: plan for plan in Plan.objects.filter(programme=programme)}
    measures = {measure.code: measure for measure in Measure.objects.filter(programme=programme)}
    made: dict[str, Objective] = {}
    for _line, row in rows(FILE):
        if row["horizon"] not in plans:
            continue
        made[row["code"]] = save_objective(
            plan=plans[row["horizon"]], code=row["code"], title=row["title"], weight=Decimal(row["weight"]),
            parent=made.get(row["parent"]), by=by,
            measures=[measures[code] for code in row["measures"].split() if code in measures],
        )  # fmt: skip
    return len(made)
