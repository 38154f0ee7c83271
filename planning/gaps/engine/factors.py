"""The factors of the Monte Carlo runs: which options vary, which combinations are admissible, and the drawing."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from planning.gaps.engine import aggregate as agg
from planning.gaps.engine import checks
from planning.gaps.engine.cube import Cube
from planning.gaps.engine.curves import Scores, score
from planning.gaps.engine.impute import impute
from planning.gaps.engine.kernel import Combo, Draws, Kernel, check_size, leave_out
from planning.gaps.engine.setup import Setup

DISCRETE = ("imputation", "treatment", "normalisation", "aggregation")


@dataclass
class Factors:
    """Options of a case, the nominal one first, and what was computed for every discrete combination.

    ``admissible``: rows (imputation, treatment, normalisation, aggregation) that may be drawn; ``rejected`` the others
    with the reason. ``first[imputation, treatment, normalisation]`` is the position of the first of ``draws`` combos.
    """

    setup: Setup
    options: dict[str, list[Any]]
    shares: list[np.ndarray]
    kernel: Kernel
    first: np.ndarray
    draws: list[int]
    admissible: np.ndarray
    rejected: dict[tuple[int, ...], tuple[str, str]]
    sections: list[Scores] = field(default_factory=list)
    memo: dict[tuple, Any] = field(default_factory=dict)

    @property
    def varying(self) -> list[str]:
        """Names of the factors that are on, in their fixed order."""
        robustness = self.setup.doc["robustness"]
        found = [name for name in DISCRETE if len(self.options[name]) > 1]
        if "multiple" in self.options["imputation"] and "imputation" not in found:
            found.insert(0, "imputation")
        found += ["weights"] if robustness["weights"] != "none" else []
        found += ["leave_one_out"] if robustness["leave_one_out"] and len(self.setup.indicators) > 1 else []
        return found + (["data_error"] if robustness["data_error"] else [])


def options_of(setup: Setup) -> dict[str, list[Any]]:
    """Options per discrete factor, the nominal first, each once."""
    doc, robustness = setup.doc, setup.doc["robustness"]
    nominal = {
        "imputation": doc["imputation"]["method"], "treatment": doc["treatment"]["enabled"],
        "normalisation": doc["normalisation"], "aggregation": None,
    }  # fmt: skip
    found = {}
    for name, first in nominal.items():
        found[name] = [first]
        for option in robustness[name]:
            if option not in found[name]:
                found[name].append(option)
    return found


def label(option: Any) -> str:
    """An option as text."""
    if isinstance(option, dict):
        a, b = option["range"]
        return f"{option['method']} {option['mode']} {a:g}-{b:g}"
    return {None: "tree", True: "on", False: "off"}.get(option, str(option))


def build(setup: Setup, cube: Cube, shares: list[np.ndarray], ranked: np.ndarray) -> Factors:
    """Scores of every discrete combination for the ``ranked`` regions. ``cube`` is before imputation."""
    options = options_of(setup)
    check_size(setup, len(ranked), options["aggregation"])
    combos, sections, draws = [], [], []
    first = np.zeros([len(options[name]) for name in DISCRETE[:3]], int)
    for a, method in enumerate(options["imputation"]):
        cubes = _cubes(setup, cube, method)
        draws.append(len(cubes))
        for b, treat in enumerate(options["treatment"]):
            for c, normalisation in enumerate(options["normalisation"]):
                first[a, b, c] = len(combos)
                for filled in cubes:
                    scores = score(setup, filled, normalisation, treat)
                    sections.append(scores)
                    combos.append(_combo(setup, filled, scores, shares, ranked))
    rejected = {}
    for c, normalisation in enumerate(options["normalisation"]):
        for d, rule in enumerate(options["aggregation"]):
            why = checks.inadmissible(setup, normalisation, rule)
            if why:
                rejected[c, d] = (why.code, str(why))
    grid = np.array(list(np.ndindex(*first.shape, len(options["aggregation"]))))
    fine = np.array([(int(c), int(d)) not in rejected for _, _, c, d in grid])
    kernel = Kernel(setup, combos, options["aggregation"])
    return Factors(setup, options, shares, kernel, first, draws, grid[fine], rejected, sections)


def _cubes(setup: Setup, cube: Cube, method: str) -> list[Cube]:
    if method != "multiple":
        return [impute(setup, cube, method)]
    seeds = np.random.SeedSequence(setup.doc["seed"], spawn_key=(3,)).spawn(setup.doc["imputation"]["draws"])
    return [impute(setup, cube, method, np.random.default_rng(seed)) for seed in seeds]


def _combo(setup: Setup, cube: Cube, scores: Scores, shares, ranked: np.ndarray) -> Combo:
    leaf, present = scores.values[-1, ranked], scores.present[-1, ranked]
    nodes = agg.tree_scores(_arithmetic(setup), leaf, present, setup.doc["screening"]["node_coverage"], shares)
    errors = np.array([i["relative_standard_error"] for i in setup.indicators])
    raw = cube.values[-1, ranked]

    def disturb(noise: np.ndarray) -> np.ndarray:
        found = np.broadcast_to(leaf, noise.shape).copy()
        for j in np.flatnonzero((errors > 0) & present.any(axis=0)):
            moved = scores.forward(j, raw[:, j] * (1 + errors[j] * noise[..., j]))
            found[..., j] = np.where(present[:, j] & np.isfinite(moved), moved, leaf[:, j])
        return found

    return Combo(leaf, present, nodes.present, disturb)


def _arithmetic(setup: Setup) -> Setup:
    """The same tree with means that never fail: only the coverage is wanted."""
    return replace(setup, nodes=tuple(replace(node, rule="arithmetic") for node in setup.nodes))


def draw(
    factors: Factors, count: int, rng: np.random.Generator
) -> tuple[Draws, dict[tuple[int, int], int], np.ndarray]:
    """(draws, rejections, picked): ``count`` replications. Combinations that are not admissible are counted and drawn
    anew among those that are. ``picked`` holds the options per replication in the order of ``DISCRETE``."""
    shape = (*factors.first.shape, len(factors.options["aggregation"]))
    picked = np.stack([rng.integers(0, k, count) for k in shape], axis=1)
    rejections: dict[tuple[int, int], int] = {}
    for pair in factors.rejected:
        bad = (picked[:, 2] == pair[0]) & (picked[:, 3] == pair[1])
        rejections[pair] = int(bad.sum())
        picked[bad] = factors.admissible[rng.integers(0, len(factors.admissible), int(bad.sum()))]
    robustness, m = factors.setup.doc["robustness"], len(factors.setup.indicators)
    shares = draw_shares(factors.setup, factors.shares, count, rng)
    left_out = rng.integers(0, m + 1, count) if robustness["leave_one_out"] and m > 1 else None
    noise = None
    if robustness["data_error"]:
        noise = rng.standard_normal((count, *factors.kernel.combos[0].scores.shape))
    return assemble(factors, picked, rng.random(count), shares, left_out, noise), rejections, picked


def assemble(factors: Factors, picked: np.ndarray, u: np.ndarray, shares, left_out, noise) -> Draws:
    """Replications from the options picked; ``u`` chooses among the draws of a multiple imputation."""
    among = (u * np.array(factors.draws)[picked[:, 0]]).astype(int)
    combo = factors.first[picked[:, 0], picked[:, 1], picked[:, 2]] + among
    return Draws(combo, picked[:, 3], shares, left_out, noise)


def draw_shares(setup: Setup, shares: list[np.ndarray], count: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Disturbed shares of every inner node, (count, children): Dirichlet(kappa·w) or w(1 + f·U(-1, 1))."""
    robustness, found = setup.doc["robustness"], list(shares)
    if robustness["weights"] == "none":
        return found
    for k in setup.inner:
        w = shares[k]
        if len(w) < 2:
            continue
        if robustness["weights"] == "dirichlet":
            drawn = rng.standard_gamma(robustness["kappa"] * w, (count, len(w)))
        else:
            drawn = w * (1 + robustness["spread"] * rng.uniform(-1, 1, (count, len(w))))
        total = drawn.sum(axis=1, keepdims=True)
        found[k] = np.where(total > 0, drawn / np.where(total > 0, total, 1.0), w)
    return found


__all__ = ["Factors", "assemble", "build", "draw", "draw_shares", "label", "leave_out", "options_of"]
