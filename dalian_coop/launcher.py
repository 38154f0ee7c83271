"""``python -m dalian_coop.launcher``: the whole portal with one command (``make run`` calls it).

One process owns everything: it takes the lock of the data folder, starts PostgreSQL and Valkey where no URL is
given, prepares the database, starts the web server, the worker and beat, and stops them all on Ctrl-C. What went
well before is not done again: a step is skipped while the files it depends on are the same (``var/stamps.json``).
"""

import errno
import json
import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from dalian_coop import embedded, env
from dalian_coop.ownership import end_leftovers, remember_children, take_lock
from dalian_coop.processes import Family, StartFailed, last_words, log_path
from dalian_coop.stamps import Stamps, fingerprint

LEAST_FREE_BYTES = 500 * 1024 * 1024


class Stopped(Exception):
    """The person asked to stop while the portal was still starting."""


@dataclass(frozen=True)
class Step:
    """A management command, and the files whose change makes it necessary again."""

    title: str
    command: tuple[str, ...]
    depends_on: tuple[str, ...]


STEPS = (
    Step("database schema", ("migrate", "--no-input", "-v0"), ("*/migrations/*.py", "*/models/**/*.py")),
    Step("translations", ("messages", "--compile"), ("**/*.po",)),
    Step(
        "static files",
        ("collectstatic", "--no-input", "--clear", "-v0"),
        ("**/*.css", "**/*.js", "**/*.svg", "**/*.woff2", "**/vendor.json"),
    ),
    Step("reference data", ("load_reference_data",), ("*/data/**/*", "*/reference.py")),
    Step("sample task book", ("load_sample",), ("*/data/**/*", "*/management/commands/load_sample.py")),
)


class Launcher:
    """Starts the portal, watches it, stops it."""

    def __init__(self, host: str, port: int):
        self.host, self.port = host, port
        self.family = Family()
        self.signals = 0
        self.stamps = Stamps(embedded.DATA / "stamps.json")
        self.environ = {
            "HOST": host,
            "PORT": str(port),
            "STATIC_ROOT": os.environ.get("STATIC_ROOT") or str(embedded.DATA / "static"),
            "ALLOWED_HOSTS": os.environ.get("ALLOWED_HOSTS") or ",".join(host_names(host)),
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def url(self) -> str:
        """The address a person opens on this machine."""
        name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return f"http://[{name}]:{self.port}/" if ":" in name else f"http://{name}:{self.port}/"

    def run(self) -> int:
        """Everything from the lock to the end; returns the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        lock = take_lock()
        try:
            if left := end_leftovers():
                report("left by a killed run", f"{left} programs ended")
            self._check_room()
            self._check_port()
            self._start()
            return self._watch()
        except Stopped:
            return 0
        finally:
            self._stop()
            lock.close()

    def _start(self) -> None:
        started = time.monotonic()
        if not os.environ.get("DATABASE_URL"):
            self._timed("PostgreSQL", self.family.start_postgres)
        if not os.environ.get("REDIS_URL"):
            self._timed("Valkey", self.family.start_valkey)
        for step in STEPS:
            self._prepare(step)
        self._demo_accounts()
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:dalian_coop.gunicorn", "dalian_coop.wsgi"]
        celery = [sys.executable, "-m", "celery", "-A", "dalian_coop"]
        web = self.family.spawn("web", gunicorn, environ=self.environ)
        self.family.spawn("worker", [*celery, "worker", "-c", "2", "--without-gossip", "--without-mingle"])
        self.family.spawn("beat", [*celery, "beat", "-s", embedded.DATA / "beat-schedule", "--pidfile="])
        remember_children(self.family.children)
        self._timed("web, worker, beat", lambda: self.family.wait_until(self._answers, web, seconds=180))
        self._welcome(time.monotonic() - started)

    def _prepare(self, step: Step) -> None:
        """Run a management command unless nothing it depends on has changed since it last went well."""
        stamp = fingerprint(step.depends_on)
        if self.stamps.holds(step.title, stamp):
            report(step.title, "unchanged")
            return
        self._timed(step.title, lambda: self._manage(*step.command))
        self.stamps.keep(step.title, stamp)

    def _demo_accounts(self) -> None:
        """Accounts to look around with; their file names the address, so another port is a reason to write it anew."""
        stamp = fingerprint(("*/data/**/*", "*/services/demo.py", "*/management/commands/demo_accounts.py")) + self.url
        if self.stamps.holds("demo accounts", stamp) and demo_file().exists():
            report("demo accounts", "unchanged")
            return
        self._timed("demo accounts", lambda: self._manage("demo_accounts", "--url", self.url))
        self.stamps.keep("demo accounts", stamp)

    def _manage(self, *command: str) -> None:
        child = self.family.spawn("step", [sys.executable, "manage.py", *command], environ=self.environ)
        remember_children(self.family.children)
        while child.alive:
            if self.signals:
                raise Stopped
            time.sleep(0.02)
        self.family.children.remove(child)
        if child.process.returncode:
            raise StartFailed(f"`manage.py {' '.join(command)}` failed: {last_words('step')}")

    def _timed(self, title: str, action) -> None:
        if self.signals:
            raise Stopped
        start = time.monotonic()
        action()
        remember_children(self.family.children)
        report(title, f"{time.monotonic() - start:.1f} s")

    def _answers(self) -> bool:
        """Whether the web server answers; also notices a request to stop."""
        if self.signals:
            raise Stopped
        try:
            with urllib.request.urlopen(f"{self.url}healthz", timeout=5) as answer:  # noqa: S310 - our own address
                return answer.status == 200
        except urllib.error.HTTPError as error:
            raise StartFailed(f"The web server answers with status {error.code}; see {log_path('web')}") from None
        except OSError:
            return False

    def _watch(self) -> int:
        while not self.signals:
            if dead := self.family.dead():
                names = ", ".join(child.name for child in dead)
                say(f"{names} ended, so the portal stops: {last_words(dead[0].name)}")
                return 1
            time.sleep(0.2)
        return 0

    def _stop(self) -> None:
        if self.family.children:
            start = time.monotonic()
            say("Stopping …")
            self.family.end()
            report("stopped", f"{time.monotonic() - start:.1f} s")
        remember_children([])
        if embedded.DATA not in embedded.run_dir().parents:  # a short folder outside var/, see embedded.run_dir
            shutil.rmtree(embedded.run_dir(), ignore_errors=True)

    def _asked_to_stop(self, *_) -> None:
        self.signals += 1
        if self.signals > 1:
            self.family.grace = 1

    def _check_room(self) -> None:
        free = shutil.disk_usage(embedded.DATA).free
        if free < LEAST_FREE_BYTES:
            left, needed = free // 2**20, LEAST_FREE_BYTES // 2**20
            raise StartFailed(f"The disk of {embedded.DATA} has {left} MB left; the portal needs {needed} MB.")

    def _check_port(self) -> None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise StartFailed(
                        f"Port {self.port} of {self.host} is in use; choose another, for example: "
                        f"make run PORT={self.port + 1 if self.port < 65535 else 8001}"
                    ) from None
                raise StartFailed(f"The portal cannot listen on {self.host}:{self.port}: {error.strerror}.") from None

    def _welcome(self, seconds: float) -> None:
        say(f"\nThe portal runs at {self.url} (ready in {seconds:.0f} s). Ctrl-C stops it.")
        try:
            demo = json.loads(demo_file().read_text())
        except (OSError, ValueError):
            return
        say("Demo accounts (also in var/demo.json):")
        for user in demo.get("users", []):
            say(f"  {user['role']:<16} {user['username']:<16} {user['password']}")


def say(line: str) -> None:
    print(line, flush=True)


def report(title: str, result: str) -> None:
    """One progress line."""
    say(f"  {title:<20} {result}")


def demo_file() -> Path:
    """Written by ``manage.py demo_accounts``, mode 0600."""
    return embedded.DATA / "demo.json"


def host_names(host: str) -> list[str]:
    """Names under which the server may be asked: this machine's, and all of its own if it listens everywhere."""
    names = ["localhost", "127.0.0.1", "[::1]", f"[{host}]" if ":" in host else host]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - chosen by the person who set HOST
        name = socket.gethostname()
        names.append(name)
        try:
            names += [info[4][0] for info in socket.getaddrinfo(name, None, socket.AF_INET)]
        except OSError:
            pass  # a machine that cannot resolve its own name is still reachable as localhost
    return sorted(set(names))


def main() -> int:
    try:
        if env.choice("DALIAN_ENV", "development", ("development", "test", "production")) == "production":
            raise StartFailed("`make run` makes demo accounts, so it never runs in production; see docs/deploying.md.")
        host, port = env.text("HOST", "127.0.0.1"), env.number("PORT", 8000, 1, 65535)
        return Launcher(host, port).run()
    except StartFailed as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(f"The disk of {embedded.DATA} is full.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
