"""Page-shaped reads of gap analysis."""

from planning.gaps.selectors.pages import comparison, page_of, sliders
from planning.gaps.selectors.report import Report
from planning.gaps.selectors.runs import (
    latest_report,
    remaining_seconds,
    report_url_of_job,
    runs_for_list,
    worst_findings,
)

__all__ = [
    "Report",
    "comparison",
    "latest_report",
    "page_of",
    "remaining_seconds",
    "report_url_of_job",
    "runs_for_list",
    "sliders",
    "worst_findings",
]
