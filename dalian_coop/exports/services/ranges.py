"""Byte ranges of a file (RFC 9110, section 14), and the pieces of one."""

import re
from collections.abc import Iterator
from pathlib import Path

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_PIECE = 256 * 1024


class Unsatisfiable(Exception):
    """The range begins behind the end of the file."""


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """(first, last) byte asked for; None for the whole file.

    A header that is no single range of bytes is ignored, as the RFC wants it. Raises ``Unsatisfiable``.
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:
        if int(last) == 0:
            raise Unsatisfiable
        return max(0, size - int(last)), size - 1
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return int(first), min(int(last), size - 1) if last else size - 1


def part(path: Path, first: int, last: int) -> Iterator[bytes]:
    """The bytes from ``first`` to ``last``, both included."""
    left = last - first + 1
    with path.open("rb") as file:
        file.seek(first)
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
