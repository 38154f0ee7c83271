"""A complete copy of one resource in SQLite: python sample_client.py BASE_URL RESOURCE FILE [seconds between polls].

The token stands in the environment variable PORTAL_TOKEN. Killed at any moment, it goes on where it was: the data and
the cursor that says how far they go are written in one transaction. docs/api/README.md explains every line.
"""

import json
import os
import sqlite3
import sys
import time

import requests

BASE, RESOURCE, FILE = sys.argv[1:4]
WEB = requests.Session()
WEB.headers["Authorization"] = "Bearer " + os.environ["PORTAL_TOKEN"]
DB = sqlite3.connect(FILE)
DB.execute("CREATE TABLE IF NOT EXISTS object (id TEXT PRIMARY KEY, version INTEGER, data TEXT)")
DB.execute("CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT)")


def ask(path, **options):
    while True:
        answer = WEB.get(BASE + path, timeout=300, **options)
        if answer.status_code not in (429, 503):
            return answer
        time.sleep(int(answer.headers.get("Retry-After", 5)))


def full_copy():
    with ask(f"/export/{RESOURCE}.ndjson", stream=True) as answer, DB:  # "with DB": all of it, or nothing
        answer.raise_for_status()
        DB.execute("DELETE FROM object")
        for line in answer.iter_lines():
            row = json.loads(line)
            DB.execute("INSERT INTO object VALUES (?, ?, ?)", (row["id"], row.get("version"), json.dumps(row)))
        if DB.execute("SELECT count(*) FROM object").fetchone()[0] != int(answer.headers["X-Row-Count"]):
            raise requests.ConnectionError("the full copy was cut off")
        DB.execute("REPLACE INTO state VALUES ('cursor', ?)", (answer.headers["X-Sync-Cursor"],))


def step():
    """Apply one page; returns whether there is more to fetch at once."""
    known = DB.execute("SELECT value FROM state WHERE name = 'cursor'").fetchone()
    answer = ask("/changes/", params={"resource": RESOURCE, "cursor": known[0]}) if known else None
    if answer is None or answer.status_code == 410:  # no copy yet, or one that cannot be continued
        full_copy()
        return True
    answer.raise_for_status()
    page = answer.json()
    with DB:
        for item in page["items"]:
            if item["op"] == "upsert":
                values = (item["id"], item["version"], json.dumps(item["data"]))
                DB.execute("REPLACE INTO object VALUES (?, ?, ?)", values)
            else:  # deleted, or no longer ours to see
                DB.execute("DELETE FROM object WHERE id = ?", (item["id"],))
        DB.execute("REPLACE INTO state VALUES ('cursor', ?)", (page["next_cursor"],))
    return page["has_more"]


# The portal is away or restarting: the copy stays as it is, and the next poll goes on from there.
AWAY = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)

while True:
    trouble = None
    try:
        while step():
            pass
    except AWAY as error:
        trouble = str(error)
    if len(sys.argv) < 5:
        sys.exit(trouble)
    time.sleep(float(sys.argv[4]))
