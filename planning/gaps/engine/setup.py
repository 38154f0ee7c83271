"""From a document to what the steps work on: codes, roles, the weight tree, and the refusal of what cannot be right."""

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from planning.gaps.engine import document
from planning.gaps.engine.refusal import Refused

MAX_CELLS = 60_000_000
MAX_DEPTH = 20


@dataclass
class Node:
    """A node of the tree. ``leaf`` is the position of its indicator, -1 for an inner node; ``share`` among siblings."""

    code: str
    parent: int
    share: float
    leaf: int = -1
    rule: str = "arithmetic"
    power: float = 1.0
    children: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Setup:
    """A case ready to run. Positions of regions, indicators and nodes are those of the lists here.

    ``nodes`` are in pre-order (parents first, ``nodes[0]`` the root); ``own`` and ``peers`` are positions of regions.
    """

    doc: dict[str, Any]
    regions: tuple[str, ...]
    own: int
    peers: tuple[int, ...]
    indicators: tuple[dict[str, Any], ...]
    nodes: tuple[Node, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(i["code"] for i in self.indicators)

    @cached_property
    def blocks(self) -> list[tuple[int, list[int], list[int], list[int]]]:
        """Per inner node, parents first: position, places of its leaves among its children, their indicators, places
        of its inner children."""
        found = []
        for k in self.inner:
            children = self.nodes[k].children
            leaves = [p for p, c in enumerate(children) if self.nodes[c].leaf >= 0]
            columns = [self.nodes[children[p]].leaf for p in leaves]
            found.append((k, leaves, columns, [p for p in range(len(children)) if p not in leaves]))
        return found

    @cached_property
    def inner(self) -> list[int]:
        """Positions of inner nodes, parents first."""
        return [k for k, node in enumerate(self.nodes) if node.leaf < 0]

    def effective(self) -> list[float]:
        """Weight of every indicator: product of the shares down the tree; sums to 1."""
        found, down = [0.0] * len(self.indicators), [1.0] * len(self.nodes)
        for k, node in enumerate(self.nodes):
            down[k] = node.share * (down[node.parent] if node.parent >= 0 else 1.0)
            if node.leaf >= 0:
                found[node.leaf] = down[k]
        return found

    def dimension(self, k: int) -> int:
        """The child of the root above (or equal to) node ``k``."""
        while self.nodes[k].parent > 0:
            k = self.nodes[k].parent
        return k

    def leaf_nodes(self) -> list[int]:
        """Position of the node of every indicator."""
        found = [0] * len(self.indicators)
        for k, node in enumerate(self.nodes):
            if node.leaf >= 0:
                found[node.leaf] = k
        return found


def prepare(case: Any) -> Setup:
    """The setup of a case document. Raises ``Refused``."""
    doc = document.read(case)
    regions = _unique([r["code"] for r in doc["regions"]], "region")
    if doc["own"] not in regions:
        raise Refused("own_missing", "The own region %(region)s is not among the regions.", region=doc["own"])
    codes = _unique([i["code"] for i in doc["indicators"]], "indicator")
    both = set(codes) & set(_unique(doc["denominators"], "denominator"))
    if both:
        raise Refused("twice", "%(code)s is an indicator and a denominator.", code=sorted(both)[0])
    nodes = _tree(doc["tree"], codes)
    order = [node.leaf for node in nodes if node.leaf >= 0]
    for node in nodes:
        node.leaf = order.index(node.leaf) if node.leaf >= 0 else -1
    own = regions.index(doc["own"])
    peers = tuple(k for k, r in enumerate(doc["regions"]) if k != own and r["role"] == "peer")
    found = Setup(doc, tuple(regions), own, peers, tuple(doc["indicators"][j] for j in order), tuple(nodes))
    _check_benchmark(found)
    _check_observations(found)
    return found


def _unique(codes: list[str], kind: str) -> list[str]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise Refused("twice", f"The {kind} %(code)s is named twice.", code=code)
        seen.add(code)
    return codes


def _tree(root: dict[str, Any], codes: list[str]) -> list[Node]:
    nodes: list[Node] = []
    position = {code: j for j, code in enumerate(codes)}
    used: set[str] = set()

    def add(raw: dict[str, Any], parent: int, share: float, depth: int) -> None:
        code = raw["code"] or raw["indicator"]
        _check_node(raw, code, depth, position, used)
        if not raw["indicator"] and code in position:
            raise Refused("twice", "The code %(code)s is a node and an indicator.", code=code)
        here = len(nodes)
        leaf = position[raw["indicator"]] if raw["indicator"] else -1
        nodes.append(Node(code, parent, share, leaf, raw["aggregation"], float(raw["power"])))
        if parent >= 0:
            nodes[parent].children.append(here)
        total = math.fsum(child["weight"] for child in raw["children"])
        if raw["children"] and not total > 0:
            raise Refused("zero_weight", "The weights below %(code)s sum to 0.", code=code)
        for child in raw["children"]:
            add(child, here, child["weight"] / total, depth + 1)

    add(root, -1, 1.0, 0)
    missing = set(codes) - {n.code for n in nodes} - {codes[n.leaf] for n in nodes if n.leaf >= 0}
    if missing:
        raise Refused("not_in_tree", "The indicator %(code)s is not in the weight tree.", code=sorted(missing)[0])
    if nodes[0].leaf >= 0:
        raise Refused("no_root", "The weight tree must start with a node that has children.")
    return nodes


def _check_node(raw: dict[str, Any], code: str | None, depth: int, known: dict[str, int], used: set[str]) -> None:
    if not code:
        raise Refused("required", "A node of the weight tree has neither a code nor an indicator.")
    if depth > MAX_DEPTH:
        raise Refused("too_deep", "The weight tree is deeper than %(most)s levels.", most=MAX_DEPTH)
    if bool(raw["indicator"]) == bool(raw["children"]):
        raise Refused("leaf_or_node", "%(code)s must have either an indicator or children.", code=code)
    if raw["indicator"] and raw["indicator"] not in known:
        raise Refused("unknown_code", "%(code)s of the weight tree is no indicator of the case.", code=raw["indicator"])
    for name in {code, raw["indicator"] or code}:
        if name in used:
            raise Refused("twice", "%(code)s stands twice in the weight tree.", code=name)
        used.add(name)
    if raw["aggregation"] == "power" and raw["power"] == 0:
        raise Refused("power_zero", "The power of %(code)s must not be 0; that is 'geometric'.", code=code)
    if raw["aggregation"] == "copeland" and depth:
        raise Refused("copeland_below", "Copeland at %(code)s: it is possible at the top node only.", code=code)


def _check_benchmark(setup: Setup) -> None:
    benchmark = setup.doc["benchmark"]
    if benchmark["kind"] == "region" and benchmark["region"] not in set(setup.regions) - {setup.doc["own"]}:
        raise Refused(
            "benchmark_missing", "The benchmark region %(region)s is not in the set.", region=benchmark["region"]
        )
    if benchmark["kind"] != "region" and benchmark["region"]:
        raise Refused("not_used", "benchmark.region is used only with the kind 'region'.")
    if benchmark["kind"] == "target" and not any(i["target"] is not None for i in setup.indicators):
        raise Refused("no_target", "The benchmark 'target' needs an indicator with a target.")
    selection = setup.doc["selection"]
    if (selection["year_rule"] == "one_year") != (selection["year"] is not None):
        raise Refused("year_rule", "selection.year belongs to the rule 'one_year', which needs it.")


def _check_observations(setup: Setup) -> None:
    regions, known = set(setup.regions), set(setup.codes) | set(setup.doc["denominators"])
    for indicator in setup.indicators:
        if indicator["denominator"] is not None and indicator["denominator"] not in setup.doc["denominators"]:
            raise Refused(
                "unknown_code", "The denominator %(what)s of %(code)s is not among the denominators.",
                what=indicator["denominator"], code=indicator["code"],
            )  # fmt: skip
    seen = set()
    for o in setup.doc["observations"]:
        cell = (o["region"], o["indicator"], o["year"])
        if cell[0] not in regions or cell[1] not in known:
            raise Refused(
                "unknown_code", "The figure of %(indicator)s for %(region)s belongs to no region or indicator.",
                indicator=cell[1], region=cell[0],
            )  # fmt: skip
        if cell in seen:
            raise Refused(
                "twice", "There are two figures of %(indicator)s for %(region)s in %(year)s.",
                indicator=cell[1], region=cell[0], year=cell[2] or "no year",
            )  # fmt: skip
        seen.add(cell)
    size = len(regions) * len(known) * max(1, len({o["year"] for o in setup.doc["observations"]}))
    if size > MAX_CELLS:
        raise Refused("too_large", "Regions × indicators × years are %(size)s cells; at most %(most)s.",
                      size=size, most=MAX_CELLS)  # fmt: skip
