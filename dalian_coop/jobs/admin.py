"""Jobs in the administration: to look at, never to change."""

from django.contrib import admin

from dalian_coop.accounts.permissions import Perm
from dalian_coop.jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    """State and errors only: parameters and results are business content."""

    list_display = ["created_at", "kind", "state", "progress", "fence", "worker", "finished_at"]
    list_filter = ["state", "kind"]
    fields = [
        "kind", "state", "progress", "step", "fence", "worker", "lease_until", "created_at", "sent_at", "started_at",
        "finished_at", "error",
    ]  # fmt: skip
    readonly_fields = fields
    actions = None

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(Perm.MANAGE_ACCOUNTS)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
