"""Full copies made by a worker: one snapshot, sums, ranges, expiry, and whose they are."""

import hashlib
import io
import json
import os
import time
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dalian_coop.accounts.models import ApiClient, Bureau
from dalian_coop.exports import selectors, services
from dalian_coop.exports.services import files, ranges
from dalian_coop.exports.tasks import purge as purge_task
from dalian_coop.exports.tasks import run as run_task
from dalian_coop.jobs.models import Job
from dalian_coop.jobs.services import claim, sweep
from dalian_coop.rest.exported import Exported
from tests.dalian_coop.history.copies import EVERYTHING, Copy, wide_token
from tests.factories import bearer, make_bureau, make_client_token
from tests.planning.factories import make_task
from tests.planning.roadmap.factories import make_stone

pytestmark = pytest.mark.django_db(transaction=True)


class System:
    """A client system that asks for exports."""

    def __init__(self, token: str):
        self.web, self.headers = Client(), bearer(token)

    def get(self, path: str, **headers):
        return self.web.get(path, **self.headers, **headers)

    def ask(self, resources, kind="ndjson", **more):
        values = {"resources": resources, "format": kind} | more
        return self.web.post("/api/v1/exports/", values, content_type="application/json", **self.headers)

    def done(self, resources, kind="ndjson") -> dict:
        """Ask, do the work, and read what is said of it."""
        answer = self.ask(resources, kind)
        assert answer.status_code == 202, answer.content
        run_task(answer.json()["id"])
        found = self.get(answer.headers["Location"]).json()
        assert found["state"] == "succeeded", found
        return found

    def file(self, export: dict, **headers):
        return self.get(export["_links"]["file"], **headers)


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def system():
    make_stone(make_task(units=(make_bureau(),)))
    return System(wide_token())


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_several_resources_come_as_one_file_with_its_sums(system):
    export = system.done(["tasks", "bureaus", "milestones"])
    raw = content(system.file(export))
    assert hashlib.sha256(raw).hexdigest() == export["file"]["sha256"] and len(raw) == export["file"]["bytes"]
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        assert book.testzip() is None
        sums = dict(reversed(line.split("  ")) for line in book.read("SHA256SUMS").decode().splitlines())
        assert set(book.namelist()) == set(sums) | {"SHA256SUMS"}
        for name, digest in sums.items():
            assert hashlib.sha256(book.read(name)).hexdigest() == digest
        package = json.loads(book.read("datapackage.json"))
        for part in package["resources"]:
            rows = [json.loads(line) for line in book.read(part["path"]).splitlines()]
            assert part["rowCount"] == len(rows) and part["hash"] == "sha256:" + sums[part["path"]]
            assert [field["name"] for field in part["schema"]["fields"]] == list(rows[0])
            assert part["bytes"] == len(book.read(part["path"]))
    assert [part["name"] for part in package["resources"]] == ["bureaus", "milestones", "tasks"]
    assert [(part["name"], part["rows"]) for part in export["contents"]][1:] == [("milestones", 1), ("tasks", 1)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_other_formats_stand_in_the_archive(system, kind):
    export = system.done(["tasks"], kind)
    with zipfile.ZipFile(io.BytesIO(content(system.file(export)))) as book:
        head = book.read(f"tasks.{kind}")[:5]
    assert head == {"csv": b"\xef\xbb\xbfid", "xlsx": b"PK\x03\x04\x14"}[kind]


def test_a_part_has_its_rows_and_columns_and_no_cursor(system):
    wanted = make_task(progress=30)
    part = {"filters": {"tasks": {"progress__gte": "20"}}, "fields": {"tasks": ["progress", "id"]}}
    answer = system.ask(["tasks", "bureaus"], **part)
    run_task(answer.json()["id"])
    export = system.get(answer.headers["Location"]).json()
    assert export["sync_cursor"] is None and {name: export[name] for name in part} == part
    assert {c["name"]: c["sync_cursor"] is None for c in export["contents"]} == {"bureaus": False, "tasks": True}
    file = system.file(export)
    with zipfile.ZipFile(io.BytesIO(content(file))) as book:
        assert json.loads(book.read("tasks.ndjson")) == {"id": str(wanted.pk), "progress": 30}
        package = json.loads(book.read("datapackage.json"))["resources"][1]
    assert package["filters"] == part["filters"]["tasks"] and len(package["schema"]["fields"]) == 2
    assert "X-Sync-Cursor" not in file.headers


def test_the_cursor_of_the_file_goes_on_without_a_gap(system):
    answer = system.ask(["bureaus", "tasks"])
    early = make_bureau()
    run_task(answer.json()["id"])
    export = system.get(answer.headers["Location"]).json()
    late = make_bureau()
    for resource, cursor in [("bureaus,tasks", export["sync_cursor"])] + [
        (part["name"], part["sync_cursor"]) for part in export["contents"][:1]
    ]:
        page = system.get("/api/v1/changes/?resource=" + resource + "&cursor=" + cursor).json()
        assert {item["id"] for item in page["items"]} == {str(late.pk)}
    with zipfile.ZipFile(io.BytesIO(content(system.file(export)))) as book:
        assert str(early.pk).encode() in book.read("bureaus.ndjson")


def test_all_files_of_an_export_are_of_one_moment(system, monkeypatch):
    """A task and a bureau that are written while the first file is made are in neither of them."""
    from tests.dalian_coop.history.test_writes import in_threads

    real, made = files.Archive.add, []

    def add(self, path, pieces, count):
        member = real(self, path, pieces, count)
        (thread,) = in_threads(lambda: made.append(str(make_bureau().pk)))
        thread.join()
        return member

    monkeypatch.setattr(files.Archive, "add", add)
    export = system.done(["agreements", "bureaus", "industries"])
    with zipfile.ZipFile(io.BytesIO(content(system.file(export)))) as book:
        text = book.read("bureaus.ndjson").decode()
    assert len(made) == 4 and not any(key in text for key in made)
    copy = Copy("agreements,bureaus,industries", "x", Client())
    copy.headers, copy.cursor = system.headers, export["sync_cursor"]
    assert set(copy.news()) == set(made)


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=10-", 10, None), ("bytes=-5", -5, None), ("bytes=0-99999999", 0, None)],
)
def test_a_broken_download_goes_on_by_range(system, header, first, last):
    export = system.done(["bureaus"])
    whole = content(system.file(export))
    answer = system.file(export, HTTP_RANGE=header)
    stop = len(whole) if last is None else last + 1
    assert answer.status_code == 206 and content(answer) == whole[first:stop]
    start = first % len(whole)
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(whole)}"
    assert int(answer.headers["Content-Length"]) == stop - start


@pytest.mark.parametrize("header", ["bytes=5-2", "bytes=a-b", "lines=0-1", "bytes=0-1,3-4", "bytes=-", "bytes", ""])
def test_a_range_that_is_none_gives_the_whole_file(system, header):
    export = system.done(["bureaus"])
    answer = system.file(export, HTTP_RANGE=header)
    assert answer.status_code == 200 and len(content(answer)) == export["file"]["bytes"]


def test_a_range_behind_the_end_is_416(system):
    export = system.done(["bureaus"])
    answer = system.file(export, HTTP_RANGE="bytes=99999999-")
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{export['file']['bytes']}")
    with pytest.raises(ranges.Unsatisfiable):
        ranges.byte_range("bytes=-0", 10)


def test_the_tag_of_a_file_is_its_sum(system):
    export = system.done(["bureaus"])
    tag = f'"{export["file"]["sha256"]}"'
    assert system.file(export).headers["ETag"] == tag
    assert system.file(export, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert system.file(export, HTTP_RANGE="bytes=0-0", HTTP_IF_RANGE=tag).status_code == 206
    assert system.file(export, HTTP_RANGE="bytes=0-0", HTTP_IF_RANGE='"other"').status_code == 200


def test_a_file_is_there_for_the_one_who_asked_only(system):
    export = system.done(["bureaus"])
    stranger = System(make_client_token(make_bureau(), EVERYTHING))
    for path in (export["_links"]["self"], export["_links"]["file"]):
        assert stranger.get(path).status_code == 404
    assert stranger.get("/api/v1/exports/").json() == {"items": []}
    assert [e["id"] for e in system.get("/api/v1/exports/").json()["items"]] == [export["id"]]


def test_a_file_is_closed_to_whom_it_no_longer_belongs(system):
    export = system.done(["bureaus", "tasks"])
    ApiClient.objects.update(scopes=["reference:read"])
    answer = system.file(export)
    assert answer.status_code == 410 and answer.json()["reason"] == "scope"
    assert answer.json()["resync_url"].endswith("/api/v1/exports/")


def test_rights_that_are_gone_when_the_worker_begins_end_the_job(system):
    answer = system.ask(["tasks"])
    ApiClient.objects.update(scopes=["reference:read"])
    run_task(answer.json()["id"])
    job = Job.objects.get()
    assert job.state == "failed" and job.error and not list(selectors.folder().glob("*"))


def test_a_file_expires_after_three_days_and_is_removed(system):
    export = system.done(["bureaus"])
    job = Job.objects.get()
    left = selectors.expires_at(job) - timezone.now()
    assert timedelta(hours=71, minutes=59) < left <= timedelta(hours=72)
    path = selectors.file_of(job)
    assert services.purge() == 0 and path.is_file()
    os.utime(path, (time.time() - 7200,) * 2)
    assert services.purge(now=timezone.now() + timedelta(hours=71)) == 0
    assert services.purge(now=timezone.now() + timedelta(hours=73)) == 1 and not path.exists()
    answer = system.file(export)
    assert answer.status_code == 410 and answer.json()["reason"] == "expired"
    Job.objects.update(result=job.result | {"expires_at": timezone.now().isoformat()})
    assert "file" not in system.get(export["_links"]["self"]).json()["_links"]


def test_what_killed_workers_left_is_removed_after_a_day(system):
    selectors.folder().mkdir()
    fresh, old = selectors.folder() / "a.1.part", selectors.folder() / "b.1.part"
    for path in (fresh, old):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 90_000,) * 2)
    purge_task()
    assert fresh.exists() and not old.exists()


def test_a_third_export_at_once_has_to_wait(system):
    assert [system.ask(["bureaus"]).status_code for _n in range(2)] == [202, 202]
    answer = system.ask(["bureaus"])
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    other = System(make_client_token(make_bureau(), EVERYTHING))
    assert other.ask(["bureaus"]).status_code == 202
    run_task(str(Job.objects.earliest("created_at").pk))
    assert system.ask(["bureaus"]).status_code == 202


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"resources": []}, 422),
        ({"resources": ["users"]}, 422),
        ({"resources": "tasks"}, 422),
        ({"resources": ["tasks"], "format": "pdf"}, 422),
        ({"resources": ["tasks"], "filter": "x"}, 400),
        ({"resources": ["tasks"], "filters": {"bureaus": {"code": "x"}}}, 422),
        ({"resources": ["tasks"], "filters": {"tasks": {"lead__full_name": "x"}}}, 422),
        ({"resources": ["tasks"], "filters": {"tasks": {"due__lte": "soon"}}}, 422),
        ({"resources": ["tasks"], "filters": {"tasks": ["x"]}}, 422),
        ({"resources": ["tasks"], "fields": {"tasks": ["password"]}}, 422),
        ({"resources": ["tasks"], "fields": {"tasks": []}}, 422),
        ({}, 422),
        ([], 400),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(system, values, status):
    answer = system.web.post("/api/v1/exports/", values, content_type="application/json", **system.headers)
    assert answer.status_code == status and not Job.objects.exists()


def test_what_one_may_not_read_is_not_exported():
    system = System(make_client_token(make_bureau(), ["reference:read"]))
    assert system.ask(["bureaus", "tasks"]).status_code == 403 and not Job.objects.exists()


def test_a_full_disk_ends_the_job_with_a_sentence_and_without_a_file(system, monkeypatch):
    monkeypatch.setattr(files, "LEAST_FREE_BYTES", 1 << 60)
    run_task(system.ask(["bureaus"]).json()["id"])
    job = Job.objects.get()
    assert job.state == "failed" and job.error and not list(selectors.folder().glob("*"))


def test_a_write_that_fails_in_the_middle_leaves_nothing(system, monkeypatch):
    def add(self, path, pieces, count):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.Archive, "add", add)
    run_task(system.ask(["bureaus"]).json()["id"])
    assert Job.objects.get().state == "failed" and not list(selectors.folder().glob("*"))


def test_a_worker_that_lost_the_job_does_not_name_its_file(system):
    """Taken for dead, it comes back and finishes: the job belongs to the second run."""
    answer = system.ask(["bureaus"])
    first = claim(answer.json()["id"])
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sweep().requeued == 1
    run_task(answer.json()["id"])
    from dalian_coop.jobs.services import LeaseLost

    with pytest.raises(LeaseLost):
        services.carry_out(first)
    job = Job.objects.get()
    assert job.fence == 2 and job.result["file"]["name"].endswith("-2.zip") and selectors.file_of(job).is_file()


def test_progress_is_seen_while_the_snapshot_is_open(system, monkeypatch):
    from dalian_coop.exports.services import running

    for _n in range(8):
        make_bureau()
    seen = []

    def lines(self, queryset, **options):
        for _row in queryset:
            time.sleep(0.25)
            yield 1, b"{}\n"

    def watch(run, progress, step=""):
        seen.append((progress, step))
        return report(run, progress, step)

    report = running.Run.report
    monkeypatch.setattr(running.Run, "report", watch)
    monkeypatch.setattr(Exported, "lines", lines)
    system.done(["bureaus"])
    assert seen and seen == sorted(seen) and 0 < seen[-1][0] < 100 and seen[-1][1] == "bureaus"


@pytest.mark.worker
def test_an_export_survives_its_worker_s_death(system, celery_worker, settings):
    """Killed in the middle, it is made once more, by the next worker, and is whole."""
    from dalian_coop import embedded

    settings.MEDIA_ROOT = embedded.DATA / "media"
    Bureau.objects.bulk_create(
        Bureau(code=f"x{n}", name_zh=f"局{n}", full_name="x" * 150, kind="bureau", pinyin=f"{n:05}", initials="x")
        for n in range(30_000)
    )
    export = system.ask(["bureaus"], "xlsx").json()
    celery_worker.start()
    wait_for(lambda: list(selectors.folder().glob("*.part")), 40)
    celery_worker.kill()
    assert Job.objects.get(pk=export["id"]).state == "running"
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sweep().requeued == 1
    celery_worker.start()
    sweep()
    wait_for(lambda: Job.objects.get(pk=export["id"]).state in ("succeeded", "failed"), 90)
    found = system.get(export["_links"]["self"]).json()
    assert found["state"] == "succeeded", found
    with zipfile.ZipFile(io.BytesIO(content(system.file(found)))) as book:
        assert book.testzip() is None and found["contents"][0]["rows"] == Bureau.objects.count()
    assert Job.objects.get(pk=export["id"]).fence == 2


def wait_for(condition, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
