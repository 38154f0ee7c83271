"""Programmes, plans, measures."""

from planning.plans.models.measure import Measure
from planning.plans.models.plan import Plan
from planning.plans.models.programme import Programme

__all__ = ["Measure", "Plan", "Programme"]
