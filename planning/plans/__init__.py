"""Programmes, plans by horizon, and the measures tasks belong to."""
