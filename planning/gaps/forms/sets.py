"""Forms that change indicator sets and benchmark sets: the texts, and one row for each node or region."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dalian_coop.ui.forms import PortalForm
from partners.indicators.enums import Direction
from partners.indicators.models import Indicator
from partners.regions.models import Region
from planning.gaps.enums import Aggregation, Origin, Transform

TEXTS = ("name_zh", "name_en", "name_ja", "name_ko", "reason_zh", "reason_en")


class SetForm(PortalForm, forms.Form):
    """Names and reason, which every set has; ``version`` is that of the set that was read."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=200, required=False)
    name_ko = forms.CharField(label=_("Name in Korean"), max_length=200, required=False)
    reason_zh = forms.CharField(
        label=_("Reason in Chinese"), max_length=600, widget=forms.Textarea(attrs={"rows": "3"})
    )
    reason_en = forms.CharField(
        label=_("Reason in English"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": "3"})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def texts(self) -> dict[str, str]:
        """What the services call ``texts``."""
        return {name: self.cleaned_data[name] for name in TEXTS}


class IndicatorSetForm(SetForm):
    note = forms.CharField(
        label=_("What was changed"), max_length=300, required=False, help_text=_("kept with the version")
    )


class BenchmarkSetForm(SetForm):
    own = forms.ModelChoiceField(Region.objects.none(), label=_("Own region"))

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["own"].queryset = Region.objects.visible_to(actor).order_by("pinyin")


class NodeForm(forms.Form):
    """One node of the tree. An indicator makes it a leaf, a name a dimension; a row with neither is left out."""

    code = forms.SlugField(widget=forms.HiddenInput, max_length=60, required=False)
    parent = forms.ChoiceField(label=_("Below"), required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    name_ja = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    name_ko = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    indicator = forms.ChoiceField(label=_("Indicator"), required=False)
    weight = forms.DecimalField(label=_("Weight"), min_value=0, max_digits=9, decimal_places=4, initial=1)
    aggregation = forms.ChoiceField(label=_("Aggregation"), choices=Aggregation.choices, required=False)
    interval = forms.BooleanField(
        label=_("rates, no ratios"), required=False, help_text=_("zero is no origin: growth rates, degrees")
    )
    per = forms.ChoiceField(label=_("Divided by"), required=False)
    transform = forms.ChoiceField(label=_("Transform"), choices=Transform.choices, required=False)
    worst = forms.FloatField(label=_("Worst goalpost"), required=False)
    best = forms.FloatField(label=_("Best goalpost"), required=False)
    target = forms.FloatField(label=_("Target"), required=False)
    MORE = ("per", "transform", "worst", "best", "target")

    def __init__(self, *args, parents=(), indicators=(), divisors=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["per"].choices = [("", "—"), *divisors]
        self.fields["parent"].choices = [("", "—"), *parents]
        self.fields["indicator"].choices = [("", "—"), *indicators]

    @property
    def more(self):
        """Fields that few leaves need."""
        return [self[name] for name in self.MORE]

    @property
    def is_leaf(self) -> bool:
        """Whether the row stands for an indicator."""
        return bool(self["indicator"].value())

    @property
    def depth(self) -> int:
        """How deep the node lies, for the indent."""
        return self.initial.get("depth", 0)


class BaseNodeForms(forms.BaseFormSet):
    """All rows of a tree; what is marked for removal, and what is empty, is left out."""

    def nodes(self) -> list[dict]:
        """What ``services.save_indicator_set`` takes. Call it after ``is_valid``."""
        found = []
        for form in self.forms:
            values = form.cleaned_data
            if values and not values.get("DELETE") and (values["indicator"] or values["name_zh"] or values["code"]):
                found.append(values | {"code": values["code"] or self._new_code(values)})
        return found

    def _new_code(self, values: dict) -> str:
        taken = {form.cleaned_data.get("code") for form in self.forms if form.cleaned_data}
        if values["indicator"]:
            return values["indicator"]
        number = 1
        while f"dimension-{number}" in taken:
            number += 1
        values["code"] = f"dimension-{number}"
        return values["code"]


NodeForms = forms.formset_factory(NodeForm, formset=BaseNodeForms, extra=3, can_delete=True, max_num=400)


class MemberForm(forms.Form):
    """One region of a benchmark set."""

    region = forms.ChoiceField(label=_("Region"), required=False)
    reason_zh = forms.CharField(label=_("Reason in Chinese"), max_length=300, required=False)
    reason_en = forms.CharField(label=_("Reason in English"), max_length=300, required=False)
    origin = forms.ChoiceField(choices=Origin.choices, widget=forms.HiddenInput, required=False)
    distance = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args, regions=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", "—"), *((r.code, r.name) for r in regions)]


class BaseMemberForms(forms.BaseFormSet):
    """All regions of a set; rows without a region, or marked for removal, are left out."""

    def members(self) -> list[dict]:
        """What ``services.save_benchmark_set`` takes. Call it after ``is_valid``."""
        regions = {r.code: r for r in self.form_kwargs["regions"]}
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data]
        kept = [row for row in rows if row.get("region") and not row.get("DELETE")]
        return [row | {"region": regions[row["region"]]} for row in kept]


MemberForms = forms.formset_factory(MemberForm, formset=BaseMemberForms, extra=3, can_delete=True, max_num=400)


def indicator_choices() -> dict[str, list[tuple[str, str]]]:
    """(code, name with unit): ``indicators`` that can be scored, ``divisors`` all."""
    found = [(i.code, f"{i.name} ({i.unit_label})", i.direction) for i in Indicator.objects.all()]
    scored = [(code, name) for code, name, direction in found if direction != Direction.NEUTRAL]
    return {"indicators": scored, "divisors": [(code, name) for code, name, _direction in found]}
