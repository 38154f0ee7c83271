"""The one optimistic-lock update. Comparing in Python and saving afterwards loses updates; this cannot."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models
from django.db.models import F
from django.utils import timezone

from dalian_coop.base.errors import Conflict

M = TypeVar("M", bound=models.Model)


def save_if_unchanged(obj: M, fields: Iterable[str], *, expected: int) -> M:
    """Write ``fields`` of ``obj`` only if the row still has version ``expected``, and count the version up.

    Comparison and write are one statement. Raises ``Conflict`` with the row as it now stands (``None`` when it is
    gone) and the values that were refused.
    """
    values: dict[str, Any] = {name: getattr(obj, name) for name in fields}
    manager = type(obj)._base_manager
    changed = manager.filter(pk=obj.pk, version=expected).update(
        **values, version=F("version") + 1, updated_at=timezone.now()
    )
    if not changed:
        raise Conflict(current=manager.filter(pk=obj.pk).first(), mine=values)
    obj.version = expected + 1
    return obj
