"""A client's copy, for tests: a full export, then the feed, in this process."""

import json

from django.test import Client

from tests.factories import bearer, make_bureau, make_client_token

EVERYTHING = ["reference:read", "taskbooks:read", "gaps:read"]


class Copy:
    """What a bureau's system holds. ``actor`` is a token's text or a person."""

    def __init__(self, resource: str, actor, client: Client | None = None):
        self.resource, self.web = resource, client or Client()
        self.headers = bearer(actor) if isinstance(actor, str) else {}
        if not self.headers:
            self.web.force_login(actor)
        self.rows: dict[str, dict] = {}
        self.cursor = ""
        self.seen: list[dict] = []  # every item of the feed, as it came

    def full(self) -> "Copy":
        self.rows, self.cursor = self.export()
        return self

    def export(self) -> tuple[dict[str, dict], str]:
        answer = self.web.get(f"/api/v1/export/{self.resource}.ndjson", **self.headers)
        assert answer.status_code == 200, answer.content
        rows = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
        return {row["id"]: row for row in rows}, answer.headers["X-Sync-Cursor"]

    def ask(self, **params):
        given = {"resource": self.resource, "cursor": self.cursor} | params
        return self.web.get("/api/v1/changes/", {k: v for k, v in given.items() if v is not None}, **self.headers)

    def step(self, **params) -> dict:
        """Fetch and apply one page."""
        answer = self.ask(**params)
        assert answer.status_code == 200, answer.content
        page = json.loads(answer.content)
        for item in page["items"]:
            if item["op"] == "upsert":
                self.rows[item["id"]] = item["data"]
            else:
                self.rows.pop(item["id"], None)
        self.seen += page["items"]
        self.cursor = page["next_cursor"]
        return page

    def catch_up(self, **params) -> "Copy":
        while self.step(**params)["has_more"]:
            pass
        return self

    def news(self, **params) -> dict[str, str]:
        """{id: op} of everything since the last time."""
        before = len(self.seen)
        self.catch_up(**params)
        return {item["id"]: item["op"] for item in self.seen[before:]}


def wide_token() -> str:
    """A token that sees everything: of a system of the coordinating bureau."""
    return make_client_token(make_bureau(coordinates=True), EVERYTHING)
