"""Reference data: each room registers how its own files are loaded; ``load_reference_data`` runs them all in order.

A loader takes no argument, runs inside the caller's transaction and returns one ``Counts`` per table.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Counts:
    """What a loader did to one table."""

    table: str
    new: int = 0
    changed: int = 0
    same: int = 0


class BadRow(Exception):
    """A row of a shipped file that cannot be loaded: file, line and reason."""

    def __init__(self, path: Path, line: int, reason: object):
        super().__init__(f"{path.name}, line {line}: {reason}")


Loader = Callable[[], list[Counts]]
_loaders: dict[str, tuple[int, Loader]] = {}


def register(name: str, loader: Loader, order: int) -> None:
    """Called in an AppConfig's ``ready``; lower ``order`` runs first.

    Bureaus 10, regions 20, industries 30, indicators 40, relations 50, calendars 60, plans 70, gaps 80.
    """
    _loaders[name] = (order, loader)


def loaders() -> list[tuple[str, Loader]]:
    """Every registered loader in the order it must run."""
    return [(name, loader) for name, (order, loader) in sorted(_loaders.items(), key=lambda item: item[1][0])]


def rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, row) of a shipped CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield reader.line_num, row


def sync(model, found: list[dict], key: tuple[str, ...], *, path: Path | None = None) -> Counts:
    """Make the table hold ``found`` (dicts of field values), matching on ``key``; rows not in ``found`` stay.

    New rows are inserted in bulk, changed ones updated with their version counted up, equal ones left alone.
    """
    fields = [f for f in (found[0] if found else {}) if f not in key]
    have = {tuple(getattr(o, k) for k in key): o for o in model._base_manager.all()}
    new, changed, same = [], [], 0
    for values in found:
        current = have.get(tuple(values[k] for k in key))
        if current is None:
            new.append(model(**values))
        elif any(getattr(current, f) != values[f] for f in fields):
            for f in fields:
                setattr(current, f, values[f])
            changed.append(current)
            if hasattr(current, "version"):
                current.version += 1
        else:
            same += 1
    model._base_manager.bulk_create(new, batch_size=2000)
    if changed:
        names = [*fields, "version"] if hasattr(changed[0], "version") else fields
        model._base_manager.bulk_update(changed, names, batch_size=1000)
    return Counts(model._meta.db_table, len(new), len(changed), same)
