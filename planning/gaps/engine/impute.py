"""Imputation: six ways to fill cells of the panel (and 'none'). Observed cells stay as they are, bit for bit.

All functions take ``values`` and ``present`` (years × regions × indicators) and fill copies of them in place; they
return nothing. Sources: Handbook, step 3; Little and Rubin, Statistical Analysis with Missing Data (regression with a
residual drawn, and the hot deck). A trend is never extrapolated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.gaps.engine.cube import Cube, with_values
from planning.gaps.engine.setup import Setup

MIN_REGRESSION = 20


@dataclass(frozen=True)
class Options:
    """``carry``: years a figure is carried; ``predictors``: most predictors of a regression; ``peers``: positions."""

    carry: int = 2
    predictors: int = 3
    peers: tuple[int, ...] = ()


def impute(setup: Setup, cube: Cube, method: str, rng: np.random.Generator | None = None) -> Cube:
    """The cube with cells filled by ``method`` (``spec.IMPUTATIONS``); with ``rng`` 'multiple' draws, else it takes
    the expected value. Fixed indicators and indicators without any figure are left alone."""
    if method == "none" or not cube.years:
        return with_values(cube, cube.values, cube.present, cube.imputed)
    raw = setup.doc["imputation"]
    options = Options(raw["carry"], raw["predictors"], setup.peers)
    panel, known = cube.values[:-1].copy(), cube.present[:-1].copy()
    years = np.array(cube.years)
    if method == "linear":
        linear(panel, known, years, options)
    elif method == "locf":
        carried(panel, known, years, options, back=False)
    elif method == "focb":
        carried(panel, known, years, options, back=True)
    elif method == "peer_median":
        peer_median(panel, known, options)
    else:
        regression(panel, known, options, rng if method == "multiple" else None, deck=method == "multiple")
    known[:, :, cube.fixed] = cube.present[:-1][:, :, cube.fixed]
    panel[~known] = 0.0
    values = np.concatenate([panel, cube.values[-1:]])
    present = np.concatenate([known, cube.present[-1:]])
    imputed = np.concatenate([known & ~cube.present[:-1], cube.imputed[-1:]])
    return with_values(cube, values, present, imputed)


def linear(values: np.ndarray, present: np.ndarray, years: np.ndarray, options: Options) -> None:
    """Straight line between the figures before and after; one single figure is carried ``carry`` years both ways."""
    for i, j in _series(present):
        t = np.flatnonzero(present[:, i, j])
        gaps = np.arange(t[0] + 1, t[-1])[~present[t[0] + 1 : t[-1], i, j]]
        if len(t) == 1:
            gaps = np.flatnonzero((abs(years - years[t[0]]) <= options.carry) & ~present[:, i, j])
        values[gaps, i, j] = np.interp(years[gaps], years[t], values[t, i, j])
        present[gaps, i, j] = True


def carried(values: np.ndarray, present: np.ndarray, years: np.ndarray, options: Options, *, back: bool) -> None:
    """The last figure carried forward (or, ``back``, the next one carried back) for at most ``carry`` years.

    A series of one single figure is carried both ways.
    """
    for i, j in _series(present):
        known = np.flatnonzero(present[:, i, j])
        for t in np.flatnonzero(~present[:, i, j]):
            before, after = known[known < t], known[known > t]
            wanted = after[:1] if back else before[-1:]
            if len(known) == 1:
                wanted = known
            if len(wanted) and abs(years[t] - years[wanted[0]]) <= options.carry:
                values[t, i, j], present[t, i, j] = values[wanted[0], i, j], True


def peer_median(values: np.ndarray, present: np.ndarray, options: Options) -> None:
    """Median of the peers' figures of the same year."""
    peers = list(options.peers)
    for t, j in zip(*np.nonzero(~present.all(axis=1)), strict=True):
        donors = values[t, peers, j][present[t, peers, j]]
        if len(donors):
            gaps = ~present[t, :, j]
            values[t, gaps, j], present[t, gaps, j] = np.median(donors), True


def regression(
    values: np.ndarray, present: np.ndarray, options: Options, rng: np.random.Generator | None, *, deck: bool
) -> None:
    """Least squares on the (at most ``predictors``) indicators of the same year that correlate most, from at least 20
    regions. With ``rng`` a residual is drawn to the fit. With ``deck`` cells without a regression take a figure of
    the same year drawn from the regions that have one (without ``rng``: their median)."""
    known, original = present.copy(), values.copy()
    for t, j in zip(*np.nonzero(~known.all(axis=1) & known.any(axis=1)), strict=True):
        for i in np.flatnonzero(~known[t, :, j]):
            found = _predict(original[t], known[t], int(i), int(j), options.predictors, rng)
            if found is None and deck:
                donors = original[t, known[t, :, j], j]
                found = float(np.median(donors) if rng is None else rng.choice(donors))
            if found is not None:
                values[t, i, j], present[t, i, j] = found, True


def _predict(values, known, i: int, j: int, most: int, rng) -> float | None:
    usable = [k for k in np.flatnonzero(known[i]) if k != j]
    strength = []
    for k in usable:
        both = known[:, j] & known[:, k]
        x, y = values[both, k], values[both, j]
        if both.sum() >= MIN_REGRESSION and np.ptp(x) > 0 and np.ptp(y) > 0:
            strength.append((-abs(float(np.corrcoef(x, y)[0, 1])), int(k)))
    chosen = [k for _, k in sorted(strength)[:most]]
    rows = known[:, j] & known[:, chosen].all(axis=1)
    if not chosen or rows.sum() < MIN_REGRESSION:
        return None
    design = np.column_stack([np.ones(rows.sum()), values[rows][:, chosen]])
    beta, *_ = np.linalg.lstsq(design, values[rows, j], rcond=None)
    found = float(beta[0] + values[i, chosen] @ beta[1:])
    if rng is not None:
        residuals = values[rows, j] - design @ beta
        found += float(rng.choice(residuals)) * float(np.sqrt(len(residuals) / (len(residuals) - design.shape[1])))
    return found


def _series(present: np.ndarray) -> Sequence[tuple[int, int]]:
    """Positions of series that have a figure and a hole."""
    return list(zip(*np.nonzero(present.any(axis=0) & ~present.all(axis=0)), strict=True))
