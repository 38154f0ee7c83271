"""Page-shaped reads of gap analysis."""

from planning.gaps.selectors.report import Report
from planning.gaps.selectors.runs import latest_report, report_url_of_job, runs_for_list, worst_findings

__all__ = ["Report", "latest_report", "report_url_of_job", "runs_for_list", "worst_findings"]
