"""The administration pages: each administrator sees his own, and nobody else gets in."""

import pytest
from django.utils import timezone

from dalian_coop.accounts import services
from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.models import Bureau, Membership, User
from tests.factories import make_bureau, make_client, make_user

pytestmark = pytest.mark.django_db


def test_business_roles_do_not_get_in(client):
    for role in (Role.OFFICIAL, Role.COORDINATOR, Role.LEADER):
        client.force_login(make_user(role))
        assert client.get("/admin/accounts/user/").status_code == 302


def test_there_is_one_door_and_one_page_for_passwords(client):
    stranger = client.get("/admin/accounts/user/", follow=True)
    assert stranger.redirect_chain[-1][0].startswith("/accounts/sign-in/?next=/admin/accounts/user/")
    client.force_login(make_user(Role.OFFICIAL))
    assert client.get("/admin/", follow=True).status_code == 403
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/"


def test_security_and_audit_administrators_see_their_own_lists(client):
    make_client()
    client.force_login(make_user(Role.SECURITY_ADMIN))
    assert client.get("/admin/accounts/apiclient/").status_code == 200
    assert client.get("/admin/history/change/").status_code == 403
    client.force_login(make_user(Role.AUDIT_ADMIN))
    assert client.get("/admin/history/change/").status_code == 200
    assert client.get("/admin/accounts/apiclient/").status_code == 403
    assert client.get("/admin/history/change/add/").status_code == 403


def test_administration_opens_and_shuts_with_the_role():
    boss, user = make_user(Role.SYSTEM_ADMIN), make_user(Role.OFFICIAL)
    grant = Membership(user=user, bureau=make_bureau(), role=Role.AUDIT_ADMIN)
    services.save_membership(membership=grant, by=boss)
    assert User.objects.get(pk=user.pk).is_staff
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    grant.valid_from = grant.valid_until = yesterday
    services.save_membership(membership=grant, by=boss)
    assert not User.objects.get(pk=user.pk).is_staff


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_other_administrators_see_no_accounts(client, role):
    client.force_login(make_user(role))
    assert client.get("/admin/accounts/user/").status_code == 403
    assert client.get("/admin/jobs/job/").status_code == 403


def test_system_administrator_opens_every_page(client):
    boss = make_user(Role.SYSTEM_ADMIN)
    client.force_login(boss)
    other = make_user(Role.OFFICIAL)
    for path in (
        "",
        "accounts/user/",
        "accounts/user/add/",
        f"accounts/user/{boss.pk}/change/",
        f"accounts/user/{other.pk}/change/",
        "accounts/bureau/",
        f"accounts/bureau/{other.bureau.pk}/change/",
        "accounts/bureau/add/",
        "accounts/position/add/",
        "jobs/job/",
    ):
        assert client.get(f"/admin/{path}").status_code == 200, path
    assert client.get(f"/admin/accounts/user/{other.pk}/delete/").status_code == 403
    assert client.get("/admin/jobs/job/add/").status_code == 403


def _person(user, memberships=()):
    values = {
        "username": user.username,
        "display_name": user.display_name,
        "language": "",
        "email": "",
        "is_active": "on",
        "memberships-TOTAL_FORMS": str(len(memberships)),
        "memberships-INITIAL_FORMS": "0",
    }
    for number, membership in enumerate(memberships):
        values |= {f"memberships-{number}-{name}": value for name, value in membership.items()}
    return values


def test_role_given_in_the_administration_is_recorded_with_who_gave_it(client):
    boss, other, bureau = make_user(Role.SYSTEM_ADMIN), make_user(Role.OFFICIAL), make_bureau()
    client.force_login(boss)
    grant = {"bureau": bureau.pk, "role": "head", "primary": "on", "valid_from": "2026-01-01", "user": other.pk}
    answer = client.post(f"/admin/accounts/user/{other.pk}/change/", _person(other, [grant]))
    assert answer.status_code == 302
    membership = Membership.objects.get(user=other, role="head")
    assert membership.events.get().pgh_context.metadata["actor"] == str(boss.pk)


def test_own_roles_cannot_be_changed_there(client):
    boss, bureau = make_user(Role.SYSTEM_ADMIN), make_bureau()
    client.force_login(boss)
    grant = {"bureau": bureau.pk, "role": "leader", "primary": "on", "valid_from": "2026-01-01", "user": boss.pk}
    client.post(f"/admin/accounts/user/{boss.pk}/change/", _person(boss, [grant]))
    assert {m.role for m in boss.memberships.all()} == {"system_admin"}


def test_second_administration_is_refused_at_the_field(client):
    boss, other, bureau = make_user(Role.SYSTEM_ADMIN), make_user(Role.AUDIT_ADMIN), make_bureau()
    client.force_login(boss)
    grant = {
        "bureau": bureau.pk,
        "role": "security_admin",
        "primary": "on",
        "valid_from": "2026-01-01",
        "user": other.pk,
    }
    answer = client.post(f"/admin/accounts/user/{other.pk}/change/", _person(other, [grant]))
    assert answer.status_code == 200
    assert Membership.objects.filter(user=other).count() == 1


def test_bureau_saved_there_counts_its_version_up(client):
    boss, bureau = make_user(Role.SYSTEM_ADMIN), make_bureau("市文旅局")
    client.force_login(boss)
    values = {"name_zh": "市文化和旅游局", "full_name": "大连市文化和旅游局", "kind": "bureau", "aliases": "市文旅局"}
    answer = client.post(f"/admin/accounts/bureau/{bureau.pk}/change/", values)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    saved = Bureau.objects.get(pk=bureau.pk)
    assert saved.version == 2 and saved.pinyin.startswith("shi wen hua") and saved.aliases == ["市文旅局"]


def test_account_made_there_is_recorded_without_its_password(client):
    boss = make_user(Role.SYSTEM_ADMIN)
    client.force_login(boss)
    values = {
        "username": "newcomer",
        "display_name": "新人",
        "usable_password": "true",
        "password1": "Harbour-Lantern-77",
        "password2": "Harbour-Lantern-77",
    }
    assert client.post("/admin/accounts/user/add/", values).status_code == 302
    user = User.objects.get(username="newcomer")
    event = user.events.order_by("pgh_id").first()
    assert event.pgh_context.metadata["actor_label"] == str(boss)
    assert not hasattr(event, "password")
