"""Agreements."""

from partners.relations.models.agreement import Agreement

__all__ = ["Agreement"]
