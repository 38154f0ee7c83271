"""Milestones and what depends on what."""
