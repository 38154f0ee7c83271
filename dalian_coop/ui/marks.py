"""Traffic lights as shape + word + colour, and the bar that stacks them. Readable in greyscale by shape and hatch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

# Worst first is RANK's order; ORDER is how bars and legends run.
ORDER = ("done", "green", "blue", "yellow", "red", "grey")
RANK = ("red", "yellow", "blue", "green", "grey", "done")

LABELS = {
    "done": _("Completed"),
    "green": _("On track"),
    "blue": _("Due soon"),
    "yellow": _("Behind"),
    "red": _("Overdue"),
    "grey": _("Not started"),
}

# Drawn in a box of 16 × 16: "solid" is filled, "open" is stroked. The bar in the octagon tells it from the circle
# on a monochrome printer.
SHAPES = {
    "green": ("solid", "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0 -13z"),
    "yellow": ("solid", "M8 1.2L15.4 14.4H0.6z"),
    "red": ("solid", "M4.9 0.8h6.2L15.2 4.9v6.2L11.1 15.2H4.9L0.8 11.1V4.9zM4 6.9v2.2h8V6.9z"),
    "grey": ("open", "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0 -11z"),
    "blue": ("solid", "M8 0.6L15.4 8L8 15.4L0.6 8z"),
    "done": ("open", "M2 8.6L6.2 12.8L14 3.6"),
}


def code_of(value: Any) -> str:
    """The code of a light given as an enum member or as text; ``grey`` stands for anything unknown."""
    code = str(getattr(value, "value", value) or "")
    return code if code in SHAPES else "grey"


def worst(codes) -> str:
    """The worst of several lights; ``grey`` when there is none."""
    found = {code_of(c) for c in codes}
    return next((code for code in RANK if code in found), "grey")


@dataclass(frozen=True)
class Segment:
    """One piece of a stacked bar, in per cent of the bar's width."""

    code: str
    label: Any
    count: int
    x: float
    width: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def shows_number(self) -> bool:
        """A number needs about a tenth of the bar; narrower pieces are named in the title and the accessible name."""
        return self.width >= 8 + 3 * len(str(self.count))


def segments(counts: Mapping[Any, int], scale: int | None = None) -> list[Segment]:
    """Pieces of the bar in ORDER. ``scale`` is the count that fills the whole width (default: the sum)."""
    numbers = {code: 0 for code in ORDER}
    for key, count in counts.items():
        numbers[code_of(key)] += int(count or 0)
    whole = max(scale or 0, sum(numbers.values()))
    pieces, x = [], 0.0
    for code in ORDER:
        if numbers[code]:
            width = 100 * numbers[code] / whole
            pieces.append(Segment(code, LABELS[code], numbers[code], round(x, 2), round(width, 2)))
            x += width
    return pieces
