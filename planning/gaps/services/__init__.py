"""Writes of gap analysis: sets, asking for runs, computing, cancelling and repeating them, the shipped sets."""

from planning.gaps.services import computing
from planning.gaps.services.cancelling import cancel_run
from planning.gaps.services.chunks import compute_chunk
from planning.gaps.services.computing import compute_run
from planning.gaps.services.peers import save_benchmark_set
from planning.gaps.services.reference import load_gaps
from planning.gaps.services.repeating import repeat_run
from planning.gaps.services.starting import start_run
from planning.gaps.services.trees import save_indicator_set

__all__ = [
    "computing",
    "cancel_run",
    "compute_chunk",
    "compute_run",
    "load_gaps",
    "repeat_run",
    "save_benchmark_set",
    "save_indicator_set",
    "start_run",
]
