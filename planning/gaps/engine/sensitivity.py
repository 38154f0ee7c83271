"""Which choice of the method moves the ranks most: Sobol indices of the factors of the robustness analysis."""

from typing import Any

import numpy as np

from planning.gaps.engine import factors as fac
from planning.gaps.engine import sobol
from planning.gaps.engine.ranks import rank_rows
from planning.gaps.engine.reasons import Reason
from planning.gaps.engine.robustness import rounded

BATCH = 2048
WEIGHT_SETS = 1024
NOISE_SETS = 64


def sensitivity(
    factors: fac.Factors, nominal: np.ndarray, own: int | None, watch=lambda done, of: None
) -> dict[str, Any]:
    """The document of section 'sensitivity'. ``nominal``: ranks of the ranked regions."""
    options, names = factors.setup.doc["sensitivity"], factors.varying
    if not options["enabled"] or not factors.setup.doc["robustness"]["enabled"]:
        return empty(Reason.NOT_ASKED)
    if not names or len(nominal) < 2:
        return empty(Reason.NO_VARIANCE)
    points = sobol.design(len(names), options["base"], factors.setup.doc["seed"])
    outputs = evaluate(factors, names, points, nominal, own, watch)
    found = []
    for name, values in outputs.items():
        result = sobol.indices(values, len(names), options["bootstrap"], factors.setup.doc["seed"])
        found.append(_document(name, names, result))
    return {"reason": None, "evaluations": len(points), "base": options["base"], "outputs": found}


def empty(reason: Reason) -> dict[str, Any]:
    """The section when there is nothing to say."""
    return {"reason": str(reason), "evaluations": 0, "base": 0, "outputs": []}


def evaluate(factors: fac.Factors, names, points, nominal, own, watch) -> dict[str, np.ndarray]:
    """Mean absolute shift of the ranks and the own rank at every point of the design."""
    pools = _pools(factors)
    shift, mine = np.empty(len(points)), np.empty(len(points))
    for start in range(0, len(points), BATCH):
        watch(start, len(points))
        block = points[start : start + BATCH]
        ranks = rank_rows(factors.kernel.scores(_draws(factors, names, block, pools)))[1]
        shift[start : start + BATCH] = np.abs(ranks - nominal).mean(axis=1)
        mine[start : start + BATCH] = 0 if own is None else ranks[:, own]
    return {"mean_shift": shift} | ({} if own is None else {"own_rank": mine})


def _pools(factors: fac.Factors) -> dict[str, Any]:
    """Sets of weights and of errors that a single number chooses from (so that each is one factor)."""
    rng = np.random.default_rng(np.random.SeedSequence(factors.setup.doc["seed"], spawn_key=(6,)))
    shape = factors.kernel.combos[0].scores.shape
    return {
        "weights": fac.draw_shares(factors.setup, factors.shares, WEIGHT_SETS, rng),
        "data_error": rng.standard_normal((NOISE_SETS, *shape)) if "data_error" in factors.varying else None,
    }


def _draws(factors: fac.Factors, names: list[str], points: np.ndarray, pools) -> fac.Draws:
    u = {name: points[:, k] for k, name in enumerate(names)}
    picked = np.zeros((len(points), len(fac.DISCRETE)), int)
    within = np.zeros(len(points))
    for a, name in enumerate(fac.DISCRETE):
        if name in u:
            place = u[name] * len(factors.options[name])
            picked[:, a] = place
            if name == "imputation":
                within = place - picked[:, a]
    shares, left_out, noise = factors.shares, None, None
    _only_admissible(factors, u, picked)
    if "weights" in u:
        at = (u["weights"] * WEIGHT_SETS).astype(int)
        shares = [s[at] if s.ndim == 2 else s for s in pools["weights"]]
    if "leave_one_out" in u:
        left_out = (u["leave_one_out"] * (len(factors.setup.indicators) + 1)).astype(int)
    if "data_error" in u:
        noise = pools["data_error"][(u["data_error"] * NOISE_SETS).astype(int)]
    return fac.assemble(factors, picked, within, shares, left_out, noise)


def _only_admissible(factors: fac.Factors, u: dict[str, np.ndarray], picked: np.ndarray) -> None:
    """Where some pairs of normalisation and rule cannot go together, each number chooses among those that can."""
    if not factors.rejected:
        return
    pairs = {(int(c), int(d)) for _, _, c, d in factors.admissible}
    rules = {c: sorted(d for k, d in pairs if k == c) for c in sorted({c for c, _ in pairs})}
    nothing = np.zeros(len(picked))
    picked[:, 2] = np.array(list(rules))[(u.get("normalisation", nothing) * len(rules)).astype(int)]
    for c, allowed in rules.items():
        at = picked[:, 2] == c
        picked[at, 3] = np.array(allowed)[(u.get("aggregation", nothing)[at] * len(allowed)).astype(int)]


def _document(output: str, names: list[str], found: sobol.Indices) -> dict[str, Any]:
    head = {"output": output, "mean": rounded(found.mean), "variance": rounded(found.variance)}
    if found.first is None:
        nothing = {"value": None, "raw": None, "low": None, "high": None}
        factors = [{"factor": name, "first": nothing, "total": nothing} for name in names]
        return head | {"reason": str(Reason.NO_VARIANCE), "factors": factors}
    factors = [
        {
            "factor": name,
            "first": _index(found.first[k], found.first_interval[k]),
            "total": _index(found.total[k], found.total_interval[k]),
        }
        for k, name in enumerate(names)
    ]
    return head | {"reason": None, "factors": factors}


def _index(raw: float, ends: np.ndarray) -> dict[str, float]:
    return {
        "value": rounded(min(max(float(raw), 0.0), 1.0)),
        "raw": rounded(float(raw)),
        "low": rounded(float(ends[0])),
        "high": rounded(float(ends[1])),
    }
