"""Registers the endpoints of the road map (imported by ``rest.urls``)."""

from planning.roadmap.api import milestones, moves, requests

__all__ = ["milestones", "moves", "requests"]
