"""The form that starts a gap analysis."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dalian_coop.ui.forms import PortalForm
from partners.regions.models import Region
from planning.gaps.enums import BenchmarkKind, YearRule
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

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        sets = BenchmarkSet.objects.visible_to(actor)
        self.fields["benchmark_set"].queryset = sets
        self.fields["indicator_set"].queryset = IndicatorSet.objects.visible_to(actor)
        self.fields["reference"].queryset = (
            Region.objects.visible_to(actor).filter(benchmark_sets__in=sets).distinct().order_by("pinyin")
        )

    def values(self) -> dict:
        """Arguments of ``services.start_run``: what the chosen rule does not use is left out."""
        found = dict(self.cleaned_data)
        if found["year_rule"] != YearRule.ONE_YEAR:
            found["year"] = None
        if found["benchmark"] != BenchmarkKind.REGION:
            found["reference"] = None
        return found
