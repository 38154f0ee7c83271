"""One launcher per data folder: its lock, and what is left when one was killed."""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from dalian_coop import embedded
from dalian_coop.processes import SERVERS, Child, StartFailed

LEFTOVER_SECONDS = 10


def take_lock() -> IO[str]:
    """One launcher per data folder. The kernel frees the lock of a killed one, so there are no stale locks."""
    try:
        embedded.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = open(embedded.DATA / "lock", "a+")
    except OSError as error:
        raise StartFailed(f"The folder {embedded.DATA} cannot be written: {error.strerror}.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise StartFailed(f"The portal already runs from {embedded.DATA} (process {holder}); stop it first.") from None
    lock.seek(0)
    lock.truncate()
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def remember_children(children: Iterable[Child]) -> None:
    """Write down who runs, for a launcher that must clean up after a killed one."""
    entries = [[c.name, c.process.pid, started_at(c.process.pid), int(c.stop_signal)] for c in children]
    (embedded.DATA / "children.json").write_text(json.dumps(entries))


def started_at(pid: int) -> str:
    """When a process started, in clock ticks since boot, so that a number used again is not taken for the old process.

    Empty for one that has ended, also if nobody has collected it yet (a zombie), and where there is no /proc.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except (OSError, IndexError):
        return ""


def end_leftovers() -> int:
    """End the children of a killed launcher, first in order, then by force; returns how many there were."""
    try:
        entries = json.loads((embedded.DATA / "children.json").read_text())
    except (OSError, ValueError):
        return 0
    alive = [entry for entry in entries if entry[2] and started_at(entry[1]) == entry[2]]
    # Users of the servers first, as in Family.end.
    for servers in (False, True):
        group = [entry for entry in alive if (entry[0] in SERVERS) == servers]
        for _, pid, _, stop_signal in group:
            _signal(pid, stop_signal)
        end = time.monotonic() + LEFTOVER_SECONDS
        for _, pid, started, _ in group:
            while started_at(pid) == started and time.monotonic() < end:
                time.sleep(0.05)
            if started_at(pid) == started:
                _signal(-pid, signal.SIGKILL)
    return len(alive)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # it has just ended
