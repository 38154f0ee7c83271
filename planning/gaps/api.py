"""REST of gap analysis: ``gap-reports``."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from rest_framework import serializers, status
from rest_framework.response import Response

from dalian_coop.accounts.permissions import Perm
from dalian_coop.accounts.scope import sees_every_bureau
from dalian_coop.base.errors import Error, ValidationError
from dalian_coop.jobs.enums import JobState
from dalian_coop.rest import datasets, exported
from dalian_coop.rest.columns import Related, label, name
from dalian_coop.rest.filters import Filter
from dalian_coop.rest.routing import router
from dalian_coop.rest.viewsets import ReadOnlyViewSet
from partners.regions.models import Region
from planning.gaps import services
from planning.gaps.enums import BenchmarkKind, YearRule
from planning.gaps.models import BenchmarkSet, GapFinding, GapRun, IndicatorSet


class GapReportInput(serializers.Serializer):
    """What is compared with whom; the rules stand in the services."""

    benchmark_set = serializers.CharField(max_length=60, help_text="code of the benchmark set")
    indicator_set = serializers.CharField(max_length=60, help_text="code of the indicator set")
    year_rule = serializers.ChoiceField(choices=YearRule.choices, default=YearRule.COMMON)
    year = serializers.IntegerField(required=False, allow_null=True, help_text="with year_rule one_year only")
    benchmark = serializers.ChoiceField(choices=BenchmarkKind.choices, default=BenchmarkKind.LEADER)
    reference = serializers.CharField(
        required=False, allow_null=True, max_length=20, help_text="code of a region, with benchmark region only"
    )


class GapReportViewSet(ReadOnlyViewSet):
    """Gap reports. POST starts one and answers 202 with the address of its job."""

    model = GapRun
    dataset = datasets.Dataset(
        _("Reports that compare Dalian with other cities, indicator by indicator."),
        pgettext_lazy("theme", "Statistics"),
        datasets.CONDITIONAL,
        _("For bureaus of the city; purpose and approval document are needed."),
        update=datasets.IRREGULAR,
    )
    columns = {
        "id": "id",
        "benchmark_set": "benchmark_set__code",
        "benchmark_set_name": name("benchmark_set"),
        "indicator_set": "indicator_set__code",
        "indicator_set_name": name("indicator_set"),
        "year_rule": "year_rule",
        "year": "year",
        "benchmark": "benchmark",
        "reference": "reference__code",
        "job": "job_id",
        "state": "job__state",
        "state_label": label("job__state", JobState),
        "input_hash": "input_hash",
        "code_version": "code_version",
        "created_at": "created_at",
        "computed_at": "computed_at",
    }
    detail_columns = {"result": "result"}
    filters = {
        "benchmark_set": Filter("benchmark_set__code", "exact", "in"),
        "indicator_set": Filter("indicator_set__code", "exact", "in"),
        "state": Filter("job__state", "exact", "in"),
        "created_at": Filter("created_at", "gte", "lte"),
        "computed_at": Filter("computed_at", "gte", "lte", "isnull"),
    }
    ordering = ("-created_at",)
    orders = {"created_at": ("created_at",)}
    perms = {"list": Perm.READ_GAPS, "retrieve": Perm.READ_GAPS, "create": Perm.RUN_GAPS}
    input_serializer = GapReportInput
    related = {
        "findings": Related(
            GapFinding,
            "run_id",
            {
                "indicator": "indicator__code",
                "indicator_name": name("indicator"),
                "unit": "indicator__unit",
                "own": "own",
                "own_year": "own_year",
                "best": "best",
                "best_region": "best_region__code",
                "median": "median",
                "benchmark": "benchmark",
                "gap": "gap",
                "relative_gap": "relative_gap",
                "rank": "rank",
                "n_ranked": "n_ranked",
                "contribution": "contribution",
                "growth": "growth",
                "slope": "slope",
                "years": "years",
                "sources": "sources",
                "reasons": "reasons",
            },
            ("position",),
        )
    }
    responses = {
        "create": {
            202: (
                {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string", "format": "uuid"},
                        "job": {"type": "string", "format": "uuid"},
                        "state": {"type": "string", "enum": JobState.values},
                        "_links": {
                            "type": "object",
                            "properties": {"self": {"type": "string"}, "job": {"type": "string"}},
                        },
                    },
                },
                "Started. Poll the job at Location until its state is final, then read the report.",
            )
        }
    }

    def create(self, request, *args, **kwargs):
        self._only_parameters(set())
        run = services.start_run(**self._arguments(self.read_input()), by=request.user)
        job = reverse("rest:jobs-detail", args=[run.job_id])
        links = {"self": f"{request.path}{run.pk}/", "job": job}
        body = {"id": run.pk, "job": run.job_id, "state": run.job.state, "_links": links}
        return Response(body, status.HTTP_202_ACCEPTED, headers={"Location": job})

    def _arguments(self, values: dict) -> dict:
        """Codes become what they name; one that is not there, or not to be seen, is an error at its field."""
        found, errors = dict(values), {}
        for field, model in (("benchmark_set", BenchmarkSet), ("indicator_set", IndicatorSet), ("reference", Region)):
            code = values.get(field)
            if code is None:
                continue
            found[field] = model.objects.visible_to(self.request.user).filter(code=code).first()
            if found[field] is None:
                errors[field] = [Error("unknown", _("There is nothing with this code."))]
        if errors:
            raise ValidationError(errors)
        return found


def _visible_sets(actor) -> list[str]:
    """Keys of the benchmark sets that an overseas office sees: its reports come and go with them."""
    if sees_every_bureau(actor):
        return []
    return sorted(str(key) for key in BenchmarkSet.objects.visible_to(actor).values_list("pk", flat=True))


router.register("gap-reports", GapReportViewSet, basename="gap-reports")
exported.register(
    "gap-reports",
    GapReportViewSet,
    leave_out={"job", "state", "state_label"},  # a report is exported when it is finished
    narrow=lambda runs: runs.filter(computed_at__isnull=False),
    seen=lambda actor, keys: set(),  # a finished report stays for good
    scope=_visible_sets,
    fixed={"findings"},
)
