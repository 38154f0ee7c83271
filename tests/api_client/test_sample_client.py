"""The program that docs/api/ gives to other bureaus, run as they run it: over HTTP, killed at any moment."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection

from dalian_coop import embedded
from dalian_coop.accounts.models import Bureau
from dalian_coop.exports.services import writing
from dalian_coop.history.services import begin_epoch
from dalian_coop.rest import exported
from planning.taskbooks.models import Task, TaskUnit
from tests.dalian_coop.history.copies import Copy, wide_token
from tests.factories import make_bureau
from tests.planning.factories import make_book, make_task

pytestmark = pytest.mark.django_db(transaction=True)
PROGRAM = embedded.ROOT / "docs" / "api" / "sample_client.py"
SECONDS = 8.0


class Machine:
    """What another bureau runs: the program, its file, its token."""

    def __init__(self, base: str, token: str, file):
        self.base, self.token, self.file = base, token, file

    def start(self, *seconds: str) -> subprocess.Popen:
        command = [sys.executable, str(PROGRAM), f"{self.base}/api/v1", "tasks", str(self.file), *seconds]
        return subprocess.Popen(
            command, env=os.environ | {"PORTAL_TOKEN": self.token}, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
        )

    def run(self) -> None:
        """Once, to the end of what there is."""
        process = self.start()
        _out, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()

    def rows(self) -> dict[str, dict]:
        with sqlite3.connect(self.file) as db:
            return {key: json.loads(text) for key, text in db.execute("SELECT id, data FROM object")}


@pytest.fixture
def bureau(live_server, tmp_path, settings):
    settings.REST_RATES = dict.fromkeys(settings.REST_RATES, (10_000, 100_000))
    return Machine(live_server.url, wide_token(), tmp_path / "copy.db")


@pytest.fixture
def tasks():
    book, bureaus = make_book(), [make_bureau() for _n in range(4)]
    return [make_task(book, lead=bureaus[n % 4]) for n in range(12)]


def whole(bureau: Machine) -> dict[str, dict]:
    return Copy("tasks", bureau.token).export()[0]


def test_the_copy_is_exact_although_the_client_is_killed_while_others_write(bureau, tasks):
    stop = threading.Event()
    writers = [threading.Thread(target=write, args=(tasks, stop, seed)) for seed in range(4)]
    for writer in writers:
        writer.start()
    chance, killed, end = random.Random(7), 0, time.monotonic() + SECONDS  # noqa: S311
    while time.monotonic() < end:
        process = bureau.start("0.02")
        time.sleep(0.4 + chance.random() * 0.8)  # long enough to begin, at no special moment
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
    stop.set()
    for writer in writers:
        writer.join(30)
    assert killed >= 4
    bureau.run()
    assert bureau.rows() == whole(bureau) and len(bureau.rows()) > len(tasks)


def write(tasks: list[Task], stop: threading.Event, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    bureaus = list(Bureau.objects.all())
    try:
        while not stop.is_set():
            task, bureau = chance.choice(tasks), chance.choice(bureaus)
            match chance.randrange(5):
                case 0:
                    Task.objects.filter(pk=task.pk).update(progress=chance.randrange(99), lead=bureau)
                case 1:
                    TaskUnit.objects.bulk_create([TaskUnit(task=task, bureau=bureau)], ignore_conflicts=True)
                case 2:
                    TaskUnit.objects.filter(task=task).delete()
                case 3:
                    Bureau.objects.filter(pk=bureau.pk).update(name_zh=f"局{chance.random()}")
                case _:
                    made = make_task(task.book, measure=task.measure, lead=bureau)
                    if chance.random() < 0.5:
                        made.delete()
            time.sleep(0.03)
    finally:
        connection.close()


def test_killed_in_its_first_copy_it_has_nothing_and_then_everything(bureau, tasks, monkeypatch):
    real = exported.attach_related
    slow = threading.Event()

    def attach(*args):
        slow.wait(3)
        return real(*args)

    monkeypatch.setattr(exported, "attach_related", attach)
    process = bureau.start()
    time.sleep(1.5)
    process.kill()
    process.communicate()
    slow.set()
    assert not bureau.file.exists() or bureau.rows() == {}
    bureau.run()
    assert bureau.rows() == whole(bureau)


def test_after_a_restore_it_is_right_again_by_itself(bureau, tasks):
    bureau.run()
    with connection.cursor() as cursor:  # what the restore takes back, no trigger writes down
        cursor.execute("ALTER TABLE taskbooks_task DISABLE TRIGGER USER")
        cursor.execute("UPDATE taskbooks_task SET progress = 77")
        cursor.execute("ALTER TABLE taskbooks_task ENABLE TRIGGER USER")
    begin_epoch()
    bureau.run()
    assert bureau.rows() == whole(bureau)
    assert {row["progress"] for row in bureau.rows().values()} == {77}


def test_a_portal_that_is_away_leaves_the_copy_as_it_was(bureau, tasks):
    bureau.run()
    before = bureau.rows()
    away = Machine("http://127.0.0.1:9", bureau.token, bureau.file)
    process = away.start()
    _out, errors = process.communicate(timeout=30)
    assert process.returncode == 1 and b"refused" in errors and away.rows() == before


def test_a_full_copy_that_is_cut_off_changes_nothing(bureau, tasks, monkeypatch):
    """The web server dies in the middle of the stream: half a copy is no copy, and the old one stays."""
    bureau.run()
    before = bureau.rows()
    begin_epoch()  # so that the next run loads it anew
    Task.objects.filter(pk=tasks[0].pk).update(progress=33)
    with monkeypatch.context() as patch:
        patch.setattr(exported, "CHUNK", 5)
        patch.setattr(writing, "_LINES", 1)
        real, calls = exported.attach_related, []

        def dies(*args):
            calls.append(1)
            if len(calls) > 1:
                raise SystemExit
            return real(*args)

        patch.setattr(exported, "attach_related", dies)
        process = bureau.start()
        _out, errors = process.communicate(timeout=30)
    assert process.returncode == 1 and bureau.rows() == before, errors
    bureau.run()
    assert bureau.rows() == whole(bureau) != before


def test_an_expired_token_ends_the_program_with_an_error(bureau, tasks):
    bureau.run()
    bureau.token = "dlp_0000_wrong"
    process = bureau.start()
    _out, errors = process.communicate(timeout=30)
    assert process.returncode == 1 and b"401" in errors and len(bureau.rows()) == len(tasks)


def test_the_program_stays_short():
    code = [line for line in PROGRAM.read_text().partition('"""\n\n')[2].splitlines() if line.strip()]
    assert len(code) <= 60
