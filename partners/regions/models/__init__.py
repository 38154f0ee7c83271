"""Regions."""

from partners.regions.models.region import Region

__all__ = ["Region"]
