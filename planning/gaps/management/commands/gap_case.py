"""``manage.py gap_case CASE.json [--out RESULT.json]``: a gap analysis of a case file; no database, no settings."""

import os
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Run the gap engine on a case file (docs/methods/gap-case.schema.json) and write the result as JSON."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("case", type=Path, help="the case file")
        parser.add_argument("--out", type=Path, help="where the result goes; standard output without it")

    def handle(self, *args, **options):
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: the same bytes on any number of cores
        from planning.gaps.engine import chain, document
        from planning.gaps.engine.refusal import Refused

        try:
            written = chain.dumps(chain.run(document.loads(self._read(options["case"], document.check_size))))
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._write(options["out"], written)

    def _read(self, path: Path, check_size) -> bytes:
        try:
            check_size(path.stat().st_size)
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"The case file {path} cannot be read: {error.strerror}.") from error

    def _write(self, out: Path | None, written: bytes) -> None:
        if out is None:
            sys.stdout.buffer.write(written + b"\n")
            return
        try:
            out.write_bytes(written)
        except OSError as error:
            raise CommandError(f"The result cannot be written to {out}: {error.strerror}.") from error
