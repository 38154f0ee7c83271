"""Which steps of the launcher need not be done again, because nothing they depend on has changed."""

import hashlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

from dalian_coop import embedded

OUR_FOLDERS = ("dalian_coop", "partners", "planning", "static", "locale")


class Stamps:
    """Which steps went well, with the fingerprint of their files. Lost or unreadable: every step runs again."""

    def __init__(self, path: Path):
        self.path = path

    def holds(self, title: str, stamp: str) -> bool:
        return self._read().get(title) == self._with_database(stamp)

    def keep(self, title: str, stamp: str) -> None:
        entries = self._read() | {title: self._with_database(stamp)}
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(entries, indent=1))
        fresh.replace(self.path)

    @staticmethod
    def _with_database(stamp: str) -> str:
        """A stamp is worth nothing for another database; of one we did not start we know nothing, so never skip."""
        if os.environ.get("DATABASE_URL"):
            return f"{stamp} outside {time.time_ns()}"
        made = embedded.DATA / "pg18" / "PG_VERSION"
        return f"{stamp} {made.stat().st_mtime_ns if made.exists() else 0}"

    def _read(self) -> dict[str, str]:
        try:
            return json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}


def fingerprint(patterns: Iterable[str]) -> str:
    """Digest of names and contents of the files that match inside our folders, and of the pinned packages."""
    digest = hashlib.sha256()
    files = {
        path for pattern in patterns for folder in OUR_FOLDERS for path in embedded.ROOT.glob(f"{folder}/{pattern}")
    }
    for path in [embedded.ROOT / "requirements.lock", *sorted(files)]:
        if path.suffix != ".pyc" and path.is_file():
            digest.update(os.fsencode(path.relative_to(embedded.ROOT)) + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
