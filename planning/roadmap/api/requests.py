"""REST of requests for an extension: asked by the bureau that leads, decided by the coordinating office."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict
from dalian_coop.rest import datasets
from dalian_coop.rest.columns import label, name
from dalian_coop.rest.filters import Filter
from dalian_coop.rest.problems import Stale
from dalian_coop.rest.routing import router
from dalian_coop.rest.viewsets import ReadOnlyViewSet
from planning.roadmap import services
from planning.roadmap.api.moves import PREVIEW, preview_body
from planning.roadmap.enums import RequestState
from planning.roadmap.models import ExtensionRequest, Milestone


class RequestInput(serializers.Serializer):
    """Which milestone, the date asked for, and why."""

    milestone = serializers.UUIDField()
    new_due = serializers.DateField()
    reason = serializers.CharField(allow_blank=True, max_length=400)


class AnswerInput(serializers.Serializer):
    """The version of the request that was read, and the answer (needed to refuse)."""

    version = serializers.IntegerField(min_value=1)
    answer = serializers.CharField(allow_blank=True, max_length=400, default="")


class ApprovalInput(AnswerInput):
    """The same with the versions of the rows that the consequences gave."""

    versions = serializers.DictField(child=serializers.IntegerField(min_value=1))


class WithdrawalInput(serializers.Serializer):
    """The version of the request that was read."""

    version = serializers.IntegerField(min_value=1)


class ExtensionViewSet(ReadOnlyViewSet):
    """Requests to extend dates of issued books, for the milestones one may see."""

    model = ExtensionRequest
    dataset = datasets.Dataset(
        _("Requests to extend dates of issued task books, with the answers."),
        pgettext_lazy("theme", "Cooperation"),
        datasets.CONDITIONAL,
        _("For bureaus that have a part in the task book; purpose and approval document are needed."),
    )
    columns = {
        "id": "id",
        "version": "version",
        "book": "milestone__task__book__code",
        "task": "milestone__task__code",
        "milestone": "milestone_id",
        "milestone_code": "milestone__code",
        "old_due": "old_due",
        "new_due": "new_due",
        "reason": "reason",
        "bureau": "asked_bureau__code",
        "bureau_name": name("asked_bureau"),
        "state": "state",
        "state_label": label("state", RequestState),
        "answer": "answer",
        "created_at": "created_at",
        "decided_at": "decided_at",
        "updated_at": "updated_at",
    }
    filters = {
        "book": Filter("milestone__task__book__code", "exact", "in"),
        "milestone": Filter("milestone_id", "exact", "in"),
        "state": Filter("state", "exact", "in"),
        "bureau": Filter("asked_bureau__code", "exact", "in"),
        "updated_at": Filter("updated_at", "gte", "lte"),
    }
    ordering = ("-created_at",)
    orders = {"created_at": ("created_at",), "new_due": ("new_due",), "updated_at": ("updated_at",)}
    perms = {
        "list": Perm.READ_BOOKS,
        "retrieve": Perm.READ_BOOKS,
        "consequences": Perm.READ_BOOKS,
        **{name: Perm.EDIT_MILESTONE for name in ("create", "approve", "refuse", "withdraw")},
    }
    input_serializers = {
        "create": RequestInput, "approve": ApprovalInput, "refuse": AnswerInput, "withdraw": WithdrawalInput,
        "consequences": None,
    }  # fmt: skip
    input_serializer = AnswerInput
    responses = {"consequences": {200: (PREVIEW, "Every date that approving would move. Nothing is written.")}}

    def create(self, request, *args, **kwargs):
        """Ask for another date; the date itself stays until the coordinating office decides."""
        self._only_parameters(set())
        values = self.read_input(RequestInput)
        stone = self._stone(values.pop("milestone"))
        made = services.request_extension(milestone=stone, by=request.user, **values)
        answer = self.answer(made.pk, 201)
        answer["Location"] = f"{request.path}{made.pk}/"
        return answer

    def _stone(self, key) -> Milestone:
        rows = Milestone.objects.visible_to(self.request.user).select_related("task__book", "task__lead")
        return get_object_or_404(rows, pk=key)

    @action(detail=True, methods=["get"])
    def consequences(self, request, id: str = ""):
        """What approving would move; its ``versions`` go into the approval."""
        return Response(preview_body(services.consequences(request=self._one(), by=request.user)))

    @action(detail=True, methods=["post"])
    def approve(self, request, id: str = ""):
        """Move the date with everything it drags along; the plan gets a new version."""
        return self._decide(services.approve_extension, ApprovalInput)

    @action(detail=True, methods=["post"])
    def refuse(self, request, id: str = ""):
        """Leave the date as it is, and say why."""
        return self._decide(services.refuse_extension, AnswerInput)

    @action(detail=True, methods=["post"])
    def withdraw(self, request, id: str = ""):
        """Take the request back."""
        return self._decide(services.withdraw_extension, WithdrawalInput)

    def _decide(self, service, serializer: type) -> Response:
        one = self._one()
        self.check_object_permissions(self.request, one.milestone)
        values: dict[str, Any] = self.read_input(serializer)
        try:
            service(request=one, by=self.request.user, **values)
        except Conflict:
            row, _version = self.read_one(one.pk)
            detail = _("Dates or the request changed meanwhile; nothing was decided.")
            raise Stale(detail, current=row) from None
        return self.answer(one.pk)

    def _one(self) -> ExtensionRequest:
        rows = self.get_queryset().select_related("milestone__task__book", "milestone__task__lead")
        return get_object_or_404(rows, pk=self.kwargs["id"])


router.register("extension-requests", ExtensionViewSet, basename="extension-requests")
