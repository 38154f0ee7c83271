"""Audit and change log by database triggers, so that bulk writes and raw SQL are caught as well.

``@tracked`` gives a model an event table (every field, every insert, update and delete, by django-pghistory) and
three statement triggers that write one ``change_log`` row per changed object in the writer's own transaction.
The table ``change_log`` is ``dalian_coop.history.models.Change``.
"""

import pghistory
import pgtrigger
from django.db import models


def _change_log(operation: pgtrigger.Operation, letter: str, alias: str, side: str, column: str) -> pgtrigger.Trigger:
    version = column if letter != "D" else "NULL::int"
    # An update that changes nothing but is executed still counts: the reader coalesces per object anyway.
    return pgtrigger.Trigger(
        name=f"change_log_{letter.lower()}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**{side: alias}),
        # Built from constants of this module, never from input.
        func=pgtrigger.Func(
            "INSERT INTO change_log (resource, object_id, version, op, xid, at) "  # noqa: S608
            f"SELECT '{{meta.label_lower}}', t.\"{{meta.pk.column}}\"::text, {version}, '{letter}', "
            f"pg_current_xact_id(), clock_timestamp() FROM {alias} t; RETURN NULL;"
        ),
    )


def change_log_triggers(version: str = "t.version") -> list[pgtrigger.Trigger]:
    """One trigger per operation: a statement that touches 2,000 rows costs one ``INSERT … SELECT``.

    ``version`` is the SQL of the row's version, for a table ``t``.
    """
    return [
        _change_log(pgtrigger.Insert, "I", "new_values", "new", version),
        _change_log(pgtrigger.Update, "U", "new_values", "new", version),
        _change_log(pgtrigger.Delete, "D", "old_values", "old", version),
    ]


def tracked(model: type[models.Model]) -> type[models.Model]:
    """Class decorator for a ``Versioned`` model: history of every field, and the change log."""
    pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(model)
    return pgtrigger.register(*change_log_triggers())(model)


def logged(model: type[models.Model]) -> type[models.Model]:
    """Class decorator for a model that is written once and has no version: the change log alone."""
    return pgtrigger.register(*change_log_triggers(version="1"))(model)
