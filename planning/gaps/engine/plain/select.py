"""Selection: which year of which region is compared. Nothing is filled in."""

from dataclasses import dataclass

import numpy as np

from planning.gaps.engine.case import Options, YearRule
from planning.gaps.engine.plain.frame import Frame
from planning.gaps.engine.reasons import Reason


@dataclass(frozen=True)
class Section:
    """The figures compared: ``values[i, j]`` where ``present[i, j]``; ``years[i, j]`` is 0 for fixed values."""

    values: np.ndarray
    present: np.ndarray
    years: np.ndarray
    flags: tuple[tuple[Reason, ...], ...]  # per indicator


def select(frame: Frame, options: Options) -> Section:
    """The cross-section by the year rule."""
    n, m = len(frame.regions), len(frame.indicators)
    values, present, years = np.zeros((n, m)), np.zeros((n, m), bool), np.zeros((n, m), int)
    flags: list[tuple[Reason, ...]] = []
    for j in range(m):
        found: list[Reason] = []
        if frame.is_fixed[j]:
            values[:, j], present[:, j] = frame.fixed[:, j], frame.fixed_present[:, j]
            found.append(Reason.FIXED)
        else:
            for i, t in _cells(frame, j, options, found):
                values[i, j], present[i, j], years[i, j] = frame.values[i, j, t], True, frame.years[t]
        flags.append(tuple(found))
    return Section(values, present, years, tuple(flags))


def _cells(frame: Frame, j: int, options: Options, found: list[Reason]) -> list[tuple[int, int]]:
    """(region, year) positions of indicator ``j`` to compare; may add to the flags ``found``."""
    here = frame.present[:, j, :]
    if not here.any():
        return []
    if options.year_rule == YearRule.LATEST:
        cells = [(i, int(np.flatnonzero(row)[-1])) for i, row in enumerate(here) if row.any()]
        chosen = [frame.years[t] for _, t in cells]
        if max(chosen) - min(chosen) > options.stale_after:
            found.append(Reason.STALE)
        return cells
    if options.year_rule == YearRule.ONE_YEAR:
        if options.year not in frame.years:
            return []
        t = frame.years.index(options.year)
    else:
        t = common_year(here, frame.own, options.common_share)
        if here[:, t].sum() < options.common_share * here.any(axis=1).sum():
            found.append(Reason.LOW_COVERAGE)
    return [(int(i), t) for i in np.flatnonzero(here[:, t])]


def common_year(here: np.ndarray, own: int, share: float) -> int:
    """Position of the latest year that at least ``share`` of the regions with any figure have, the own among them.

    ``here`` is regions × years. Where no year is shared so widely: the year most regions have (the latest of
    equals), one in which the own region has a figure first.
    """
    counts, with_any = here.sum(axis=0), here.any(axis=1).sum()
    candidates = here[own] & (counts > 0) if here[own].any() else counts > 0
    wide = candidates & (counts >= share * with_any)
    if wide.any():
        return int(np.flatnonzero(wide)[-1])
    best = np.where(candidates, counts, -1)
    return int(np.flatnonzero(best == best.max())[-1])
