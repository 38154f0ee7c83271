"""Findings of the gap analysis, for a card."""

from partners.indicators.models import DataSource
from planning.gaps.models import GapFinding


def with_sources(findings: list[GapFinding]) -> list[GapFinding]:
    """The findings with the titles of their sources (``source_titles``): one query."""
    codes = {code for finding in findings for code in finding.sources}
    titles = dict(DataSource.objects.filter(code__in=codes).values_list("code", "title"))
    for finding in findings:
        finding.source_titles = [titles.get(code, code) for code in finding.sources]
    return findings
