"""What a run is given, and the refusal of what cannot be right."""

import hashlib
import json
import math
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Refused(ValueError):
    """A case that cannot give a right result; the sentence names the item."""


class YearRule(StrEnum):
    """Which year of an indicator is compared."""

    COMMON = "common"  # per indicator the latest year that enough regions share
    LATEST = "latest"  # the latest year of each region
    ONE_YEAR = "one_year"  # the same year for everything


class Benchmark(StrEnum):
    """What the own region is compared with."""

    LEADER = "leader"  # best of all regions, the own included
    MEAN = "mean"  # mean of the peers (without the own region)
    MEDIAN = "median"  # median of the peers
    REGION = "region"  # one named region


class Normalisation(StrEnum):
    """Over which figures minimum and maximum are taken."""

    PANEL = "panel"  # all years of the window together: scores of different years are comparable
    YEAR = "year"  # only the figures compared: ranks within the year, no trends


@dataclass(frozen=True)
class Indicator:
    """``direction`` +1: higher is better, -1: lower is better. ``interval``: zero is no origin, ratios mean nothing."""

    code: str
    direction: int
    unit: str = ""
    interval: bool = False


@dataclass(frozen=True)
class Observation:
    """One figure. ``year`` None: a value that does not change. ``breaks``: not comparable with earlier years."""

    region: str
    indicator: str
    year: int | None
    value: float
    source: str = ""
    breaks: bool = False


@dataclass(frozen=True)
class Node:
    """A node of the weight tree: a leaf names an indicator, an inner node has children. Weights are relative."""

    code: str
    weight: float = 1.0
    indicator: str | None = None
    children: tuple["Node", ...] = ()

    def leaves(self) -> list["Node"]:
        """Leaves in tree order."""
        return [self] if self.indicator else [leaf for child in self.children for leaf in child.leaves()]

    def walk(self) -> list["Node"]:
        """This node and all below it, parents first."""
        return [self, *(node for child in self.children for node in child.walk())]


@dataclass(frozen=True)
class Options:
    """Choices of a run. Shares are 0..1, ``window`` counts years, ``scale`` is the range of scores."""

    year_rule: YearRule = YearRule.COMMON
    year: int | None = None
    benchmark: Benchmark = Benchmark.LEADER
    reference: str | None = None
    normalisation: Normalisation = Normalisation.PANEL
    scale: tuple[float, float] = (1.0, 100.0)
    window: int = 10
    common_share: float = 2 / 3
    region_coverage: float = 2 / 3
    node_coverage: float = 0.5
    min_regions: int = 3
    stale_after: int = 2


@dataclass(frozen=True)
class Case:
    """Everything a run needs. ``regions`` holds the own region and its peers."""

    own: str
    regions: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    observations: tuple[Observation, ...]
    tree: Node
    options: Options = field(default_factory=Options)

    def digest(self) -> str:
        """SHA-256 of the case in canonical form: the order in which figures were read does not matter."""
        document = asdict(self)
        document["observations"] = sorted(document["observations"], key=lambda o: json.dumps(o, sort_keys=True))
        text = json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def check(case: Case) -> None:
    """Raise ``Refused`` with a sentence when the case cannot be right."""
    _check_regions(case)
    _check_options(case)
    _check_tree(case)
    known = {i.code for i in case.indicators}
    for o in case.observations:
        if not math.isfinite(o.value):
            raise Refused(f"The figure of {o.indicator} for {o.region} is not a finite number.")
        if o.indicator not in known or o.region not in case.regions:
            raise Refused(f"The figure of {o.indicator} for {o.region} belongs to no region or indicator of the case.")


def _check_regions(case: Case) -> None:
    if case.own not in case.regions:
        raise Refused(f"The own region {case.own} is not among the regions.")
    if len(set(case.regions)) != len(case.regions):
        raise Refused("A region is named twice.")


def _check_options(case: Case) -> None:
    options = case.options
    if options.benchmark == Benchmark.REGION and options.reference not in set(case.regions) - {case.own}:
        raise Refused(f"The benchmark region {options.reference} is not among the peers.")
    if options.year_rule == YearRule.ONE_YEAR and options.year is None:
        raise Refused("The rule of one year needs the year.")
    if not options.scale[0] < options.scale[1]:
        raise Refused("The lower end of the scale must lie below the upper end.")
    if options.window < 1:
        raise Refused("The window must hold at least one year.")


def _check_tree(case: Case) -> None:
    codes = [i.code for i in case.indicators]
    if len(set(codes)) != len(codes):
        raise Refused("An indicator is named twice.")
    for indicator in case.indicators:
        if indicator.direction not in (1, -1):
            raise Refused(f"Indicator {indicator.code} needs a direction: +1 or -1.")
    nodes = case.tree.walk()
    if len({n.code for n in nodes}) != len(nodes):
        raise Refused("A code stands twice in the weight tree.")
    leaves = [leaf.indicator for leaf in case.tree.leaves()]
    if len(set(leaves)) != len(leaves):
        raise Refused("An indicator stands twice in the weight tree.")
    if set(leaves) != set(codes):
        raise Refused(f"Tree and indicators differ: {', '.join(sorted(set(leaves) ^ set(codes)))}.")
    for node in nodes:
        if not math.isfinite(node.weight) or node.weight < 0:
            raise Refused(f"The weight of {node.code} must be 0 or more.")
        if bool(node.indicator) == bool(node.children):
            raise Refused(f"{node.code} must have either an indicator or children.")
