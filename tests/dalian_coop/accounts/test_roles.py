"""Roles, permissions and their limits."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dalian_coop.accounts import services
from dalian_coop.accounts.enums import ADMIN_ROLES, Role
from dalian_coop.accounts.models import Bureau, Membership, User
from dalian_coop.accounts.permissions import ROLE_PERMISSIONS, SCOPE_PERMISSIONS, Perm, granted
from dalian_coop.base.errors import NotAllowed, ValidationError
from tests.factories import make_bureau, make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", list(Role))
def test_role_holds_exactly_what_the_table_says(role):
    user = make_user(role)
    assert {p for p in Perm if p in granted(user)} == set(ROLE_PERMISSIONS[role])


def test_every_permission_is_held_by_some_role():
    assert set(Perm) - set().union(*ROLE_PERMISSIONS.values()) == set()


@pytest.mark.parametrize("role", ADMIN_ROLES)
def test_administrators_read_no_business_content(role):
    assert not {p for p in granted(make_user(role)) if p.endswith(".read") and p != "history.read"}


def test_scopes_give_no_administration():
    given = set().union(*SCOPE_PERMISSIONS.values())
    assert not given & {Perm.MANAGE_ACCOUNTS, Perm.MANAGE_CLIENTS, Perm.READ_AUDIT}


def test_superuser_flag_opens_nothing():
    user = make_user(Role.OFFICIAL, is_superuser=True)
    assert not user.has_perm(Perm.MANAGE_ACCOUNTS) and user.has_perm(Perm.READ_BOOKS)


def test_shut_account_holds_nothing():
    user = make_user(Role.OFFICIAL, is_active=False)
    assert not user.has_perm(Perm.READ_BOOKS)


def test_ended_membership_gives_nothing():
    user = make_user(Role.COORDINATOR)
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    user.memberships.update(valid_from=yesterday, valid_until=yesterday)
    user = User.objects.get(pk=user.pk)
    assert user.roles == set() and user.bureau is None and not user.has_perm(Perm.READ_BOOKS)


@pytest.mark.parametrize("first", ADMIN_ROLES)
@pytest.mark.parametrize("second", ADMIN_ROLES)
def test_nobody_holds_two_administrations(first, second):
    user, boss = make_user(first), make_user(Role.SYSTEM_ADMIN)
    another = Membership(user=user, bureau=make_bureau(), role=second)
    with pytest.raises(ValidationError) as refused:
        services.save_membership(membership=another, by=boss)
    assert refused.value.codes == {"role": ["second_admin_role"]}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, bureau=make_bureau(), role=second)


def test_nobody_grants_himself_a_role():
    boss = make_user(Role.SYSTEM_ADMIN)
    with pytest.raises(NotAllowed):
        services.save_membership(membership=Membership(user=boss, bureau=make_bureau(), role=Role.LEADER), by=boss)


def test_seat_country_of_an_overseas_office():
    assert make_user(Role.OFFICIAL, bureau=make_bureau(seat_country="JP")).seat_country == "JP"
    assert make_user(Role.OFFICIAL).seat_country == ""
    assert make_client(make_bureau(seat_country="KR")).seat_country == "KR"


def test_only_one_bureau_coordinates():
    make_bureau(coordinates=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_bureau(coordinates=True)


def test_saved_bureau_gets_its_sort_keys_and_a_new_version():
    bureau = make_bureau("市商务局")
    bureau.name_zh = "市教育局"
    services.save_bureau(bureau=bureau)
    saved = Bureau.objects.get(pk=bureau.pk)
    assert (saved.pinyin, saved.initials, saved.version) == ("shi jiao yu ju", "sjyj", 2)
