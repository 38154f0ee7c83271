"""The weights of a case: shares of the children of every node by the method asked for, and what must be printed."""

from typing import Any

import numpy as np

from planning.gaps.engine import aggregate as agg
from planning.gaps.engine import data_weights, weights
from planning.gaps.engine.curves import Scores
from planning.gaps.engine.reasons import Reason
from planning.gaps.engine.refusal import Refused
from planning.gaps.engine.setup import Setup


def weigh(setup: Setup, scores: Scores) -> tuple[list[np.ndarray], dict[str, Any]]:
    """(shares by node, section 'weights' of the result). Raises ``Refused`` for weights that cannot be right."""
    raw = setup.doc["weights"]
    shares, printed, flags = agg.nominal_shares(setup), {}, []
    if raw["method"] == "equal":
        shares = [np.full(len(s), 1 / len(s)) if len(s) else s for s in shares]
    elif raw["method"] in ("budget", "ahp"):
        by_code = {setup.nodes[k].code: k for k in setup.inner}
        for code, given in raw[raw["method"]].items():
            if code not in by_code:
                raise Refused("unknown_code", "%(code)s of the weights is no node with children.", code=code)
            k = by_code[code]
            shares[k], printed[code] = (_budget if raw["method"] == "budget" else _ahp)(setup, k, given)
    elif raw["method"] in ("pca", "entropy", "critic"):
        for k in setup.inner:
            if all(setup.nodes[c].leaf >= 0 for c in setup.nodes[k].children):
                shares[k], printed[setup.nodes[k].code], flag = _from_data(setup, k, scores, raw["method"])
                flags += [flag] if flag and flag not in flags else []
    return shares, {"method": raw["method"], "nodes": printed, "flags": [str(f) for f in flags]}


def _names(setup: Setup, k: int) -> list[str]:
    return [setup.nodes[c].code for c in setup.nodes[k].children]


def _budget(setup: Setup, k: int, experts: list[dict[str, float]]) -> tuple[np.ndarray, dict[str, Any]]:
    found = weights.budget(_names(setup, k), experts, setup.nodes[k].code)
    return np.array([found.shares[c] for c in _names(setup, k)]), {
        "shares": found.shares, "sd": found.sd, "experts": found.experts,
    }  # fmt: skip


def _ahp(setup: Setup, k: int, given: dict[str, Any]) -> tuple[np.ndarray, dict[str, Any]]:
    code = setup.nodes[k].code
    if sorted(given["children"]) != sorted(_names(setup, k)):
        raise Refused("ahp_children", "The comparisons at %(node)s do not name its children.", node=code)
    found = weights.ahp(given["children"], given["matrices"], code)
    if found.cr is not None and found.cr > weights.MOST_INCONSISTENT and not given["accept_inconsistent"]:
        raise Refused(
            "ahp_inconsistent",
            "The comparisons at %(node)s contradict each other: consistency ratio %(cr)s, at most 0.10.",
            node=code, cr=f"{found.cr:.3f}",
        )  # fmt: skip
    return np.array([found.shares[c] for c in _names(setup, k)]), {
        "shares": found.shares, "eigenvalue": found.eigenvalue, "ci": found.ci, "cr": found.cr,
        "experts": found.experts, "accepted": given["accept_inconsistent"],
    }  # fmt: skip


def _from_data(setup: Setup, k: int, scores: Scores, method: str):
    """Weights of the leaves of a lowest node from the regions that have all of its scores."""
    node = setup.nodes[k]
    columns = [setup.nodes[c].leaf for c in node.children]
    usable = [j for j in columns if scores.reasons[-1, j] is None]
    complete = scores.present[-1][:, usable].all(axis=1) & bool(usable)
    rows = scores.values[-1][complete][:, usable]
    printed: dict[str, Any] = {"regions": int(complete.sum())}
    flag = None
    if method == "pca":
        found = data_weights.pca(rows, node.code)
        printed |= {"eigenvalues": list(found.eigenvalues), "variance": list(found.variance)}
        w = found.weights
    else:
        if len(rows) < 2:
            raise Refused(
                "weights_few", "Weights from the data at %(node)s need two regions with all figures.", node=node.code
            )
        if method == "entropy" and not (rows > 0).all():
            raise Refused("entropy_zero", "Entropy weights at %(node)s need scores above 0.", node=node.code)
        w, equal = (data_weights.entropy if method == "entropy" else data_weights.critic)(rows)
        flag = Reason.NO_VARIANCE if equal else None
    full = np.zeros(len(columns))
    full[[columns.index(j) for j in usable]] = w
    printed["shares"] = {setup.nodes[c].code: float(v) for c, v in zip(node.children, full, strict=True)}
    return full, printed, flag


def best_case(setup: Setup, scores: Scores) -> list[float | None] | None:
    """Score of every region with the weights that favour it most, 0..1; None when it was not asked for."""
    raw = setup.doc["weights"]
    if raw["method"] != "bod":
        return None
    usable = scores.present[-1].any(axis=0)
    if not usable.any():
        return [None] * len(setup.regions)
    found, _ = data_weights.benefit_of_the_doubt(
        scores.values[-1][:, usable], scores.present[-1][:, usable], raw["bod"]["lowest"], raw["bod"]["highest"],
        setup.nodes[0].code,
    )  # fmt: skip
    return [None if np.isnan(v) else float(v) for v in found]
