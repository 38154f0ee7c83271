"""``manage.py api_clients``: the admitted systems; a new token, the end of one, the end of a system."""

from django.core.management.base import BaseCommand, CommandError

from dalian_coop.accounts import selectors, services
from dalian_coop.accounts.models import ApiClient, ApiToken
from dalian_coop.base.errors import NotAllowed


class Command(BaseCommand):
    help = "List API clients (no argument), make or revoke a token, or shut a client out."

    def add_arguments(self, parser):
        parser.add_argument("--token", metavar="CLIENT", help="make a token for the client of this name and print it")
        parser.add_argument("--revoke", metavar="KEY", help="revoke the token dlp_KEY_…")
        parser.add_argument("--shut-out", metavar="CLIENT", help="shut the client out and revoke all its tokens")

    def handle(self, *args, token=None, revoke=None, shut_out=None, **options):
        if token:
            try:
                issued = services.issue_token(client=_client(token))
            except NotAllowed as refused:
                raise CommandError(str(refused)) from refused
            self.stderr.write(f"Valid until {issued.token.expires_at:%Y-%m-%d}; it is shown only now.")
            self.stdout.write(issued.text)
        elif revoke:
            found = ApiToken.objects.filter(key_id=revoke).first()
            if found is None:
                raise CommandError(f"There is no token {revoke!r}.")
            services.revoke_token(token=found)
            self.stdout.write(f"{revoke} is revoked.")
        elif shut_out:
            client = services.disable_client(client=_client(shut_out))
            self.stdout.write(f"{client} is shut out.")
        else:
            self._list()

    def _list(self) -> None:
        clients = list(selectors.clients_with_tokens())
        used = selectors.usage(clients)
        for client in clients:
            state = "shut out" if client.disabled_at else f"until {client.expires_at:%Y-%m-%d}"
            tokens = ", ".join(token.key_id for token in client.live_tokens) or "no live token"
            found = used.get(client.pk, selectors.Usage())
            last = f"{found.last_at:%Y-%m-%d %H:%M}" if found.last_at else "never"
            self.stdout.write(
                f"{client}\t{client.owner}\t{state}\t{','.join(client.scopes)}\t{tokens}\t"
                f"last used {last}\t{found.rows} rows in 30 days"
            )


def _client(name: str) -> ApiClient:
    found = ApiClient.objects.filter(name=name).first()
    if found is None:
        raise CommandError(f"There is no client {name!r}.")
    return found
