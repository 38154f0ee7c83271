"""Pages of gap analysis."""

from planning.gaps.views.files import CaseFile, DocumentFile, ResultFile, TablesFile
from planning.gaps.views.reports import Cancel, ComparePage, PrintPage, Repeat, ReportList, ReportPage
from planning.gaps.views.sets import BenchmarkSetPage, IndicatorSetPage
from planning.gaps.views.tracing import TraceIndicator, TraceScore
from planning.gaps.views.what_if import WhatIfPage, WhatIfScores

__all__ = [
    "BenchmarkSetPage",
    "Cancel",
    "CaseFile",
    "ComparePage",
    "DocumentFile",
    "IndicatorSetPage",
    "PrintPage",
    "Repeat",
    "ReportList",
    "ReportPage",
    "ResultFile",
    "TablesFile",
    "TraceIndicator",
    "TraceScore",
    "WhatIfPage",
    "WhatIfScores",
]
