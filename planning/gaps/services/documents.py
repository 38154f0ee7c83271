"""Case and result documents as bytes: what the engine read and wrote, kept exactly."""

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

ENGINE = Path(__file__).resolve().parent.parent / "engine"


def packed(text: str) -> bytes:
    """Compressed, always the same bytes for the same text."""
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def unpacked(data: bytes | memoryview) -> str:
    """The text that was packed."""
    return gzip.decompress(bytes(data)).decode()


def canonical(document: Any) -> str:
    """JSON in one way only: keys in order, no blanks, no NaN."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def engine_stamp() -> str:
    """Twelve digits that change with every change of the engine's code."""
    found = hashlib.sha256()
    for path in sorted(ENGINE.rglob("*.py")):
        found.update(path.relative_to(ENGINE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:12]
