"""Writes of gap analysis: asking for a run, computing it, loading the shipped sets."""

from planning.gaps.services.computing import compute_run
from planning.gaps.services.reference import load_gaps
from planning.gaps.services.starting import start_run

__all__ = ["compute_run", "load_gaps", "start_run"]
