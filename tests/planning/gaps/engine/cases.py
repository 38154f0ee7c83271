"""Cases for the engine small enough to follow by hand."""

from copy import deepcopy

TREE = {
    "code": "index",
    "children": [
        {"code": "scale", "weight": 2, "children": [{"indicator": "gdp", "weight": 3}, {"indicator": "port"}]},
        {"code": "place", "children": [{"indicator": "far"}]},
    ],
}
INDICATORS = [
    {"code": "gdp", "direction": 1, "unit": "bn"},
    {"code": "port", "direction": 1},
    {"code": "far", "direction": -1, "unit": "km"},
]
# Region: gdp 2018, gdp 2019, port 2019, distance (fixed)
FIGURES = {
    "own": (60, 50, 20, 400),
    "ann": (90, 100, 100, 800),
    "bob": (70, 75, None, 200),
    "cid": (0, 25, 60, 600),
}
OFF = {"robustness": {"enabled": False}, "sensitivity": {"enabled": False}}


def observations(figures=FIGURES):
    found = []
    for region, (before, now, port, far) in figures.items():
        rows = (("gdp", 2018, before), ("gdp", 2019, now), ("port", 2019, port), ("far", None, far))
        found += [
            {"region": region, "indicator": code, "year": year, "value": value, "source": f"src-{code}"}
            for code, year, value in rows
            if value is not None
        ]
    return found


def small(figures=FIGURES, **more):
    """Four regions, three indicators; ``bob`` has no port figure, of gdp there are two years. Monte Carlo is off."""
    case = {
        "schema": "gap-case/1",
        "own": "own",
        "regions": [{"code": code} for code in figures],
        "indicators": deepcopy(INDICATORS),
        "observations": observations(figures),
        "tree": deepcopy(TREE),
    }
    return case | deepcopy(OFF) | more


def table(columns, years=(2020,), *, directions=None, rule="arithmetic", tree=None, **more):
    """A flat case: ``columns[code]`` holds one list a region, of one figure a year (None: missing); own is r0."""
    count = len(next(iter(columns.values())))
    codes = list(columns)
    rows = [
        {"region": f"r{i}", "indicator": code, "year": year, "value": value}
        for code, regions in columns.items()
        for i, series in enumerate(regions)
        for year, value in zip(years, series if isinstance(series, (list, tuple)) else [series], strict=True)
        if value is not None
    ]
    case = {
        "schema": "gap-case/1",
        "own": "r0",
        "regions": [{"code": f"r{i}"} for i in range(count)],
        "indicators": [{"code": c, "direction": (directions or {}).get(c, 1)} for c in codes],
        "observations": rows,
        "tree": tree or {"code": "top", "aggregation": rule, "children": [{"indicator": c} for c in codes]},
    }
    return case | deepcopy(OFF) | more


def by_code(rows):
    return {row["code"]: row for row in rows}
