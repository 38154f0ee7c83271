"""What a result document holds: JSON Schema 2020-12. ``docs/methods/gap-result.schema.json`` is this very object
(``python -m planning.gaps.engine.spec_result`` prints it; tests compare them and check real results against it)."""

import json
from typing import Any

from planning.gaps.engine.reasons import Reason

SCHEMA_ID = "gap-result/1"
Schema = dict[str, Any]

REASON: Schema = {
    "enum": [None, *(str(r) for r in Reason)],
    "description": "null, or why the figure beside it is.",
}
FLAGS: Schema = {"type": "array", "items": {"enum": [str(r) for r in Reason]}, "description": "What must be known."}


def _obj(description: str, **properties: Schema) -> Schema:
    return {
        "type": "object", "description": description, "properties": properties, "required": list(properties),
        "additionalProperties": False,
    }  # fmt: skip


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [{"type": "null"}, schema]}


def _num(description: str) -> Schema:
    return {"type": "number", "description": description}


def _maybe(description: str) -> Schema:
    return {"type": ["number", "null"], "description": description}


def _int(description: str) -> Schema:
    return {"type": "integer", "description": description}


def _maybe_int(description: str) -> Schema:
    return {"type": ["integer", "null"], "description": description}


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


def _maybe_text(description: str) -> Schema:
    return {"type": ["string", "null"], "description": description}


def _bool(description: str) -> Schema:
    return {"type": "boolean", "description": description}


def _list(description: str, items: Schema) -> Schema:
    return {"type": "array", "description": description, "items": items}


def _map(description: str, values: Schema) -> Schema:
    return {"type": "object", "description": description, "additionalProperties": values}


NODE_SCORE = _obj(
    "Score of a node of the tree.",
    score=_maybe("Points of the scale."), coverage=_num("Share of its weight that is observed."), reason=REASON,
)  # fmt: skip
NODES = _map("Inner node → its score.", NODE_SCORE)
CELL = _obj(
    "One region's figure of one indicator, as compared.",
    region=_text("Region."), value=_maybe("In own units, untreated (divided by the denominator; imputed if flagged)."),
    year=_maybe_int("Year of the figure; null for a fixed one."), source=_text("Source key, '' if imputed."),
    vintage=_text("Edition."), treated=_maybe("Value after outlier treatment."), score=_maybe("Normalised value."),
    rank=_maybe_int("Rank by the value, 1 = best."), reason=REASON, score_reason=REASON, flags=FLAGS,
)  # fmt: skip
GAP = _obj(
    "Gap to one benchmark; positive = the own region is behind.",
    kind=_text("leader, mean, median, top_quartile, region or target."), region=_maybe_text("If it is one region."),
    value=_maybe("The benchmark in own units."), reason=REASON, absolute=_maybe("d·(B - x) in own units."),
    relative=_maybe("Absolute over |B|."), relative_reason=REASON,
    normalised=_maybe("Absolute over the range of the goalposts or of the figures."), normalised_reason=REASON,
    score=_maybe("Gap in points of the scale."), lead=_maybe("Own region leads: lead over the second, own units."),
)  # fmt: skip
TREND = _obj(
    "Trend of one series over first..last (n figures), from the last break on.",
    growth=_maybe("Compound growth a year, 0.05 = 5 %."), growth_reason=REASON,
    slope=_maybe("Least-squares slope, units a year (n ≥ 4)."), slope_low=_maybe("90 % t interval, lower end."),
    slope_high=_maybe("Upper end."), slope_reason=REASON, theil_sen=_maybe("Median of pairwise slopes."),
    p=_maybe("Mann–Kendall two-sided p (n ≥ 6)."),
    label=_maybe_text("rising, falling or unclear (p < 0.1), null below 6 figures."), label_reason=REASON,
    first=_maybe_int("First year."), last=_maybe_int("Last year."), n=_int("Figures."), broken=_bool("Cut at a break."),
)  # fmt: skip
CATCH_UP = _obj(
    "Years until the difference of scores to the benchmark is closed at the present trend.",
    kind=_text("Benchmark."), region=_maybe_text("If it is one region."), n=_int("Years fitted."),
    difference=_maybe("Fitted difference in the last year."), slope=_maybe("Change of the difference a year."),
    years=_maybe("Years from the last year; null with a reason."),
    low=_maybe("90 % interval (Fieller), lower end; null: none."),
    high=_maybe("Upper end; null: unbounded."), p_closing=_maybe("P(slope < 0)."), reason=REASON, flags=FLAGS,
)  # fmt: skip
LINE = _obj(
    "One indicator's part of the gap.",
    code=_text("Indicator."), value=_num("Points; the lines and effects sum to the gap."),
    weight=_maybe("Effective weight over the indicators both have; null where the rule has none."),
    own_score=_maybe("Own score."),
    benchmark_score=_maybe("Score of the benchmark."), standard_error=_maybe("Of a sampled Shapley value."),
)  # fmt: skip
DECOMPOSITION = _obj(
    "What a gap of scores is made of: gap = Σ lines + coverage_effect + profile_effect (to 1e-9).",
    kind=_text("Benchmark."), region=_maybe_text("If it is one region."), gap=_num("Points."),
    method=_text("additive, lmdi or shapley."), lines=_list("Greatest first.", LINE),
    coverage_effect=_num("Indicators that one side lacks."),
    profile_effect=_num("Benchmark of composites against composite of the benchmark's profile."),
    nodes=_map("Inner node → sum of the lines below it.", _num("Points.")),
    profile=NODES,
)  # fmt: skip
REGION = _obj(
    "A region.",
    code=_text("Key."), role=_text("own, peer, aspirational or context."), score=_maybe("Composite."),
    reason=REASON, coverage=_num("Share of indicators and weight observed (the smaller)."),
    ranked=_bool("Whether it counts in the ranking."), rank=_maybe_int("Competition rank."), nodes=NODES,
    best_case=_maybe("Score with the weights that favour it most (benefit of the doubt), 0..1; null if not asked."),
)  # fmt: skip
WEAK_POINT = _obj(
    "An indicator in which the own region lags, by priority.",
    code=_text("Indicator."), dimension=_text("Child of the root above it."), contribution=_num("Points of the gap."),
    share=_num("Share of the whole shortfall."), trend_factor=_num("0.5 closing fast … 1.5 widening; 1 unknown."),
    controllability=_num("0..1."), priority=_num("Sums to 1 over the list."),
    quadrant=_maybe_text("strength, watch, catching_up or critical; null without trends."), quadrant_reason=REASON,
    level=_maybe("Own score minus mean of peers."), drift=_maybe("Own slope of score minus that of the peers."),
    below_peers={"type": ["boolean", "null"],
        "description": "Score below the peers' mean minus one standard deviation (WIPO's rule); null below 2 peers."},
    stability=_maybe("Share of replications in which it stays among the first five; null without robustness."),
    depends_on_method={"type": ["boolean", "null"], "description": "Stability below 0.8."},
    half_gap_value=_maybe("Value in own units that closes half of the gap of scores."), half_gap_reason=REASON,
)  # fmt: skip
CANDIDATE = _obj(
    "A dimension.", code=_text("Child of the root."), priority=_num("Sum of priorities."),
    frequency=_maybe("Share of replications in which it is first."),
)  # fmt: skip
INDICATOR = _obj(
    "Everything about one indicator.",
    code=_text("Key."), direction=_int("+1 or -1."), fixed=_bool("Values do not change with the year."),
    weight=_num("Effective weight (product of shares down the tree); the weights sum to 1."),
    own=CELL, best=_or_null(CELL), cells=_list("One a region, in the order of 'regions'.", CELL),
    median=_obj("Of the peers.", value=_maybe("Own units."), n=_int("Peers with a figure."),
                years=_list("Years of the figures.", _int("year"))),
    benchmark=_obj("The chosen benchmark.", value=_maybe("Own units."), region=_maybe_text("If one."), reason=REASON),
    gap=_maybe("To the chosen benchmark, own units."), gap_reason=REASON, relative_gap=_maybe("See gaps."),
    relative_gap_reason=REASON, gaps=_list("One a kind of benchmark.", GAP), rank=_maybe_int("Own rank."),
    n_ranked=_int("Regions with a figure."), n_regions=_int("Regions."), years=_list("Compared.", _int("year")),
    range=_obj("Ends of the normalisation in own units.", worst=_maybe("Lowest score."), best=_maybe("Highest score.")),
    score_reason=REASON, flags=FLAGS, comparability=_text("full, limited or none."), trend=TREND,
    peer_trend=TREND, contribution=_maybe("Line of the decomposition."),
)  # fmt: skip
SERIES = _obj(
    "Scores of one year.", year=_int("Year."),
    regions=_list("In the order of 'regions'.", _obj(
        "A region.", code=_text("Key."), score=_maybe("Composite."), rank=_maybe_int("Rank."),
        reason=REASON, nodes=_map("Inner node → score.", _maybe("Points.")))),
    n_ranked=_int("Ranked."),
    cells=_list("Rows of regions: treated value of every indicator, in the order of 'indicators'.",
                _list("Row.", _maybe("Value."))),
    scores=_list("Rows of regions: normalised value.", _list("Row.", _maybe("Score."))),
    flags=_list("Cells that are not as observed.", _obj(
        "A cell.", region=_text("Region."), indicator=_text("Indicator."), flags=FLAGS)),
)  # fmt: skip
LIST_OF_NUM = _list("Numbers.", _num("n"))
ROBUSTNESS = _obj(
    "What remains of the result under other reasonable choices.",
    reason=REASON, replications=_int("Done."), chunks=_int("Parts."),
    factors=_list("Factors that varied.", _text("name")),
    options=_list("Replications per option.", _obj("An option.", factor=_text("Factor."), option=_text("Option."),
                                                   count=_int("Replications."))),
    rejected=_list("Combinations drawn and rejected.", _obj("A reason.", reason=_text("Code."), sentence=_text("Why."),
                                                            count=_int("Draws."))),
    regions=_list("Ranked regions, best median first.", _obj(
        "A region.", code=_text("Key."), nominal=_maybe_int("Rank of the run."), median=_num("Median rank."),
        mean=_num("Mean rank."), low=_int("5 % rank."), high=_int("95 % rank."), top3=_num("P(rank ≤ 3)."),
        mean_score=_maybe("Mean score; null when scales differ."), sd_score=_maybe("Standard deviation of the score."),
        p_rank=_list("P(rank = 1, 2, …).", _num("p")),
        unscored=_int("Replications without a score."))),
    pairwise=_or_null(_list("P(row beats column), ties half; in the order of 'regions' here; null above 60 regions.",
                            LIST_OF_NUM)),
    own_pairwise=_map("P(own region beats it), ties half.", _num("p")),
    mean_shift=_num("Mean over regions and replications of |rank - nominal rank|."),
    monte_carlo_error=_num("Largest standard error of a probability above."),
    weak_points=_map("Indicator → share of replications among the first five weak points.", _num("p")),
    dimensions=_map("Dimension → share of replications in which it is the main contradiction.", _num("p")),
)  # fmt: skip
INDEX = _obj("A Sobol index.", value=_maybe("Clipped to 0..1 for display."), raw=_maybe("As estimated."),
             low=_maybe("90 % bootstrap."), high=_maybe("90 % bootstrap."))  # fmt: skip
OUTPUT = _obj(
    "Indices of one output.", output=_text("mean_shift or own_rank."), mean=_maybe("Mean."),
    variance=_maybe("Variance."), reason=REASON,
    factors=_list("Factors.", _obj("A factor.", factor=_text("Name."), first=INDEX, total=INDEX)),
)  # fmt: skip
SENSITIVITY = _obj(
    "Which choice moves the ranks most.", reason=REASON, evaluations=_int("N(d + 2)."), base=_int("N."),
    outputs=_list("Outputs.", OUTPUT),
)  # fmt: skip

RESULT: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "gap-result.schema.json",
    "title": "Result of a gap analysis",
    **_obj(
        "Every result of the chain. No number is NaN or infinite; what is undefined is null with a reason code.",
        schema={"const": SCHEMA_ID}, engine=_text("Version of the engine."),
        input_hash=_text("SHA-256 of the case in canonical form; the order of the observations does not matter."),
        seed=_int("Seed."), own=_text("Own region."), year=_maybe_int("Latest year compared."),
        options=_map("All options with the defaults filled in.", {}), empty=REASON,
        overall=_obj(
            "The own region in one line.",
            score=_maybe("Composite."), reason=REASON, rank=_maybe_int("Rank."), n_ranked=_int("Ranked regions."),
            benchmark=_obj("The chosen one.", kind=_text("Kind."), region=_maybe_text("If one."),
                           score=_maybe("Its composite."), reason=REASON),
            gap=_maybe("Points; positive = behind."), gap_reason=REASON,
            lead=_maybe("Own region leads: lead over the second."), mean=_maybe("Of the peers."),
            median=_maybe("Of the peers.")),
        regions=_list("In the order of the case.", REGION),
        tree=_list("Nodes, parents first.", _obj(
            "A node.", code=_text("Key (a leaf's is its indicator's if it has none)."), parent=_maybe_text("Key."),
            indicator=_maybe_text("Of a leaf."), weight=_num("Share among its siblings."),
            effective=_num("Product of shares."), aggregation=_maybe_text("Of an inner node."))),
        weights=_obj(
            "Where the weights come from.", method=_text("Method."),
            nodes=_map("Node → what is to be printed.", {"type": "object"}), flags=FLAGS),
        indicators=_list("In tree order.", INDICATOR),
        benchmarks=_list("Composite gap to every kind.", _obj(
            "A benchmark.", kind=_text("Kind."), region=_maybe_text("If one."), score=_maybe("Composite."),
            gap=_maybe("Points."), reason=REASON, lead=_maybe("Lead over the second."))),
        decomposition=_or_null(DECOMPOSITION),
        decompositions=_list("To every kind of benchmark that has a gap.", DECOMPOSITION),
        change=_or_null(_obj(
            "Change of the own score between two years.", first=_int("Year."), last=_int("Year."),
            decomposition=DECOMPOSITION)),
        years=_list("The panel, year by year; the comparison itself stands in 'indicators'.", SERIES),
        trends=_obj(
            "Trends of scores.", reason=REASON,
            regions=_map("Region → trend of its composite.", TREND),
            nodes=_map("Inner node → trend of the own score.", TREND),
            catch_up=_list("To every kind of benchmark.", CATCH_UP),
            sigma=_obj("Spread of the scores.", years=_list("Years.", _int("year")),
                       sd=_list("Standard deviations.", _maybe("sd")), slope=_maybe("A year."), p=_maybe("Two-sided."),
                       reason=REASON),
            beta=_map("Indicator → growth on the logarithm of the first level (b < 0: convergence).", _obj(
                "A fit.", b=_maybe("Slope."), p=_maybe("Two-sided."), n=_int("Regions."), reason=REASON))),
        robustness=ROBUSTNESS, sensitivity=SENSITIVITY,
        weak_points=_list("By priority.", WEAK_POINT),
        quadrants=_list("Every indicator of the quadrant chart.", _obj(
            "An indicator.", code=_text("Indicator."), level=_maybe("Own score minus peers' mean."),
            drift=_maybe("Own slope minus peers'."), quadrant=_maybe_text("See weak_points."), reason=REASON)),
        main_contradiction=_obj(
            "The dimension with the largest priority, if it is first in 75 % of the replications.",
            code=_maybe_text("Dimension; null: no single one."), reason=REASON,
            candidates=_list("Dimensions with a priority, greatest first.", CANDIDATE)),
        peer_finder=_obj(
            "Nearest regions by structure.", reason=REASON, peers=_list("Nearest first.", _obj(
                "A region.", code=_text("Key."), distance=_num("Root mean square of differences of z."),
                shared=_int("Structural figures both have."),
                differences=_map("Structural figure → z of the region minus z of the own one.", _num("d"))))),
        imputed=_list("Every filled cell.", _obj(
            "A cell.", region=_text("Region."), indicator=_text("Indicator."), year=_int("Year."),
            value=_num("Filled in."), method=_text("Method."), donors=_list("Years of the figures used.", _int("year")),
            flags=FLAGS)),
        treatments=_list("One an indicator, when treatment is on.", _obj(
            "An indicator.", code=_text("Indicator."), method=_text("none, winsorise or log."),
            before=_obj("Before.", skewness=_maybe("G1."), kurtosis=_maybe("G2.")),
            after=_obj("After.", skewness=_maybe("G1."), kurtosis=_maybe("G2.")), moved=_int("Values tied."),
            passed={"type": ["boolean", "null"], "description": "Rule holds afterwards."}, reason=REASON,
            cells=_list("Cells changed.", _obj("A cell.", region=_text("Region."), year=_maybe_int("Year."),
                                               original=_num("Before."), value=_num("After."))))),
        quality=_obj(
            "Quality of the data.", grade=_text("A, B, C or D: the worst of the parts."),
            parts=_map("coverage, age, comparability, interval → grade and figure.", _obj(
                "A part.", grade=_maybe_text("A–D; null if unknown."), value=_maybe("Figure it rests on."))),
            cells=_int("Cells compared."), observed=_int("Observed."), imputed=_int("Filled."), treated=_int("Moved."),
            capped=_int("Cut at a goalpost."), by_year=_map("Year or 'fixed' → cells.", _int("n")),
            by_source=_map("Source → cells.", _int("n")), ages=_map("Years behind the latest → cells.", _int("n")),
            regions_per_indicator=_map("Indicator → regions with a figure.", _int("n")),
            comparability=_map("full, limited, none → indicators.", _int("n")), trends=_bool("Trends are allowed.")),
        dea=_obj("Optional module.", reason=REASON, regions=_map("Region → output efficiency, 1 = on the frontier.",
                                                                _maybe("e"))),
        counts=_obj("Sizes.", regions=_int("n"), indicators=_int("n"), observations=_int("n"), years=_int("n")),
    ),
}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(RESULT, ensure_ascii=False, indent=2))
