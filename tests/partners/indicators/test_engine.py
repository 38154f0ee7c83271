"""How figures are written and drawn."""

from decimal import Decimal

import pytest

from partners.indicators.engine import figure_text, spark


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("8752.9000000000", "8,752.9"),
        ("939029", "939,029"),
        ("0", "0"),
        ("0E-10", "0"),
        ("100.0000000000", "100"),
        ("0.123456", "0.123"),
        ("0.0012345", "0.00123"),
        ("-3.456", "-3.46"),
        ("1.005", "1.01"),
        ("1234567.891", "1,234,567.89"),
    ],
)
def test_figures_are_grouped_and_rounded_to_what_can_be_read(value, text):
    assert figure_text(Decimal(value)) == text


def test_spark_keeps_holes_in_time_and_stops_at_breaks():
    points = [
        (2010, Decimal(0), "figure"),
        (2011, Decimal(10), "figure"),
        (2019, Decimal(5), "break"),
        (2020, Decimal(6), "projection"),
    ]
    drawn = spark(points, width=110, height=50, pad=5)
    assert drawn.solid == ["M5.0 45.0 L15.0 5.0"]  # one of ten years is one tenth of the width
    assert drawn.dashed == ["M95.0 25.0 L105.0 21.0"]
    assert drawn.breaks == ["95.0"]
    assert drawn.last == ("105.0", "21.0")


def test_spark_of_one_point_is_none_and_of_equal_values_is_level():
    assert spark([(2010, Decimal(3), "figure")]) is None
    level = spark([(2010, Decimal(3), "figure"), (2012, Decimal(3), "figure")], height=48)
    assert level.solid == ["M5.0 24.0 L175.0 24.0"]
