"""Writes of regions."""

from partners.regions.services.reference import load_regions

__all__ = ["load_regions"]
