"""How something ends: announced at least 180 days before, in every answer (RFC 9745 and RFC 8594)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils.http import http_date

NOTICE = timedelta(days=180)


@dataclass(frozen=True)
class Deprecation:
    """An operation that ends on ``sunset``; since ``since`` it says so. ``link`` tells what to use instead.

    A viewset names it by action: ``deprecations = {"list": Deprecation(date(…), date(…), "/api/v1/docs/#tasks")}``.
    """

    since: date
    sunset: date
    link: str

    def __post_init__(self):
        if self.sunset - self.since < NOTICE:
            raise ValueError("between the announcement and the end lie at least 180 days")

    def headers(self) -> dict[str, str]:
        """What every answer carries."""
        return {
            "Deprecation": f"@{_seconds(self.since)}",
            "Sunset": http_date(_seconds(self.sunset)),
            "Link": f'<{self.link}>; rel="deprecation", <{self.link}>; rel="sunset"',
        }


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
