"""Sets as their pages show and change them."""

from typing import Any

from planning.gaps.models import BenchmarkSet, IndicatorSet, IndicatorSetVersion

GOALPOSTS = ("worst", "best", "target")
NODE_NAMES = ("name_zh", "name_en", "name_ja", "name_ko")


def tree_document(indicator_set: IndicatorSet) -> list[dict[str, Any]]:
    """The nodes of a set as plain data, parents before their children; ``depth`` 0 is the top."""
    nodes = list(indicator_set.nodes.select_related("indicator", "parent", "per").order_by("position", "code"))
    below: dict[Any, list] = {}
    for node in nodes:
        below.setdefault(node.parent_id, []).append(node)
    found: list[dict[str, Any]] = []

    def walk(parent, depth: int) -> None:
        for node in below.get(parent, []):
            found.append(_document(node, depth))
            walk(node.pk, depth + 1)

    walk(None, 0)
    return found


def _document(node, depth: int) -> dict[str, Any]:
    return {
        "code": node.code,
        "parent": node.parent.code if node.parent_id else "",
        "weight": f"{node.weight.normalize():f}",
        "aggregation": node.aggregation,
        "indicator": node.indicator.code if node.indicator_id else "",
        "interval": node.interval,
        "per": node.per.code if node.per_id else "",
        "transform": node.transform,
        **{name: getattr(node, name) for name in GOALPOSTS},
        "depth": depth,
        **{name: getattr(node, name) for name in NODE_NAMES},
    }


def tree_rows(indicator_set: IndicatorSet | None) -> list[dict[str, Any]]:
    """Initial values of the editor's rows; a new set starts with its top."""
    if indicator_set is None:
        top = {"code": "index", "parent": "", "weight": "1", "aggregation": "arithmetic", "indicator": "", "depth": 0}
        return [top | {"name_zh": "综合指数", "name_en": "Composite index", "interval": False}]
    return tree_document(indicator_set)


def versions_of(indicator_set: IndicatorSet) -> list[IndicatorSetVersion]:
    """All kept states, newest first."""
    return list(indicator_set.versions.select_related("created_by"))


def members_of(benchmark_set: BenchmarkSet) -> list:
    """The regions of a set with their reasons, by name."""
    return list(benchmark_set.members.select_related("region").order_by("region__pinyin"))


def member_rows(benchmark_set: BenchmarkSet | None) -> list[dict[str, Any]]:
    """Initial values of the editor's rows."""
    if benchmark_set is None:
        return []
    return [
        {
            "region": m.region.code,
            "reason_zh": m.reason_zh,
            "reason_en": m.reason_en,
            "origin": m.origin,
            "distance": m.distance,
        }
        for m in members_of(benchmark_set)
    ]


def named_tree(indicator_set: IndicatorSet) -> list[dict[str, Any]]:
    """The tree to read: every node with its name in the active language."""
    names = {n.code: n.name for n in indicator_set.nodes.select_related("indicator")}
    return [row | {"name": names[row["code"]]} for row in tree_document(indicator_set)]
