"""Indicators, their observations, and the sources behind every figure."""
