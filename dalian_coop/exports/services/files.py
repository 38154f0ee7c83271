"""Files of exports on disk: written under another name, complete or not there, removed when they expire."""

import hashlib
import os
import shutil
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dalian_coop.base.errors import ServiceError
from dalian_coop.exports import selectors

LEAST_FREE_BYTES = 500 * 1024 * 1024
_STALE_SECONDS = 24 * 3600


class NoRoom(ServiceError):
    """The disk is too full to begin."""


@dataclass(frozen=True)
class Member:
    """One file inside the archive."""

    path: str
    rows: int
    bytes: int
    sha256: str


class Archive:
    """A zip being written: each member is hashed on its way in, and SHA256SUMS comes last."""

    def __init__(self, book: zipfile.ZipFile):
        self._zip = book
        self.members: list[Member] = []

    def add(self, path: str, pieces: Iterable[bytes], count) -> Member:
        """Write a member piece by piece; ``count()`` tells how many rows it has once it is written."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(path, "w", force_zip64=True) as file:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                file.write(piece)
        member = Member(path, count(), size, digest.hexdigest())
        self.members.append(member)
        return member

    def finish(self) -> None:
        """``SHA256SUMS`` in the form that ``sha256sum -c`` reads."""
        lines = "".join(f"{member.sha256}  {member.path}\n" for member in self.members)
        self._zip.writestr("SHA256SUMS", lines)


@contextmanager
def archive(target: Path) -> Iterator[Archive]:
    """An archive that appears as ``target`` when the block ends well, and leaves nothing when it does not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(target.parent).free < LEAST_FREE_BYTES:
        raise NoRoom(_("There is not enough room on the disk for an export. Please tell the office."))
    part = target.with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as book:
                found = Archive(book)
                yield found
                found.finish()
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def describe(path: Path) -> dict[str, Any]:
    """Name, size and sum of a finished file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest}


def purge(*, now=None) -> int:
    """Remove files of exports that have expired, and what killed workers left; returns how many."""
    removed, now = 0, now or timezone.now()
    folder = selectors.folder()
    if not folder.is_dir():
        return 0
    keep = selectors.names_in_force(now)
    for path in folder.iterdir():
        is_part = path.suffix == ".part"
        age = time.time() - path.stat().st_mtime
        # A finished file whose job has not committed yet is young.
        if (is_part and age > _STALE_SECONDS) or (not is_part and path.name not in keep and age > 3600):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


EXPIRY = timedelta(hours=72)
