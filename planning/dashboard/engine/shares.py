"""Percentages that add up."""

from collections.abc import Sequence


def largest_remainder(counts: Sequence[int], total: int = 1000) -> list[int]:
    """Parts of ``total`` in proportion to ``counts`` that add up to exactly ``total`` (1000: tenths of a per cent).

    Every part is rounded down; what is missing goes to the parts with the largest remainders, to the earlier one of
    two that are alike (Hamilton's method). All zero if nothing was counted.
    """
    whole = sum(counts)
    if not whole:
        return [0] * len(counts)
    parts = [count * total // whole for count in counts]
    remainders = sorted(range(len(counts)), key=lambda i: (-(counts[i] * total % whole), i))
    for i in remainders[: total - sum(parts)]:
        parts[i] += 1
    return parts
