"""Reads of gap analysis beside the report page."""

import pytest

from planning.gaps import selectors
from planning.gaps.engine.reasons import Reason
from planning.gaps.selectors import wording
from tests.planning.gaps.factories import compute, start


def test_every_reason_of_the_engine_has_words():
    assert set(wording.REASONS) == set(Reason)
    assert all(wording.reason(code) for code in Reason)


@pytest.mark.parametrize(
    ("value", "text"), [(None, None), (0.0, "0"), (31153.32, "31,153.32"), (0.1 + 0.2, "0.3"), (1e-7, "0.0000001")]
)
def test_figure_is_written_as_it_can_be_read(value, text):
    assert wording.figure(value) == text


def test_points_and_shares_have_one_decimal_and_no_negative_zero():
    assert wording.points(-0.01, signed=True) == "+0.0"
    assert wording.percent(0.81648) == "81.6%"
    assert wording.points(None) is None


def test_worst_findings_are_those_that_add_most_to_the_gap(finished, official):
    assert selectors.latest_report(official) == finished
    worst = selectors.worst_findings(finished)
    assert [f.indicator.code for f in worst] == ["gdp", "far"]
    assert worst[0].contribution > worst[1].contribution > 0


def test_latest_report_is_none_before_the_first_and_not_a_waiting_one(world, official):
    start(world)
    assert selectors.latest_report(official) is None


def test_latest_report_is_the_newest(world, official):
    compute(start(world))
    newest = compute(start(world, benchmark="median"))
    assert selectors.latest_report(official) == newest
