"""REST: ``corrections``."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from rest_framework import serializers

from dalian_coop.accounts.permissions import Perm
from dalian_coop.corrections import services
from dalian_coop.corrections.enums import ANSWERS, CorrectionState
from dalian_coop.corrections.models import Correction
from dalian_coop.rest import datasets
from dalian_coop.rest.columns import label, name
from dalian_coop.rest.filters import Filter
from dalian_coop.rest.routing import router
from dalian_coop.rest.viewsets import EditableViewSet


class CorrectionInput(serializers.Serializer):
    """Which record, and what is wrong with it."""

    resource = serializers.CharField(max_length=40, help_text="name of the resource, for example tasks")
    object_id = serializers.UUIDField(help_text="id of the record")
    field = serializers.CharField(max_length=60, required=False, default="", help_text="column of the record")
    message = serializers.CharField(max_length=services.LONGEST, trim_whitespace=False)
    proposed = serializers.CharField(
        max_length=services.LONGEST, required=False, default="", allow_blank=True, trim_whitespace=False
    )


class AnswerInput(serializers.Serializer):
    """What the owner says."""

    state = serializers.ChoiceField(choices=[(str(state), str(state)) for state in ANSWERS])
    answer = serializers.CharField(
        max_length=services.LONGEST, required=False, default="", allow_blank=True, trim_whitespace=False
    )


class CorrectionViewSet(EditableViewSet):
    """Reports of errors in records. POST makes one; its owner answers it by PATCH; both sides follow it by GET."""

    model = Correction
    dataset = datasets.Dataset(
        _("Reports of errors in records and the answers of their owners."),
        pgettext_lazy("theme", "Administration"),
        datasets.CONDITIONAL,
        _("For the bureau that reports and the bureau that answers."),
    )
    columns = {
        "id": "id",
        "version": "version",
        "resource": "resource",
        "object_id": "object_id",
        "record": "record",
        "field": "field",
        "present": "present",
        "message": "message",
        "proposed": "proposed",
        "bureau": "bureau__code",
        "bureau_name": name("bureau"),
        "owner": "owner__code",
        "owner_name": name("owner"),
        "state": "state",
        "state_label": label("state", CorrectionState),
        "answer": "answer",
        "created_at": "created_at",
        "answered_at": "answered_at",
        "updated_at": "updated_at",
    }
    filters = {
        "resource": Filter("resource", "exact", "in"),
        "object_id": Filter("object_id", "exact", "in"),
        "state": Filter("state", "exact", "in"),
        "bureau": Filter("bureau__code", "exact", "in"),
        "owner": Filter("owner__code", "exact", "in"),
        "created_at": Filter("created_at", "gte", "lte"),
        "updated_at": Filter("updated_at", "gte", "lte"),
    }
    ordering = ("-created_at",)
    orders = {"created_at": ("created_at",), "updated_at": ("updated_at",)}
    perms = {
        "list": Perm.REPORT_CORRECTIONS,
        "retrieve": Perm.REPORT_CORRECTIONS,
        "create": Perm.REPORT_CORRECTIONS,
        "partial_update": Perm.ANSWER_CORRECTIONS,
    }
    input_serializers = {"create": CorrectionInput, "partial_update": AnswerInput}
    input_serializer = AnswerInput

    def create(self, request, *args, **kwargs):
        self._only_parameters(set())
        made = services.report_error(**self.read_input(CorrectionInput), by=request.user)
        answer = self.answer(made.pk, 201)
        answer["Location"] = f"{request.path}{made.pk}/"
        return answer

    def change(self, obj, changes, version):
        values = {"state": CorrectionState.OPEN, "answer": ""} | changes
        return services.answer_report(correction=obj, version=version, by=self.request.user, **values)


router.register("corrections", CorrectionViewSet, basename="corrections")
