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
