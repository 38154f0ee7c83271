"""The servers behind the tests: real ones, of this run alone, and a real Celery worker on the same database."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from dalian_coop import embedded
from dalian_coop.celery import app


def test_run_has_a_data_folder_of_its_own():
    assert embedded.DATA.name.startswith("dalian-test-")
    assert settings.DALIAN_ENV == "test"
    assert os.stat(embedded.DATA).st_uid == os.getuid()


@pytest.mark.django_db
def test_database_is_a_real_postgresql_of_this_run():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_database(), current_setting('server_version_num')::int, current_setting('fsync')"
        )
        name, version, fsync = cursor.fetchone()
    assert name.startswith("test_dalian_coop")
    assert version >= 160000
    assert fsync == "off"


def test_cache_is_empty_at_the_start_of_a_test_and_real():
    assert cache.get("left-by-a-test") is None
    cache.set("left-by-a-test", "大连")
    assert cache.get("left-by-a-test") == "大连"


def test_cache_of_the_test_before_is_gone():
    assert cache.get("left-by-a-test") is None


def test_processes_of_one_run_share_no_queue_and_no_cache():
    """A worker of another process would take this one's jobs, and its next test would empty this one's cache."""
    addresses = set()
    for process in ("gw7", "gw8"):
        environment = os.environ | {"PYTEST_XDIST_WORKER": process}
        code = "import os, tests.services; print(os.environ['REDIS_URL'])"
        done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=embedded.ROOT, capture_output=True)
        addresses.add(done.stdout.decode().strip().rpartition("?")[2])
    assert addresses == {"db=16", "db=18"}


@pytest.mark.worker
def test_worker_answers_dies_and_is_started_again(celery_worker):
    celery_worker.start()
    assert [list(answer.values()) for answer in app.control.ping(timeout=5)] == [[{"ok": "pong"}]]
    celery_worker.kill()
    assert app.control.ping(timeout=0.5) == []
    celery_worker.start()
    assert len(app.control.ping(timeout=5)) == 1
