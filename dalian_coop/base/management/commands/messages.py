"""``manage.py messages``: collect, merge, compile and check the translations (see ``base.catalogues``)."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dalian_coop.base.catalogues import Catalogues


class Command(BaseCommand):
    help = "Keep the translation catalogues: --extract, --merge FILE.json, --compile, --check."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--extract", action="store_true", help="bring the catalogues up to the code")
        parser.add_argument("--merge", type=Path, help='JSON file {"msgid": {"zh": "…", "ja": "…", "ko": "…"}}')
        parser.add_argument("--compile", action="store_true", help="write the .mo files")
        parser.add_argument("--check", action="store_true", help="fail when zh-Hans or en lacks a message")

    def handle(self, *args, **options):
        catalogues = Catalogues(settings.BASE_DIR)
        with catalogues.locked():
            if options["extract"] or options["merge"]:
                self.stdout.write(f"{catalogues.extract()} messages")
            if options["merge"]:
                for msgid in catalogues.merge(json.loads(options["merge"].read_text("utf-8"))):
                    self.stdout.write(f"not used in the code: {msgid!r}")
            if options["compile"] or options["merge"]:
                catalogues.compile()
            if options["check"] and (missing := catalogues.missing()):
                raise CommandError("Translations are missing:\n" + "\n".join(missing))
