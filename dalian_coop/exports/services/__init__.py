"""Making exports: as a stream, as a job with one file, and removing files that have expired."""

from dalian_coop.exports.services.files import purge
from dalian_coop.exports.services.running import Busy, ask, carry_out
from dalian_coop.exports.services.streaming import Prepared, TooMany, stream

__all__ = ["Busy", "Prepared", "TooMany", "ask", "carry_out", "purge", "stream"]
