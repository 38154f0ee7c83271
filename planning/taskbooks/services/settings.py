"""How a person wants the grid to look, kept with the person."""

from typing import Any

from django.db import transaction

from dalian_coop.accounts.models import User


@transaction.atomic
def save_grid_settings(*, settings: dict[str, Any], by: User) -> None:
    """Keep ``settings`` (order, widths, hidden columns, row height) for ``by``; they hold in every book."""
    person = User.objects.select_for_update().get(pk=by.pk)
    person.preferences["grid"] = settings
    person.save(update_fields=["preferences"])
