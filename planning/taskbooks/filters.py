"""Filters of the task table, as they stand in the query string. An unknown value is told, never guessed."""

import django_filters
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import Bureau
from partners.industries.models import CooperationField
from partners.regions.enums import Country
from partners.regions.models import Region
from planning.plans.enums import Horizon
from planning.taskbooks.enums import Light, TaskState
from planning.taskbooks.models import Task
from planning.taskbooks.selectors import ATTENTION, ORDERS

_COUNTRIES = [(Country.JAPAN.value, Country.JAPAN.label), (Country.KOREA.value, Country.KOREA.label)]


PARAMETERS = {
    "field": _("Field"),
    "measure": _("Measure"),
    "lead": _("Lead bureau"),
    "support": _("Supporting bureaus"),
    "light": _("Light"),
    "state": _("State"),
    "horizon": _("Horizon"),
    "country": _("country"),
    "region": _("region"),
    "overdue": _("Past the deadline"),
    "q": _("Search in tasks"),
    "sort": _("Order"),
}


class TaskFilter(django_filters.FilterSet):
    """``?field=trade&lead=commerce&light=red&light=yellow&overdue=1&q=航线&sort=-due``"""

    field = django_filters.ModelChoiceFilter(queryset=CooperationField.objects.all(), to_field_name="code")
    measure = django_filters.CharFilter(field_name="measure__code", max_length=20)
    lead = django_filters.ModelChoiceFilter(queryset=Bureau.objects.all(), to_field_name="code")
    support = django_filters.ModelChoiceFilter(
        queryset=Bureau.objects.all(), to_field_name="code", field_name="units__bureau"
    )
    light = django_filters.MultipleChoiceFilter(choices=Light.choices, method="filter_light")
    state = django_filters.MultipleChoiceFilter(choices=TaskState.choices)
    horizon = django_filters.ChoiceFilter(choices=Horizon.choices)
    country = django_filters.ChoiceFilter(choices=_COUNTRIES, method="filter_country")
    region = django_filters.ModelChoiceFilter(
        queryset=Region.objects.all(), to_field_name="code", field_name="task_regions__region"
    )
    overdue = django_filters.ChoiceFilter(choices=[("1", _("Overdue"))], method="filter_overdue")
    q = django_filters.CharFilter(method="filter_q", max_length=100)
    sort = django_filters.ChoiceFilter(
        choices=[(sign + name, name) for name in ORDERS for sign in ("", "-")], method="leave"
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, data: QueryDict, *args, **kwargs):
        """Empty parameters are those of selects that stand on “all”: as if they were not there."""
        given = QueryDict(mutable=True)
        for name, values in data.lists():
            if filled := [value for value in values if value]:
                given.setlist(name, filled)
        super().__init__(given, *args, **kwargs)

    def filter_light(self, queryset: QuerySet, name: str, values: list[str]) -> QuerySet:
        return queryset.with_light(timezone.localdate()).filter(light__in=values) if values else queryset

    def filter_country(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(countries__contains=[value])

    def filter_overdue(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.overdue(timezone.localdate())

    def filter_q(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """In number, task, objective, lead bureau."""
        return queryset.filter(
            Q(code__startswith=value)
            | Q(content__icontains=value)
            | Q(objective__icontains=value)
            | Q(lead__name_zh__icontains=value)
        )

    def leave(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset

    @property
    def chosen(self) -> dict:
        """Parameters that were given and understood, without the order."""
        self.form.is_valid()
        return {k: v for k, v in self.form.cleaned_data.items() if v not in (None, "", []) and k != "sort"}

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """(parameter, its name for people, what is wrong with it); such a parameter was left out."""
        self.form.is_valid()
        known = set(self.base_filters) | {"view", "page", "as"}
        wrong = {name: errors[0] for name, errors in self.form.errors.items()}
        wrong |= {name: _("There is no such filter.") for name in self.data if name not in known}
        return [(name, str(PARAMETERS.get(name, name)), str(text)) for name, text in wrong.items()]

    @property
    def order(self) -> str:
        """The order asked for; as the book numbers them without one."""
        self.form.is_valid()
        return self.form.cleaned_data.get("sort") or "code"

    def ordered(self) -> QuerySet:
        """The filtered tasks in the order asked for."""
        tasks, order = self.qs, self.order
        paths = ORDERS[order.removeprefix("-")]
        if "light_rank" in paths:
            tasks = tasks.with_light(timezone.localdate()).annotate(light_rank=_RANK)
        turn = order.startswith("-")
        return tasks.order_by(*[f"-{path}" if turn and n == 0 else path for n, path in enumerate(paths)])

    def without(self, *names: str) -> QuerySet:
        """The tasks under all filters but ``names``, to count what each choice of such a filter would show."""
        self.form.is_valid()
        tasks = self.queryset.all()
        for name, value in self.form.cleaned_data.items():
            if name not in names:
                tasks = self.filters[name].filter(tasks, value)
        return tasks


_RANK = Case(
    *[When(light=light.value, then=Value(rank)) for rank, light in enumerate(ATTENTION)], output_field=IntegerField()
)
