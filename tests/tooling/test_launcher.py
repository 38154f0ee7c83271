"""`make run` as a person meets it: real processes in a data folder of their own."""

import hashlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from dalian_coop import embedded

pytestmark = pytest.mark.launcher


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Portal:
    """One data folder and the launchers started on it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.process = None

    @property
    def sockets(self) -> Path:
        """The folder outside of ours, because a socket's address must be short and plain."""
        digest = hashlib.sha256(os.fsencode(self.folder.resolve())).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"dalian-{os.getuid()}-{digest}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def launch(self, **environ: str) -> subprocess.Popen:
        """Start a launcher and return at once."""
        outside = {"DATABASE_URL", "REDIS_URL", "DALIAN_ENV", "DALIAN_TEST_OWNER", "CELERY_QUEUE", "STATIC_ROOT"}
        clean = {key: value for key, value in os.environ.items() if key not in outside}
        return subprocess.Popen(
            [sys.executable, "-m", "dalian_coop.launcher"],
            cwd=embedded.ROOT,
            env=clean | {"DALIAN_DATA_DIR": str(self.folder), "PORT": str(self.port)} | environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def start(self) -> str:
        """Start a launcher, wait until it names the address, return what it printed."""
        self.process = self.launch()
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "Ctrl-C stops it" in line:
                return "".join(lines)
        raise AssertionError("".join(lines))

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        self.last_output = self.process.stdout.read()
        self.process.stdout.close()
        return self.process.wait(150)

    def get(self, path: str) -> int:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return answer.status

    def children(self) -> list[int]:
        """Processes that work in this data folder."""
        known = json.loads((self.folder / "children.json").read_text())
        return [pid for _, pid, started, _ in known if _started_at(pid) == started]


def _started_at(pid: int) -> str:
    from dalian_coop.ownership import started_at

    return started_at(pid)


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal that was started once, from nothing, and stopped with Ctrl-C; the path has a space and is Chinese."""
    portal = Portal(tmp_path_factory.mktemp("run") / "大连 门户")
    begin = time.monotonic()
    portal.first_output = portal.start()
    portal.first_seconds = time.monotonic() - begin
    portal.first_status = portal.get("healthz")
    portal.first_end = portal.end()
    portal.first_output += portal.last_output
    yield portal
    if portal.process.poll() is None:
        portal.process.kill()


@pytest.fixture
def running(portal):
    portal.start()
    yield portal
    if portal.process.poll() is None:
        portal.end()


def test_first_start_prints_steps_address_and_sign_ins_and_ends_clean(portal):
    demo = json.loads((portal.folder / "demo.json").read_text())
    assert portal.first_status == 200
    assert portal.first_end == 0
    assert portal.url in portal.first_output
    assert demo["url"].rstrip("/") == portal.url.rstrip("/")
    for step in ("PostgreSQL", "Valkey", "database schema", "reference data", "sample task book", "demo accounts"):
        assert step in portal.first_output
    assert not portal.sockets.exists()
    assert all(user["username"] in portal.first_output and user["password"] for user in demo["users"])
    assert portal.children() == []


def test_secrets_and_demo_accounts_are_readable_by_their_owner_only(portal):
    files = [portal.folder / "demo.json", *(portal.folder / "secrets").iterdir()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_second_start_does_nothing_twice_and_keeps_accounts(portal):
    before = (portal.folder / "demo.json").read_text()
    begin = time.monotonic()
    output = portal.start()
    seconds = time.monotonic() - begin
    assert portal.end() == 0
    assert (portal.folder / "demo.json").read_text() == before
    assert output.count("unchanged") == 6
    assert seconds < portal.first_seconds


def test_second_launcher_on_the_same_folder_says_so(running):
    second = running.launch(PORT=str(free_port()))
    output, _ = second.communicate(timeout=150)
    assert second.returncode == 1
    assert (
        output.strip()
        == f"The portal already runs from {running.folder} (process {running.process.pid}); stop it first."
    )


def test_port_in_use_is_one_sentence_and_nothing_stays_behind(portal):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        launcher = portal.launch(PORT=str(port))
        output, _ = launcher.communicate(timeout=150)
    assert launcher.returncode == 1
    assert output.strip().startswith(f"Port {port} of 127.0.0.1 is in use; choose another, for example: make run PORT=")
    assert len(output.strip().splitlines()) == 1
    assert portal.children() == []


def test_killed_launcher_takes_its_children_along_and_the_next_start_recovers(portal):
    portal.start()
    before = portal.children()
    assert len(before) == 5
    portal.end(signal.SIGKILL)
    (portal.folder / "beat-schedule").write_bytes(b"half a file")
    output = portal.start()
    try:
        assert "The portal runs at" in output
        assert portal.get("healthz") == 200
        assert set(before).isdisjoint(portal.children())
    finally:
        assert portal.end() == 0


def test_web_server_that_ends_stops_the_portal_with_a_sentence(running):
    database = next(
        pid for name, pid, *_ in json.loads((running.folder / "children.json").read_text()) if name == "web"
    )
    os.kill(database, signal.SIGKILL)
    output, _ = running.process.communicate(timeout=150)
    assert running.process.returncode == 1
    assert "web ended, so the portal stops" in output
    assert running.children() == []


def test_bad_port_stops_the_start_with_its_name(portal):
    launcher = portal.launch(PORT="eighty")
    output, _ = launcher.communicate(timeout=150)
    assert launcher.returncode == 1
    assert output.strip().startswith("Setting PORT: 'eighty' is not a whole number from 1 to 65535")


def test_production_is_refused(portal):
    launcher = portal.launch(DALIAN_ENV="production")
    output, _ = launcher.communicate(timeout=150)
    assert launcher.returncode == 1
    assert "never runs in production" in output
