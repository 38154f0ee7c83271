"""People and a small world for the tests of gap analysis."""

import pytest

from dalian_coop.accounts.enums import Role
from tests.factories import make_bureau, make_user
from tests.planning.gaps.factories import compute, make_world, start


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def analyst(db):
    return make_user(Role.ANALYST)


@pytest.fixture
def official(db):
    return make_user(Role.OFFICIAL)


@pytest.fixture
def japan_office(db):
    return make_user(Role.OFFICIAL, bureau=make_bureau("驻日本代表处", seat_country="JP"))


@pytest.fixture
def finished(world, analyst):
    """A computed run against the leader."""
    return compute(start(world, by=analyst))
