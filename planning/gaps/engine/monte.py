"""The Monte Carlo part of a run: from the point result to the sections 'robustness' and 'sensitivity'."""

import math
from typing import Any

import numpy as np

from planning.gaps.engine import compare, robustness, sensitivity, shortfall, weak
from planning.gaps.engine import factors as fac
from planning.gaps.engine.compare import Comparison
from planning.gaps.engine.point import Point
from planning.gaps.engine.reasons import Reason
from planning.gaps.engine.robustness import rounded


class Monte:
    """Everything that chunks need, made once per process. ``ranked``: positions of the regions with a rank."""

    def __init__(self, point: Point, comparison: Comparison):
        self.point, self.comparison = point, comparison
        self.ranked = np.flatnonzero(point.ranked[-1])
        self.nominal = np.array([point.ranks[-1][i] for i in self.ranked])
        self.factors = fac.build(point.setup, point.raw, point.shares, self.ranked)
        self.view = self._view()

    @property
    def own(self) -> int | None:
        """Position of the own region among the ranked."""
        return self.view.own

    def chunk(self, plan: dict[str, int]) -> dict[str, Any]:
        """Counts of one chunk."""
        return robustness.run_chunk(self.factors, self.view, self.nominal, plan)

    def _view(self) -> shortfall.View:
        setup = self.point.setup
        place = {int(i): k for k, i in enumerate(self.ranked)}
        kind = self.comparison.kind
        named = compare.named(self.point)
        trend, control = weak.factor(self.point, self.comparison)
        dimension = [setup.dimension(k) for k in setup.leaf_nodes()]
        top = setup.nodes[0].children
        targets = None
        if kind == "target":
            targets = [compare.target_scores(self.point, scores) for scores in self.factors.sections]
        return shortfall.View(
            place.get(setup.own),
            kind,
            tuple(place[i] for i in self.point.leaders if i in place),
            tuple(place[i] for i in setup.peers if i in place),
            place.get(named) if kind == "region" else None,
            trend * control,
            np.array([top.index(d) for d in dimension]),
            len(top),
            targets,
        )

    def robustness(self, chunks: list[dict[str, Any]]) -> dict[str, Any]:
        """The section 'robustness' from the results of all chunks."""
        total = robustness.merge(chunks)
        setup, size = self.point.setup, total["size"]
        codes = [setup.regions[i] for i in self.ranked]
        regions = sorted(
            (self._region(k, total) for k in range(len(codes))), key=lambda r: (r["median"], r["mean"], r["code"])
        )
        scored = [int(size - u) for u in total["unscored"]]
        pairs = total["pairwise"]
        own = total["own"]
        indicators = [i["code"] for i in setup.indicators]
        top = [setup.nodes[k].code for k in setup.nodes[0].children]
        return {
            "reason": None,
            "replications": size,
            "chunks": len(chunks),
            "factors": self.factors.varying,
            "options": self._options(total),
            "rejected": [
                {"reason": self.factors.rejected[pair][0], "sentence": self.factors.rejected[pair][1], "count": count}
                for pair, count in total["rejected"].items()
            ],
            "regions": regions,
            "pairwise": None if pairs is None else self._ordered(pairs, size, [r["code"] for r in regions], codes),
            "own_pairwise": {} if own is None else {
                c: float(own[k]) / (2 * size) for k, c in enumerate(codes) if k != self.view.own
            },
            "mean_shift": total["shift"] / max(1, sum(scored)),
            "monte_carlo_error": 0.5 / math.sqrt(size),
            "weak_points": self._shares(total["weak"], indicators, size),
            "dimensions": self._shares(total["dimensions"], top, size),
        }  # fmt: skip

    @staticmethod
    def _shares(counts: np.ndarray | None, codes: list[str], size: int) -> dict[str, float]:
        if counts is None:
            return {}
        return {code: int(count) / size for code, count in zip(codes, counts, strict=True) if count}

    @staticmethod
    def _ordered(pairs: np.ndarray, size: int, order: list[str], codes: list[str]) -> list[list[float]]:
        at = [codes.index(code) for code in order]
        return (pairs[np.ix_(at, at)] / (2 * size)).tolist()

    def _region(self, k: int, total: dict[str, Any]) -> dict[str, Any]:
        counts, size = total["histogram"][k], total["size"]
        known = int(counts.sum())
        if not known:  # no score in any replication: last in all of them
            counts = np.eye(len(counts), dtype=int)[-1]
            known = 1
        places = np.arange(1, len(counts) + 1)
        mean, sd = self._score(k, total, size - int(total["unscored"][k]))
        return {
            "code": self.point.setup.regions[self.ranked[k]],
            "nominal": int(self.nominal[k]),
            "median": robustness.median_rank(counts),
            "mean": float((counts * places).sum() / known),
            "low": robustness.quantile_rank(counts, 0.05),
            "high": robustness.quantile_rank(counts, 0.95),
            "top3": float(counts[:3].sum() / known),
            "mean_score": mean,
            "sd_score": sd,
            "p_rank": (counts / known).tolist(),
            "unscored": int(total["unscored"][k]),
        }

    def _score(self, k: int, total: dict[str, Any], known: int) -> tuple[float | None, float | None]:
        """Mean and standard deviation of the score; None when the options have different scales."""
        scales = {(tuple(n["range"]), n["method"] in ("zscore", "rank", "borda", "categorical") and repr(n))
                  for n in self.factors.options["normalisation"]}  # fmt: skip
        if len(scales) > 1 or "copeland" in self.factors.options["aggregation"] or not known:
            return None, None
        mean = float(total["score_sum"][k]) / known
        variance = max(0.0, float(total["score_square"][k]) / known - mean * mean)
        spread = 0.0 if variance < 1e-12 * max(1.0, mean * mean) else math.sqrt(variance)
        return rounded(mean), float(f"{spread:.6g}")

    def _options(self, total: dict[str, Any]) -> list[dict[str, Any]]:
        found = []
        for name, counts in zip(fac.DISCRETE, total["options"], strict=True):
            for option, count in zip(self.factors.options[name], counts, strict=True):
                found.append({"factor": name, "option": fac.label(option), "count": int(count)})
        return found

    def sensitivity(self, watch) -> dict[str, Any]:
        """The section 'sensitivity'."""
        return sensitivity.sensitivity(self.factors, self.nominal, self.view.own, watch)


def empty(reason: Reason) -> dict[str, Any]:
    """The section 'robustness' when there is nothing to say."""
    return {
        "reason": str(reason), "replications": 0, "chunks": 0, "factors": [], "options": [], "rejected": [],
        "regions": [], "pairwise": None, "own_pairwise": {}, "mean_shift": 0.0, "monte_carlo_error": 0.0,
        "weak_points": {}, "dimensions": {},
    }  # fmt: skip
