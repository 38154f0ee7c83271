"""Peers by structure: nearest regions in standardised structural figures (as CIPFA's nearest neighbours)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEAST_SHARED = 2 / 3


@dataclass(frozen=True)
class Peer:
    """``distance``: root mean square of ``differences`` (z of the peer minus z of the own region; nan: not shared)."""

    region: int
    distance: float
    shared: int
    differences: np.ndarray


def nearest(
    figures: np.ndarray, own: int, codes: Sequence[str], count: int = 10, logs: Sequence[bool] | None = None
) -> list[Peer]:
    """The ``count`` nearest regions to ``own``, nearest first; equal distances by ``codes``.

    ``figures`` (regions × structural figures, nan: missing) are turned into z-scores (n - 1), logarithms first where
    ``logs`` says so (0 or less is missing then). A region needs two thirds of the figures that the own region has. A
    constant figure says nothing and is left out.
    """
    x = np.array(figures, float)
    for k, use in enumerate(logs or []):
        if use:
            x[:, k] = np.where(x[:, k] > 0, np.log(np.where(x[:, k] > 0, x[:, k], 1.0)), np.nan)
    z = np.full(x.shape, np.nan)
    for k in range(x.shape[1]):
        known = x[~np.isnan(x[:, k]), k]
        if len(known) > 1 and known.std(ddof=1) > 1e-12 * max(1.0, float(np.abs(known).max())):
            z[:, k] = (x[:, k] - known.mean()) / known.std(ddof=1)
    mine = int((~np.isnan(z[own])).sum())
    found = []
    for i in range(len(z)):
        difference = z[i] - z[own]
        shared = int((~np.isnan(difference)).sum())
        if i != own and shared and shared >= LEAST_SHARED * mine - 1e-9:
            found.append(Peer(i, math.sqrt(float(np.nanmean(difference**2))), shared, difference))
    return sorted(found, key=lambda p: (p.distance, codes[p.region]))[:count]
