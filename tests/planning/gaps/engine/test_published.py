"""A published index, recomputed from its published inputs."""

import pytest

from planning.gaps.engine import chain
from tests.planning.gaps.engine.cases import OFF

# UNDP, Human Development Report 2015, table 1 (2014): HDI, life expectancy, expected and mean years of schooling,
# gross national income per head (2011 PPP $).
TABLE = """
Norway|0.944|81.6|17.5|12.6|64992
Australia|0.935|82.4|20.2|13.0|42261
Switzerland|0.930|83.0|15.8|12.8|56431
Denmark|0.923|80.2|18.7|12.7|44025
Netherlands|0.922|81.6|17.9|11.9|45435
Germany|0.916|80.9|16.5|13.1|43919
Ireland|0.916|80.9|18.6|12.2|39568
United States|0.915|79.1|16.5|12.9|52947
Canada|0.913|82.0|15.9|13.0|42155
New Zealand|0.913|81.8|19.2|12.5|32689
Singapore|0.912|83.0|15.4|10.6|76628
Hong Kong, China (SAR)|0.910|84.0|15.6|11.2|53959
Liechtenstein|0.908|80.0|15.0|11.8|79851
Sweden|0.907|82.2|15.8|12.1|45636
United Kingdom|0.907|80.7|16.2|13.1|39267
Iceland|0.899|82.6|19.0|10.6|35182
Korea (Republic of)|0.898|81.9|16.9|11.9|33890
Israel|0.894|82.4|16.0|12.5|30676
Luxembourg|0.892|81.7|13.9|11.7|58711
Japan|0.891|83.5|15.3|11.5|36927
Belgium|0.890|80.8|16.3|11.3|41187
France|0.888|82.2|16.0|11.1|38056
Austria|0.885|81.4|15.7|10.8|43869
Finland|0.883|80.8|17.1|10.3|38695
"""
ROWS = [line.split("|") for line in TABLE.strip().splitlines()]


def human_development():
    """Technical note 1 of the report: fixed goalposts, logarithm of income, caps; education is the arithmetic mean of
    two indices, the whole the geometric mean of three. The scale here is the published one times 100."""
    posts = {"life": (20, 85), "expected": (0, 18), "mean": (0, 15), "income": (100, 75000)}
    return {
        "schema": "gap-case/1", "own": "Japan", **OFF,
        "regions": [{"code": row[0]} for row in ROWS],
        "indicators": [
            {"code": c, "direction": 1, "worst": w, "best": b, "transform": "log" if c == "income" else "none"}
            for c, (w, b) in posts.items()
        ],
        "observations": [
            {"region": row[0], "indicator": c, "year": 2014, "value": float(v)}
            for row in ROWS for c, v in zip(posts, row[2:], strict=True)
        ],
        "normalisation": {"method": "goalposts", "range": [1e-9, 100]},
        "tree": {"code": "hdi", "aggregation": "geometric", "children": [
            {"indicator": "life"}, {"indicator": "income"},
            {"code": "education", "children": [{"indicator": "expected"}, {"indicator": "mean"}]},
        ]},
    }  # fmt: skip


def test_human_development_index_of_2014():
    result = chain.run(human_development())
    for row, region in zip(ROWS, result["regions"], strict=True):
        assert region["score"] / 100 == pytest.approx(float(row[1]), abs=0.0011), row[0]  # inputs have 3 digits


def test_caps_of_the_index_are_flagged():
    result = chain.run(human_development())
    capped = {(c["region"], i["code"]) for i in result["indicators"] for c in i["cells"] if "CAPPED" in c["flags"]}
    assert capped == {
        ("Australia", "expected"), ("Denmark", "expected"), ("Ireland", "expected"), ("New Zealand", "expected"),
        ("Iceland", "expected"), ("Singapore", "income"), ("Liechtenstein", "income"),
    }  # fmt: skip


def test_gap_of_japan_is_made_of_its_indicators():
    parts = chain.run(human_development())["decomposition"]
    assert (parts["region"], parts["method"]) == ("Norway", "lmdi")
    assert sum(line["value"] for line in parts["lines"]) == pytest.approx(parts["gap"], abs=1e-9)
    assert parts["lines"][-1]["code"] == "life" and parts["lines"][-1]["value"] < 0  # Japan lives longer
