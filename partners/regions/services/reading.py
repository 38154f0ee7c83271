"""Reading the shipped files of this floor row by row, each fault with its file, line and reason."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models

from dalian_coop.base.reference import BadRow, Counts, rows, sync


class Known(dict):
    """Codes that are known; asking for another one is a fault that names it."""

    def __init__(self, what: str, pairs=()):
        super().__init__(pairs)
        self.what = what

    def __missing__(self, key):
        raise ValueError(f"unknown {self.what} {key!r}")

    @classmethod
    def codes_of(cls, model: type[models.Model]) -> "Known":
        """code → key of every row of ``model``."""
        return cls(model._meta.model_name, model._base_manager.values_list("code", "pk"))


def required(row: dict[str, str], column: str) -> str:
    """The value of a column that may not be empty."""
    if not row[column]:
        raise ValueError(f"{column} is empty")
    return row[column]


def number(text: str) -> Decimal | None:
    """A decimal number; None where the cell is empty."""
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise ValueError(f"{text!r} is not a number")
    return value


def flag(text: str) -> bool:
    """``1`` or ``0``."""
    if text not in ("0", "1"):
        raise ValueError(f"{text!r} is neither 0 nor 1")
    return text == "1"


def day(text: str) -> date:
    """A date as year-month-day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date") from None


def read(path: Path, parse: Callable[[dict[str, str]], dict], model: type[models.Model], key: tuple[str, ...]) -> list:
    """Field values of every row of ``path``; each is checked against ``model`` and ``key`` may occur once only.

    Raises ``BadRow``.
    """
    found, seen = [], {}
    text_fields = {f.name: f.max_length for f in model._meta.concrete_fields if isinstance(f, models.CharField)}
    for line, row in rows(path):
        try:
            if None in row or None in row.values():
                raise ValueError(f"{len(row)} columns expected")
            values = parse(row)
            for name, limit in text_fields.items():
                if len(values.get(name) or "") > limit:
                    raise ValueError(f"{name} is longer than {limit} characters")
        except KeyError as error:
            raise BadRow(path, line, f"the column {error} is missing") from error
        except (ValueError, ValidationError) as error:
            raise BadRow(path, line, error) from error
        mark = tuple(values[name] for name in key)
        if mark in seen:
            raise BadRow(path, line, f"the same {', '.join(key)} as in line {seen[mark]}")
        seen[mark] = line
        found.append(values)
    return found


def sync_tree(model: type[models.Model], found: list[dict], path: Path) -> Counts:
    """Bring a table of a tree up to ``found``: each row names its parent by ``parent_code``, parents in any order."""
    new = changed = same = 0
    while found:
        known = Known.codes_of(model)
        named = {values["code"] for values in found}
        ready = [values for values in found if values["parent_code"] not in named]
        if not ready:
            raise BadRow(path, 1, f"the parents of {min(named)} run in a circle")
        for values in ready:
            if values["parent_code"] and values["parent_code"] not in known:
                raise BadRow(path, 1, f"{values['code']}: unknown parent {values['parent_code']!r}")
        resolved = [
            {k: v for k, v in values.items() if k != "parent_code"}
            | {"parent_id": known[values["parent_code"]] if values["parent_code"] else None}
            for values in ready
        ]
        counts = sync(model, resolved, ("code",), path=path)
        new, changed, same = new + counts.new, changed + counts.changed, same + counts.same
        found = [values for values in found if values["parent_code"] in named]
    return Counts(model._meta.db_table, new, changed, same)
