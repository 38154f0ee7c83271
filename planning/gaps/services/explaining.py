"""Why a run differs from the one it repeats: the data, the method, or the world."""

import json
from typing import Any

from planning.gaps.models import GapRun
from planning.gaps.selectors.differing import changed_figures, changed_method, changed_scores, figures
from planning.gaps.services.documents import unpacked

Document = dict[str, Any]
MOST_SINGLE = 40  # figures whose own effect is computed; each is one run of the chain without robustness
MOST_LISTED = 200


def explain(previous: GapRun, case: Document, result: Document) -> Document:
    """What changed since ``previous`` and by how much the own score moved because of it.

    The steps add up to the whole change: ``code`` (the old case computed by today's engine), ``data`` (figures of
    years that were known then, revised or withdrawn), ``world`` (figures that are new), ``method`` (sets, weights,
    options). The ``effect`` of a single figure is what it alone would have done to the old score.
    """
    old = json.loads(unpacked(previous.case))
    found = changed_figures(old, case)
    steps = _steps(previous, old, found, result)
    base = steps[0]["to"]
    for kind in ("revised", "removed", "added"):
        _single_effects(old, found[kind], base)
    return {
        "previous": str(previous.pk),
        "steps": steps,
        "counts": {kind: len(rows) for kind, rows in found.items()},
        **{kind: rows[:MOST_LISTED] for kind, rows in found.items()},
        "method": changed_method(old, case),
        "code": {"old": previous.code_version, "new": result["engine"]},
        "scores": changed_scores(previous.result, result),
    }


def _steps(previous: GapRun, old: Document, found: dict[str, list[Document]], result: Document) -> list[Document]:
    revised = _with(old, found["revised"] + found["removed"])
    grown = _with(revised, found["added"])
    marks = [
        ("code", _score(old)),
        ("data", _score(revised) if found["revised"] or found["removed"] else None),
        ("world", _score(grown) if found["added"] else None),
        ("method", result["overall"]["score"]),
    ]
    before, steps = previous.result["overall"]["score"], []
    for index, (kind, score) in enumerate(marks):
        if score is None and index in (1, 2):
            score = before
        change = None if before is None or score is None else score - before
        steps.append({"kind": kind, "from": before, "to": score, "change": change})
        before = score
    return steps


def _single_effects(old: Document, rows: list[Document], base: float | None) -> None:
    for row in rows[:MOST_SINGLE]:
        score = _score(_with(old, [row]))
        row["effect"] = None if score is None or base is None else score - base
    rows[:MOST_SINGLE] = sorted(rows[:MOST_SINGLE], key=lambda r: -abs(r["effect"] or 0.0))


def _with(case: Document, rows: list[Document]) -> Document:
    """The case with some figures as they are now."""
    known = figures(case)
    for row in rows:
        key = (row["region"], row["indicator"], row["year"])
        if row["new"] is None:
            known.pop(key, None)
        else:
            blank = {"region": row["region"], "indicator": row["indicator"], "year": row["year"]}
            known[key] = known.get(key, blank) | {"value": row["new"], "source": row["new_source"]}
    return case | {"observations": list(known.values())}


def _score(case: Document) -> float | None:
    """The own score, without the parts of the chain that do not move it."""
    from planning.gaps.engine import chain

    return chain.point_result(case)["overall"]["score"]
