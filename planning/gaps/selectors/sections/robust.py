"""Robustness and sensitivity: what remains of the result under other reasonable choices."""

from django.utils.translation import gettext as _

from planning.gaps.selectors import wording
from planning.gaps.selectors.sections.parts import Cell, Chart, Section, Table, columns, number, text
from planning.gaps.selectors.sections.position import robust_ranks

LEAST_DRAWN = 0.0005  # ranks that are rarer stand in the table only


def section(report) -> Section:
    """Distribution of the own rank, rank intervals of all, stability of the weak points."""
    robust = report.result["robustness"]
    found = Section("robustness", _("Robustness"), _("the same figures under other reasonable choices of the method"))
    if robust["reason"]:
        found.texts.append(_("Not computed: %(reason)s.") % {"reason": wording.reason(robust["reason"])})
        return found
    names = _(", ").join(wording.of(wording.FACTORS, f) for f in robust["factors"])
    values = {
        "count": f"{robust['replications']:,}",
        "factors": names,
        "error": wording.percent(robust["monte_carlo_error"]),
    }
    found.texts.append(
        _("%(count)s replications; varied: %(factors)s. Probabilities are exact to ±%(error)s.") % values
    )
    found.charts = [c for c in (_own_ranks(report), robust_ranks(report), _pairs(report)) if c]
    found.tables = [_options(robust)]
    if robust["rejected"]:
        found.tables.append(_rejected(robust))
    return found


def _own_ranks(report) -> Chart | None:
    own = next((r for r in report.result["robustness"]["regions"] if r["code"] == report.result["own"]), None)
    if own is None:
        return None
    shares = own["p_rank"]
    seen = [n for n, p in enumerate(shares, 1) if p >= LEAST_DRAWN] or [1]
    taken = range(max(1, seen[0] - 1), min(len(shares), seen[-1] + 1) + 1)
    title = _("How often %(city)s takes which rank") % {"city": report.own}
    rows = [[text(str(n)), number(wording.percent(p), p)] for n, p in enumerate(shares, 1)]
    table = Table("own-ranks", title, columns(_("Rank"), "#" + _("Share of the replications")), rows)
    data = {
        "categories": [str(n) for n in taken],
        "series": [{"name": _("Share of the replications"), "values": [round(100 * shares[n - 1], 1) for n in taken]}],
        "unit": "%",
        "highlight": str(own["nominal"]) if own["nominal"] else "",
    }
    return Chart("own-ranks", "bar", title, data, table, wide=True)


def _pairs(report) -> Chart | None:
    pairs = report.result["robustness"]["own_pairwise"]
    if not pairs:
        return None
    title = _("How often %(city)s is ahead of the others") % {"city": report.own}
    order = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    rows = [
        [text(report.names.region(code), report.trace_score(code)), number(wording.percent(p), p)] for code, p in order
    ]
    table = Table("pairs", title, columns(_("Region"), "#" + _("Share of the replications")), rows)
    data = {
        "categories": [report.names.region(code) for code, _p in order],
        "series": [{"name": _("Share of the replications"), "values": [round(100 * p, 1) for _c, p in order]}],
        "unit": "%",
        "horizontal": True,
    }
    return Chart("pairs", "bar", title, data, table)


def _options(robust) -> Table:
    rows = [
        [
            text(wording.of(wording.FACTORS, o["factor"])),
            text(wording.of(wording.OPTIONS, o["option"].partition(" ")[0])),
            number(f"{o['count']:,}", o["count"]),
        ]
        for o in robust["options"]
    ]
    return Table(
        "options", _("Replications by option"), columns(_("Factor"), _("Option"), "#" + _("Replications")), rows
    )


def _rejected(robust) -> Table:
    rows = [[text(r["reason"]), text(r["sentence"]), number(f"{r['count']:,}", r["count"])] for r in robust["rejected"]]
    title = _("Combinations drawn and rejected")
    return Table("rejected", title, columns(_("Code"), _("Reason"), "#" + _("Draws")), rows)


def sensitivity(report) -> Section:
    """Which choice moves the own rank and the ranks of all most."""
    found = Section("sensitivity", _("Sensitivity"), _("which choice of the method moves the ranks most"))
    result = report.result["sensitivity"]
    if result["reason"]:
        found.texts.append(_("Not computed: %(reason)s.") % {"reason": wording.reason(result["reason"])})
        return found
    for output in result["outputs"]:
        if output["reason"]:
            text_ = _("%(output)s: %(reason)s.") % {
                "output": _title(output),
                "reason": wording.reason(output["reason"]),
            }
            found.texts.append(text_)
            continue
        found.charts.append(_indices(output))
        top = max(output["factors"], key=lambda f: f["total"]["value"] or 0.0)
        values = {
            "output": _title(output),
            "factor": wording.of(wording.FACTORS, top["factor"]),
            "share": wording.percent(top["total"]["value"]),
        }
        found.texts.append(_("%(output)s: most depends on %(factor)s (total index %(share)s).") % values)
    found.foot = _(
        "First: share of the variance that goes when only this choice is fixed. Total: share that remains when only "
        "this choice stays open. Sobol indices with 90 % bootstrap intervals."
    )
    return found


def _title(output) -> str:
    return _("Own rank") if output["output"] == "own_rank" else _("Mean shift of all ranks")


def _indices(output) -> Chart:
    factors = sorted(output["factors"], key=lambda f: -(f["total"]["value"] or 0.0))
    rows = [[text(wording.of(wording.FACTORS, f["factor"])), _index(f["first"]), _index(f["total"])] for f in factors]
    title = _title(output)
    table = Table(f"sobol-{output['output']}", title, columns(_("Factor"), "#" + _("First"), "#" + _("Total")), rows)
    data = {
        "categories": [wording.of(wording.FACTORS, f["factor"]) for f in factors],
        "series": [
            {"name": _("First"), "values": [_percent(f["first"]["value"]) for f in factors]},
            {"name": _("Total"), "values": [_percent(f["total"]["value"]) for f in factors]},
        ],
        "unit": "%",
        "horizontal": True,
    }
    return Chart(f"sobol-{output['output']}", "bar", title, data, table)


def _percent(value: float | None) -> float | None:
    return None if value is None else round(100 * value, 1)


def _index(index) -> Cell:
    if index["value"] is None:
        return number(None, None, wording.reason("NO_VARIANCE"))
    interval = ""
    if index["low"] is not None and index["high"] is not None:
        interval = f" ({100 * index['low']:.0f}–{100 * index['high']:.0f}%)"
    return number(f"{100 * index['value']:.1f}%{interval}", index["raw"])
