"""``manage.py demo_accounts``: one account for each role and two API tokens, written to var/demo.json."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from dalian_coop import embedded
from dalian_coop.accounts import services
from dalian_coop.base.errors import NotAllowed


class Command(BaseCommand):
    help = "Create the demo accounts and tokens, print them and write them to var/demo.json (never in production)."

    def add_arguments(self, parser):
        parser.add_argument("--url", default="http://127.0.0.1:8000/", help="address that the file names")
        parser.add_argument("--out", type=Path, default=embedded.DATA / "demo.json", help="the file, mode 0600")

    def handle(self, *args, **options):
        try:
            found = services.make_demo_accounts(file=options["out"], url=options["url"])
        except NotAllowed as error:
            raise CommandError(str(error)) from error
        for user in found["users"]:
            self.stdout.write(f"{user['role']:<16} {user['username']:<16} {user['password']}")
        for token in found["tokens"]:
            self.stdout.write(f"{token['bureau']}: {' '.join(token['scopes'])}: {token['token']}")
