"""The engine against networks counted by hand, published examples, and a simulator that tries day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalian_coop.calendars.workdays import Calendar, joint
from planning.roadmap.schedule import Cycle, Item, Link, UnknownItem, Why, schedule
from tests.planning.roadmap import simulator

# 2026 by the State Council's notice: 1 to 7 October off, 20 September and 10 October (weekend) worked.
CHINA = Calendar(
    "CN",
    frozenset(date(2026, 10, n) for n in range(1, 8)),
    frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    frozenset({2026}),
)
JAPAN = Calendar("JP", frozenset({date(2026, 9, 21), date(2026, 9, 22), date(2026, 9, 23), date(2026, 10, 12)}))
EVERY_DAY = Calendar("XX", worked=frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(730)))
MONDAY = date(2026, 6, 1)


def task(key, days, calendar=CHINA, **dates):
    return Item(key, calendar.table, days, **dates)


def stone(key, day=None, calendar=CHINA, **dates):
    return Item(key, calendar.table, 0, day, **dates)


def rows(result):
    return {key: (row.early_start, row.early_finish) for key, row in result.rows.items()}


def on_days(activities, links):
    """A network whose working days are simply numbered: ``{key: (ES, EF, LS, LF, total)}``, ES counted from 0."""
    items = [task(key, days, EVERY_DAY) for key, days in activities.items()]
    result = schedule(items, [Link(a, b) for a, b in links], start=MONDAY)
    return {
        key: (
            (r.early_start - MONDAY).days, (r.early_finish - MONDAY).days + 1,
            (r.late_start - MONDAY).days, (r.late_finish - MONDAY).days + 1, r.total,
        )
        for key, r in result.rows.items()
    }, result  # fmt: skip


def test_published_network_of_seven_nodes():
    """Network of seven events, https://sites.pitt.edu/~jrclass/or/webnotes/cpm3.html: 53 days, 1-2-3-5-6-7.

    The dummy activity 3-4 (no duration) is the pair of links from 2-3.
    """
    found, result = on_days(
        {"1-2": 4, "2-3": 8, "2-4": 7, "2-5": 6, "3-5": 9, "4-6": 15, "5-6": 12, "6-7": 20},
        [("1-2", "2-3"), ("1-2", "2-4"), ("1-2", "2-5"), ("2-3", "3-5"), ("2-3", "4-6"), ("2-4", "4-6"),
         ("2-5", "5-6"), ("3-5", "5-6"), ("4-6", "6-7"), ("5-6", "6-7")],
    )  # fmt: skip
    assert max(row[1] for row in found.values()) == 53
    assert [key for key, row in result.rows.items() if row.critical] == ["1-2", "2-3", "3-5", "5-6", "6-7"]
    assert result.path == ["1-2", "2-3", "3-5", "5-6", "6-7"]
    # latest events of the source: 2 at 4, 3 at 12, 4 at 18, 5 at 21, 6 at 33
    assert {key: row[3] for key, row in found.items()} == {
        "1-2": 4, "2-3": 12, "2-4": 18, "2-5": 21, "3-5": 21, "4-6": 33, "5-6": 33, "6-7": 53,
    }  # fmt: skip


def test_published_software_project():
    """ES, EF, LS, LF, slack as published (homeworklib.com question 1445255), durations in half weeks."""
    found, _ = on_days(
        {"A": 4, "B": 7, "C": 3, "D": 9, "E": 11, "F": 1, "G": 14, "H": 11},
        [("A", "C"), ("A", "D"), ("B", "C"), ("C", "E"), ("D", "F"), ("E", "F"), ("F", "G"), ("E", "H")],
    )
    published = {
        "A": (0, 2, 1.5, 3.5, 1.5), "B": (0, 3.5, 0, 3.5, 0), "C": (3.5, 5, 3.5, 5, 0), "D": (2, 6.5, 6, 10.5, 4),
        "E": (5, 10.5, 5, 10.5, 0), "F": (10.5, 11, 10.5, 11, 0), "G": (11, 18, 11, 18, 0),
        "H": (10.5, 16, 12.5, 18, 2),
    }  # fmt: skip
    wanted = {key: tuple(int(2 * n) for n in row) for key, row in published.items()}
    assert found == wanted


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (Link("a", "b"), (date(2026, 10, 8), date(2026, 10, 9))),  # a ends 30 September; the holiday passes
        (Link("a", "b", "FS", 2), (date(2026, 10, 10), date(2026, 10, 12))),  # 8, 9; the make-up Saturday counts
        (Link("a", "b", "FS", 2, True), (date(2026, 10, 8), date(2026, 10, 9))),  # 3 October is a holiday
        (Link("a", "b", "FS", -1), (date(2026, 9, 30), date(2026, 10, 8))),
        (Link("a", "b", "SS", 1), (date(2026, 9, 29), date(2026, 9, 30))),
        (Link("a", "b", "FF"), (date(2026, 9, 29), date(2026, 9, 30))),
        (Link("a", "b", "FF", 1), (date(2026, 9, 30), date(2026, 10, 8))),
        (Link("a", "b", "SF", 3), (date(2026, 9, 29), date(2026, 9, 30))),
    ],
)
def test_every_kind_of_link_over_the_national_holiday_by_hand(link, expected):
    items = [task("a", 3, planned=date(2026, 9, 28)), task("b", 2)]
    assert rows(schedule(items, [link]))["b"] == expected


def test_a_milestone_is_the_end_of_its_day():
    items = [stone("m1", date(2026, 9, 30)), stone("m2"), task("t", 1)]
    found = rows(schedule(items, [Link("m1", "m2"), Link("m2", "t")]))
    assert found["m2"] == (date(2026, 9, 30),) * 2
    assert found["t"] == (date(2026, 10, 8),) * 2


def test_each_item_follows_the_calendar_of_its_place():
    both = joint([CHINA, JAPAN])
    items = [stone("a", date(2026, 9, 18)), stone("cn"), stone("jp", calendar=JAPAN), stone("both", calendar=both)]
    found = rows(schedule(items, [Link("a", key, lag=1) for key in ("cn", "jp", "both")]))
    assert found["cn"][0] == date(2026, 9, 20)  # Sunday, worked in China
    assert found["jp"][0] == date(2026, 9, 24)  # Japan rests 21 to 23 September
    assert found["both"][0] == date(2026, 9, 24)


def test_manual_dates_stay_until_a_link_asks_for_later():
    items = [stone("a", date(2026, 6, 30)), stone("b", date(2026, 9, 30)), stone("sunday", date(2026, 8, 2))]
    result = schedule(items, [Link("a", "b", lag=5), Link("a", "sunday")])
    assert rows(result)["b"][0] == date(2026, 9, 30)
    assert rows(result)["sunday"][0] == date(2026, 8, 2)
    assert result.rows["b"].cause.why == Why.PLANNED
    pushed = schedule([stone("a", date(2026, 9, 29)), items[1]], [Link("a", "b", lag=5)])
    assert rows(pushed)["b"][0] == date(2026, 10, 12)  # 30 September, 8, 9, 10 and 12 October
    assert pushed.rows["b"].cause.link == Link("a", "b", lag=5)


def test_not_before_and_not_after():
    items = [task("a", 5, planned=MONDAY), task("b", 2, not_before=date(2026, 6, 15), not_after=date(2026, 6, 15))]
    result = schedule(items, [Link("a", "b")])
    assert rows(result)["b"] == (date(2026, 6, 15), date(2026, 6, 16))
    assert result.rows["b"].cause.why == Why.NOT_BEFORE
    assert (result.rows["b"].total, result.late) == (-1, ["b"])


def test_a_fixed_date_stays_and_the_broken_link_is_named():
    items = [task("a", 5, planned=MONDAY), stone("b", fixed=date(2026, 6, 3)), stone("c")]
    result = schedule(items, [Link("a", "b"), Link("b", "c", lag=1)])
    assert rows(result)["b"][0] == date(2026, 6, 3)
    assert rows(result)["c"][0] == date(2026, 6, 4)
    assert result.broken == [Link("a", "b")]
    assert result.rows["a"].total == -2


def test_what_is_done_is_where_it_was_and_binds_nothing_before_it():
    items = [stone("a", date(2026, 6, 30)), stone("b", date(2026, 6, 10), finished=date(2026, 6, 12)), stone("c")]
    result = schedule(items, [Link("a", "b"), Link("b", "c", lag=1)])
    assert rows(result)["b"][0] == date(2026, 6, 12)
    assert rows(result)["c"][0] == date(2026, 6, 15)
    assert (result.broken, result.rows["b"].critical) == ([], False)


def test_nothing_undone_lies_in_the_past():
    items = [stone("late", date(2026, 6, 1)), stone("behind"), stone("done", finished=date(2026, 6, 1))]
    result = schedule(items, [Link("late", "behind", lag=2)], as_of=date(2026, 6, 10))
    assert {k: r[0] for k, r in rows(result).items()} == {
        "late": date(2026, 6, 10), "behind": date(2026, 6, 12), "done": date(2026, 6, 1),
    }  # fmt: skip
    assert result.rows["late"].cause.why == Why.TODAY


def test_several_ends_each_with_its_own_slack():
    items = [task("a", 1, planned=MONDAY), task("short", 1), task("long", 5)]
    links = [Link("a", "short"), Link("a", "long")]
    last = schedule(items, links)
    assert {key: row.total for key, row in last.rows.items()} == {"a": 0, "short": 4, "long": 0}
    each = schedule(items, links, ends="each")
    assert {key: row.total for key, row in each.rows.items()} == {"a": 0, "short": 0, "long": 0}


def test_an_item_without_a_date_is_listed_and_asks_nothing():
    result = schedule([stone("a"), stone("b", MONDAY), stone("c")], [Link("a", "b"), Link("b", "c")])
    assert result.undated == ["a"]
    assert rows(result)["c"][0] == MONDAY


def test_nothing_at_all():
    result = schedule([], [])
    assert (result.rows, result.finish, result.path) == ({}, None, [])


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_ring_is_refused_with_its_chain(length):
    names = [f"m{n}" for n in range(1, length + 1)]
    links = [Link(a, b) for a, b in zip(names, [*names[1:], names[0]], strict=True)]
    with pytest.raises(Cycle) as refused:
        schedule([stone(name) for name in [*names, "x"]], [*links, Link(names[0], "x")])
    chain = refused.value.chain
    assert sorted(chain) == names
    assert all(Link(a, b) in links for a, b in zip(chain, [*chain[1:], chain[0]], strict=True))


def test_unknown_items_and_kinds_and_twice_the_same_are_refused():
    for items, links in (([stone("a")], [Link("a", "b")]), ([stone("a"), stone("a")], [])):
        with pytest.raises(UnknownItem):
            schedule(items, links)
    with pytest.raises(UnknownItem):
        schedule([stone("a"), stone("b")], [Link("a", "b", "XY")])


def test_a_thousand_links_on_one_item():
    items = [stone("m", date(2026, 6, 1)), *[stone(f"p{n}", MONDAY + timedelta(days=n % 90)) for n in range(1000)]]
    result = schedule(items, [Link(f"p{n}", "m", lag=1) for n in range(1000)])
    assert rows(result)["m"][0] == date(2026, 8, 31)  # one working day after Saturday 29 August


def test_a_chain_of_five_thousand_needs_no_recursion():
    items = [stone("m0", MONDAY), *[stone(f"m{n}") for n in range(1, 5000)]]
    result = schedule(items, [Link(f"m{n}", f"m{n + 1}") for n in range(4999)])
    assert len(result.path) == 5000 and result.finish == MONDAY


def test_29_february_and_a_day_beyond_the_calendar():
    leap = schedule([stone("a", date(2028, 2, 28)), stone("b")], [Link("a", "b", lag=1)])
    assert rows(leap)["b"][0] == date(2028, 2, 29)
    with pytest.raises(IndexError):
        schedule([stone("a", date(2100, 12, 31)), stone("b")], [Link("a", "b", lag=2000)])


KINDS = st.sampled_from(["FS", "SS", "FF", "SF"])
CALENDARS = st.sampled_from([CHINA, JAPAN, joint([CHINA, JAPAN])])
BEGIN = date(2026, 9, 14)


@st.composite
def networks(draw):
    """Up to seven items around the autumn holidays with links of every kind."""
    count = draw(st.integers(1, 7))
    items, calendars = [], {}
    for n in range(count):
        calendar = draw(CALENDARS)
        duration = draw(st.integers(0, 5))
        key = f"{'t' if duration else 'm'}{n}"
        first = None
        if draw(st.booleans()):
            first = calendar.next_working_day(BEGIN + timedelta(days=draw(st.integers(0, 20))))
        items.append(Item(key, calendar.table, duration, planned=first))
        calendars[key] = calendar
    links = [
        Link(items[a].key, items[b].key, draw(KINDS), draw(st.integers(-3, 6)), draw(st.booleans()))
        for b in range(count) for a in range(b) if draw(st.integers(0, 2)) == 0
    ]  # fmt: skip
    return items, links, calendars


@settings(max_examples=150, deadline=None)
@given(networks())
def test_early_dates_and_slack_agree_with_the_simulator(case):
    items, links, calendars = case
    base = simulator.simulate(items, links, calendars, BEGIN)
    result = schedule(items, links, start=BEGIN)
    assert rows(result) == base
    end = max(finish for _start, finish in base.values())
    for item in items:
        row = result.rows[item.key]
        total = free = None
        for held in range(1, 40):
            trial = simulator.simulate(items, links, calendars, BEGIN, {item.key: held})
            if total is None and max(f for _s, f in trial.values()) > end:
                total = held - 1
            if free is None and any(trial[k] != base[k] for k in base if k != item.key):
                free = held - 1
            if total is not None:
                break
        assert row.total == total
        waits = any(link.before == item.key for link in links)
        assert not waits or min(row.free, total) == min(free if free is not None else total, total)
        assert row.critical == (total == 0)


@given(networks())
def test_the_path_is_a_chain_of_links_to_the_end(case):
    items, links, _calendars = case
    result = schedule(items, links, start=BEGIN)
    assert result.rows[result.path[-1]].early_finish == result.finish
    pairs = {(link.before, link.after) for link in links}
    assert all(pair in pairs for pair in zip(result.path, result.path[1:], strict=False))
