"""Findings of the gap analysis, for a card."""

from partners.indicators.models import DataSource
from planning.gaps.models import GapFinding


def with_sources(findings: list[GapFinding]) -> list[GapFinding]:
    """The findings with their sources (``read_in``): one query."""
    codes = {code for finding in findings for code in finding.sources}
    sources = DataSource.objects.in_bulk(codes, field_name="code")
    for finding in findings:
        finding.read_in = [sources[code] for code in finding.sources if code in sources]
    return findings
