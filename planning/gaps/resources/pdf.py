"""The report as PDF: summary, every section with its sentences, bars and tables; very long ones are in the workbook."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from dalian_coop.documents.blocks import Bar, Bars, Blocks, Grid, Heading, Prose
from dalian_coop.documents.pdf_blocks import write_blocks
from partners.indicators.models.data_source import page_lang
from planning.gaps.selectors.report import Report
from planning.gaps.selectors.sections import whole
from planning.gaps.selectors.sections.data import grade_sentence, limits
from planning.gaps.selectors.sections.parts import Chart, Table
from planning.gaps.selectors.summary import summary

MOST_ROWS = 150
MOST_BARS = 50


def pdf(report: Report) -> bytes:
    """The file."""
    above = [
        f"{report.run.indicator_set.name} · {report.run.get_year_rule_display()} · "
        + _("compared with: %(benchmark)s") % {"benchmark": report.benchmark_name},
        _("computed %(when)s") % {"when": f"{report.run.computed_at:%Y-%m-%d %H:%M}"}
        + f" · {_('Hash of the input')} {report.run.input_hash[:16]}",
    ]
    return write_blocks(Blocks(report.title, list(_blocks(report)), above, report.title, page_lang()))


def _blocks(report: Report) -> Iterator[Heading | Prose | Grid | Bars]:
    yield Heading(_("Summary"))
    for number, sentence in enumerate(summary(report), 1):
        yield Prose(sentence.text, f"{number}.")
    yield Prose(grade_sentence(report))
    for sentence in limits(report):
        yield Prose(sentence, "•")
    for section in whole(report):
        yield Heading(f"{section.number} {section.title}")
        if section.note:
            yield Prose(section.note, small=True)
        for sentence in section.texts:
            yield Prose(sentence)
        for chart in section.charts:
            if bars := _bars(chart):
                yield bars
            yield from _table(chart.table)
        for table in section.tables:
            yield from _table(table)
        if section.foot:
            yield Prose(section.foot, small=True)


def _table(table: Table) -> Iterator[Heading | Prose | Grid]:
    yield Heading(table.title, 2)
    if not table.rows:
        yield Prose(_("none"))
        return
    if len(table.rows) > MOST_ROWS:
        yield Prose(_("%(count)d rows; the whole table is in the Excel file.") % {"count": len(table.rows)})
        return
    rows = [[cell.plain for cell in row] for row in table.rows]
    strong = set(table.own)
    if table.total:
        strong.add(len(rows))
        rows.append([cell.plain for cell in table.total])
    right = [n for n, column in enumerate(table.columns) if column.num]
    yield Grid([c.label for c in table.columns], rows, right, frozenset(strong))


def _bars(chart: Chart) -> Bars | None:
    """The chart as lying bars; None for kinds that are none (their table follows)."""
    make = {"waterfall": _waterfall, "ranges": _ranges, "bar": _simple}.get(chart.kind)
    bars = make(chart.data) if make else []
    return Bars(chart.title, bars[:MOST_BARS]) if bars else None


def _waterfall(data: dict) -> list[Bar]:
    at = data["start"]["value"]
    found = [Bar(data["start"]["label"], 0.0, at, f"{at:.1f}", strong=True)]
    for step in data["steps"]:
        after = at + step["value"]
        found.append(Bar(step["label"], min(at, after), max(at, after), f"{step['value']:+.1f}"))
        at = after
    return [*found, Bar(data["end"]["label"], 0.0, at, f"{at:.1f}", strong=True)]


def _ranges(data: dict) -> list[Bar]:
    return [
        Bar(r["label"], r["low"] - 0.25, r["high"] + 0.25, f"{r['low']}–{r['high']}", r["mark"], r["own"])
        for r in data["rows"]
    ]


def _simple(data: dict) -> list[Bar]:
    unit, several = data.get("unit", ""), len(data["series"]) > 1
    found = []
    for n, category in enumerate(data["categories"]):
        for series in data["series"]:
            value = series["values"][n]
            if value is not None:
                label = f"{category} · {series['name']}" if several else category
                strong = category == data.get("highlight")
                found.append(Bar(label, min(0.0, value), max(0.0, value), f"{value:g} {unit}".strip(), strong=strong))
    return found
