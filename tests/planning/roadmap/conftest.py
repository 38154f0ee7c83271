"""The people of a milestone: who leads its task, who helps, and the coordinating office."""

import pytest

from dalian_coop.accounts.enums import Role
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_coordinator


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Evidence goes to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lead():
    return make_user(Role.OFFICIAL, bureau=make_bureau("市商务局"))


@pytest.fixture
def helper():
    return make_user(Role.OFFICIAL, bureau=make_bureau("市外办"))


@pytest.fixture
def office():
    return make_coordinator(bureau=make_bureau("市发改委", coordinates=True))
