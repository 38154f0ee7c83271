"""Roles and kinds of bureaus. Codes are stable (REST, database); labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What somebody is in a bureau. The three administrator roles exclude one another (separation of powers)."""

    OFFICIAL = "official", _("Official")
    HEAD = "head", _("Head of bureau")
    COORDINATOR = "coordinator", _("Coordinator")
    LEADER = "leader", _("Leader")
    ANALYST = "analyst", _("Analyst")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


ADMIN_ROLES = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


class BureauKind(TextChoices):
    """Kind of organisation, as the city's list names them."""

    BUREAU = "bureau", _("Bureau")
    PARTY_DEPT = "party_dept", _("Party department")
    QUASI_OFFICIAL = "quasi_official", _("People's organisation")
    CENTRE = "centre", _("Centre")
    OVERSEAS_OFFICE = "overseas_office", _("Overseas office")
    CENTRAL_AGENCY = "central_agency", _("Central agency")
    DISTRICT = "district", _("District")
    GROUP = "group", _("Group of bureaus")
    COMPANY = "company", _("Company")
    UNIVERSITY = "university", _("University")


class SeatCountry(TextChoices):
    """Country in which an overseas office sits."""

    NONE = "", _("China")
    JAPAN = "JP", _("Japan")
    KOREA = "KR", _("South Korea")


# What each scope of a client lets it do, in words; the permissions stand in accounts.permissions.
SCOPE_LABELS = {
    "reference:read": _("read cities, industries, indicators, agreements and bureaus"),
    "taskbooks:read": _("read task books, tasks and milestones"),
    "taskbooks:write": _("change tasks and milestones that its bureau leads"),
    "contacts:read": _("also read who is responsible for a task"),
    "gaps:read": _("read gap reports"),
    "gaps:run": _("start gap analyses"),
    "corrections:write": _("report errors in records and follow them"),
}
