"""The method box: what was chosen, with which code and seed, and how long it took."""

from django.utils.translation import gettext as _

from planning.gaps.selectors import wording
from planning.gaps.selectors.sections.parts import Section, Table, columns, number, text


def section(report) -> Section:
    """Choices, identity of the run, weights of the frozen tree."""
    found = Section(
        "method", _("Method"), _("terms of the OECD/JRC Handbook on Constructing Composite Indicators (2008)")
    )
    found.texts = [
        _("Only whole years and values that do not change are compared; parts of years and projections stay out."),
        _(
            "Scores run from 1 to 100 over the figures of the window, turned so that "
            "higher is better. Gaps in own units use untreated figures."
        ),
        _(
            "A missing figure gives its weight to its siblings; a dimension with less "
            "than half of its weight has no score; a region with less than two thirds is "
            "not ranked."
        ),
        _("Ranks: competition ranking on unrounded scores. Gaps: positive means behind, whatever the direction."),
        report.run.indicator_set.reason,
    ]
    found.tables = [_choices(report), _identity(report), _weights(report)]
    return found


def _choices(report) -> Table:
    options = report.result["options"]
    said = [
        (_("Year rule"), report.run.get_year_rule_display()),
        (_("Compared with"), report.benchmark_name),
        (_("How figures become scores"), wording.of(wording.OPTIONS, options["normalisation"]["method"])),
        (_("Treatment of outliers"), _("on") if options["treatment"]["enabled"] else _("off")),
        (_("Missing figures"), wording.of(wording.OPTIONS, options["imputation"]["method"])),
        (_("Weights"), wording.of(wording.OPTIONS, options["weights"]["method"])),
        (_("Own weights"), _("yes") if report.run.params.get("node_weights") else _("no")),
        (_("Seed"), str(report.result["seed"])),
    ]
    rows = [[text(name), text(value)] for name, value in said]
    return Table("choices", _("Choices"), columns(_("Choice"), _("Value")), rows)


def _identity(report) -> Table:
    run, counts = report.run, report.result["counts"]
    said = [
        (_("Engine"), run.code_version),
        (_("Hash of the input"), run.input_hash),
        (_("Hash of the result"), run.result_hash),
        (_("Version of the indicator set"), str(run.indicator_set_version)),
        (_("Version of the benchmark set"), str(run.benchmark_set_version)),
        (_("Regions"), str(counts["regions"])),
        (_("Indicators"), str(counts["indicators"])),
        (_("Figures"), f"{counts['observations']:,}"),
        (_("Replications"), f"{report.result['robustness']['replications']:,}"),
        (_("Seconds to read, compute, explain"), _seconds(run.timings)),
        (_("Started by"), str(run.created_by or run.client or "")),
    ]
    rows = [[text(name), text(value)] for name, value in said]
    return Table("identity", _("Identity of the run"), columns(_("What"), _("Value")), rows)


def _seconds(timings: dict) -> str:
    return " · ".join(f"{timings[name]:.2f}" for name in ("read", "compute", "explain") if name in timings)


def _weights(report) -> Table:
    rows = []
    for node in report.result["tree"]:
        name = report.names.indicator(node["indicator"]) if node["indicator"] else report.names.node(node["code"])
        rule = wording.of(wording.OPTIONS, node["aggregation"]) if node["aggregation"] else ""
        rows.append(
            [
                text(name, f"#i-{node['indicator']}" if node["indicator"] else ""),
                number(wording.percent(node["weight"]), node["weight"]),
                number(wording.percent(node["effective"]), node["effective"]),
                text(rule),
            ]
        )
    heads = columns(
        _("Dimension or indicator"), "#" + _("Among its siblings"), "#" + _("In the whole"), _("Aggregation")
    )
    return Table("weights", _("Weights"), heads, rows)
