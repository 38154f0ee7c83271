"""``make bench``: prints one table: case, p50, p95, CPU-ms of web and database, SQL statements, × floor, goal, met.

Everything runs on loopback in one go: PostgreSQL and Valkey of its own in a temporary folder, the portal under
gunicorn with its own configuration, then the floor under the same gunicorn. Times are only meant as ratios within one
run; CPU-ms and SQL counts are what to watch over time. Bounded: ``--rounds`` requests a case (default 60).
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

os.environ["DALIAN_DATA_DIR"] = tempfile.mkdtemp(prefix="dalian-bench-", dir="/tmp")  # noqa: S108
os.environ["DALIAN_ENV"] = "development"
for _name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(_name, None)
os.environ["DJANGO_SETTINGS_MODULE"] = "dalian_coop.settings"
os.environ["LOG_LEVEL"] = "WARNING"
os.environ["API_RATE"] = "10000"

PORTS = {"portal": 8391, "floor": 8392}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Case:
    """One thing measured. ``sql`` is what the floor runs, ``goal`` the factor over it, ``most_sql`` the limit."""

    name: str
    path: str
    sql: list[str]
    goal: float
    most_sql: int | None
    api: bool = True
    patch: str = ""
    rounds: float = 1.0
    times: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    size: int = 0
    statements: int = 0


def cases(book_ids: dict[str, str], task_id: str) -> list[Case]:
    """The cases of the design page that exist so far."""
    flat = "SELECT * FROM taskbooks_task WHERE book_id = '{}' ORDER BY sort_key LIMIT {}"
    one = f"SELECT * FROM taskbooks_task WHERE id = '{task_id}'"
    road = "SELECT id, code, content, start, due, progress FROM taskbooks_task WHERE book_id = '{0}' ORDER BY sort_key"
    stones = (
        "SELECT m.id, m.code, m.name, m.due FROM roadmap_milestone m JOIN taskbooks_task t ON t.id = m.task_id "
        "WHERE t.book_id = '{0}'"
    )
    write = f"UPDATE taskbooks_task SET progress_note = 'x', version = version + 1 WHERE id = '{task_id}'"
    audit = (
        "INSERT INTO change_log (resource, object_id, version, op, xid, at) "
        f"VALUES ('floor', '{task_id}', 1, 'U', pg_current_xact_id(), clock_timestamp())"
    )
    b = book_ids
    grid = (
        "SELECT json_agg(row_to_json(r))::text FROM (SELECT t.*, l.code AS lead, "
        "f.code AS field_code, m.code AS measure_code, "
        "ARRAY(SELECT b.code FROM taskbooks_taskunit u JOIN accounts_bureau b ON b.id = u.bureau_id "
        'WHERE u.task_id = t.id ORDER BY u."order") AS units FROM taskbooks_task t '
        "JOIN accounts_bureau l ON l.id = t.lead_id JOIN industries_cooperationfield f ON f.id = t.field_id "
        "JOIN plans_measure m ON m.id = t.measure_id WHERE t.book_id = '{}' ORDER BY t.sort_key) r"
    )
    return [
        Case("REST list of 100", "/api/v1/tasks/?limit=100", [flat.format(b["bench-rest"], 100)], 6, 8),
        Case("REST detail", f"/api/v1/tasks/{task_id}/", [one], 9, 6),
        Case("REST update + audit", f"/api/v1/tasks/{task_id}/", [one, write, audit], 9, 14, patch="progress_note"),
        Case("HTML task list of 100", "/books/bench-100/", [flat.format(b["bench-100"], 100)], 12, 15, api=False),
        Case("grid: 2,000 rows as JSON", "/books/bench-2000/rows/", [grid.format(b["bench-2000"])], 3, 9, api=False,
             rounds=0.3),
        Case("road map of 400", "/roadmaps/bench-400/", [road.format(b["bench-400"]), stones.format(b["bench-400"])],
             17, 12, api=False, rounds=0.5),
        Case("road map of 2,000", "/roadmaps/bench-2000/",
             [road.format(b["bench-2000"]), stones.format(b["bench-2000"])], 20, 12, api=False, rounds=0.3),
        Case("CSV of 17,500, all columns", "/books/bench-rest/export.csv", [], 18, None, api=False, rounds=0.05),
    ]  # fmt: skip


class Asker:
    """Sends one request after the other, as the official (session cookie) or the client (token)."""

    def __init__(self, token: str, cookie: str):
        self.token, self.cookie = token, cookie

    def ask(self, case: Case, port: int, *, etag: str = "") -> tuple[float, float, bytes, str]:
        """Returns (seconds to the first byte, seconds in all, body, etag). Raises on any status but 200."""
        request = urllib.request.Request(f"http://127.0.0.1:{port}{case.path}")  # noqa: S310
        if case.api:
            request.add_header("Authorization", f"Bearer {self.token}")
        else:
            request.add_header("Cookie", f"sessionid={self.cookie}")
        if etag:
            request.method = "PATCH"
            request.add_header("Content-Type", "application/json")
            request.add_header("If-Match", etag)
            request.data = json.dumps({case.patch: f"n {time.monotonic_ns()}"}).encode()
        start = time.perf_counter()
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
            first_chunk = answer.read(1)
            first = time.perf_counter() - start
            body = first_chunk + answer.read()
            return first, time.perf_counter() - start, body, answer.headers.get("ETag", "")


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of the processes and their living children so far (finished children included)."""
    total, wanted = 0, set(pids)
    for stat in sorted(Path("/proc").glob("[0-9]*/stat"), key=lambda p: int(p.parent.name)):
        try:
            pid = int(stat.parent.name)
            parts = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if pid in wanted or int(parts[1]) in wanted:
            wanted.add(pid)
            total += int(parts[11]) + int(parts[12])
    return total / TICKS


def measure(case: Case, side: str, asker: Asker, rounds: int, pids: list[int]) -> None:
    """Warm up, then ``rounds`` requests one after the other."""
    port = PORTS[side]
    etag = ""
    for n in range(rounds + 3):
        if n == 3:
            before = cpu_seconds(pids)
            case.times[side] = []
        first, seconds, body, seen = asker.ask(case, port, etag=etag)
        etag = seen if case.patch and side == "portal" else ""
        if n >= 3:
            case.times[side].append(seconds)
        if side == "portal":
            case.size = len(body)
            if case.name.startswith("CSV"):
                case.times.setdefault("first byte", []).append(first)
    case.cpu[side] = (cpu_seconds(pids) - before) / rounds * 1000


def count_statements(case: Case, actor) -> int:
    """SQL statements of one request, in this process (the same code, the same database)."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")
    headers = {"Authorization": f"Bearer {actor.token}"} if case.api else {}
    if not case.api:
        client.force_login(actor.user, backend="dalian_coop.accounts.backends.PasswordBackend")
        client.get(case.path)
    answer = client.get(case.path, headers=headers)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        if case.patch:
            headers["If-Match"] = answer.headers["ETag"]
            answer = client.patch(case.path, {case.patch: "counted"}, content_type="application/json", headers=headers)
        else:
            answer = client.get(case.path, headers=headers)
            if answer.streaming:
                b"".join(answer.streaming_content)
    if answer.status_code != 200:
        raise SystemExit(f"{case.name}: status {answer.status_code}")
    return len(seen)


def copy_seconds(book_id: str) -> float:
    """The floor of the CSV case: PostgreSQL's own COPY of the same rows to a client."""
    from io import BytesIO

    from django.db import connection

    best = []
    for _n in range(3):
        start = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.cursor.copy_expert(
                f"COPY (SELECT * FROM taskbooks_task WHERE book_id = '{book_id}' ORDER BY sort_key) TO STDOUT CSV",
                BytesIO(),
            )
        best.append(time.perf_counter() - start)
    return statistics.median(best)


def report(found: list[Case]) -> bool:
    """Print the table; true when every goal is met."""
    names = ("p50 ms", "p95", "CPU-ms", "SQL", "kB", "floor p50", "× floor", "goal", "met")
    print(f"{'case':28}" + "".join(f"{name:>10}" for name in names))
    good = True
    for case in found:
        p50 = {side: statistics.median(times) * 1000 for side, times in case.times.items()}
        times = sorted(case.times["portal"])
        p95 = times[min(len(times) - 1, int(len(times) * 0.95))] * 1000
        factor = p50["portal"] / p50["floor"]
        met = factor <= case.goal and (case.most_sql is None or case.statements <= case.most_sql)
        good &= met
        print(
            f"{case.name:28}{p50['portal']:10.1f}{p95:10.1f}{case.cpu['portal']:10.1f}{case.statements:10}"
            f"{case.size / 1000:10.0f}{p50['floor']:10.2f}{factor:10.1f}{case.goal:10.0f}{'yes' if met else 'NO':>10}"
        )
        if "first byte" in p50:
            print(f"{'':28}first byte {p50['first byte']:.0f} ms (goal 300)")
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60, help="requests a case (at most 500)")
    rounds = min(parser.parse_args().rounds, 500)
    from dalian_coop.processes import Family

    family = Family()
    try:
        postgres = family.start_postgres()
        family.start_valkey()
        return run(family, postgres.process.pid, rounds)
    finally:
        family.end()
        shutil.rmtree(os.environ["DALIAN_DATA_DIR"], ignore_errors=True)


def run(family, postgres_pid: int, rounds: int) -> int:
    """Seed, start both servers, measure case by case."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    print("preparing 20,000 tasks …", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("messages", compile=True, verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from planning.taskbooks.models import Task, TaskBook
    from tests.bench import feed, gaps, schedule, seed

    actor = seed.fill()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    books = {code: str(pk) for code, pk in TaskBook.objects.values_list("code", "pk")}
    task = Task.objects.filter(book__code="bench-rest", lead=actor.user.bureau).order_by("sort_key").first()
    client = Client()
    client.force_login(actor.user, backend="dalian_coop.accounts.backends.PasswordBackend")
    found = cases(books, str(task.pk))
    for case in found:
        case.statements = count_statements(case, actor)
    asker = Asker(actor.token, client.cookies[settings.SESSION_COOKIE_NAME].value)
    web = family.spawn(
        "web", [sys.executable, "-m", "gunicorn", "-c", "python:dalian_coop.gunicorn", "dalian_coop.wsgi"],
        environ={"PORT": str(PORTS["portal"])},
    )  # fmt: skip
    wait_for_port(PORTS["portal"], web)
    for case in found:
        measure(case, "portal", asker, max(3, int(rounds * case.rounds)), [web.process.pid, postgres_pid])
    pages = feed.measure(actor.token, PORTS["portal"], max(5, rounds // 3))
    floor_file = Path(os.environ["DALIAN_DATA_DIR"]) / "floor.json"
    floor_file.write_text(json.dumps({str(n): {"sql": c.sql, "size": c.size} for n, c in enumerate(found)}))
    params = connection.get_connection_params()
    floor = family.spawn(
        "floor",
        # As the portal's server, but without its configuration, which warms Django up.
        [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{PORTS['floor']}", "-k", "gthread", "-w", "2",
         "--threads", "4", "--no-control-socket", "tests.bench.floor:application"],
        environ={
            "BENCH_FLOOR": str(floor_file),
            "BENCH_DSN": f"host={params['host']} user={params['user']} dbname={params['dbname']}",
        },
    )  # fmt: skip
    wait_for_port(PORTS["floor"], floor)
    for number, case in enumerate(found):
        if not case.sql:
            case.times["floor"] = [copy_seconds(books["bench-rest"])]
            continue
        bare = Case(case.name, f"/{number}", case.sql, 0, None)
        measure(bare, "floor", asker, max(3, int(rounds * case.rounds)), [floor.process.pid, postgres_pid])
        case.times["floor"] = bare.times["floor"]
    good = [report(found), feed.report(pages), schedule.report(), gaps.in_own_process() == 0]
    return 0 if all(good) else 1


def wait_for_port(port: int, child) -> None:
    """Until the server answers anything at all."""
    from dalian_coop.processes import last_words

    for _n in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()  # noqa: S310
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if not child.alive:
                raise SystemExit(f"{child.name} ended while starting: {last_words(child.name)}") from None
            time.sleep(0.1)
    raise SystemExit(f"{child.name} does not answer")


if __name__ == "__main__":
    sys.exit(main())
