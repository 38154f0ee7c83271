"""Milestones and dependencies."""

from planning.roadmap.models.milestone import Dependency, Milestone

__all__ = ["Dependency", "Milestone"]
