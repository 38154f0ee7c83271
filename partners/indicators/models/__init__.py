"""Indicators, observations, sources."""

from partners.indicators.models.data_source import DataSource
from partners.indicators.models.indicator import Indicator
from partners.indicators.models.observation import Observation

__all__ = ["DataSource", "Indicator", "Observation"]
