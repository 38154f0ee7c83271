"""How figures are written and drawn. Pure: no Django, no database."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise


def figure_text(value: Decimal) -> str:
    """A figure with groups of three digits, as exact as it can be read.

    From 1,000 on without decimals beyond two, from 1 on two decimals, below that three significant digits; zeros
    at the end are left out.
    """
    size = abs(value)
    if size >= 1 or size == 0:
        places = Decimal("0.01")
    else:
        places = Decimal(1).scaleb(size.adjusted() - 2)
    rounded = value.quantize(places, ROUND_HALF_UP)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Spark:
    """A small line of a series as SVG: the parts drawn through, the parts that are projected, the last point."""

    solid: list[str]
    dashed: list[str]
    breaks: list[str]
    last: tuple[str, str]
    width: int
    height: int


def spark(points: list[tuple[int, Decimal, str]], width: int = 180, height: int = 48, pad: int = 5) -> Spark | None:
    """The line of ``points`` (year, value, status), interrupted at breaks; None with fewer than two points.

    Equal steps in x are equal steps in years, so that holes in a series stay visible as long stretches.
    """
    if len(points) < 2:
        return None
    first, last = points[0][0], points[-1][0]
    low, high = min(p[1] for p in points), max(p[1] for p in points)
    span = float(high - low) or 1.0

    def place(year: int, value: Decimal) -> tuple[str, str]:
        x = pad + (width - 2 * pad) * (year - first) / (last - first)
        y = height - pad - (height - 2 * pad) * (float(value - low) / span if high > low else 0.5)
        return f"{x:.1f}", f"{y:.1f}"

    lines: dict[str, list[list[str]]] = {"solid": [], "dashed": []}
    breaks = []
    for before, point in pairwise(points):
        if point[2] == "break":
            breaks.append(place(point[0], point[1])[0])
            continue
        kind = "dashed" if point[2] == "projection" else "solid"
        start, end = " ".join(place(*before[:2])), " ".join(place(*point[:2]))
        parts = lines[kind]
        if parts and parts[-1][-1] == start:
            parts[-1].append(end)
        else:
            parts.append([start, end])
    paths = {kind: ["M" + " L".join(part) for part in parts] for kind, parts in lines.items()}
    return Spark(paths["solid"], paths["dashed"], breaks, place(*points[-1][:2]), width, height)
