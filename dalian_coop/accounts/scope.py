"""How far an actor sees. Rooms build their ``visible_to`` querysets on these two answers."""

from dalian_coop.accounts.enums import Role

WIDE_ROLES = frozenset({Role.COORDINATOR, Role.LEADER, Role.ANALYST})


def sees_every_bureau(actor) -> bool:
    """Coordinators, leaders, analysts, and systems of the coordinating bureau are not bound to one bureau."""
    if getattr(actor, "scopes", None) is not None:
        return actor.owner.coordinates
    return bool(WIDE_ROLES & actor.roles)


def country_limit(actor) -> str:
    """ "JP" or "KR" for an overseas office, which sees its own country's records; "" for everybody else."""
    return "" if sees_every_bureau(actor) else actor.seat_country


def row_limit(actor) -> frozenset:
    """Keys of the bureaus to whose rows a client is narrowed; empty where it sees all that its bureau sees."""
    return frozenset(getattr(actor, "row_bureaus", ()))


def sees_rows_apart(actor) -> bool:
    """Whether the actor may see some rows of a book and not others; anybody else sees all of a book or nothing."""
    return bool(country_limit(actor) or row_limit(actor))
