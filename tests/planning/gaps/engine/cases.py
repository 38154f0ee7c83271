"""Cases for the engine small enough to follow by hand."""

from planning.gaps.engine.case import Case, Indicator, Node, Observation, Options

TREE = Node(
    "index",
    children=(
        Node("scale", 2, children=(Node("leaf-gdp", 3, "gdp"), Node("leaf-port", 1, "port"))),
        Node("place", 1, children=(Node("leaf-far", 1, "far"),)),
    ),
)
INDICATORS = (Indicator("gdp", 1), Indicator("port", 1), Indicator("far", -1))
# Region: gdp 2018, gdp 2019, port 2019, distance (fixed)
FIGURES = {
    "own": (60, 50, 20, 400),
    "ann": (90, 100, 100, 800),
    "bob": (70, 75, None, 200),
    "cid": (0, 25, 60, 600),
}


def observations(figures=FIGURES):
    for region, (before, now, port, far) in figures.items():
        rows = (("gdp", 2018, before), ("gdp", 2019, now), ("port", 2019, port), ("far", None, far))
        for indicator, year, value in rows:
            if value is not None:
                yield Observation(region, indicator, year, float(value), source=f"src-{indicator}")


def small(figures=FIGURES, **options) -> Case:
    """Four regions, three indicators; ``bob`` has no port figure, of gdp there are two years."""
    return Case("own", tuple(figures), INDICATORS, tuple(observations(figures)), TREE, Options(**options))
