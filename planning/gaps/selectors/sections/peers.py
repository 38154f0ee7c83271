"""With whom it is compared, and why."""

from django.urls import reverse
from django.utils.translation import gettext as _

from planning.gaps.enums import Origin, PeerRole
from planning.gaps.selectors import wording
from planning.gaps.selectors.sections.parts import Section, Table, columns, number, text


def section(report) -> Section:
    """Regions with role and reason, and the distances of the peer finder."""
    found = Section("peers", _("Regions compared with, and why"), report.run.benchmark_set.reason)
    found.tables.append(_members(report))
    finder = report.result["peer_finder"]
    if finder["reason"] or not finder["peers"]:
        reason = wording.reason(finder["reason"] or "NOT_ASKED")
        found.texts.append(_("Likeness of structure was not computed: %(reason)s.") % {"reason": reason})
        return found
    found.tables.append(_distances(report, finder["peers"]))
    found.foot = _(
        "Distance: root mean square of the differences in standard deviations over the structural figures that both "
        "have; smaller is more alike. The structure is not scored."
    )
    return found


def _members(report) -> Table:
    members = report.members
    rows = []
    for region in report.result["regions"]:
        if region["role"] == "own":
            continue
        member = members.get(region["code"])
        role = wording.of(dict(PeerRole.choices), region["role"])
        origin = wording.of(dict(Origin.choices), member["origin"]) if member else ""
        rows.append(
            [
                text(report.names.region(region["code"]), reverse("relations:city", args=[region["code"]])),
                text(role),
                text(origin),
                text(member["reason"] if member else ""),
            ]
        )
    return Table("members", _("Regions"), columns(_("Region"), _("Role"), _("How it came in"), _("Reason")), rows)


def _distances(report, peers) -> Table:
    codes = sorted({code for p in peers for code in p["differences"]})
    names = report.structure_names(codes)
    rows = [
        [
            text(report.names.region(p["code"]), reverse("relations:city", args=[p["code"]])),
            number(f"{p['distance']:.2f}", p["distance"]),
            *(
                number(f"{round(p['differences'][c], 1) + 0.0:+.1f}", p["differences"][c])
                if c in p["differences"]
                else number(None, None, wording.reason("MISSING"))
                for c in codes
            ),
        ]
        for p in peers
    ]
    heads = columns(_("Region"), "#" + _("Distance"), *(f"#{names[c]}" for c in codes))
    return Table("distances", _("Most alike in structure"), heads, rows)
