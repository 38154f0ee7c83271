"""Figures as arrays: regions × indicators × years, with a mask of what is there."""

from dataclasses import dataclass

import numpy as np

from planning.gaps.engine.case import Case


@dataclass(frozen=True)
class Frame:
    """``values[i, j, t]`` counts only where ``present[i, j, t]``; ``fixed`` holds values without a year.

    ``origin[(region, indicator, year or None)]`` is the source of a figure.
    """

    regions: tuple[str, ...]
    indicators: tuple[str, ...]
    years: tuple[int, ...]
    directions: np.ndarray
    values: np.ndarray
    present: np.ndarray
    breaks: np.ndarray
    fixed: np.ndarray
    fixed_present: np.ndarray
    origin: dict[tuple[str, str, int | None], str]
    own: int

    @property
    def is_fixed(self) -> np.ndarray:
        """Per indicator: whether it consists of values that do not change."""
        return self.fixed_present.any(axis=0) & ~self.present.any(axis=(0, 2))


def build(case: Case) -> Frame:
    """Arrays of a checked case. Two figures for the same cell are refused upstream by the database."""
    regions, indicators = case.regions, tuple(leaf.indicator for leaf in case.tree.leaves())
    years = tuple(sorted({o.year for o in case.observations if o.year is not None}))
    at = (
        {r: i for i, r in enumerate(regions)},
        {c: j for j, c in enumerate(indicators)},
        {y: t for t, y in enumerate(years)},
    )
    shape = (len(regions), len(indicators), len(years))
    values, present, breaks = np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, bool)
    fixed, fixed_present = np.zeros(shape[:2]), np.zeros(shape[:2], bool)
    origin = {}
    for o in case.observations:
        cell = (at[0][o.region], at[1][o.indicator])
        origin[o.region, o.indicator, o.year] = o.source
        if o.year is None:
            fixed[cell], fixed_present[cell] = o.value, True
        else:
            cell = (*cell, at[2][o.year])
            values[cell], present[cell], breaks[cell] = o.value, True, o.breaks
    direction = {i.code: i.direction for i in case.indicators}
    directions = np.array([direction[c] for c in indicators], float)
    return Frame(
        regions, indicators, years, directions, values, present, breaks, fixed, fixed_present, origin, at[0][case.own]
    )
