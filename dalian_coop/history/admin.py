"""The change log in the administration, for the audit administrator: to look at, never to change.

The audit page (``/audit/``) says who changed which fields; this list is the raw order of changes.
"""

from django.contrib import admin

from dalian_coop.accounts.permissions import Perm
from dalian_coop.history.models import Change


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    """Which object changed in which order; no content."""

    list_display = ["id", "seq", "at", "resource", "object_id", "version", "op"]
    list_filter = ["op"]
    search_fields = ["=object_id", "=resource"]
    ordering = ["-id"]
    fields = ["seq", "at", "resource", "object_id", "version", "op", "xid"]
    readonly_fields = fields
    actions = None
    show_full_result_count = False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(Perm.READ_AUDIT)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
