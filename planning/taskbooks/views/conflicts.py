"""Two people changed the same row: what the one who came second is asked."""

from dataclasses import dataclass
from typing import Any

from planning.taskbooks import selectors
from planning.taskbooks.forms import LABELS, LAYOUT, choice_names, display_of, values_of
from planning.taskbooks.models import Task
from planning.taskbooks.services import cells

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Difference:
    """A field in which the refused text and the stored one differ. ``choice`` is proposed where only one side moved."""

    name: str
    label: Any
    mine: Any
    mine_text: str
    theirs_text: str
    choice: str

    @property
    def mine_values(self) -> list[str]:
        """What the form sends back: one value, or as many as bureaus were chosen (an empty one for none)."""
        return (self.mine or [""]) if isinstance(self.mine, list) else [self.mine]


def differences(current: Task, mine: dict[str, Any], seen_version: int) -> list[Difference]:
    """Field by field, in the order of the form; fields that say the same on both sides are left out."""
    theirs, base = values_of(current), _base(current, seen_version)
    choices = choice_names(current.book)
    found = []
    for name in (name for line in LAYOUT for name in line if name in mine):
        my, their = _plain(mine[name]), _plain(theirs[name])
        if my != their:
            texts = (display_of(name, my, choices), display_of(name, their, choices))
            found.append(Difference(name, LABELS[name], my, *texts, _proposal(my, their, base.get(name))))
    return found


def resolved(posted: Any, current: Task) -> tuple[dict[str, Any], list[str]]:
    """(the fields taken from mine, the fields for which nothing was chosen) of the posted conflict form."""
    taken, undecided = {}, []
    for name in (name for line in LAYOUT for name in line if f"mine_{name}" in posted or f"take_{name}" in posted):
        choice = posted.get(f"take_{name}")
        if choice == MINE:
            values = posted.getlist(f"mine_{name}")
            taken[name] = [v for v in values if v] if name == "units" else values[0]
        elif choice != THEIRS:
            undecided.append(name)
    return taken, undecided


def _base(current: Task, version: int) -> dict[str, str]:
    """The row as the second person saw it, from the history; bureaus and lookups are left out."""
    row = selectors.task_at_version(current, version) or {}
    return {name: _plain("" if value is None else str(value)) for name, value in row.items() if name in LABELS}


def _plain(value: Any) -> Any:
    return [v for v in value if v] if isinstance(value, list) else cells.plain(str(value or ""))


def _proposal(mine: Any, theirs: Any, base: Any) -> str:
    if base is None:
        return ""
    if mine == base:
        return THEIRS
    return MINE if theirs == base else ""
