"""What differs between two cases and two results. Pure: plain documents in, plain data out."""

from typing import Any

METHOD = ("selection", "screening", "imputation", "treatment", "normalisation", "weights", "benchmark", "robustness")
DIVISOR = "per:"  # before the code of a divisor that is scored as well
Document = dict[str, Any]
Key = tuple[str, str, int | None]


def figures(case: Document) -> dict[Key, Document]:
    """{(region, indicator, year): observation}."""
    return {(o["region"], o["indicator"], o["year"]): o for o in case["observations"]}


def changed_figures(old: Document, new: Document) -> dict[str, list[Document]]:
    """``revised`` (the figure of the same year is another one), ``added`` and ``removed``.

    Only regions and indicators of both cases count: what comes with a new region is a change of the method.
    """
    shared_regions = {r["code"] for r in old["regions"]} & {r["code"] for r in new["regions"]}
    shared = {i["code"] for i in old["indicators"]} & {i["code"] for i in new["indicators"]}
    shared |= set(old.get("denominators", [])) & set(new.get("denominators", []))
    before, after = figures(old), figures(new)
    found: dict[str, list[Document]] = {"revised": [], "added": [], "removed": []}
    for key in sorted(before.keys() | after.keys(), key=lambda k: (k[1], k[0], k[2] or 0)):
        if key[0] not in shared_regions or key[1] not in shared:
            continue
        row = _row(key, before.get(key), after.get(key))
        if key not in before:
            found["added"].append(row)
        elif key not in after:
            found["removed"].append(row)
        elif before[key]["value"] != after[key]["value"]:
            found["revised"].append(row)
    return found


def _row(key: Key, old: Document | None, new: Document | None) -> Document:
    return {
        "region": key[0],
        "indicator": key[1],
        "year": key[2],
        "old": old["value"] if old else None,
        "new": new["value"] if new else None,
        "old_source": old.get("source", "") if old else "",
        "new_source": new.get("source", "") if new else "",
    }


def changed_method(old: Document, new: Document) -> list[Document]:
    """Options, regions, indicators and weights that differ: [{what, item, old, new}]."""
    found = []
    for section in METHOD:
        before, after = old.get(section, {}), new.get(section, {})
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                found.append({"what": section, "item": name, "old": before.get(name), "new": after.get(name)})
    found += _members("region", old["regions"], new["regions"])
    found += _members("indicator", old["indicators"], new["indicators"])
    weights = (shares(old["tree"]), shares(new["tree"]))
    for code in sorted(weights[0].keys() & weights[1].keys()):
        if abs(weights[0][code] - weights[1][code]) > 1e-12:
            found.append({"what": "weight", "item": code, "old": weights[0][code], "new": weights[1][code]})
    return found


def _members(what: str, old: list[Document], new: list[Document]) -> list[Document]:
    before, after = {r["code"] for r in old}, {r["code"] for r in new}
    gone = [{"what": what, "item": code, "old": True, "new": False} for code in sorted(before - after)]
    return gone + [{"what": what, "item": code, "old": False, "new": True} for code in sorted(after - before)]


def shares(node: Document, share: float = 1.0) -> dict[str, float]:
    """Effective weight of every node below the top: {code of the node or of its indicator: share}."""
    children = node.get("children") or []
    total = sum(c.get("weight", 1) for c in children)
    found = {}
    for child in children:
        part = share * child.get("weight", 1) / total if total else 0.0
        found[child.get("indicator") or child.get("code")] = part
        found |= shares(child, part)
    return found


def changed_scores(old: Document, new: Document) -> list[Document]:
    """Score and rank of every region in both results, the greatest move first."""
    before = {r["code"]: r for r in old["regions"]}
    after = {r["code"]: r for r in new["regions"]}
    rows = [_score(code, before.get(code), after.get(code)) for code in before.keys() | after.keys()]
    return sorted(rows, key=lambda r: (-abs(r["change"] or 0.0), r["code"]))


def _score(code: str, old: Document | None, new: Document | None) -> Document:
    a, b = (old or {}).get("score"), (new or {}).get("score")
    return {
        "code": code,
        "old": a,
        "new": b,
        "change": None if a is None or b is None else b - a,
        "old_rank": (old or {}).get("rank"),
        "new_rank": (new or {}).get("rank"),
    }


def changed_indicators(old: Document, new: Document) -> list[Document]:
    """Own figure, gap and contribution of every indicator in both results."""
    before = {i["code"]: i for i in old["indicators"]}
    after = {i["code"]: i for i in new["indicators"]}
    codes = [*before, *(c for c in after if c not in before)]
    return [_indicator(code, before.get(code), after.get(code)) for code in codes]


def _indicator(code: str, old: Document | None, new: Document | None) -> Document:
    found: Document = {"code": code}
    for side, part in (("old", old), ("new", new)):
        found[side] = (
            None
            if part is None
            else {
                "value": part["own"]["value"],
                "year": part["own"]["year"],
                "score": part["own"]["score"],
                "gap": part["gap"],
                "rank": part["rank"],
                "contribution": part["contribution"],
            }
        )
    a, b = found["old"] or {}, found["new"] or {}
    found["same"] = a == b
    both = a.get("score") is not None and b.get("score") is not None
    found["change"] = b["score"] - a["score"] if both else None
    return found
