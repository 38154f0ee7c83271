"""The kernel of the Monte Carlo runs: scores of many replications at once.

A replication is a discrete combination (imputation, treatment, normalisation), an aggregation rule, a set of weights
and perhaps disturbed figures. The scores of every combination are computed once and reused; what remains for each
replication are matrix products. So the cost is that of the options plus BLAS.
"""

from dataclasses import dataclass, field

import numpy as np

from planning.gaps.engine import aggregate as agg
from planning.gaps.engine.refusal import Refused
from planning.gaps.engine.setup import Setup

COPELAND_REGIONS = 120


@dataclass
class Combo:
    """Scores of the ranked regions × indicators under one discrete combination. ``allowed[k]``: regions whose node k
    has enough coverage. ``disturb(z)``: scores with the figures multiplied by ``1 + se·z`` (… × regions × indicators).
    """

    scores: np.ndarray
    present: np.ndarray
    allowed: np.ndarray
    disturb: object = None


@dataclass
class Draws:
    """What varies, one entry a replication. ``shares[k]``: (R, children) or (children,); ``left_out``: 0 for none,
    else indicator + 1; ``noise``: (R, regions, indicators) or None."""

    combo: np.ndarray
    rule: np.ndarray
    shares: list[np.ndarray]
    left_out: np.ndarray | None = None
    noise: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.combo)

    def rows(self, at: np.ndarray) -> "Draws":
        """Some of the replications."""
        shares = [s[at] if s.ndim == 2 else s for s in self.shares]
        left = None if self.left_out is None else self.left_out[at]
        return Draws(self.combo[at], self.rule[at], shares, left, None if self.noise is None else self.noise[at])


@dataclass
class Kernel:
    """``rules``: aggregation options, None for the tree's own rules, else a rule for all nodes."""

    setup: Setup
    combos: list[Combo]
    rules: list[str | None]
    _wins: dict[int, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    def groups(self, draws: Draws):
        """(combo, rule, positions) of replications that share both."""
        key = draws.combo * len(self.rules) + draws.rule
        for value in np.unique(key):
            yield int(value) // len(self.rules), int(value) % len(self.rules), np.flatnonzero(key == value)

    def scores(self, draws: Draws) -> np.ndarray:
        """Composite of every replication × region; -inf where a region has none."""
        found = np.empty((len(draws), len(self.combos[0].scores)))
        for c, r, at in self.groups(draws):
            every = len(at) == len(draws)
            found[slice(None) if every else at] = self._block(c, r, draws if every else draws.rows(at))
        return found

    def rule_of(self, k: int, option: str | None) -> str:
        """The rule of node ``k`` under an option; Copeland is for the top only."""
        if option is None or (option == "copeland" and k):
            return self.setup.nodes[k].rule
        return option

    def _block(self, c: int, r: int, draws: Draws) -> np.ndarray:
        combo = self.combos[c]
        leaf = combo.scores if draws.noise is None else combo.disturb(draws.noise)
        shares = leave_out(self.setup, draws.shares, draws.left_out)
        values: dict[int, np.ndarray] = {}
        masks: dict[int, np.ndarray | None] = {}
        for k in reversed(self.setup.inner):
            rule = self.rule_of(k, self.rules[r])
            if rule == "copeland":
                values[k], masks[k] = self._copeland(c, k, shares[k], leaf, values, masks, len(draws))
            else:
                power = self.setup.nodes[k].power
                values[k], masks[k] = self._mean(combo, k, rule, power, shares[k], leaf, values, masks)
            if not combo.allowed[k].all():
                masks[k] = combo.allowed[k] if masks[k] is None else masks[k] & combo.allowed[k]
        top = np.broadcast_to(values[0], (len(draws), leaf.shape[-2]))
        return top if masks[0] is None else np.where(masks[0], top, -np.inf)

    def _mean(self, combo: Combo, k: int, rule: str, power: float, share, leaf, values, masks):
        """(values, mask) of node ``k``: (R, n), or (1, n) where nothing varies; mask None: all present."""
        nodes, children = self.setup.nodes, self.setup.nodes[k].children
        share = np.atleast_2d(share)
        total = below = None
        leaves = [p for p, child in enumerate(children) if nodes[child].leaf >= 0]
        if leaves:
            columns = [nodes[children[p]].leaf for p in leaves]
            total, below = _leaf_sums(rule, power, leaf, combo.present[:, columns], columns, share[:, leaves])
        for p, child in enumerate(children):
            if nodes[child].leaf >= 0:
                continue
            w = share[:, p : p + 1]
            part = agg.forward(rule, power, values[child])
            if masks[child] is not None:
                part = np.where(masks[child], part, 0.0)
                weight = w * masks[child]
            else:
                weight = w
            total = w * part if total is None else total + w * part
            below = weight if below is None else below + weight
        whole = below.shape[-1] == 1 and (abs(below - 1) < 1e-9).all()
        mask = None
        if not whole:
            mask = below > agg.TINY
            total = np.divide(total, below, out=np.ones(np.broadcast_shapes(total.shape, below.shape)), where=mask)
            mask = None if mask.all() else np.broadcast_to(mask, total.shape)
        return agg.backward(rule, power, total), mask

    def _copeland(self, c: int, k: int, share, leaf, values, masks, count: int):
        """Copeland over the children of the root: one product of the pairwise wins with the weights."""
        nodes, children = self.setup.nodes, self.setup.nodes[k].children
        flat = all(nodes[child].leaf >= 0 for child in children) and leaf.ndim == 2
        if flat:
            if c not in self._wins:
                columns = [nodes[child].leaf for child in children]
                self._wins[c] = pair_wins(self.combos[c].scores[:, columns], self.combos[c].present[:, columns])
            wins, both = self._wins[c]
            n = leaf.shape[0]
            share = np.atleast_2d(share)
            margin = (share @ (wins - both / 2).reshape(n * n, -1).T).reshape(len(share), n, n)
            found = (margin > agg.TINY).sum(axis=2) - (margin < -agg.TINY).sum(axis=2)
            return found.astype(float), None
        n = leaf.shape[-2]
        share = np.broadcast_to(share, (count, len(children)))
        margin = np.zeros((count, n, n))
        for p, child in enumerate(children):
            if nodes[child].leaf >= 0:
                v, mask = leaf[..., nodes[child].leaf], self.combos[c].present[:, nodes[child].leaf]
            else:
                v, mask = values[child], masks[child]
            v = np.broadcast_to(v, (count, n))
            sign = np.sign(v[:, :, None] - v[:, None, :])
            if mask is not None:
                mask = np.broadcast_to(mask, (count, n))
                sign *= mask[:, :, None] & mask[:, None, :]
            margin += share[:, p, None, None] * sign
        return ((margin > agg.TINY).sum(axis=2) - (margin < -agg.TINY).sum(axis=2)).astype(float), None


def _leaf_sums(rule: str, power: float, leaf: np.ndarray, present: np.ndarray, columns: list[int], share: np.ndarray):
    """(Σ w f(s), Σ w over what is present) for the leaves of a node."""
    everything = present.all()
    if leaf.ndim == 2:
        part = leaf[:, columns] if everything else np.where(present, leaf[:, columns], 1.0)
        part = agg.forward(rule, power, part)
        total = share @ (part if everything else np.where(present, part, 0.0)).T
    else:
        part = agg.forward(rule, power, np.where(present, leaf[..., columns], 1.0))
        total = np.matmul(np.where(present, part, 0.0), share[:, :, None])[:, :, 0]
    below = share.sum(axis=1, keepdims=True) if everything else share @ present.T.astype(float)
    return total, below


def leave_out(setup: Setup, shares: list[np.ndarray], left_out: np.ndarray | None) -> list[np.ndarray]:
    """Shares with the indicator that is left out at 0 (not renormalised; the means divide by what is there)."""
    if left_out is None or not left_out.any():
        return shares
    found = list(shares)
    for k in setup.inner:
        children = setup.nodes[k].children
        leaves = np.array([setup.nodes[c].leaf + 1 for c in children])
        hit = (left_out[:, None] == leaves) & (leaves > 0)
        if hit.any():
            found[k] = np.where(hit, 0.0, np.broadcast_to(shares[k], hit.shape))
    return found


def pair_wins(s: np.ndarray, present: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(wins, both) regions × regions × indicators: 1 where the row's score is greater, 0.5 for ties; 0 unless both."""
    both = (present[:, None] & present[None]).astype(float)
    wins = ((s[:, None] > s[None]) + 0.5 * (s[:, None] == s[None])) * both
    return wins, both


def check_size(setup: Setup, regions: int, rules: list[str | None]) -> None:
    """Refuse Copeland in a Monte Carlo run of too many regions."""
    used = setup.nodes[0].rule == "copeland" or "copeland" in rules
    if used and regions > COPELAND_REGIONS:
        raise Refused(
            "copeland_size", "Copeland compares all pairs: at most %(most)s regions in robustness; there are %(n)s.",
            most=COPELAND_REGIONS, n=regions,
        )  # fmt: skip
