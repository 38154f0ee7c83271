"""The gap engine against what the machine can do: ``python -m tests.bench.gaps`` (part of ``make bench``).

Every goal is a ratio within this run, or a time in CPU seconds of one thread, so that a busy machine changes little.
"""

import os
import subprocess
import sys
import time
import tracemalloc

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as in a worker: one thread a process

import numpy as np  # noqa: E402

from planning.gaps.engine import chain, compare, monte, point, robustness, setup  # noqa: E402
from planning.gaps.engine.kernel import Combo, Draws, Kernel  # noqa: E402
from planning.gaps.engine.ranks import rank_rows  # noqa: E402

COUNT, CHUNK = 10_000, robustness.CHUNK


def document(regions: int, indicators: int, years: int, groups: int, missing: float = 0.03, **options) -> dict:
    """A case of log-normal figures with a slow trend; figures are drawn, nothing is said by them."""
    rng = np.random.default_rng(1)
    base = rng.lognormal(3, 0.5, (regions, indicators))
    codes, places = [f"x{j}" for j in range(indicators)], [f"r{i}" for i in range(regions)]
    rows = [
        {"region": r, "indicator": c, "year": 2010 + t, "value": float(base[i, j] * (1 + 0.02 * t) + rng.normal())}
        for i, r in enumerate(places) for j, c in enumerate(codes) for t in range(years) if rng.random() >= missing
    ]  # fmt: skip
    split = np.array_split(codes, groups)
    children = [{"code": f"d{k}", "children": [{"indicator": str(c)} for c in part]} for k, part in enumerate(split)]
    return {
        "schema": "gap-case/1", "own": "r0", "regions": [{"code": r} for r in places],
        "indicators": [{"code": c, "direction": 1 - 2 * (j % 4 == 0)} for j, c in enumerate(codes)],
        "observations": rows, "tree": {"code": "top", "children": children if groups > 1 else children[0]["children"]},
    } | options  # fmt: skip


def cpu(work, rounds: int = 3) -> float:
    """The least CPU time of some rounds, seconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def large() -> tuple[Kernel, np.ndarray, np.ndarray, np.ndarray]:
    """364 × 200 with 5 % missing and 10,000 sets of weights, no case document around it."""
    rng = np.random.default_rng(2)
    n, m = 364, 200
    scores, present = rng.uniform(1, 100, (n, m)), rng.random((n, m)) >= 0.05
    nodes = [setup.Node("top", -1, 1.0, children=list(range(1, m + 1)))]
    nodes += [setup.Node(f"x{j}", 0, 1 / m, j) for j in range(m)]
    frame = setup.Setup({}, tuple(map(str, range(n))), 0, tuple(range(1, n)), ({},) * m, tuple(nodes))
    combo = Combo(np.where(present, scores, 0.0), present, np.ones((m + 1, n), bool))
    weights = rng.dirichlet(np.ones(m), COUNT)
    return Kernel(frame, [combo], [None]), scores, present, weights


def whole_year(kernel: Kernel, weights: np.ndarray) -> np.ndarray:
    """Scores, all ranks and their frequencies for all replications, chunk by chunk."""
    total = 0
    for start in range(0, COUNT, CHUNK):
        part = weights[start : start + CHUNK]
        zeros = np.zeros(len(part), int)
        found = kernel.scores(Draws(zeros, zeros, [part, *[np.zeros(0)] * part.shape[1]]))
        total = total + robustness._histogram(rank_rows(found)[1], np.isfinite(found), found.shape[1])
    return total


def pandas_year(scores, present, weights):
    """The plain way: one replication at a time on a data frame."""
    import pandas as pd

    table = pd.DataFrame(np.where(present, scores, np.nan))
    found = []
    for row in weights:
        composite = table.mul(row, axis=1).sum(axis=1) / table.notna().mul(row, axis=1).sum(axis=1)
        found.append((composite.to_numpy(), composite.rank(ascending=False, method="min").to_numpy()))
    return found


def small_goals() -> list[tuple[str, float, float, str]]:
    """51 × 49 with four factors, and a full report of 15 × 60 × 10."""
    factors = {"treatment": [True], "normalisation": [{"method": "percentile"}], "aggregation": ["geometric"]}
    p = point.compute(document(51, 49, 1, 6, 0.0, robustness=factors))
    carlo = monte.Monte(p, compare.compare(p, "leader"))
    seconds = cpu(lambda: [carlo.chunk(part) for part in robustness.plan(COUNT, 0)], 6)
    report = document(15, 60, 10, 5, robustness=factors | {"leave_one_out": True})
    chain.run(report)
    return [
        ("51 × 49, four factors, µs a replication", seconds / COUNT * 1e6, 20, "µs"),
        ("full report 15 × 60 × 10", cpu(lambda: chain.run(report), 2), 1.0, "CPU-s"),
    ]


def large_goals() -> list[tuple[str, float, float, str]]:
    """364 × 200, one year and 20, against BLAS and argsort of that size and against pandas."""
    kernel, scores, present, weights = large()
    filled, mask = np.where(present, scores, 0.0), present.astype(float)
    drawn = np.random.default_rng(3).random((COUNT, len(scores)))
    floor = cpu(lambda: (weights @ filled.T, weights @ mask.T, np.argsort(drawn, axis=1)))
    one = cpu(lambda: whole_year(kernel, weights))
    twenty = cpu(lambda: [whole_year(kernel, weights) for _ in range(20)], 1)
    tracemalloc.start()
    for _ in range(2):
        whole_year(kernel, weights)
    extra = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    few = weights[:50]
    plain = cpu(lambda: pandas_year(scores, present, few), 1) / len(few)
    zeros = np.zeros(len(few), int)
    ours = kernel.scores(Draws(zeros, zeros, [few, *[np.zeros(0)] * few.shape[1]]))
    for row, ranks, (composite, rank) in zip(ours, rank_rows(ours)[1], pandas_year(scores, present, few), strict=True):
        assert np.allclose(row, composite, rtol=1e-9, atol=0) and (ranks == rank).all()
    return [
        ("364 × 200, one year, × (two products + argsort)", one / floor, 2.5, "×"),
        ("the same over 20 years, × one year", twenty / one, 25, "×"),
        ("its extra memory", extra, 300, "MB"),
        ("pandas loop, times slower (at least)", -plain / (one / COUNT), -30, "×"),
    ]


def main() -> int:
    """Print the table; 1 when a goal is missed."""
    import scipy.special  # noqa: F401
    import scipy.stats  # noqa: F401

    good = True
    print(f"{'gap engine':50}{'found':>10}{'goal':>10}{'met':>6}")
    for name, found, goal, unit in [*small_goals(), *large_goals()]:
        met = found <= goal
        good &= met
        print(f"{name:50}{abs(found):10.2f}{abs(goal):10.1f}{'yes' if met else 'NO':>6}  {unit}")
    return 0 if good else 1


def in_own_process() -> int:
    """For ``make bench``: numpy with one thread, whatever this process has loaded."""
    return subprocess.run([sys.executable, "-m", "tests.bench.gaps"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
