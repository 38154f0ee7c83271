"""Fixtures for all tests. The servers behind them are started by the plugin tests/services.py."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations

from dalian_coop import embedded


def pytest_configure(config):
    """Argon2 is slow on purpose; tests that are about passwords choose it themselves."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    if not os.environ.get("DATABASE_URL"):
        DatabaseOperations.sql_flush = _deletes


_truncates = DatabaseOperations.sql_flush
_SMALL = 512 * 1024  # bytes of a table


def _deletes(self, style, tables, **options) -> list[str]:
    """Statements that empty ``tables`` after a test with real transactions.

    Truncating more than a hundred tables takes half a second, deleting the few rows of a test 5 ms. A table that has
    grown is truncated all the same: deleted rows stay in it, and the planner goes by its size. Only the superuser of
    the embedded server may pass the triggers and foreign keys by.
    """
    names = [self.quote_name(table) for table in tables]
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT max(pg_relation_size(name)) FROM unnest(%s::regclass[]) AS name", [names])
        if cursor.fetchone()[0] > _SMALL:
            return _truncates(self, style, tables, **options)
    deletes = "; ".join(f"DELETE FROM {name}" for name in names)  # noqa: S608 - names of tables
    return ["SET session_replication_role = replica", deletes, "SET session_replication_role = DEFAULT"]


# Minutes each: begun first, or one process works on them at the end while the other has nothing left to do.
_LONG = {
    "test_launcher.py", "test_permission_table.py", "test_roadmap.py", "test_walk.py", "test_jobs.py", "test_worker.py",
    "test_taskgrid_page.py",
    "test_schemathesis.py", "test_scope_table.py", "test_gap_run.py", "test_services_plugin.py",
}  # fmt: skip


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name not in _LONG)


@pytest.fixture(autouse=True)
def _empty_cache():
    """Counters of throttles and sign-in delays start at nothing in every test."""
    yield
    cache.clear()


class WorkerProcess:
    """A Celery worker as in production, on this test's database and queue."""

    def __init__(self, log):
        self.log = log
        self.process = None

    def start(self, *arguments: str, wait: float = 60) -> "WorkerProcess":
        """Start it and wait until it takes tasks; ``arguments`` are Celery's, for example ``"-B"`` for beat."""
        command = [sys.executable, "-m", "celery", "-A", "dalian_coop", "worker", "-c", "1", "-l", "info"]
        command += ["--without-gossip", "--without-mingle", *arguments]
        begin = self.log.seek(0, os.SEEK_END)
        self.process = subprocess.Popen(
            command,
            cwd=embedded.ROOT,
            env=os.environ | {"DATABASE_URL": database_url(), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        end = time.monotonic() + wait
        while " ready." not in self.output(begin):
            assert self.process.poll() is None and time.monotonic() < end, self.output(begin)
            time.sleep(0.1)
        return self

    def output(self, begin: int = 0) -> str:
        """What the worker wrote."""
        with open(self.log.name) as file:
            file.seek(begin)
            return file.read()

    def kill(self) -> None:
        """As a power cut: the worker and its pool process, without a last word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As a deployment: it finishes what it has in hand."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()


def database_url() -> str:
    """Address of the database that pytest-django made for this process."""
    from django.db import connection

    values = connection.settings_dict
    secret = f":{quote(values['PASSWORD'], safe='')}" if values["PASSWORD"] else ""
    port = f"&port={values['PORT']}" if values["PORT"] else ""
    return f"postgresql://{quote(values['USER'])}{secret}@/{values['NAME']}?host={quote(values['HOST'], safe='')}{port}"


@pytest.fixture
def celery_worker(transactional_db):
    """A real worker process; ``celery_worker.start()`` begins it, ``.kill()`` ends it with SIGKILL."""
    from dalian_coop.celery import app

    app.control.purge()
    with tempfile.NamedTemporaryFile("w+", prefix="worker-", suffix=".log") as log:
        worker = WorkerProcess(log)
        yield worker
        worker.stop()
        print(worker.output())  # pytest shows it when the test failed
        app.control.purge()
