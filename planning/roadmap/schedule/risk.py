"""Expected finish with risk: Monte Carlo over three-point estimates.

Durations follow the PERT beta distribution, Beta(1 + 4(m − o)/(p − o), 1 + 4(p − m)/(p − o)) stretched to [o, p], with
mean (o + 4m + p)/6 (Malcolm, Roseboom, Clark, Fazar: Application of a Technique for Research and Development Program
Evaluation, Operations Research 7(5), 1959; the shape is that of Vose, Risk Analysis, "modified PERT" with factor 4).
"""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Literal

import numpy as np

from planning.roadmap.schedule.network import Network, network
from planning.roadmap.schedule.shapes import WEIGHT, Days, Estimate, Item, Link, Outlook

MOST_RUNS = 20_000


def simulate(
    items: Iterable[Item],
    links: Iterable[Link],
    estimates: Mapping[Hashable, Estimate],
    *,
    seed: int,
    runs: int = 2000,
    start: date | None = None,
    ends: Literal["last", "each"] = "last",
) -> dict[Hashable, Outlook]:
    """``runs`` schedules with durations drawn from ``estimates``; an item without one keeps its duration.

    Durations are rounded to whole working days, at least one. The same ``seed``, items and runs give the same answer.
    The percentiles are dates that were reached: the smallest by which at least that share of the runs was done.
    Criticality counts the runs in which the item lies on the chain that decided the last finish of all, or with
    ``ends`` "each" the end of its own chain. Items without any date are left out. Raises as ``schedule``, and
    ``ValueError`` for runs not in 1-20,000.
    """
    if not 1 <= runs <= MOST_RUNS:
        raise ValueError(f"runs must lie between 1 and {MOST_RUNS}")
    net = network(items, links)
    trial = _Trial(net, estimates, np.random.default_rng(seed), runs, start)
    trial.run()
    share = trial.criticality(ends)
    rank = {p: max(0, int(np.ceil(p * runs)) - 1) for p in (0.5, 0.8)}
    found = {}
    for number, item in enumerate(net.items):
        if trial.dated[number]:
            days = np.sort(trial.finishes[number]) - 1
            middle, most = (date.fromordinal(int(days[n])) for n in rank.values())
            found[item.key] = Outlook(middle, most, share[number])
    return found


class _Trial:
    """The forward pass for all runs at once: every instant is an array with one entry a run."""

    def __init__(self, net: Network, estimates, random: np.random.Generator, runs: int, start: date | None):
        self.net, self.runs = net, runs
        self.first = start.toordinal() if start else 0
        self.durations = [
            np.maximum(1, np.rint(sample(estimates[item.key], random, runs))).astype(np.int64)
            if item.key in estimates and item.duration
            else np.full(runs, item.duration)
            for item in net.items
        ]
        zero = np.zeros(runs, np.int64)
        self.starts = [zero] * len(net.items)
        self.finishes = [zero] * len(net.items)
        self.drivers: list[list[tuple[int, bool, np.ndarray]]] = [[] for _ in net.items]
        self.dated = [False] * len(net.items)
        self._tables: dict[int, tuple[np.ndarray, np.ndarray, int]] = {}

    def table(self, days: Days) -> tuple[np.ndarray, np.ndarray, int]:
        """The calendar as arrays, made once."""
        if id(days) not in self._tables:
            self._tables[id(days)] = (np.asarray(days.before), np.asarray(days.days), days.first)
        return self._tables[id(days)]

    def run(self) -> None:
        for number in self.net.order:
            item = self.net.items[number]
            if item.finished or item.fixed:
                self._pinned(number, item)
                continue
            start, finish = self._asked(number, item)
            self.dated[number] = bool(start.any() or finish.any())
            if self.dated[number]:
                self._place(number, item, start, finish)

    def _pinned(self, number: int, item: Item) -> None:
        before, days, first = self.table(item.calendar)
        one = np.ones(self.runs, np.int64)
        self.dated[number] = True
        if item.finished:
            self.starts[number] = self.finishes[number] = one * (item.finished.toordinal() + 1)
            return
        start = item.fixed.toordinal() + (0 if item.duration else 1)
        self.starts[number] = self.finishes[number] = one * start
        if item.duration:
            self.finishes[number] = days[before[start - first] + self.durations[number] - 1] + 1

    def _asked(self, number: int, item: Item) -> tuple[np.ndarray, np.ndarray]:
        point = 0 if item.duration else 1
        held = [day.toordinal() + point for day in (item.planned, item.not_before, item.started) if day]
        if not held and self.first and not self.net.before[number]:
            held = [self.first + point]
        start = np.full(self.runs, max(held, default=0))
        finish = np.zeros(self.runs, np.int64)
        for other, from_finish, to_finish, lag, calendar_days, _link in self.net.before[number]:
            if not self.dated[other]:
                continue
            instant = self.finishes[other] if from_finish else self.starts[other]
            instant = self._advance(item.calendar, instant, lag, calendar_days)
            self.drivers[number].append((other, to_finish, instant))
            if to_finish:
                finish = np.maximum(finish, instant)
            else:
                start = np.maximum(start, instant)
        return start, finish

    def _advance(self, calendar: Days, instant: np.ndarray, lag: int, calendar_days: bool) -> np.ndarray:
        if calendar_days or not lag:
            return instant + lag
        before, days, first = self.table(calendar)
        index = before[instant - first] + lag
        return days[index - 1] + 1 if lag > 0 else days[index]

    def _place(self, number: int, item: Item, start: np.ndarray, finish: np.ndarray) -> None:
        before, days, first = self.table(item.calendar)
        if not item.duration:
            instant = np.maximum(start, finish)
            self.starts[number] = self.finishes[number] = days[before[instant - 1 - first]] + 1
            return
        duration = self.durations[number]
        index = np.zeros(self.runs, np.int64)
        if start.any():
            index = before[start - first]
        if finish.any():
            index = np.maximum(index, before[finish - 1 - first] - duration + 1)
        self.starts[number] = days[index]
        self.finishes[number] = days[index + duration - 1] + 1

    def criticality(self, ends: str) -> list[float]:
        """For each item the share of runs in which it lies on the chain that decided an end (see ``simulate``)."""
        on_path = self._ends(ends)
        for number in reversed(self.net.order):
            if on_path[number] is None:
                continue
            for other, to_finish, instant in self.drivers[number]:
                decided = on_path[number] & self._decided(number, to_finish, instant)
                on_path[other] = on_path[other] | decided
        return [float(np.mean(mask)) if mask is not None else 0.0 for mask in on_path]

    def _ends(self, ends: str) -> list[np.ndarray | None]:
        """In which runs each item is an end by itself; None for items without a date."""
        if ends == "each":
            masks = [np.full(self.runs, not after) for after in self.net.after]
        else:
            last = np.max(self.finishes, axis=0) if self.finishes else np.zeros(self.runs)
            masks = [finish == last for finish in self.finishes]
        return [mask if dated else None for mask, dated in zip(masks, self.dated, strict=True)]

    def _decided(self, number: int, to_finish: bool, instant: np.ndarray) -> np.ndarray:
        """In which runs this link left the item no earlier day."""
        item = self.net.items[number]
        if item.finished or item.fixed:
            return np.zeros(self.runs, bool)
        before, _days, first = self.table(item.calendar)
        if to_finish or not item.duration:
            return before[instant - 1 - first] == before[self.finishes[number] - 1 - first]
        return before[instant - first] == before[self.starts[number] - first]


def sample(estimate: Estimate, random: np.random.Generator, runs: int) -> np.ndarray:
    """``runs`` durations in days (not rounded)."""
    width = estimate.pessimistic - estimate.optimistic
    if not width:
        return np.full(runs, float(estimate.likely))
    left = WEIGHT * (estimate.likely - estimate.optimistic) / width
    right = WEIGHT * (estimate.pessimistic - estimate.likely) / width
    return estimate.optimistic + width * random.beta(1 + left, 1 + right, runs)
