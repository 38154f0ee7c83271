"""The form that starts a gap analysis."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dalian_coop.ui.forms import PortalForm
from partners.regions.models import Region
from planning.gaps.enums import BenchmarkKind, Imputation, Normalisation, Weighting, YearRule
from planning.gaps.models import BenchmarkSet, IndicatorSet


class StartForm(PortalForm, forms.Form):
    """What is compared with whom. Year and region count only with the choices that use them."""

    benchmark_set = forms.ModelChoiceField(BenchmarkSet.objects.none(), label=_("Benchmark set"), empty_label=None)
    indicator_set = forms.ModelChoiceField(IndicatorSet.objects.none(), label=_("Indicator set"), empty_label=None)
    year_rule = forms.ChoiceField(choices=YearRule.choices, label=_("Year rule"))
    year = forms.IntegerField(
        required=False, label=_("Year"), help_text=_("only with the rule “One year for everything”")
    )
    benchmark = forms.ChoiceField(choices=BenchmarkKind.choices, label=_("Compare with"))
    reference = forms.ModelChoiceField(
        Region.objects.none(),
        required=False,
        label=_("Region"),
        empty_label="—",
        help_text=_("only with the benchmark “A named region”"),
    )
    normalisation = forms.ChoiceField(
        choices=Normalisation.choices, label=_("How figures become scores"), required=False
    )
    imputation = forms.ChoiceField(choices=Imputation.choices, label=_("Missing figures"), required=False)
    weights = forms.ChoiceField(choices=Weighting.choices, label=_("Weights"), required=False)
    treatment = forms.BooleanField(
        label=_("Treat outliers"), required=False, help_text=_("with ten regions or more; gaps use untreated figures")
    )
    replications = forms.IntegerField(
        label=_("Replications"), required=False, min_value=100, max_value=200_000, help_text=_("empty: 10,000")
    )
    METHOD = ("normalisation", "imputation", "weights", "treatment", "replications")

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        sets = BenchmarkSet.objects.visible_to(actor)
        self.fields["benchmark_set"].queryset = sets
        self.fields["indicator_set"].queryset = IndicatorSet.objects.visible_to(actor)
        self.fields["reference"].queryset = (
            Region.objects.visible_to(actor).filter(benchmark_sets__in=sets).distinct().order_by("pinyin")
        )

    @property
    def question(self):
        """Fields of what is compared."""
        return [self[name] for name in self.fields if name not in self.METHOD]

    @property
    def method(self):
        """Fields of how it is compared; the defaults are right for most."""
        return [self[name] for name in self.METHOD]

    def values(self) -> dict:
        """Arguments of ``services.start_run``: what the chosen rule does not use is left out."""
        found = {k: v for k, v in self.cleaned_data.items() if k not in self.METHOD}
        found["params"] = {name: self.cleaned_data[name] for name in self.METHOD if self.cleaned_data.get(name)}
        if found["year_rule"] != YearRule.ONE_YEAR:
            found["year"] = None
        if found["benchmark"] != BenchmarkKind.REGION:
            found["reference"] = None
        return found
