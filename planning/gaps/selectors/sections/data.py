"""Data and sources: grade with its reason, coverage, every figure with year, source and vintage."""

from django.utils.translation import gettext as _

from partners.indicators.enums import Comparability
from planning.gaps.selectors import wording
from planning.gaps.selectors.sections.parts import Cell, Section, Table, columns, number, text

REASONS = {
    "coverage": lambda v: _("%(share)s of the cells have a figure") % {"share": wording.percent(v)},
    "age": lambda v: _("figures lie %(years)s years behind the latest one on average") % {"years": wording.years(v)},
    "comparability": lambda v: (
        _("%(share)s of the weight lies on definitions that differ") % {"share": wording.percent(v)}
    ),
    "interval": lambda v: _("the own rank interval covers %(share)s of the ranks") % {"share": wording.percent(v)},
}


def section(report) -> Section:
    """Grade, coverage by indicator, sources, and the whole table of figures."""
    quality = report.quality
    note = _("%(observed)s of %(cells)s figures are there (%(share)s)")
    found = Section("data", _("Data and sources"), note % {k: quality[k] for k in ("observed", "cells", "share")})
    found.texts.append(grade_sentence(report))
    found.texts += limits(report)
    found.tables = [_parts(report), _indicators(report), _sources(report), _cells(report)]
    return found


def grade_sentence(report) -> str:
    """The grade and the part that decides it."""
    quality = report.result["quality"]
    worst = [name for name, part in quality["parts"].items() if part["grade"] == quality["grade"]]
    reasons = [_part(name, quality["parts"][name]["value"]) for name in worst]
    return _("Grade %(grade)s: %(reason)s.") % {"grade": quality["grade"], "reason": _("; ").join(reasons)}


def _part(name: str, value: float | None) -> str:
    if value is None or name not in REASONS:
        return wording.of(wording.PARTS, name)
    return str(REASONS[name](value))


def limits(report) -> list[str]:
    """What the data cannot say, in words."""
    found = []
    result = report.result
    absent = [i for i in result["indicators"] if i["own"]["value"] is None]
    if absent:
        names = _(", ").join(report.names.indicator(i["code"]) for i in absent)
        found.append(
            _("Nothing can be said of %(names)s: %(city)s has no figure.") % {"names": names, "city": report.own}
        )
    low = [r for r in result["regions"] if not r["ranked"]]
    if low:
        names = _(", ").join(report.names.region(r["code"]) for r in low)
        found.append(_("Not ranked for lack of figures: %(names)s.") % {"names": names})
    if result["year"]:
        found.append(
            _("The latest year compared is %(year)s; nothing is said of later years.") % {"year": result["year"]}
        )
    return found


def _parts(report) -> Table:
    quality = report.result["quality"]
    rows = [
        [
            text(wording.of(wording.PARTS, name)),
            Cell(part["grade"] or "", reason="" if part["grade"] else wording.reason("NOT_ASKED")),
            text(_part(name, part["value"]) if part["value"] is not None else ""),
        ]
        for name, part in quality["parts"].items()
    ]
    return Table("grade", _("Grade of the data"), columns(_("Part"), _("Grade"), _("Reason")), rows)


def _indicators(report) -> Table:
    rows = []
    for row, found in zip(report.rows, report.result["indicators"], strict=True):
        indicator = report.names.indicators[row.code]
        absent = _(", ").join(f.region for f in row.absent)
        rows.append(
            [
                text(row.name, f"#i-{row.code}"),
                number(f"{row.n_ranked}/{row.n_regions}", row.n_ranked),
                text(row.median.year if row.n_ranked else ""),
                text(absent or _("none")),
                text(wording.of(dict(Comparability.choices), found["comparability"])),
                text(" ".join(t for t in (indicator.definition_text, indicator.comparability_text) if t)),
            ]
        )
    heads = columns(
        _("Indicator"),
        "#" + _("Regions with a figure"),
        _("Years"),
        _("Missing"),
        _("Comparability"),
        _("Definition"),
    )
    return Table("coverage", _("Coverage and definitions"), heads, rows)


def _sources(report) -> Table:
    rows = []
    for item in report.sources:
        source = item["source"]
        rows.append(
            [
                text(f"[{item['number']}] {source.shown_title}", f"/sources/#{source.code}", lang=source.shown_lang),
                text(source.shown_publisher, lang=source.publisher_lang),
                text(source.get_quality_display()),
                text(source.retrieved.isoformat()),
                number(str(item["count"]), item["count"]),
            ]
        )
    heads = columns(_("Source"), _("Publisher"), _("Quality"), _("Read on"), "#" + _("Figures"))
    return Table("sources", _("Sources"), heads, rows)


def _cells(report) -> Table:
    rows = []
    for row, found in zip(report.rows, report.result["indicators"], strict=True):
        for figure, cell in zip(row.cells, found["cells"], strict=True):
            flags = _(", ").join(wording.reason(f) for f in cell["flags"] if f not in ("OBSERVED", "FIXED"))
            rows.append(
                [
                    text(row.name),
                    text(figure.region),
                    number(figure.text, figure.value, figure.reason, figure.href),
                    text(row.unit),
                    text(figure.year),
                    text(f"[{figure.source}]" if figure.source else ""),
                    text(cell["vintage"]),
                    number(wording.points(cell["score"]) or "", cell["score"]),
                    text(flags),
                ]
            )
    heads = columns(
        _("Indicator"),
        _("Region"),
        "#" + _("Figure"),
        _("Unit"),
        _("Year"),
        _("Source"),
        _("Vintage"),
        "#" + _("Score"),
        _("Flag"),
    )
    return Table("figures", _("Every figure that was compared"), heads, rows)
