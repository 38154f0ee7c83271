"""Units of the figures of a run: a figure divided by people is shown per thousand, ten thousand … people.

The engine computes with the plain quotient and the files of the run keep it; only what people read is scaled.
"""

from collections.abc import Iterable
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.indicators.engine import figure_text

PEOPLE = "persons"
# power of ten: how the unit is named
PER = {
    3: _("%(unit)s per 1,000 %(people)s"),
    4: _("%(unit)s per 10,000 %(people)s"),
    5: _("%(unit)s per 100,000 %(people)s"),
    6: _("%(unit)s per million %(people)s"),
}
LEAST_SHARE = 0.01  # people per people: from here on per cent


class Units:
    """How the figures of every indicator of a run are written."""

    def __init__(self, result: dict[str, Any], divisors: dict[str, str], indicators: dict[str, Any]):
        """``divisors``: code → code of the indicator by which its figures were divided, "" for none."""
        self._powers, self._labels = {}, {}
        for found in result["indicators"]:
            code = found["code"]
            unit, divisor = indicators[code], indicators.get(divisors.get(code) or "")
            values = [abs(c["value"]) for c in found["cells"] if c["value"]]
            self._powers[code], self._labels[code] = _unit(unit, divisor, values)

    def label(self, code: str) -> str:
        """The unit in words."""
        return self._labels[code]

    def number(self, code: str, value: float | None) -> float | None:
        """The figure as it is shown, with all its digits."""
        return None if value is None else float(self._scaled(code, value))

    def text(self, code: str, value: float | None) -> str | None:
        """The figure as it is shown; None stays None."""
        return None if value is None else figure_text(self._scaled(code, value))

    def power(self, code: str) -> int:
        """Power of ten by which figures are multiplied before they are shown."""
        return self._powers.get(code, 0)

    def _scaled(self, code: str, value: float) -> Decimal:
        return Decimal(repr(value)).scaleb(self.power(code))


def _unit(unit, divisor, values: Iterable[float]) -> tuple[int, str]:
    """(power of ten, unit in words) of figures in ``unit`` that were divided by ``divisor`` (None: by nothing)."""
    if divisor is None:
        return 0, unit.unit_label
    middle = median(values) if values else 1.0
    if unit.unit == divisor.unit and middle >= LEAST_SHARE:
        return 2, "%"
    power = _power(middle) if divisor.unit == PEOPLE else 0
    if not power:
        return 0, f"{unit.unit_label} / {divisor.unit_label}"
    return power, str(PER[power]) % {"unit": unit.unit_label, "people": divisor.unit_label}


def _power(middle: float) -> int:
    """The smallest power that makes the middle figure 1 or more; 0 where it is already."""
    if middle >= 1:
        return 0
    return next((power for power in PER if middle * 10**power >= 1), max(PER))
