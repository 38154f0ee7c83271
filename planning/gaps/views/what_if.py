"""What if: sliders for the weights and a choice of the benchmark, answered at once, without a run."""

import json
from functools import lru_cache

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import ValidationError
from partners.regions.models import Region
from planning.gaps import selectors, services
from planning.gaps.enums import BenchmarkKind
from planning.gaps.models import GapRun
from planning.gaps.selectors import what_if
from planning.gaps.views.reports import RunPage

MOST_BODY = 100_000
MOST_WEIGHT = 100_000
KEPT = 32  # results that a process keeps ready for the sliders


class WhatIfPage(RunPage):
    """The page with the sliders; POST makes a run of what they show."""

    def get(self, request, pk):
        run = self.computed(pk)
        report = selectors.Report(run)
        context = {
            "run": run,
            "report": report,
            "nodes": selectors.sliders(report),
            "kinds": [k for k in BenchmarkKind.choices if k[0] != BenchmarkKind.REGION],
            "start": {"names": {r["code"]: report.names.region(r["code"]) for r in run.result["regions"]}},
            "may_run": request.user.has_perm(Perm.RUN_GAPS),
        }
        return render(request, "gaps/what_if.html", context)

    def post(self, request, pk):
        if not request.user.has_perm(Perm.RUN_GAPS):
            raise PermissionDenied
        run = self.computed(pk)
        try:
            weights, kind, region = asked(request.POST.get("choice", ""), what_if.Basis.of(run.result))
            reference = Region.objects.filter(code=region).first() if region else None
            params = run.params | {"node_weights": (run.params.get("node_weights") or {}) | weights}
            made = services.start_run(
                benchmark_set=run.benchmark_set,
                indicator_set=run.indicator_set,
                year_rule=run.year_rule,
                year=run.year,
                benchmark=kind,
                reference=reference,
                params=params,
                seed=run.seed,
                by=request.user,
            )
        except ValueError:
            return render(request, "gaps/refused.html", {"run": run}, status=422)
        except ValidationError as error:
            return render(request, "gaps/refused.html", {"run": run, "error": error}, status=422)
        return redirect("gaps:report", pk=made.pk)


class WhatIfScores(RunPage):
    """Point results for other weights or another benchmark, as JSON; nothing is written."""

    def post(self, request, pk):
        basis = self.basis(pk)
        try:
            weights, kind, region = asked(request.body[: MOST_BODY + 1].decode(), basis)
        except ValueError as error:
            return JsonResponse({"error": str(error)}, status=422)
        return JsonResponse(what_if.evaluate(basis, weights, kind, region))

    def basis(self, pk) -> what_if.Basis:
        """Read once a process and run: a finished result never changes. Who may see it is asked every time."""
        visible = GapRun.objects.visible_to(self.request.user).computed().filter(pk=pk)
        if not visible.exists():
            raise Http404
        return _basis(pk)


@lru_cache(maxsize=KEPT)
def _basis(pk) -> what_if.Basis:
    return what_if.Basis.of(GapRun.objects.values_list("result", flat=True).get(pk=pk))


def asked(text: str, basis: what_if.Basis) -> tuple[dict[str, float], str, str | None]:
    """(weights by node, kind of benchmark, region) of a request. Raises ``ValueError`` with what is wrong."""
    if len(text) > MOST_BODY:
        raise ValueError("too long")
    body = json.loads(text)
    if not isinstance(body, dict) or not isinstance(body.get("weights", {}), dict):
        raise ValueError("an object with weights, kind and region is needed")
    nodes = {n["code"] for n in basis.tree}
    weights = {}
    for code, weight in body.get("weights", {}).items():
        number = isinstance(weight, int | float) and not isinstance(weight, bool)
        if code not in nodes or not number or not 0 <= weight <= MOST_WEIGHT:
            raise ValueError(f"weight of {code[:60]}")
        weights[code] = float(weight)
    kind, region = body.get("kind", BenchmarkKind.LEADER), body.get("region")
    if kind not in BenchmarkKind.values:
        raise ValueError("kind of benchmark")
    if kind == BenchmarkKind.REGION and region not in {code for code, _role in basis.regions} - {basis.own}:
        raise ValueError("region")
    return weights, str(kind), region if kind == BenchmarkKind.REGION else None
