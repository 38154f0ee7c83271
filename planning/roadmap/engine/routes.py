"""Dependencies as elbow lines: down through columns that are free in the rows between, along the gaps between rows."""

from collections.abc import Sequence

COLUMN = 4.0  # units; free room is looked for in columns of this width
BEND = 30.0  # what a bend costs, as way sideways
STUB = 8.0  # half of a milestone's diamond and a little air

Point = tuple[float, float]


class Corridors:
    """Which columns are free in which rows. Rows are bit masks; tables of joined rows answer for any block of rows."""

    def __init__(self, spans: Sequence[Sequence[tuple[float, float]]], width: float):
        self.columns = max(1, int(width // COLUMN) + 1)
        self.full = (1 << self.columns) - 1
        level = [self._mask(row) for row in spans]
        self._levels = [level]
        step = 1
        while len(level) > step:
            level = [level[i] | level[i + step] for i in range(len(level) - step)]
            self._levels.append(level)
            step *= 2

    def _mask(self, spans: Sequence[tuple[float, float]]) -> int:
        mask = 0
        for begin, end in spans:
            low = self.column(begin)
            mask |= ((1 << (self.column(end) - low + 1)) - 1) << low
        return mask

    def column(self, x: float) -> int:
        return min(max(int(x // COLUMN), 0), self.columns - 1)

    def descend(self, row: int, stop: int, x: float) -> tuple[int, float]:
        """From above ``row`` some rows down, at most to above ``stop``, in one column: (row reached, x to take).

        Of the columns free for 1, 2, 4 … rows and for as many as possible, the one is taken that costs least way
        sideways for a row. A row without any free column is crossed at ``x``.
        """
        best, best_cost = (row + 1, x), float("inf")
        taken, reached = 0, row
        for power in range(len(self._levels) - 1, -1, -1):
            table, rows = self._levels[power], 1 << power
            if row + rows <= stop and table[row] != self.full:
                best, best_cost = self._better(best, best_cost, row, row + rows, table[row], x)
            if reached + rows <= stop and (taken | table[reached]) != self.full:
                taken |= table[reached]
                reached += rows
        if reached > row:
            best, best_cost = self._better(best, best_cost, row, reached, taken, x)
        return best

    def _better(self, best, best_cost: float, row: int, reached: int, taken: int, x: float):
        column = self._nearest(self.full & ~taken, x)
        cost = (abs(column - x) + BEND) / (reached - row)
        return ((reached, column), cost) if cost < best_cost else (best, best_cost)

    def _nearest(self, free: int, x: float) -> float:
        column = self.column(x)
        if free >> column & 1:
            return x
        right = free >> column
        right = column + (right & -right).bit_length() - 1 if right else None
        left = (free & ((1 << column) - 1)).bit_length() - 1
        if right is None or 0 <= left and column - left < right - column:
            right = left
        return (right + 0.5) * COLUMN


def route(x1: float, row1: int, x2: float, row2: int, *, corridors: Corridors, height: float) -> list[Point]:
    """Corners of the line from a milestone at ``x1`` in ``row1`` to one at ``x2`` in ``row2``; it ends at its diamond.

    It leaves and enters vertically, and only ever crosses a row in a column that is free there.
    """
    if row1 > row2:
        points = route(x2, row2, x1, row1, corridors=corridors, height=height)
        (ax, ay), (bx, by) = points[0], points[-1]
        points[0], points[-1] = (ax, ay + STUB), (bx, by + STUB)
        return points[::-1]
    middle = height / 2
    y1, y2 = row1 * height + middle, row2 * height + middle
    if row1 == row2:
        gap = (row1 + 1) * height - 2
        return [(x1, y1), (x1, gap), (x2, gap), (x2, y2 + STUB)]
    points = [(x1, y1)]
    row, x = row1 + 1, x1
    while row < row2:
        reached, taken = corridors.descend(row, row2, x)
        if taken != x:
            points += [(x, row * height), (taken, row * height)]
            x = taken
        row = reached
    if x != x2:
        points += [(x, row2 * height), (x2, row2 * height)]
    points.append((x2, y2 - STUB))
    return points
