"""Where the servers are, who owns a data folder, and what is left over when things end badly."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple

import psycopg2
import pytest

from dalian_coop import embedded, env, ownership, processes, rootless
from dalian_coop.launcher import Launcher, host_names
from dalian_coop.processes import StartFailed
from dalian_coop.stamps import Stamps, fingerprint


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "DATA", tmp_path)
    return tmp_path


def test_database_url_is_read_in_full():
    entry = embedded.database("postgresql://me:p%40ss@db.example:5433/portal?sslmode=require")
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"]) == ("me", "p@ss", "db.example", "5433")
    assert entry["NAME"] == "portal"
    assert entry["OPTIONS"] == {"sslmode": "require"}


def test_database_url_may_name_a_socket_folder():
    entry = embedded.database("postgresql://me@/portal?host=%2Frun%2Fpg")
    assert (entry["HOST"], entry["PORT"], entry["OPTIONS"]) == ("/run/pg", "", {})


@pytest.mark.parametrize("url", ["mysql://h/n", "postgresql://h", "postgresql://h:port/n", "postgresql://h/a/b", "x"])
def test_bad_database_url_is_named(url):
    with pytest.raises(env.BadSetting, match="^Setting DATABASE_URL: "):
        embedded.database(url)


@pytest.mark.parametrize(
    ("url", "broker", "cache"),
    [
        ("redis://:p@h:6379/3", "redis://:p@h:6379/3", "redis://:p@h:6379/4"),
        ("rediss://h", "rediss://h/0", "rediss://h/1"),
        ("unix:///run/a%20b.sock?db=4", "redis+socket:///run/a%20b.sock?virtual_host=4", "unix:///run/a%20b.sock?db=5"),
    ],
)
def test_cache_and_broker_never_share_a_database(url, broker, cache):
    assert (embedded.broker(url), embedded.cache(url)) == (broker, cache)


@pytest.mark.parametrize("url", ["amqp://h/0", "redis://h/x", "redis://h:port/0", "redis://h/-1"])
def test_bad_redis_url_is_named(url):
    with pytest.raises(env.BadSetting, match="^Setting REDIS_URL: "):
        embedded.broker(url)


@pytest.mark.parametrize("folder", ["/" + "deep/" * 30, "/home/大连/var", "/home/a b/var"])
def test_sockets_of_an_awkward_folder_lie_in_a_short_one(monkeypatch, folder):
    monkeypatch.setattr(embedded, "DATA", embedded.Path(folder))
    address = os.fsencode(embedded.run_dir() / ".s.PGSQL.5432.lock")
    assert len(address) <= 107
    assert re.fullmatch(rb"[A-Za-z0-9/._-]+", address)


def test_folder_of_another_user_is_not_taken_for_sockets(data, monkeypatch):
    monkeypatch.setattr(embedded, "run_dir", lambda: data / "run")
    (data / "elsewhere").mkdir()
    (data / "run").symlink_to(data / "elsewhere")
    with pytest.raises(StartFailed, match="belongs to another user"):
        processes.make_run_dir()


def test_secret_is_made_once_and_private(data):
    first = embedded.secret("SECRET_KEY")
    assert embedded.secret("SECRET_KEY") == first
    assert len(first) >= 50
    assert embedded.secret("TOKEN_PEPPER") != first
    assert (data / "secrets" / "SECRET_KEY").stat().st_mode & 0o777 == 0o600


def test_lock_of_a_dead_process_is_no_obstacle(data):
    (data / "lock").write_text("999999")
    lock = ownership.take_lock()
    assert (data / "lock").read_text() == str(os.getpid())
    with pytest.raises(StartFailed, match=f"already runs .*process {os.getpid()}"):
        ownership.take_lock()
    lock.close()


def test_number_used_again_by_another_program_is_not_ended(data):
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        (data / "children.json").write_text(f'[["web", {bystander.pid}, "1", 15]]')
        assert ownership.end_leftovers() == 0
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_program_left_by_a_killed_launcher_is_ended_by_force_if_it_must(data, monkeypatch):
    monkeypatch.setattr(ownership, "LEFTOVER_SECONDS", 0.3)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", deaf], process_group=0, stdout=subprocess.PIPE)
    child.stdout.readline()
    started = ownership.started_at(child.pid)
    (data / "children.json").write_text(f'[["worker", {child.pid}, "{started}", 15]]')
    assert ownership.end_leftovers() == 1
    assert child.wait(10) == -9
    child.stdout.close()


def test_postmaster_file_that_names_a_foreign_process_is_removed(data):
    folder = data / "pg18"
    folder.mkdir()
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n")
    processes._wait_for_old_server(folder)
    assert not (folder / "postmaster.pid").exists()


@pytest.mark.parametrize("namespaces", [True, False])
def test_postgres_runs_for_root_too_and_keeps_its_data(data, monkeypatch, namespaces):
    """With and without user namespaces; for an ordinary user both are the plain start."""
    run = embedded.Path(tempfile.mkdtemp(prefix="dalian-test-run-"))
    monkeypatch.setattr(embedded, "run_dir", lambda: run)
    data.parent.chmod(0o700)
    family = processes.Family()
    try:
        family.start_postgres()
        family.end()
        monkeypatch.setattr(rootless, "user_namespaces", lambda: namespaces)
        child = family.start_postgres()
        effective = re.search(r"^Uid:\s+\d+\s+(\d+)", open(f"/proc/{child.process.pid}/status").read(), re.MULTILINE)[1]
        expected = os.getuid() if namespaces or os.getuid() else rootless.NOBODY
        assert int(effective) == expected
        with psycopg2.connect(host=str(run), user="postgres", dbname="dalian_coop") as connection:
            assert connection.cursor().execute("CREATE TABLE kept (a int)") is None
        connection.close()
    finally:
        family.end()
        shutil.rmtree(run)


def test_child_that_ends_while_starting_is_reported_with_its_last_words(data):
    family = processes.Family()
    child = family.spawn("web", [sys.executable, "-c", "raise SystemExit('no coffee')"])
    with pytest.raises(StartFailed, match="web ended while starting: no coffee"):
        family.wait_until(lambda: False, child)


def test_servers_stop_after_the_programs_that_use_them(data, tmp_path):
    order = tmp_path / "order"
    program = (
        "import signal, sys, time\n"
        "def stop(*_):\n    time.sleep(0.2); open(sys.argv[1], 'a').write(sys.argv[2] + '\\n'); sys.exit()\n"
        "signal.signal(15, stop); print('up', flush=True); time.sleep(60)"
    )
    family = processes.Family()
    for name in ("postgres", "web"):
        child = family.spawn(name, [sys.executable, "-c", program, order, name])
        family.wait_until(lambda name=name: processes.log_path(name).read_text() == "up\n", child)
    family.end()
    assert order.read_text().split() == ["web", "postgres"]


def test_full_disk_is_one_sentence(data, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12, 100 * 2**20))
    with pytest.raises(StartFailed, match=r"has 100 MB left; the portal needs 500 MB\.$"):
        Launcher("127.0.0.1", 8000)._check_room()


def test_listening_everywhere_is_opened_as_localhost():
    assert Launcher("0.0.0.0", 8000).url == "http://127.0.0.1:8000/"
    assert Launcher("::1", 8001).url == "http://[::1]:8001/"
    assert "localhost" in host_names("0.0.0.0")


def test_stamp_is_lost_with_the_database_and_with_a_changed_file(data, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (data / "pg18").mkdir()
    (data / "pg18" / "PG_VERSION").write_text("18")
    stamps = Stamps(data / "stamps.json")
    stamps.keep("schema", "abc")
    assert stamps.holds("schema", "abc")
    assert not stamps.holds("schema", "abd")
    os.utime(data / "pg18" / "PG_VERSION", (1, 1))
    assert not stamps.holds("schema", "abc")


def test_database_from_outside_is_always_prepared_again(data, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/portal")
    stamps = Stamps(data / "stamps.json")
    stamps.keep("schema", "abc")
    assert not stamps.holds("schema", "abc")


def test_fingerprint_follows_names_and_contents(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "ROOT", tmp_path)
    (tmp_path / "partners/regions/data").mkdir(parents=True)
    file = tmp_path / "partners/regions/data/regions.csv"
    seen = [fingerprint(["*/data/**/*"])]
    file.write_text("a")
    seen.append(fingerprint(["*/data/**/*"]))
    file.write_text("b")
    seen.append(fingerprint(["*/data/**/*"]))
    file.rename(file.with_name("r.csv"))
    seen.append(fingerprint(["*/data/**/*"]))
    assert len(set(seen)) == 4
