"""Reads of history: timelines and audit as pages show them, and the change feed."""

from dalian_coop.history.selectors.cursors import (
    BadCursor,
    Cursor,
    Gone,
    actor_state,
    present_cursor,
    read_cursor,
)
from dalian_coop.history.selectors.feed import Page, feed_page
from dalian_coop.history.selectors.lags import Lag, feed_lag, warn_of_lag
from dalian_coop.history.selectors.timelines import (
    AuditRow,
    Entry,
    FieldChange,
    audit_rows,
    ever,
    timeline,
    tracked_models,
)

__all__ = [
    "AuditRow",
    "BadCursor",
    "Cursor",
    "Entry",
    "FieldChange",
    "Gone",
    "Lag",
    "Page",
    "actor_state",
    "audit_rows",
    "ever",
    "feed_lag",
    "feed_page",
    "present_cursor",
    "read_cursor",
    "timeline",
    "tracked_models",
    "warn_of_lag",
]
