"""Treatment, imputation and flags: every cell that is not as it was published."""

from django.utils.translation import gettext as _

from planning.gaps.selectors import wording
from planning.gaps.selectors.sections.parts import Section, Table, columns, number, text


def section(report) -> Section:
    """Filled cells, treated indicators, flagged cells; gaps in own units always use untreated figures."""
    found = Section("treatment", _("Treatment, filled cells and flags"), _("gaps in own units use untreated figures"))
    result = report.result
    if result["imputed"]:
        found.tables.append(_imputed(report))
    else:
        found.texts.append(_("No cell was filled in."))
    moved = [t for t in result["treatments"] if t["method"] != "none" or t["moved"]]
    if moved:
        found.tables.append(_treated(report, moved))
    else:
        found.texts.append(_("No figure was treated as an outlier."))
    flagged = [(i["code"], c) for i in result["indicators"] for c in i["cells"] if set(c["flags"]) - {"OBSERVED"}]
    if flagged:
        found.tables.append(_flagged(report, flagged))
    else:
        found.texts.append(_("No cell carries a flag."))
    return found


def _imputed(report) -> Table:
    rows = [
        [
            text(report.names.region(c["region"])),
            text(report.names.indicator(c["indicator"])),
            text(c["year"]),
            number(
                report.units.text(c["indicator"], c["value"]),
                report.units.number(c["indicator"], c["value"]),
                href=report.trace(c["indicator"], c["region"]),
            ),
            text(wording.of(wording.OPTIONS, c["method"])),
            text(_(", ").join(str(y) for y in c["donors"])),
        ]
        for c in report.result["imputed"]
        if c["indicator"] in report.names.indicators
    ]
    heads = columns(
        _("Region"), _("Indicator"), _("Year"), "#" + _("Value"), _("Method"), _("Years of the figures used")
    )
    return Table("imputed", _("Filled cells"), heads, rows)


def _treated(report, treatments) -> Table:
    words = {"none": _("none"), "winsorise": _("extreme values moved"), "log": _("logarithm")}
    rows = [
        [
            text(report.names.indicator(t["code"])),
            text(words[t["method"]]),
            number(_two(t["before"]["skewness"]), t["before"]["skewness"]),
            number(_two(t["after"]["skewness"]), t["after"]["skewness"]),
            number(_two(t["before"]["kurtosis"]), t["before"]["kurtosis"]),
            number(_two(t["after"]["kurtosis"]), t["after"]["kurtosis"]),
            number(str(len(t["cells"])), len(t["cells"])),
        ]
        for t in treatments
    ]
    heads = columns(
        _("Indicator"),
        _("Method"),
        "#" + _("Skewness before"),
        "#" + _("after"),
        "#" + _("Kurtosis before"),
        "#" + _("after"),
        "#" + _("Cells"),
    )
    return Table("treated", _("Treated indicators"), heads, rows)


def _two(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _flagged(report, flagged) -> Table:
    rows = [
        [
            text(report.names.indicator(code), f"#i-{code}"),
            text(report.names.region(cell["region"]), report.trace(code, cell["region"])),
            text(wording.when(cell["year"]) if cell["value"] is not None else ""),
            text(_(", ").join(wording.reason(f) for f in cell["flags"] if f != "OBSERVED")),
        ]
        for code, cell in flagged
    ]
    heads = columns(_("Indicator"), _("Region"), _("Year"), _("Flag"))
    return Table("flags", _("Flagged cells"), heads, rows)
