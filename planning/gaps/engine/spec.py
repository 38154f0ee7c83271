"""What a case document may hold: JSON Schema 2020-12, with the defaults that ``document.read`` fills in.

``docs/methods/gap-case.schema.json`` is this very object (``python -m planning.gaps.engine.spec`` prints it; a test
compares them), so the page and the check cannot differ.
"""

import json
from typing import Any

SCHEMA_ID = "gap-case/1"
Schema = dict[str, Any]


def _obj(description: str, required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    found = {"type": "object", "description": description, "additionalProperties": False, "properties": properties}
    return found | ({"required": list(required)} if required else {"default": {}})


def _text(description: str, **more: Any) -> Schema:
    return {"type": "string", "maxLength": 2000, "description": description, **more}


def _code(description: str, **more: Any) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": 200, "description": description, **more}


def _num(description: str, **more: Any) -> Schema:
    return {"type": "number", "description": description, **more}


def _maybe(description: str, **more: Any) -> Schema:
    return {"type": ["number", "null"], "default": None, "description": description, **more}


def _int(description: str, **more: Any) -> Schema:
    return {"type": "integer", "description": description, **more}


def _bool(description: str, default: bool) -> Schema:
    return {"type": "boolean", "default": default, "description": description}


def _one_of(description: str, values: tuple, **more: Any) -> Schema:
    return {"enum": list(values), "description": description, **more}


def _list(description: str, items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, "description": description, **more}


IMPUTATIONS = ("none", "linear", "locf", "focb", "peer_median", "regression", "multiple")
NORMALISATIONS = (
    "auto", "minmax", "zscore", "goalposts", "reference", "target", "rank", "percentile", "borda", "fraction",
    "categorical", "frontier",
)  # fmt: skip
AGGREGATIONS = ("arithmetic", "geometric", "harmonic", "power", "copeland")
WEIGHTINGS = ("given", "equal", "budget", "ahp", "pca", "entropy", "critic", "bod")
BENCHMARKS = ("leader", "mean", "median", "top_quartile", "region", "target")
SHARE = {"minimum": 0, "maximum": 1}

RANGE = _list("Ends [a, b] of the scale of scores, a < b.", _num("an end"), minItems=2, maxItems=2)

NORMALISATION = _obj(
    "How figures become scores. 'auto': goalposts where the indicator has both ends, else min-max. 'minmax', "
    "'goalposts', 'target', 'reference', 'fraction', 'percentile' and 'frontier' "
    "fill the range; 'zscore' gives center + spread·z; 'rank', 'borda' and 'categorical' give counts unless 'rescale'.",
    method=_one_of("The formula (docs/methods/gap.md).", NORMALISATIONS, default="auto"),
    mode=_one_of(
        "panel: parameters over all years of the window (scores comparable over years); year: each year by its own "
        "(no trends).",
        ("panel", "year"),
        default="panel",
    ),
    range=RANGE | {"default": [1, 100]},
    center=_num("Mean of z-scores.", default=0),
    spread=_num("Standard deviation of z-scores.", default=1, exclusiveMinimum=0),
    rescale=_bool("Map the result of 'zscore', 'rank', 'borda' or 'categorical' to the range by min-max.", False),
    bins=_int("Quantile bins of 'categorical'.", default=4, minimum=2, maximum=20),
    reference={"type": ["string", "null"], "default": None, "description": "Region of 'reference' (1 at its figure)."},
)

REGION = _obj(
    "A region. All regions are ranked; 'role' says which of them are peers.",
    ("code",),
    code=_code("Key, unique."),
    name=_text("For reading only.", default=""),
    role=_one_of(
        "peer: in mean, median and quartile; aspirational: shown and may lead, but not in the mean; context: ranked, "
        "no benchmark at all. The own region's role does not matter.",
        ("peer", "aspirational", "context"),
        default="peer",
    ),
    reason=_text("Why this region is here: chosen, or found by the peer finder.", default=""),
    structure={
        "type": "object",
        "default": {},
        "additionalProperties": {"type": ["number", "null"]},
        "description": "Structural figures for the peer finder, by the codes of 'peer_finder.indicators'.",
    },
)

INDICATOR = _obj(
    "An indicator.",
    ("code", "direction"),
    code=_code("Key, unique."),
    name=_text("For reading only.", default=""),
    unit=_text("Unit of the observations, for reading.", default=""),
    direction=_one_of("+1: higher is better, -1: lower is better.", (1, -1)),
    worst=_maybe("Goalpost of the lowest score, in own units (after 'denominator'). worst > best: lower is better."),
    best=_maybe("Goalpost of the highest score, in own units."),
    target=_maybe("Target in own units: benchmark 'target' and normalisation 'target'."),
    transform=_one_of(
        "log: natural logarithm before normalising (figures of 0 or less get no score, NON_POSITIVE); asinh: for "
        "figures of both signs.",
        ("none", "log", "asinh"),
        default="none",
    ),
    cap=_bool("Goalposts: scores beyond the goalposts are cut to the range, flagged CAPPED.", True),
    interval=_bool("Zero is no origin (degrees, index points, growth rates): no relative gap, no growth rate.", False),
    denominator={
        "type": ["string", "null"],
        "default": None,
        "description": "Code in 'denominators': figures are divided by it, region and year by region and year.",
    },
    controllability=_one_of(
        "How far the own region can act on it, given by the owner of the indicator.", (0, 0.25, 0.5, 0.75, 1), default=1
    ),
    relative_standard_error=_num("Error of a figure as a share of it, for 'data_error'.", default=0, **SHARE),
    comparability=_one_of(
        "Whether the definitions of the countries agree: full, limited (flag DIFFERENT_DEFINITION) or none.",
        ("full", "limited", "none"),
        default="full",
    ),
    note=_text("Definition notes, for reading.", default=""),
    normalisation={"anyOf": [{"type": "null"}, {"$ref": "#/$defs/normalisation"}], "default": None,
                   "description": "Overrides the normalisation of the case for this indicator."},
)  # fmt: skip

OBSERVATION = _obj(
    "One figure as it was published. Two figures for one region, indicator and year are refused.",
    ("region", "indicator", "year", "value"),
    region=_code("Code of a region."),
    indicator=_code("Code of an indicator or of a denominator."),
    year={"type": ["integer", "null"], "minimum": 1000, "maximum": 3000,
          "description": "null: a value that does not change with the year."},
    value=_num("Finite."),
    source=_text("Key of the source.", default=""),
    vintage=_text("Edition of the source, for reading.", default=""),
    break_in_series=_bool("Not comparable with earlier years: trends start anew here.", False),
)  # fmt: skip

NODE = _obj(
    "A node of the weight tree: a leaf names an indicator, an inner node has children. The tree may be unbalanced.",
    code={"type": ["string", "null"], "default": None, "description": "Key; needed for inner nodes."},
    name=_text("For reading only.", default=""),
    weight=_num("Weight among its siblings; they are divided by their sum.", default=1, minimum=0),
    indicator={"type": ["string", "null"], "default": None, "description": "Code of the indicator of a leaf."},
    aggregation=_one_of("How the children become one score.", AGGREGATIONS, default="arithmetic"),
    power=_num("Exponent of 'power'; not 0.", default=1),
    children=_list("Children of an inner node.", {"$ref": "#/$defs/node"}, default=[]),
)

WEIGHTS = _obj(
    "Weights. 'given' takes those of the tree; the others replace them: budget and ahp for the nodes named, equal "
    "everywhere, pca, entropy, critic and bod for the leaves of each lowest node.",
    method=_one_of("Where weights come from.", WEIGHTINGS, default="given"),
    budget={
        "type": "object", "default": {},
        "additionalProperties": _list("one object of points per expert", {
            "type": "object", "additionalProperties": _num("points; the sum is 100", minimum=0)}),
        "description": "Node → one {child: points} per expert; each sums to 100. Children by node code or indicator.",
    },
    ahp={
        "type": "object", "default": {},
        "additionalProperties": _obj(
            "Pairwise comparisons of the children of a node.", ("children", "matrices"),
            children=_list("Children in the order of the rows.", _code("code")),
            matrices=_list("One positive reciprocal matrix per expert.", _list("rows", _list("row", _num("ratio"))),
                           minItems=1),
            accept_inconsistent=_bool("Accept a consistency ratio above 0.10; printed.", False)),
        "description": "Node → comparisons.",
    },
    bod=_obj("Bounds of the shares of indicators in the benefit of the doubt.",
             lowest=_num("Least share.", default=0.0, **SHARE), highest=_num("Greatest share.", default=1.0, **SHARE)),
)  # fmt: skip

IMPUTATION_OPTIONS = _obj(
    "Filling of cells. Observed cells are never changed; every filled cell is flagged and listed.",
    method=_one_of("One method for all indicators.", IMPUTATIONS, default="none"),
    carry=_int("Years a figure is carried ('locf', 'focb' and single observations).", default=2, minimum=0, maximum=50),
    predictors=_int("Most predictors of 'regression' and 'multiple'.", default=3, minimum=1, maximum=3),
    draws=_int("Draws of 'multiple'.", default=10, minimum=2, maximum=50),
)

TREATMENT = _obj(
    "Outliers: winsorise, then logarithm, where |skewness| ≥ limit and kurtosis ≥ limit. Off below 10 regions.",
    enabled=_bool("Whether to treat.", False),
    skewness=_num("Limit of |G1|.", default=2, exclusiveMinimum=0),
    kurtosis=_num("Limit of G2.", default=3.5),
    winmax=_int("Most values moved.", default=5, minimum=0, maximum=50),
)

SELECTION = _obj(
    "Which year of whom is compared.",
    year_rule=_one_of(
        "common: per indicator the latest year that 'common_share' of the regions with any figure have, the own "
        "region among them; latest: each region's latest year; one_year: 'year' for everything.",
        ("common", "latest", "one_year"),
        default="common",
    ),
    year={"type": ["integer", "null"], "default": None, "description": "The year of 'one_year'."},
    window=_int("Years of the panel that ends with the latest year compared.", default=10, minimum=1, maximum=200),
    common_share=_num("See 'common'.", default=0.6666666666666666, **SHARE),
    stale_after=_int("Figures further apart than this are flagged STALE.", default=2, minimum=0),
)

SCREENING = _obj(
    "Coverage rules. The own region is never dropped: it is shown with the flag.",
    region_coverage=_num("Least share of indicators and of weight for a rank.", default=0.6666666666666666, **SHARE),
    node_coverage=_num("Least share of its weight for a node to have a score.", default=0.5, **SHARE),
    min_regions=_int("Fewest regions with a figure for an indicator to count.", default=3, minimum=1),
)  # fmt: skip

BENCHMARK = _obj(
    "What the own region is compared with: the decomposition and the weak points. All kinds are printed.",
    kind=_one_of("leader of all; mean, median, top quartile of peers; a named region; the targets.", BENCHMARKS,
                 default="leader"),
    region={"type": ["string", "null"], "default": None, "description": "The region of kind 'region'."},
)  # fmt: skip

ROBUSTNESS = _obj(
    "Monte Carlo over the choices of the method. A factor with one option is off; its nominal option comes first.",
    enabled=_bool("Whether to run.", True),
    replications=_int("Number of replications.", default=10000, minimum=1, maximum=1000000),
    normalisation=_list("Alternative normalisations.", {"$ref": "#/$defs/normalisation"}, default=[], maxItems=12),
    treatment=_list("Alternatives of the outlier treatment: on or off.", {"type": "boolean"}, default=[], maxItems=2),
    imputation=_list("Alternative imputations.", _one_of("method", IMPUTATIONS), default=[], maxItems=7),
    aggregation=_list("Alternative aggregations of all nodes.", _one_of("rule", AGGREGATIONS), default=[], maxItems=5),
    weights=_one_of("none; dirichlet: Dirichlet(kappa·w) at every node; uniform: w(1 + f·U(-1,1)), renormalised.",
                    ("none", "dirichlet", "uniform"), default="dirichlet"),
    kappa=_num("Concentration of 'dirichlet'.", default=50, exclusiveMinimum=0),
    spread=_num("f of 'uniform'.", default=0.25, minimum=0, exclusiveMaximum=1),
    leave_one_out=_bool("Leave out no or one indicator, all equally likely.", False),
    data_error=_bool("Disturb figures by 'relative_standard_error'.", False),
)  # fmt: skip

SENSITIVITY = _obj(
    "Sobol indices of the factors of 'robustness' that are on.",
    enabled=_bool("Whether to run.", True),
    base=_int("N of N(d + 2) evaluations; a power of 2.", default=2048, minimum=2, maximum=65536),
    bootstrap=_int("Resamples for the intervals of 90 %.", default=200, minimum=10, maximum=2000),
)

PEER_FINDER = _obj(
    "Nearest regions by structural figures ('structure' of the regions). Off without indicators.",
    indicators=_list("Structural figures.", _obj(
        "A structural figure.", ("code",), code=_code("Key in 'structure'."),
        transform=_one_of("log where skewed.", ("none", "log"), default="none")), default=[]),
    count=_int("Peers to name.", default=10, minimum=1, maximum=50),
)  # fmt: skip

DEA = _obj(
    "Optional: output-oriented data envelopment analysis, constant returns.",
    inputs=_list("Indicators used as inputs.", _code("indicator"), default=[]),
    outputs=_list("Indicators used as outputs.", _code("indicator"), default=[]),
)

CASE: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "gap-case.schema.json",
    "title": "Case of a gap analysis",
    **_obj(
        "Everything that a run needs; the same document gives the same result, byte for byte.",
        ("schema", "own", "regions", "indicators", "observations", "tree"),
        schema={"const": SCHEMA_ID, "description": "Version of this format."},
        title=_text("For reading only.", default=""),
        own=_code("Code of the own region."),
        seed=_int("Seed of everything drawn.", default=0, minimum=0, maximum=9223372036854775807),
        regions=_list("The own region and all others.", REGION, minItems=1, maxItems=5000),
        indicators=_list("Indicators of the tree.", INDICATOR, minItems=1, maxItems=2000),
        denominators=_list("Codes of figures that only divide others (population, GDP).", _code("code"), default=[]),
        observations=_list("The figures.", OBSERVATION, maxItems=2000000),
        tree={"$ref": "#/$defs/node"},
        selection=SELECTION,
        screening=SCREENING,
        imputation=IMPUTATION_OPTIONS,
        treatment=TREATMENT,
        normalisation={"$ref": "#/$defs/normalisation", "default": {}},
        weights=WEIGHTS,
        benchmark=BENCHMARK,
        robustness=ROBUSTNESS,
        sensitivity=SENSITIVITY,
        peer_finder=PEER_FINDER,
        dea=DEA,
    ),
    "$defs": {"node": NODE, "normalisation": NORMALISATION},
}


if __name__ == "__main__":
    print(json.dumps(CASE, ensure_ascii=False, indent=2))
