"""Administration of special days: the yearly decree is entered here."""

from django.contrib import admin

from dalian_coop.accounts.permissions import Perm
from dalian_coop.calendars import services
from dalian_coop.calendars.models import Holiday


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):
    """For the system administrator; written through the same service as everything else."""

    list_display = ["date", "country", "kind", "name_local", "name", "source"]
    list_filter = ["country", "kind"]
    date_hierarchy = "date"
    search_fields = ["name", "name_local", "source"]
    actions = None

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(Perm.MANAGE_ACCOUNTS)

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def save_model(self, request, obj, form, change):
        services.change_special_day(holiday=obj, by=request.user)
