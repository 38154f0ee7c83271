"""Forms of gap analysis."""

from planning.gaps.forms.sets import BenchmarkSetForm, IndicatorSetForm, MemberForms, NodeForms
from planning.gaps.forms.starting import StartForm

__all__ = ["BenchmarkSetForm", "IndicatorSetForm", "MemberForms", "NodeForms", "StartForm"]
