"""``manage.py create_api_client``: admit a system of a bureau and print its token, this once."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from dalian_coop.accounts import services
from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.permissions import SCOPES
from dalian_coop.base.errors import ValidationError


class Command(BaseCommand):
    help = f"Admit an API client. Scopes: {', '.join(SCOPES)}. The token is shown once and kept nowhere."

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("--bureau", required=True, help="short name (市商务局) or code of the bureau")
        parser.add_argument("--scope", action="append", required=True, dest="scopes", help="may be given repeatedly")
        parser.add_argument("--days", type=int, default=365, help="how long it is valid (1 to 365)")
        parser.add_argument("--contact", default="")
        parser.add_argument("--purpose", default="")
        parser.add_argument("--document-number", default="")
        parser.add_argument("--row-bureau", action="append", default=[], help="only rows of this bureau; repeatable")
        parser.add_argument("--network", action="append", default=[], help="address or network; repeatable")

    def handle(self, *args, **options):
        owner = _bureau(options["bureau"])
        try:
            with transaction.atomic():
                client = services.create_api_client(
                    name=options["name"],
                    owner=owner,
                    scopes=options["scopes"],
                    expires_at=timezone.now() + timedelta(days=options["days"]),
                    contact=options["contact"],
                    purpose=options["purpose"],
                    document_number=options["document_number"],
                    row_bureaus=[_bureau(wanted) for wanted in options["row_bureau"]],
                    networks=options["network"],
                )
                issued = services.issue_token(client=client)
        except ValidationError as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"{client.name} may use this token until {issued.token.expires_at:%Y-%m-%d}; keep it now.")
        self.stdout.write(issued.text)


def _bureau(wanted: str) -> Bureau:
    found = Bureau.objects.filter(name_zh=wanted).first() or Bureau.objects.filter(code=wanted).first()
    if found is None:
        raise CommandError(f"There is no bureau {wanted!r}.")
    return found
