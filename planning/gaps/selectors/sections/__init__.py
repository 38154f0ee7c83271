"""The sections of a report, in order, each with its number."""

from planning.gaps.selectors.sections import (
    changes,
    data,
    front,
    method,
    parts_of_gap,
    peers,
    robust,
    treatment,
    trend,
    weak,
)
from planning.gaps.selectors.sections.parts import Section

# Position (1) and gaps in own units (2) have pages of their own kind; the generic ones follow.
FIRST_GENERIC = 3


def sections(report) -> list[Section]:
    """All generic sections of a report that has something to compare."""
    found = [
        parts_of_gap.section(report),
        trend.section(report),
        robust.section(report),
        robust.sensitivity(report),
        weak.section(report),
        peers.section(report),
        treatment.section(report),
        data.section(report),
        method.section(report),
    ]
    if changed := changes.section(report):
        found.append(changed)
    for number, section in enumerate(found, FIRST_GENERIC):
        section.number = number
    return found


def whole(report) -> list[Section]:
    """All sections, the first two as tables too: for files and paper."""
    position, indicators = front.position(report), front.indicators(report)
    position.tables.append(front.benchmarks(report))
    return [position, indicators, *sections(report)]
