"""From figures to scores for a whole case: treat → transform → orient → normalise, per indicator, and the way back."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.gaps.engine import normalise as norm
from planning.gaps.engine.cube import Cube
from planning.gaps.engine.reasons import Reason
from planning.gaps.engine.setup import Setup
from planning.gaps.engine.treat import MIN_REGIONS, Treatment, kurtosis, skewness, treatment


@dataclass
class Scores:
    """Everything that normalising gave, slices × regions × indicators.

    ``treated``: figures after outlier treatment. ``reasons[s, j]``: why an indicator has no scores in a slice.
    ``cell_reasons``: cells without a score though there is a figure (NON_POSITIVE). ``comparable``: per indicator,
    whether scores of different years may be compared.
    """

    values: np.ndarray
    present: np.ndarray
    capped: np.ndarray
    treated: np.ndarray
    moved: np.ndarray
    non_positive: np.ndarray
    reasons: np.ndarray
    comparable: np.ndarray
    treatments: list[Treatment]
    treated_reasons: list[Reason | None]
    scales: list[tuple[norm.Scale | None, int]]
    directions: np.ndarray
    transforms: tuple[str, ...]

    def range_in_units(self, j: int) -> tuple[float | None, float | None]:
        """(worst, best): ends of the normalisation of the section, in own units; None where the method has none."""
        scale, column = self.scales[j]
        if scale is None:
            return None, None
        ends = (float(scale.worst[-1, column]), float(scale.best[-1, column]))
        return tuple(self._units(j, e) if math.isfinite(e) else None for e in ends)

    def inverse(self, j: int, score: float) -> float | None:
        """The value in own units whose score is ``score``; None where a method has no way back."""
        scale, column = self.scales[j]
        if scale is None or not scale.beta[-1, column] > 0 or scale.reason[-1, column] is not None:
            return None
        return self._units(j, (score - scale.alpha[-1, column]) / scale.beta[-1, column])

    def forward(self, j: int, x: np.ndarray) -> np.ndarray:
        """Scores of figures in own units on the parameters of the section; nan where a logarithm has none."""
        scale, column = self.scales[j]
        with np.errstate(invalid="ignore", divide="ignore"):
            y = self.directions[j] * _transform(self.treatments[j].forward(x), self.transforms[j])
        raw = scale.alpha[-1, column] + scale.beta[-1, column] * y
        return np.clip(raw, scale.low[-1, column], scale.high[-1, column])

    def _units(self, j: int, y: float) -> float | None:
        x = float(self.directions[j]) * y
        try:
            if self.transforms[j] != "none":
                x = math.exp(x) if self.transforms[j] == "log" else math.sinh(x)
            return self.treatments[j].inverse(x)
        except OverflowError:
            return None


def score(setup: Setup, cube: Cube, normalisation: dict[str, Any], treat: bool) -> Scores:
    """Scores of all cells of the cube by one normalisation (indicators may have their own) and treatment on or off."""
    treated, treatments, why = _treat(setup, cube, treat)
    m = len(setup.indicators)
    transforms = tuple(i["transform"] for i in setup.indicators)
    y, present = treated.copy(), cube.present.copy()
    for j, name in enumerate(transforms):
        if name == "log":
            present[:, :, j] &= treated[:, :, j] > 0
        if name != "none":
            y[:, :, j] = _transform(np.where(present[:, :, j], y[:, :, j], 1.0), name)
    directions = np.array([i["direction"] for i in setup.indicators], float)
    y *= directions
    y[~present] = 0.0
    shape = y.shape
    found = Scores(
        np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, bool), treated,
        cube.present & (treated != cube.values), cube.present & ~present, np.full((shape[0], m), None, object),
        np.zeros(m, bool), treatments, why, [(None, 0)] * m, directions, transforms,
    )  # fmt: skip
    pool = _pool(cube)
    for spec, columns in _groups(setup, normalisation):
        part = _one_group(setup, y, present, pool, spec, columns)
        found.values[:, :, columns], found.present[:, :, columns] = part.scores, part.present
        found.capped[:, :, columns], found.reasons[:, columns] = part.capped, part.reasons
        found.comparable[columns] = part.comparable
        for position, j in enumerate(columns):
            found.scales[j] = (part.scale, position)
    _few_regions(setup, cube, found, normalisation)
    return found


def _transform(x: np.ndarray, name: str) -> np.ndarray:
    return np.log(x) if name == "log" else np.arcsinh(x) if name == "asinh" else x


def _pool(cube: Cube) -> np.ndarray:
    """Cells that give the parameters of panel mode: the window; the section only where its year lies outside."""
    pool = np.ones(cube.present.shape, bool)
    if cube.years:
        pool[-1] = (cube.years_of > 0) & (cube.years_of < cube.years[0])
        pool[:-1][:, :, cube.fixed] = False
        pool[-1][:, cube.fixed] = True
    return pool


def _treat(setup: Setup, cube: Cube, enabled: bool):
    m, options = len(setup.indicators), setup.doc["treatment"]
    treated = cube.values.copy()
    treatments, why = [Treatment() for _ in range(m)], [None] * m
    if not enabled:
        return treated, treatments, why
    pool = _pool(cube) & cube.present
    for j in range(m):
        x = cube.values[:, :, j][pool[:, :, j]]
        if cube.present[:, :, j].any(axis=0).sum() < MIN_REGIONS:
            treatments[j] = Treatment(before=(skewness(x), kurtosis(x)), after=(skewness(x), kurtosis(x)))
            why[j] = Reason.TOO_SMALL
            continue
        treatments[j] = treatment(x, options["winmax"], options["skewness"], options["kurtosis"])
        if treatments[j].passed is None:
            why[j] = Reason.CONSTANT
        here = cube.present[:, :, j]
        if treatments[j].method != "none":
            treated[:, :, j] = np.where(here, treatments[j].forward(cube.values[:, :, j]), 0.0)
    return treated, treatments, why


def _groups(setup: Setup, normalisation: dict[str, Any]) -> list[tuple[dict[str, Any], list[int]]]:
    """Indicators by the normalisation that holds for them; 'auto' is resolved."""
    groups: dict[str, tuple[dict[str, Any], list[int]]] = {}
    for j, indicator in enumerate(setup.indicators):
        spec = effective(indicator, normalisation)
        groups.setdefault(repr(sorted(spec.items())), (spec, []))[1].append(j)
    return list(groups.values())


def effective(indicator: dict[str, Any], normalisation: dict[str, Any]) -> dict[str, Any]:
    """The normalisation of an indicator: its own, else that of the case; 'auto' by whether it has goalposts."""
    spec = indicator["normalisation"] or normalisation
    if spec["method"] != "auto":
        return spec
    return spec | {"method": "goalposts" if indicator["worst"] is not None else "minmax"}


def _one_group(setup: Setup, y, present, pool, spec, columns: list[int]) -> norm.Normalised:
    goalposts = target = cap = None
    if spec["method"] == "goalposts":
        goalposts = tuple(np.array([_aim(setup.indicators[j], end) for j in columns]) for end in ("worst", "best"))
        cap = np.array([setup.indicators[j]["cap"] for j in columns])
    if spec["method"] == "target":
        target = np.array([_aim(setup.indicators[j], "target") for j in columns])
    reference = setup.regions.index(spec["reference"]) if spec["reference"] in setup.regions else None
    return norm.normalise(
        y[:, :, columns], present[:, :, columns], spec, pool=pool[:, :, columns],
        goalposts=goalposts, cap=cap, target=target, reference=reference,
    )  # fmt: skip


def _aim(indicator: dict[str, Any], end: str) -> float:
    """A goalpost or target on the scale of ``y``; nan where there is none."""
    if indicator[end] is None:
        return math.nan
    x = float(indicator[end])
    if indicator["transform"] == "log":
        x = math.log(x) if x > 0 else math.nan
    elif indicator["transform"] == "asinh":
        x = math.asinh(x)
    return indicator["direction"] * x


def _few_regions(setup: Setup, cube: Cube, found: Scores, normalisation: dict[str, Any]) -> None:
    """Indicators that too few regions have are left out, unless their range does not come from the regions."""
    needed = min(setup.doc["screening"]["min_regions"], len(setup.regions))
    for j, indicator in enumerate(setup.indicators):
        count = int(cube.present[-1, :, j].sum())
        if effective(indicator, normalisation)["method"] == "goalposts":
            continue
        if count == 1:
            found.reasons[:, j] = Reason.SINGLE_REGION
        elif 1 < count < needed:
            found.reasons[:, j] = Reason.FEW_REGIONS
    bad = ~np.equal(found.reasons, None)
    found.present &= ~bad[:, None, :]
    found.values[~found.present] = 0.0
    found.capped &= found.present
