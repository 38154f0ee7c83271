"""Monte Carlo and domino against formulas, symmetry and trying everything."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalian_coop.calendars.workdays import Calendar
from planning.roadmap.schedule import Estimate, Item, Link, schedule, worst_slip
from planning.roadmap.schedule.risk import sample, simulate

EVERY_DAY = Calendar("XX", worked=frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(2000)))
CHINA = Calendar("CN", frozenset(date(2026, 10, n) for n in range(1, 8)), frozenset({date(2026, 10, 10)}))
FIRST = date(2026, 1, 1)
TEN = 10  # durations of the published example in tenths of a day, so that whole days round little


def test_samples_have_the_mean_and_the_bounds_of_the_distribution():
    estimate = Estimate(4, 8, 13)
    drawn = sample(estimate, np.random.default_rng(1), 20_000)
    assert abs(drawn.mean() - estimate.mean) < 0.05 and estimate.mean == pytest.approx(49 / 6)
    assert drawn.min() >= 4 and drawn.max() <= 13
    assert (sample(Estimate(5, 5, 5), np.random.default_rng(1), 3) == 5).all()
    for wrong in ((3, 2, 4), (-1, 2, 3), (1, 5, 4)):
        with pytest.raises(ValueError, match="grow"):
            Estimate(*wrong)


def test_published_pert_example_of_fourteen_activities():
    """Three points and links of https://wizedu.com/questions/717873: means 5.33, 2.33, 5.00, 8.17, 9.67 … as published.

    The critical path A C E H I K M N has the mean 50.83 and, by the classical sum of variances, deviation 3.35.
    """
    points = {
        "A": (5, 5, 7), "B": (1, 2, 5), "C": (5, 5, 5), "D": (4, 8, 13), "E": (1, 10, 17), "F": (1, 5, 7),
        "G": (2, 6, 9), "H": (4, 4, 6), "I": (2, 7, 10), "J": (2, 4, 7), "K": (6, 10, 13), "L": (2, 6, 6),
        "M": (2, 2, 3), "N": (7, 7, 12),
    }  # fmt: skip
    estimates = {key: Estimate(*(TEN * n for n in three)) for key, three in points.items()}
    means = [round(estimates[key].mean / TEN, 2) for key in "ABCDEF"]
    assert means == [5.33, 2.33, 5.0, 8.17, 9.67, 4.67]
    links = [Link(a, b) for b, before in {
        "C": "A", "D": "A", "E": "BC", "F": "D", "G": "D", "H": "EF", "I": "GH", "J": "I", "K": "I", "L": "J",
        "M": "K", "N": "LM",
    }.items() for a in before]  # fmt: skip
    items = [Item(key, EVERY_DAY.table, round(estimate.mean)) for key, estimate in estimates.items()]
    plan = schedule(items, links, start=FIRST)
    assert "".join(plan.path) == "ACEHIKMN"
    assert [plan.rows[key].total / TEN for key in "BDF"] == pytest.approx([8.0, 1.83, 1.83], abs=0.11)
    found = simulate(items, links, estimates, seed=3, runs=4000, start=FIRST)
    length = ((found["N"].p80 - FIRST).days + 1) / TEN
    # By the normal approximation P80 is 50.83 + 0.84 × 3.35 = 53.6; parallel paths make it a little later.
    assert 53.0 <= length <= 54.6
    assert 50.5 <= ((found["N"].p50 - FIRST).days + 1) / TEN <= 51.8
    assert found["A"].criticality == found["N"].criticality == 1.0
    assert found["B"].criticality < 0.05 < found["D"].criticality < 0.5 < found["E"].criticality


def test_two_equal_branches_are_critical_half_of_the_time_each():
    items = [Item("a", EVERY_DAY.table, 50), Item("b", EVERY_DAY.table, 50), Item("end", EVERY_DAY.table)]
    spread = {key: Estimate(20, 500, 980) for key in "ab"}
    found = simulate(items, [Link("a", "end"), Link("b", "end")], spread, seed=5, runs=4000, start=FIRST)
    assert found["a"].criticality == pytest.approx(0.5, abs=0.04)
    assert 1.0 <= found["a"].criticality + found["b"].criticality < 1.02
    assert found["end"].criticality == 1.0


def test_with_each_end_a_short_chain_is_critical_towards_its_own_end():
    items = [Item(key, EVERY_DAY.table, days) for key, days in (("a", 5), ("b", 5), ("c", 90), ("d", 5))]
    spread = {"a": Estimate(1, 5, 9), "d": Estimate(1, 5, 9)}
    links = [Link("a", "b"), Link("d", "b")]
    whole = simulate(items, links, spread, seed=5, runs=500, start=FIRST)
    each = simulate(items, links, spread, seed=5, runs=500, start=FIRST, ends="each")
    assert [whole[key].criticality for key in "abc"] == [0.0, 0.0, 1.0]
    assert each["b"].criticality == each["c"].criticality == 1.0
    assert 0.4 < each["a"].criticality < 1 and each["a"].criticality + each["d"].criticality >= 1


def test_the_same_seed_gives_the_same_answer():
    items, estimates = [Item("a", CHINA.table, 5, planned=FIRST)], {"a": Estimate(3, 5, 30)}
    one, two = (simulate(items, [], estimates, seed=1, runs=300) for _n in range(2))
    assert one == two
    assert one["a"].p50 < one["a"].p80
    assert len({simulate(items, [], estimates, seed=n, runs=20)["a"].p80 for n in range(10)}) > 1


@pytest.mark.parametrize("runs", [0, -1, 20_001])
def test_too_many_runs_are_refused(runs):
    with pytest.raises(ValueError, match="runs"):
        simulate([], [], {}, seed=1, runs=runs)


@st.composite
def plans(draw):
    """Up to eight tasks and milestones over the October holiday."""
    count = draw(st.integers(1, 8))
    day = st.integers(0, 20).map(lambda n: CHINA.next_working_day(date(2026, 9, 21) + timedelta(days=n)))
    items = [
        Item(n, CHINA.table, draw(st.integers(0, 3)), planned=draw(st.none() | day) if n else date(2026, 9, 21))
        for n in range(count)
    ]
    kinds, lags = st.sampled_from(["FS", "SS", "FF", "SF"]), st.integers(-2, 4)
    links = [
        Link(a, b, draw(kinds), draw(lags)) for b in range(count) for a in range(b) if draw(st.integers(0, 2)) == 0
    ]  # fmt: skip
    return items, links


@given(plans())
def test_one_run_without_spread_is_the_schedule(plan):
    items, links = plan
    rows = schedule(items, links).rows
    found = simulate(items, links, {}, seed=1, runs=1)
    assert {key: outlook.p80 for key, outlook in found.items()} == {key: row.early_finish for key, row in rows.items()}
    # A lead may leave room between the day it allows and the next working day; without one there is none.
    if all(link.lag >= 0 for link in links):
        assert all(row.total == 0 for key, row in rows.items() if found[key].criticality)


@settings(deadline=None)
@given(plans(), st.integers(1, 6))
def test_the_domino_is_what_trying_every_slip_finds(plan, days):
    items, links = plan
    base = schedule(items, links).rows

    def light(key, day):
        late = (day - base[key].early_finish).days
        return "red" if late > 7 else "yellow" if late > 0 else "grey"

    best = 0
    for item in items:
        if item.key not in base:
            continue
        start = base[item.key].early_start
        slipped = CHINA.add_working_days(CHINA.previous_working_day(start), days)
        pinned = [i if i.key != item.key else Item(i.key, i.calendar, i.duration, fixed=slipped) for i in items]
        rows = schedule(pinned, links).rows
        best = max(best, sum(light(key, row.early_finish) != "grey" for key, row in rows.items()))
    found = worst_slip(items, links, light, days=days)
    assert len(found.turned) == best
    assert found.moved >= len(found.turned)


def test_no_light_turns_and_impossible_slips():
    items = [Item("a", CHINA.table, 0, FIRST)]
    assert worst_slip(items, [], lambda key, day: "grey", days=3) is None
    assert worst_slip([Item("a", CHINA.table, 0, FIRST, finished=FIRST)], [], lambda k, d: "red", days=3) is None
    with pytest.raises(ValueError, match="slip"):
        worst_slip(items, [], lambda key, day: "grey", days=0)


def test_five_tasks_of_five_days_across_the_spring_festival_of_2027():
    """By hand: 18 to 22 January; 25 to 29; 1 to 4 and 11 February; 12, 15 to 18; 19, 22 to 25.

    Days off: Friday 5 to Wednesday 10 February; make-up days are not decreed yet.
    """
    china = Calendar("CN", frozenset(date(2027, 2, n) for n in range(5, 11)))
    items = [Item(n, china.table, 5, planned=date(2027, 1, 18) if n == 1 else None) for n in range(1, 6)]
    links = [Link(n, n + 1) for n in range(1, 5)]
    rows = schedule(items, links).rows
    assert [(row.early_start, row.early_finish) for row in rows.values()] == [
        (date(2027, 1, 18), date(2027, 1, 22)), (date(2027, 1, 25), date(2027, 1, 29)),
        (date(2027, 2, 1), date(2027, 2, 11)), (date(2027, 2, 12), date(2027, 2, 18)),
        (date(2027, 2, 19), date(2027, 2, 25)),
    ]  # fmt: skip
    estimates = {n: Estimate(3, 5, 10) for n in range(1, 6)}
    found = simulate(items, links, estimates, seed=20260101, runs=2000)
    assert (found[5].p50, found[5].p80) == (date(2027, 3, 1), date(2027, 3, 4))
