"""Writes of history: numbers after commit, the end of old changes, a new epoch."""

from dalian_coop.history.services.retention import RETENTION, begin_epoch, purge
from dalian_coop.history.services.stamping import BATCH, stamp

__all__ = ["BATCH", "RETENTION", "begin_epoch", "purge", "stamp"]
