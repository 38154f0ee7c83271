"""What may be done, and which role may do it. Rules that depend on the object live in the rooms' permissions.py.

One table: a permission that is in no role's set is refused to everybody.
"""

from enum import StrEnum

import rules

from dalian_coop.accounts.enums import Role


class Perm(StrEnum):
    """Every permission of the portal: ``<room>.<verb>_<thing>``."""

    READ_REGIONS = "regions.read"
    READ_INDUSTRIES = "industries.read"
    READ_INDICATORS = "indicators.read"
    JUDGE_INDICATOR = "indicators.judge"
    READ_AGREEMENTS = "relations.read"
    READ_BOOKS = "taskbooks.read"
    EDIT_TASK = "taskbooks.edit_task"
    ADD_TASK = "taskbooks.add_task"
    DELETE_TASK = "taskbooks.delete_task"
    IMPORT_BOOK = "taskbooks.import_book"
    SUBMIT_BOOK = "taskbooks.submit_book"
    EDIT_MILESTONE = "roadmap.edit_milestone"
    EDIT_PLAN = "plans.edit_objective"
    READ_GAPS = "gaps.read"
    RUN_GAPS = "gaps.run"
    READ_DASHBOARD = "dashboard.read"
    READ_JOBS = "jobs.read"
    READ_BUREAUS = "accounts.read_bureaus"
    READ_CONTACTS = "accounts.read_contacts"
    REPORT_CORRECTIONS = "corrections.report"
    ANSWER_CORRECTIONS = "corrections.answer"
    MANAGE_ACCOUNTS = "accounts.manage"
    MANAGE_CLIENTS = "accounts.manage_clients"
    READ_AUDIT = "history.read_audit"


READING = frozenset(
    {
        Perm.READ_REGIONS,
        Perm.READ_INDUSTRIES,
        Perm.READ_INDICATORS,
        Perm.READ_AGREEMENTS,
        Perm.READ_BOOKS,
        Perm.READ_GAPS,
        Perm.READ_DASHBOARD,
        Perm.READ_JOBS,
        Perm.READ_BUREAUS,
        Perm.READ_CONTACTS,
        Perm.REPORT_CORRECTIONS,
    }
)
EDITING = frozenset({Perm.EDIT_TASK, Perm.EDIT_MILESTONE, Perm.ANSWER_CORRECTIONS, Perm.JUDGE_INDICATOR})
ROLE_PERMISSIONS: dict[Role, frozenset[Perm]] = {
    Role.OFFICIAL: READING | EDITING,
    Role.HEAD: READING | EDITING | {Perm.SUBMIT_BOOK},
    Role.COORDINATOR: READING
    | EDITING
    | {Perm.ADD_TASK, Perm.DELETE_TASK, Perm.IMPORT_BOOK, Perm.EDIT_PLAN, Perm.RUN_GAPS},
    Role.LEADER: READING,
    Role.ANALYST: READING | {Perm.RUN_GAPS, Perm.JUDGE_INDICATOR},
    Role.SYSTEM_ADMIN: frozenset({Perm.MANAGE_ACCOUNTS}),
    Role.SECURITY_ADMIN: frozenset({Perm.MANAGE_CLIENTS}),
    Role.AUDIT_ADMIN: frozenset({Perm.READ_AUDIT}),
}


def granted(actor) -> frozenset[str]:
    """Every permission that the actor's roles (a person) or scopes (a client) give, whatever the object."""
    if not getattr(actor, "is_authenticated", False):
        return frozenset()
    if (scopes := getattr(actor, "scopes", None)) is not None:
        return frozenset().union(*(SCOPE_PERMISSIONS.get(s, frozenset()) for s in scopes))
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in actor.roles))


SCOPE_PERMISSIONS: dict[str, frozenset[Perm]] = {
    "reference:read": frozenset(
        {Perm.READ_REGIONS, Perm.READ_INDUSTRIES, Perm.READ_INDICATORS, Perm.READ_AGREEMENTS, Perm.READ_BUREAUS}
    ),
    "taskbooks:read": frozenset({Perm.READ_BOOKS, Perm.READ_BUREAUS}),
    "taskbooks:write": frozenset({Perm.READ_BOOKS, Perm.READ_BUREAUS, Perm.EDIT_TASK, Perm.EDIT_MILESTONE}),
    "contacts:read": frozenset({Perm.READ_CONTACTS}),
    "corrections:write": frozenset({Perm.REPORT_CORRECTIONS}),
    "gaps:read": frozenset({Perm.READ_GAPS, Perm.READ_JOBS}),
    "gaps:run": frozenset({Perm.READ_GAPS, Perm.RUN_GAPS, Perm.READ_JOBS}),
}
SCOPES = tuple(SCOPE_PERMISSIONS)


def holds(perm: Perm) -> rules.Predicate:
    """Predicate: a role or scope of the actor gives ``perm`` (the object does not matter)."""

    def check(actor, obj=None):
        return perm in granted(actor)

    return rules.predicate(check, name=f"holds:{perm}")


# Permissions that need nothing but the role. A room that adds a rule about the object registers its own
# (rules.set_perm) in its permissions.py, which replaces the entry here.
for _perm in Perm:
    rules.add_perm(str(_perm), holds(_perm))
