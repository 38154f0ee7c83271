"""Makers of accounts for tests. Rooms keep makers of their own things in tests/<floor>/<room>/factories.py.

bureau = make_bureau()                              a new bureau
user = make_user(Role.OFFICIAL, bureau=bureau)      somebody with that role there; client.force_login(user)
token = make_client_token(bureau, ["taskbooks:read"])
client.get(url, **bearer(token))
"""

import itertools
from datetime import timedelta

from django.utils import timezone

from dalian_coop.accounts import services
from dalian_coop.accounts.enums import BureauKind, Role
from dalian_coop.accounts.models import ApiClient, Bureau, Membership, User
from dalian_coop.base.chinese import pinyin_initials, pinyin_key

PASSWORD = "Harbour-Lantern-2026"
_numbers = itertools.count(1)


def make_bureau(name: str = "", **values) -> Bureau:
    """A bureau; ``seat_country="JP"`` makes an overseas office, ``coordinates=True`` the coordinating bureau."""
    number = next(_numbers)
    name = name or f"市第{number}局"
    defaults = {
        "code": f"bureau-{number}",
        "name_zh": name,
        "full_name": f"大连{name}",
        "kind": BureauKind.OVERSEAS_OFFICE if values.get("seat_country") else BureauKind.BUREAU,
        "pinyin": pinyin_key(name),
        "initials": pinyin_initials(name)[:60],
    }
    return Bureau.objects.create(**defaults | values)


def make_user(role: Role | str = Role.OFFICIAL, *, bureau: Bureau | None = None, password: str = "", **values) -> User:
    """Somebody with ``role`` in ``bureau`` (a new one if none is given). Without a password: ``force_login`` only."""
    number = next(_numbers)
    defaults = {
        "username": f"{role}{number}",
        "display_name": f"王{number}",
        "is_staff": str(role).endswith("_admin"),
    }
    user = User(**defaults | values)
    user.set_password(password) if password else user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, bureau=bureau or make_bureau(), role=role)
    return user


def make_client(bureau: Bureau | None = None, scopes=("taskbooks:read",), **values) -> ApiClient:
    """A system of ``bureau``."""
    return services.create_api_client(
        name=values.pop("name", f"client {next(_numbers)}"),
        owner=bureau or make_bureau(),
        scopes=list(scopes),
        expires_at=timezone.now() + timedelta(days=30),
        **values,
    )


def make_client_token(bureau: Bureau | None = None, scopes=("taskbooks:read",)) -> str:
    """The text of a live token of a new client."""
    return services.issue_token(client=make_client(bureau, scopes)).text


def bearer(token: str) -> dict[str, str]:
    """Keyword arguments for Django's test client."""
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}
