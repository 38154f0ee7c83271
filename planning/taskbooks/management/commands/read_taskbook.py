"""``manage.py read_taskbook FILE``: prints what the reader understands of a file, and writes nothing."""

import json
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from dalian_coop.documents.packages import MAX_UPLOAD
from planning.taskbooks.engine.result import Result
from planning.taskbooks.services.reading import database_is_usable, read_file


class Command(BaseCommand):
    help = (
        "Print what is understood of a task book in FILE (xlsx, csv, html), without writing anything. "
        "Organisations and holidays come from the database if there is one, else from the lists that are shipped."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="as JSON (UTF-8)")
        parser.add_argument("--packaged", action="store_true", help="use the shipped lists even if there is a database")
        parser.add_argument("--today", type=date.fromisoformat, default=None, help="read as on this day (YYYY-MM-DD)")

    def handle(self, *args, file: Path, **options):
        try:
            with file.open("rb") as source:
                data = source.read(MAX_UPLOAD + 1)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        packaged = options["packaged"] or not database_is_usable()
        result = read_file(data=data, name=file.name, today=options["today"] or localdate(), packaged=packaged)
        if options["json"]:
            text = json.dumps(result.as_json(), ensure_ascii=False, indent=1)
            self.stdout.buffer.write(f"{text}\n".encode()) if hasattr(self.stdout, "buffer") else self.stdout.write(
                text
            )
            return
        self._print(result)

    def _write_utf8(self, text: str) -> None:
        """In UTF-8 whatever the terminal's encoding is."""
        if raw := getattr(self.stdout, "buffer", None):
            raw.write(f"{text}\n".encode())
        else:
            self.stdout.write(text)

    def _print(self, result: Result) -> None:
        if result.error:
            raise CommandError(result.error)
        for task in result.tasks:
            due = task.due.isoformat() if task.due else task.due_text or "—"
            support = "、".join(task.support)
            self.stdout.write(f"{task.sheet}\t{task.row}\t{task.code}\t{task.content}\t{task.lead}\t{support}\t{due}")
        for remark in [*result.warnings, *result.rejected]:
            self.stdout.write(f"{remark.sheet} {remark.cell or ''} {remark.kind}: {remark.text}")
        self.stdout.write(
            f"{len(result.tasks)} tasks, {len(result.warnings)} warnings, {len(result.rejected)} rejected"
        )
