"""How a person wants the grid to look, kept with the person."""

from typing import Any

from django.db import transaction


@transaction.atomic
def save_grid_settings(*, user: Any, settings: dict[str, Any]) -> None:
    """Keep ``settings`` (order, widths, hidden columns, row height) for ``user``; they hold in every book."""
    people = type(user).objects.select_for_update().only("preferences")
    person = people.get(pk=user.pk)
    person.preferences["grid"] = settings
    person.save(update_fields=["preferences"])
