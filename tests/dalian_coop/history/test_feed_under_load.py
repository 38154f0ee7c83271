"""Writers at work, transactions held open, several readers: nothing is missed, nothing is stale at the end."""

import random
import threading
import time

import pytest
from django.db import connection, transaction

from dalian_coop.accounts.models import Bureau
from dalian_coop.history import selectors, services
from planning.taskbooks.models import Task, TaskUnit
from tests.dalian_coop.history.copies import Copy, wide_token
from tests.dalian_coop.history.test_writes import _update, in_threads
from tests.factories import make_bureau
from tests.planning.factories import make_book, make_task

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 3.0


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.REST_RATES = dict.fromkeys(settings.REST_RATES, (10_000, 100_000))


class Writers:
    """Threads that write tasks and bureaus until the time is up, some of their transactions slow or rolled back."""

    def __init__(self, tasks: list[Task], bureaus: list[Bureau], seed: int):
        self.tasks, self.bureaus, self.seed = [t.pk for t in tasks], [b.pk for b in bureaus], seed
        self.book, self.measure = tasks[0].book, tasks[0].measure
        self.end = time.monotonic() + SECONDS
        self.writes, self.errors = 0, []

    def start(self, count: int) -> list[threading.Thread]:
        return in_threads(*[lambda n=n: self._work(random.Random(self.seed * 100 + n)) for n in range(count)])  # noqa: S311

    def _work(self, chance: random.Random) -> None:
        while time.monotonic() < self.end:
            try:
                with transaction.atomic():
                    if chance.random() < 0.3:
                        with connection.cursor() as cursor:
                            cursor.execute("SELECT pg_current_xact_id()")
                        time.sleep(chance.random() * 0.03)
                    self._write(chance)
                    time.sleep(chance.random() * 0.06)
                    if chance.random() < 0.1:
                        raise _RolledBack
                self.writes += 1
            except _RolledBack:
                pass
            except Exception as error:
                self.errors.append(error)

    def _write(self, chance: random.Random) -> None:
        task, bureau = chance.choice(self.tasks), chance.choice(self.bureaus)
        match chance.randrange(6):
            case 0:
                Bureau.objects.filter(pk=bureau).update(name_zh=f"局{chance.random()}")
            case 1:
                Task.objects.filter(pk=task).update(lead=bureau)
            case 2:
                TaskUnit.objects.filter(task=task).delete()
            case 3:
                TaskUnit.objects.bulk_create([TaskUnit(task_id=task, bureau_id=bureau)], ignore_conflicts=True)
            case 4:
                made = make_task(self.book, measure=self.measure, lead_id=bureau, lead=Bureau(pk=bureau))
                if chance.random() < 0.5:
                    made.delete()
            case _:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "UPDATE taskbooks_task SET progress = %s WHERE id = %s", [chance.randrange(99), task]
                    )


class _RolledBack(Exception):
    pass


@pytest.fixture
def world():
    book = make_book()
    bureaus = [make_bureau() for _n in range(6)]
    return [make_task(book, lead=bureaus[n % 6]) for n in range(20)], bureaus


@pytest.mark.parametrize("seed", [1, 2])
def test_three_readers_of_different_pages_end_with_what_the_database_holds(world, seed):
    token = wide_token()
    writers = Writers(*world, seed)
    threads = writers.start(6)
    time.sleep(0.3)
    copies = [Copy("tasks", token).full() for _n in range(3)]  # taken while the others write
    pages = dict(zip((3, 20, 500), copies, strict=True))
    readers = in_threads(*[lambda c=c, n=n: _follow(c, n, writers) for n, c in pages.items()])
    for thread in threads + readers:
        thread.join(60)
    assert not writers.errors, writers.errors[:3]
    assert writers.writes > 50
    whole, _cursor = Copy("tasks", token).export()
    for copy in copies:
        assert copy.catch_up().rows == whole
        numbers = [item["seq"] for item in copy.seen]
        assert numbers == sorted(numbers) and len(numbers) == len(set(numbers))


def _follow(copy: Copy, limit: int, writers: Writers) -> None:
    try:
        while time.monotonic() < writers.end + 0.3:
            copy.step(limit=limit)
            time.sleep(0.01)
    except BaseException as error:
        writers.errors.append(error)


def test_a_transaction_held_open_while_the_feed_is_read_comes_after_its_commit():
    slow, fast = make_bureau(), make_bureau()
    copy = Copy("bureaus", wide_token()).full()
    written, go_on = threading.Event(), threading.Event()

    def held_open():
        with transaction.atomic():
            _update(slow)
            written.set()
            assert go_on.wait(20)

    (thread,) = in_threads(held_open)
    assert written.wait(20)
    _update(fast)
    assert copy.news() == {str(fast.pk): "upsert"}
    assert selectors.feed_lag().open_write > 0
    go_on.set()
    thread.join()
    assert copy.news() == {str(slow.pk): "upsert"}
    assert copy.rows == copy.export()[0]


def test_an_export_begun_before_a_commit_and_the_feed_after_it_leave_no_gap():
    """The snapshot of the export does not see what commits while it streams; the feed brings it."""
    bureaus = [make_bureau() for _n in range(3)]
    copy = Copy("bureaus", wide_token())
    answer = copy.web.get("/api/v1/export/bureaus.ndjson", **copy.headers)
    (thread,) = in_threads(lambda: (_update(bureaus[0]), services.stamp()))
    thread.join()
    body = b"".join(answer.streaming_content)
    assert b'"update"' not in body
    copy.cursor = answer.headers["X-Sync-Cursor"]
    assert copy.news() == {str(bureaus[0].pk): "upsert"}


def test_a_page_is_one_moment_although_others_write_while_it_is_read(monkeypatch):
    from dalian_coop.rest.exported import Exported

    task = make_task()
    copy = Copy("tasks", wide_token()).full()
    Task.objects.filter(pk=task.pk).update(progress=1)
    real = Exported.rows

    def rows(self, queryset, **options):
        (thread,) = in_threads(lambda: Task.objects.filter(pk=task.pk).update(progress=2))
        thread.join()
        return real(self, queryset, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Exported, "rows", rows)
        (item,) = copy.step()["items"]
    assert item["data"]["progress"] == 1
    copy.catch_up()
    assert copy.rows[str(task.pk)]["progress"] == 2


def test_more_changes_than_one_stamp_takes_are_numbered_by_the_next(monkeypatch):
    from dalian_coop.history.services import stamping
    from dalian_coop.history.tasks import stamp

    monkeypatch.setattr(stamping, "BATCH", 4)
    monkeypatch.setattr(services, "BATCH", 4)
    copy = Copy("bureaus", wide_token()).full()
    stamp()
    made = {str(make_bureau().pk) for _n in range(10)}
    assert len(copy.news()) == 4
    stamp()
    copy.catch_up()
    assert made <= set(copy.rows) and copy.rows == copy.export()[0]
