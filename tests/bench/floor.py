"""The floor: what the same answer costs with no framework, no user and no product around it.

A bare WSGI application under the same gunicorn: it runs the plain SQL of the case on a psycopg2 connection of its own
thread and returns a constant body of the size the portal's answer has. Paths: ``/<case>`` as written to the JSON file
named by ``BENCH_FLOOR`` (``{case: {"sql": [...], "size": n, "write": bool}}``).
"""

import json
import os
import threading
from pathlib import Path

import psycopg2

_cases = json.loads(Path(os.environ["BENCH_FLOOR"]).read_text())
_local = threading.local()


def _connection():
    if not hasattr(_local, "connection"):
        _local.connection = psycopg2.connect(os.environ["BENCH_DSN"])
    return _local.connection


def application(environ, start_response):
    """Run the statements of the case in one transaction, fetch every row, answer a body of the given size."""
    case = _cases[environ["PATH_INFO"].strip("/")]
    connection = _connection()
    with connection, connection.cursor() as cursor:
        for statement in case["sql"]:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()
    body = b"x" * case["size"]
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(body)))])
    return [body]
