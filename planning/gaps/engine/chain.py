"""The chain of a gap analysis, in its fixed order: select → denominate → screen → impute → treat → orient → normalise →
weight → aggregate → rank → gap → decompose → trend → robustness → priority."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from planning.gaps.engine import (
    compare,
    document,
    monte,
    output,
    panel,
    point,
    robustness,
    sensitivity,
    setup,
    tables,
    weighting,
)
from planning.gaps.engine import weak as weakness
from planning.gaps.engine.point import Point
from planning.gaps.engine.reasons import Reason
from planning.gaps.engine.spec_result import SCHEMA_ID

ENGINE_VERSION = "2.0"
STEPS = ("check", "compare", "trend", "robustness", "sensitivity", "priority", "write")
SECTIONS = (
    "selection", "screening", "imputation", "treatment", "normalisation", "weights", "benchmark", "robustness",
    "sensitivity", "peer_finder", "dea",
)  # fmt: skip
_kept: dict[str, monte.Monte | None] = {}
Progress = Callable[[str, int, int], None]


def run(case: Any, progress: Progress | None = None, chunks: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The result document of a case document.

    ``progress(step, done, of)`` is told what comes next: once a step of ``STEPS``; in 'robustness' and 'sensitivity'
    again for every part (``of`` is then the replications or evaluations). It may raise to stop the run. ``chunks``:
    results of ``run_chunk`` for all of ``plan_chunks(case)``, in any order; without them they are computed here.
    Raises ``refusal.Refused``.
    """
    tell = progress or (lambda step, done, of: None)
    tell("check", 0, 1)
    p = point.compute(case)
    tell("compare", 0, 1)
    comparisons = [compare.compare(p, kind) for kind in compare.kinds(p)]
    chosen = next(c for c in comparisons if c.kind == p.setup.doc["benchmark"]["kind"])
    tell("trend", 0, 1)
    trends = panel.section(p, [c.kind for c in comparisons])
    rows = output.indicators(p, chosen)
    robust, sensitive = _monte_carlo(p, chosen, tell, chunks)
    tell("priority", 0, 1)
    places = weakness.quadrants(p)
    asked = robust["reason"] is None
    weak_points = weakness.weak_points(p, chosen, places, robust["weak_points"] if asked else None)
    tell("write", 0, 1)
    return _document(p, comparisons, chosen, rows, trends, robust, sensitive) | {
        "weak_points": weak_points,
        "quadrants": places,
        "main_contradiction": weakness.main_contradiction(p, weak_points, robust["dimensions"] if asked else None),
    }


def point_result(case: Any) -> dict[str, Any]:
    """The result without robustness and sensitivity, for pages that answer at once. Raises ``refusal.Refused``."""
    off = {"enabled": False}
    return run({**case, "robustness": {**case.get("robustness", {}), **off},
                "sensitivity": {**case.get("sensitivity", {}), **off}})  # fmt: skip


def plan_chunks(case: Any) -> list[dict[str, int]]:
    """Parts of the robustness analysis that any process may compute: number, size (replications) and seed.

    Empty when it is off. Raises ``refusal.Refused``.
    """
    doc = setup.prepare(case).doc
    return robustness.plan(doc["robustness"]["replications"], doc["seed"]) if doc["robustness"]["enabled"] else []


def run_chunk(case: Any, chunk: dict[str, int]) -> dict[str, Any]:
    """The counts of one part, ready for JSON. They depend on the case and the part only.

    What all parts of a case share is kept until another case comes, so that one process can compute many of them.
    """
    key = hashlib.sha256(dumps(case)).hexdigest()
    if key not in _kept:
        p = point.compute(case)
        _kept.clear()
        chosen = compare.compare(p, p.setup.doc["benchmark"]["kind"])
        _kept[key] = monte.Monte(p, chosen) if p.ranked[-1].any() else None
    found = _kept[key]
    return chunk | {"empty": True} if found is None else found.chunk(chunk)


def dumps(result: dict[str, Any]) -> bytes:
    """Canonical bytes of a document: sorted keys, UTF-8, no NaN."""
    return json.dumps(result, ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":")).encode()


def _monte_carlo(p: Point, chosen: compare.Comparison, tell: Progress, chunks):
    asked = p.setup.doc["robustness"]
    if not asked["enabled"] or not p.ranked[-1].any():
        reason = Reason.NOT_ASKED if not asked["enabled"] else Reason.NO_COMMON_DATA
        return monte.empty(reason), sensitivity.empty(reason)
    tell("robustness", 0, asked["replications"])
    found = monte.Monte(p, chosen)
    if chunks is None:
        chunks = []
        for part in robustness.plan(asked["replications"], p.setup.doc["seed"]):
            chunks.append(found.chunk(part))
            tell("robustness", sum(c["size"] for c in chunks), asked["replications"])
    robust = found.robustness(chunks)
    if robust["replications"] != asked["replications"]:
        raise ValueError("the parts of the robustness analysis are not those of this case")
    tell("sensitivity", 0, 1)
    return robust, found.sensitivity(lambda done, of: tell("sensitivity", done, of))


def _document(p: Point, comparisons, chosen, rows, trends, robust, sensitive) -> dict[str, Any]:
    doc = p.setup.doc
    newest = int(p.cube.years_of.max(initial=0))
    parts = [d for d in (output.decomposition(p, c) for c in comparisons) if d is not None]
    return {
        "schema": SCHEMA_ID,
        "engine": ENGINE_VERSION,
        "input_hash": document.digest(doc),
        "seed": doc["seed"],
        "own": doc["own"],
        "year": newest or None,
        "options": {name: doc[name] for name in SECTIONS},
        "empty": str(Reason.NO_COMMON_DATA) if all(r["gap"] is None for r in rows) else None,
        "overall": output.overall(p, chosen),
        "regions": output.regions(p, weighting.best_case(p.setup, p.scores)),
        "tree": output.tree(p),
        "weights": p.weights,
        "indicators": rows,
        "benchmarks": output.benchmarks(comparisons, p.setup.regions),
        "decomposition": next((d for d in parts if d["kind"] == chosen.kind), None),
        "decompositions": parts,
        "change": output.change(p),
        "years": tables.years(p),
        "trends": trends,
        "robustness": robust,
        "sensitivity": sensitive,
        "peer_finder": tables.peer_finder(p),
        "imputed": tables.imputed(p),
        "treatments": tables.treatments(p),
        "quality": tables.quality(p, robust),
        "dea": tables.envelopment(p),
        "counts": {
            "regions": len(p.setup.regions),
            "indicators": len(p.setup.indicators),
            "observations": len(doc["observations"]),
            "years": len(p.cube.years),
        },
    }
