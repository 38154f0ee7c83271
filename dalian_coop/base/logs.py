"""Logs as one JSON object a line, each with the id of the request or job it belongs to."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")

# A token or a webhook secret, wherever somebody has put it: the key is left, so that its owner can be told.
_SECRET = re.compile(r"(dlp_[0-9A-Za-z]{1,16}_|whsec_)[0-9A-Za-z+/=%]{6,}")
_PLAIN = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "request", "server_time"}


class JsonFormatter(logging.Formatter):
    """time, level, logger, message, request_id, and whatever was given as ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if rid := request_id.get():
            entry["request_id"] = rid
        entry |= {k: v for k, v in record.__dict__.items() if k not in _PLAIN}
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return masked(json.dumps(entry, ensure_ascii=False, default=str))


def masked(text: str) -> str:
    """``text`` without the secret part of tokens."""
    return _SECRET.sub(r"\1***", text)


def has_secret(text: str) -> bool:
    """Whether a token stands in ``text``."""
    return bool(_SECRET.search(text))
