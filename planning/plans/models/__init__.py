"""Programmes, plans, objectives, measures."""

from planning.plans.models.measure import Measure
from planning.plans.models.objective import Objective, ObjectiveMeasure
from planning.plans.models.plan import Plan
from planning.plans.models.programme import Programme

__all__ = ["Measure", "Objective", "ObjectiveMeasure", "Plan", "Programme"]
