"""Shapley values of a node: what each child adds when it changes from the own score to that of the benchmark."""

import math
from collections.abc import Callable

import numpy as np

EXACT = 12
PERMUTATIONS = 2000
Value = Callable[[np.ndarray], np.ndarray]


def shapley(players: int, value: Value, seed: int = 0) -> tuple[np.ndarray, np.ndarray | None]:
    """(values, standard errors or None): Shapley (1953). ``value`` takes coalitions (rows × players, bool: changed)
    and returns one number a row. Exact up to 12 players; above, 2,000 permutations drawn by ``seed``. The values sum
    to ``value(all) - value(none)`` exactly up to rounding, also when drawn."""
    return _exact(players, value) if players <= EXACT else _drawn(players, value, seed)


def _exact(players: int, value: Value) -> tuple[np.ndarray, None]:
    numbers = np.arange(2**players)
    masks = (numbers[:, None] >> np.arange(players) & 1).astype(bool)
    found = np.asarray(value(masks), float)
    size = masks.sum(axis=1)
    weight = np.array(
        [math.factorial(s) * math.factorial(players - s - 1) / math.factorial(players) for s in range(players)]
    )
    result = np.empty(players)
    for k in range(players):
        without = numbers[~masks[:, k]]
        result[k] = (weight[size[without]] * (found[without | 1 << k] - found[without])).sum()
    return result, None


def _drawn(players: int, value: Value, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(4,)))
    orders = rng.permuted(np.tile(np.arange(players), (PERMUTATIONS, 1)), axis=1)
    added = np.empty((PERMUTATIONS, players))
    masks = np.zeros((PERMUTATIONS, players), bool)
    before = np.asarray(value(masks), float)
    for step in range(players):
        np.put_along_axis(masks, orders[:, step : step + 1], True, axis=1)
        after = np.asarray(value(masks), float)
        np.put_along_axis(added, orders[:, step : step + 1], (after - before)[:, None], axis=1)
        before = after
    return added.mean(axis=0), added.std(axis=0, ddof=1) / math.sqrt(PERMUTATIONS)
