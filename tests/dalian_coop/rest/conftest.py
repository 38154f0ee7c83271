import pytest

from dalian_coop.accounts.enums import Role
from tests.factories import bearer, make_bureau, make_client_token, make_user

URLCONF = "tests.dalian_coop.rest.endpoints"


@pytest.fixture
def bureau(db):
    return make_bureau("市商务局", code="sswj", initials="sswj")


@pytest.fixture
def token(bureau):
    """Keyword arguments that authenticate a client of 市商务局."""
    return bearer(make_client_token(bureau, ["reference:read"]))


@pytest.fixture
def official(client, bureau):
    """Signs an official of 市商务局 in."""
    user = make_user(Role.OFFICIAL, bureau=bureau)
    client.force_login(user)
    return user
