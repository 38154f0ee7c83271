"""Selection and denomination: figures as arrays, and which year of whom is compared.

``Cube`` holds slices × regions × indicators. The slices are the years of the window, one after the other, and as the
last one the *section*: the figures that are compared, each of the year that the rule chose. All later steps work on
all slices at once.
"""

from dataclasses import dataclass, replace

import numpy as np

from planning.gaps.engine.reasons import Reason
from planning.gaps.engine.setup import Setup


@dataclass(frozen=True)
class Cube:
    """``values[s, i, j]`` counts only where ``present``; where not present it is 0.

    ``years``: of the slices before the last. ``years_of[i, j]``: year of the section's cell, 0 for a fixed value.
    ``fixed[j]``: the indicator consists of values without a year. ``imputed``: cells that were filled in.
    ``origin[(i, j, year or 0)]``: (source, vintage, published value) of an observed cell.
    """

    values: np.ndarray
    present: np.ndarray
    imputed: np.ndarray
    breaks: np.ndarray
    years: tuple[int, ...]
    years_of: np.ndarray
    fixed: np.ndarray
    origin: dict[tuple[int, int, int], tuple[str, str, float]]
    flags: tuple[tuple[Reason, ...], ...]
    undivided: frozenset[tuple[int, int]]

    @property
    def section(self) -> int:
        """Position of the section among the slices."""
        return len(self.years)


def build(setup: Setup) -> Cube:
    """The cube of a case: figures read, divided by their denominators, the year of every indicator chosen."""
    figures = _figures(setup)
    values, present, breaks, fixed_values, fixed_present, all_years, origin, undivided = figures
    fixed = fixed_present.any(axis=0) & ~present.any(axis=(0, 1))
    years_of, at, flags = _choose(setup, present, fixed, fixed_present, all_years)
    last = int(years_of.max(initial=0))
    known = [y for y in all_years if y <= last]
    first = max(last - setup.doc["selection"]["window"] + 1, min(known, default=last))
    years = tuple(range(first, last + 1)) if last else ()
    n, m = len(setup.regions), len(setup.indicators)
    shape = (len(years) + 1, n, m)
    v, p, b = np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, bool)
    for t, year in enumerate(all_years):
        if first <= year <= last:
            v[year - first], p[year - first], b[year - first] = values[t], present[t], breaks[t]
    v[:, :, fixed], p[:, :, fixed] = fixed_values[:, fixed], fixed_present[:, fixed]
    here = at >= 0
    i, j = np.nonzero(here)
    v[-1, i, j], p[-1, i, j] = values[at[i, j], i, j], True
    cube = Cube(v, p, np.zeros(shape, bool), b, years, years_of, fixed, origin, flags, undivided)
    return cube


def with_values(cube: Cube, values: np.ndarray, present: np.ndarray, imputed: np.ndarray) -> Cube:
    """The cube after imputation: panel cells filled, and the section takes the filled cells of its years."""
    values, present, imputed = values.copy(), present.copy(), imputed.copy()
    if cube.years:
        t = np.clip(cube.years_of - cube.years[0], 0, len(cube.years) - 1)
        inside = (cube.years_of >= cube.years[0]) & ~present[-1]
        i, j = np.nonzero(inside & np.take_along_axis(present[:-1], t[None], axis=0)[0])
        values[-1, i, j], present[-1, i, j] = values[t[i, j], i, j], True
        imputed[-1, i, j] = imputed[t[i, j], i, j]
    return replace(cube, values=values, present=present, imputed=imputed)


def _figures(setup: Setup):
    """Arrays years × regions × indicators of the figures, divided where an indicator has a denominator."""
    codes = [*setup.codes, *setup.doc["denominators"]]
    rows = setup.doc["observations"]
    years = tuple(sorted({o["year"] for o in rows if o["year"] is not None}))
    at_r = {r: i for i, r in enumerate(setup.regions)}
    at_c = {c: j for j, c in enumerate(codes)}
    at_y = {y: t for t, y in enumerate(years)}
    shape = (len(years), len(at_r), len(codes))
    values, present, breaks = np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, bool)
    fixed, fixed_present = np.zeros(shape[1:]), np.zeros(shape[1:], bool)
    origin = {}
    for o in rows:
        i, j = at_r[o["region"]], at_c[o["indicator"]]
        value = float(o["value"])
        if o["year"] is None:
            fixed[i, j], fixed_present[i, j] = value, True
        else:
            t = at_y[o["year"]]
            values[t, i, j], present[t, i, j], breaks[t, i, j] = value, True, o["break_in_series"]
        origin[i, j, o["year"] or 0] = (o["source"], o["vintage"], value)
    undivided = _divide(setup, at_c, values, present, fixed, fixed_present)
    m = len(setup.indicators)
    arrays = (values[..., :m], present[..., :m], breaks[..., :m], fixed[:, :m], fixed_present[:, :m])
    return *arrays, years, origin, undivided


def _divide(setup: Setup, at, values, present, fixed, fixed_present) -> frozenset[tuple[int, int]]:
    """Divide in place; cells without a denominator (or with 0) are no longer present. Returns regions × indicators."""
    lost: set[tuple[int, int]] = set()
    for j, indicator in enumerate(setup.indicators):
        if indicator["denominator"] is None:
            continue
        k = at[indicator["denominator"]]
        below = np.where(present[..., k], values[..., k], fixed[:, k])
        usable = (present[..., k] | fixed_present[:, k]) & (below != 0)
        gone = present[..., j] & ~usable
        lost |= {(int(i), j) for i in np.flatnonzero(gone.any(axis=0))}
        present[..., j] &= usable
        np.divide(values[..., j], below, out=values[..., j], where=present[..., j])
        values[..., j][~present[..., j]] = 0.0
        fine = fixed_present[:, k] & (fixed[:, k] != 0)
        lost |= {(int(i), j) for i in np.flatnonzero(fixed_present[:, j] & ~fine)}
        fixed_present[:, j] &= fine
        np.divide(fixed[:, j], fixed[:, k], out=fixed[:, j], where=fixed_present[:, j])
    return frozenset(lost)


def _choose(setup: Setup, present, fixed, fixed_present, all_years):
    """Year and position in ``all_years`` of the section's cells (-1: none), and flags per indicator."""
    n, m = len(setup.regions), len(setup.indicators)
    years_of, at = np.zeros((n, m), int), np.full((n, m), -1)
    flags: list[tuple[Reason, ...]] = []
    options = setup.doc["selection"]
    for j in range(m):
        found: list[Reason] = []
        if setup.indicators[j]["comparability"] != "full":
            found.append(Reason.DIFFERENT_DEFINITION)
        if fixed[j]:
            found.append(Reason.FIXED)
        elif present[:, :, j].any():
            here = present[:, :, j]
            t = _years_compared(here, all_years, setup.own, options, found)
            years_of[:, j] = [all_years[k] if k >= 0 else 0 for k in t]
            for i, k in enumerate(t):
                at[i, j] = k if k >= 0 and here[k, i] else -1
        flags.append(tuple(found))
    return years_of, at, tuple(flags)


def _years_compared(here, all_years, own: int, options, found: list[Reason]) -> list[int]:
    """Per region the position of the year that is compared; -1: none. ``here`` is years × regions."""
    n = here.shape[1]
    if options["year_rule"] == "latest":
        t = [int(np.flatnonzero(here[:, i])[-1]) if here[:, i].any() else -1 for i in range(n)]
        chosen = [all_years[k] for k in t if k >= 0]
        if max(chosen) - min(chosen) > options["stale_after"]:
            found.append(Reason.STALE)
        return t
    if options["year_rule"] == "one_year":
        year = options["year"]
        return [all_years.index(year) if year in all_years else -1] * n
    t = common_year(here, own, options["common_share"])
    if here[t].sum() < options["common_share"] * here.any(axis=0).sum():
        found.append(Reason.LOW_COVERAGE)
    return [t] * n


def common_year(here: np.ndarray, own: int, share: float) -> int:
    """Position of the latest year that at least ``share`` of the regions with any figure have, the own among them.

    ``here`` is years × regions. Where no year is shared so widely: the year most regions have (the latest of
    equals), one in which the own region has a figure first.
    """
    counts, with_any = here.sum(axis=1), here.any(axis=0).sum()
    candidates = here[:, own] & (counts > 0) if here[:, own].any() else counts > 0
    wide = candidates & (counts >= share * with_any)
    if wide.any():
        return int(np.flatnonzero(wide)[-1])
    best = np.where(candidates, counts, -1)
    return int(np.flatnonzero(best == best.max())[-1])
