"""Special days."""

from dalian_coop.calendars.models.holiday import Holiday

__all__ = ["Holiday"]
