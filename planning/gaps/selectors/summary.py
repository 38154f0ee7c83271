"""Three to five sentences made from the figures, each with a link to its figure."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from planning.gaps.selectors import wording
from planning.gaps.selectors.sections.weak import contradiction


@dataclass(frozen=True)
class Sentence:
    """One sentence; ``href`` is the anchor of the figure it rests on, ``source`` the number of its source."""

    text: str
    href: str
    source: int | None = None


def summary(report) -> list[Sentence]:
    """Position, greatest gap, greatest advantage, time to catch up, main contradiction; what there is no figure for
    is left out."""
    found = [_position(report), _biggest(report), _strongest(report), _catch_up(report)]
    found.append(Sentence(contradiction(report), "#weak"))
    return [sentence for sentence in found if sentence]


def _position(report) -> Sentence:
    o = report.overall
    values = {"city": report.own, "name": o["benchmark_name"], **{k: o[k] for k in ("score", "rank", "size", "lead")}}
    values |= {"count": o["n_ranked"], "target": o["benchmark"], "reason": o["reason"]}
    if o["score"] is None:
        text = _("%(city)s has no overall score: %(reason)s. The gaps of single indicators stand below.") % values
    elif o["rank"] is None:
        text = _("%(city)s scores %(score)s and is not ranked: %(reason)s.") % values
    elif o["behind"]:
        text = (
            _(
                "%(city)s scores %(score)s and ranks %(rank)s of %(count)s; %(name)s "
                "scores %(target)s, a gap of %(size)s points."
            )
            % values
        )
    elif o["lead"] is not None:
        text = (
            _("%(city)s scores %(score)s and leads all %(count)s regions, %(lead)s points ahead of the second.")
            % values
        )
    else:
        text = (
            _("%(city)s scores %(score)s and ranks %(rank)s of %(count)s, not behind %(name)s (%(target)s).") % values
        )
    return Sentence(text + _interval(report), "#position")


def _interval(report) -> str:
    own = next((r for r in report.result["robustness"]["regions"] if r["code"] == report.result["own"]), None)
    if own is None:
        return ""
    values = {"low": own["low"], "high": own["high"]}
    if own["low"] == own["high"]:
        return " " + _("Under other reasonable choices it keeps rank %(low)s.") % values
    return " " + _("Under other reasonable choices it ranks %(low)s to %(high)s.") % values


def _figures(line) -> dict:
    row = line["row"]
    return {
        "indicator": row.name,
        "own": row.own.text,
        "unit": row.unit,
        "year": row.own.year,
        "points": line["text"],
    }


def _biggest(report) -> Sentence | None:
    line = report.biggest
    if line is None:
        return None
    row = line["row"]
    values = _figures(line) | {
        "best": row.best.text,
        "region": row.best.region,
        "best_year": row.best.year,
    }
    text = (
        _(
            "The farthest behind is %(indicator)s: %(own)s %(unit)s (%(year)s) against %(best)s in %(region)s "
            "(%(best_year)s); it adds %(points)s points to the gap."
        )
        % values
    )
    return Sentence(text, f"#i-{row.code}", row.own.source)


def _strongest(report) -> Sentence | None:
    line = report.strongest
    if line is None:
        return None
    row = line["row"]
    values = _figures(line) | {
        "rank": row.rank,
        "count": row.n_ranked,
    }
    text = (
        _(
            "The greatest advantage is %(indicator)s: %(own)s %(unit)s (%(year)s), rank %(rank)s of %(count)s; it "
            "changes the gap by %(points)s points."
        )
        % values
    )
    return Sentence(text, f"#i-{row.code}", row.own.source)


def _catch_up(report) -> Sentence | None:
    kind = report.result["overall"]["benchmark"]["kind"]
    line = next((c for c in report.result["trends"]["catch_up"] if c["kind"] == kind), None)
    if line is None or not report.overall["behind"]:
        return None
    name = report.benchmark_name
    if line["years"] is None:
        if line["reason"] == "NEVER_AT_THE_PRESENT_TREND":
            return Sentence(_("At the present trend the gap to %(name)s does not close.") % {"name": name}, "#trend")
        if line["reason"] == "MORE_THAN_50_YEARS":
            text = _("At the present trend the gap to %(name)s takes more than 50 years to close.") % {"name": name}
            return Sentence(text, "#trend")
        return None
    values = {"name": name, "years": wording.years(line["years"])}
    if line["high"] is None:
        text = _("At the present trend the gap to %(name)s closes in %(years)s years, but it may never close.") % values
    else:
        values |= {"low": wording.years(max(0.0, line["low"] or 0.0)), "high": wording.years(line["high"])}
        text = _("At the present trend the gap to %(name)s closes in %(years)s years (%(low)s to %(high)s).") % values
    return Sentence(text, "#trend")
