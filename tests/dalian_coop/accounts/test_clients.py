"""API clients: who may make them, what is kept of a token, the page and the command."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dalian_coop.accounts import services
from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.models import ApiClient, ApiToken
from dalian_coop.base.errors import NotAllowed, ValidationError
from tests.factories import bearer, make_bureau, make_client, make_user

pytestmark = pytest.mark.django_db
WORDS = {"contact": "张三 0411-0000", "purpose": "示例：数据共享", "document_number": "大数发〔2026〕1号"}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"name": " "}, {"name": ["required"]}),
        ({"name": "a" * 10_000}, {"name": ["too_long"]}),
        ({"purpose": "a\x00b"}, {"purpose": ["bad_characters"]}),
        ({"scopes": []}, {"scopes": ["required"]}),
        ({"scopes": ["everything"]}, {"scopes": ["unknown_scope"]}),
        ({"expires_at": timezone.now() - timedelta(1)}, {"expires_at": ["bad_expiry"]}),
        ({"expires_at": timezone.now() + timedelta(366)}, {"expires_at": ["bad_expiry"]}),
    ],
)
def test_bad_clients_are_refused(changes, codes):
    values = {"name": "system", "owner": make_bureau(), "scopes": ["taskbooks:read"]} | changes
    with pytest.raises(ValidationError) as refused:
        services.create_api_client(**values)
    assert refused.value.codes == codes and not ApiClient.objects.exists()


def test_two_names_that_look_alike_are_one():
    make_client(name="系统A")
    with pytest.raises(ValidationError) as refused:
        make_client(name="系统Ａ\u202e")
    assert refused.value.codes == {"name": ["taken"]}


def test_two_live_tokens_and_no_third():
    owner = make_client()
    first = services.issue_token(client=owner)
    services.issue_token(client=owner)
    with pytest.raises(NotAllowed):
        services.issue_token(client=owner)
    services.revoke_token(token=first.token)
    services.issue_token(client=owner)


def test_token_never_outlives_its_client():
    owner = make_client()
    issued = services.issue_token(client=owner, expires_at=timezone.now() + timedelta(days=300))
    assert issued.token.expires_at == owner.expires_at


def test_digest_depends_on_the_pepper(settings):
    issued = services.issue_token(client=make_client())
    assert services.find_token(issued.text).pk == issued.token.pk
    settings.TOKEN_PEPPER = "another pepper of at least 32 characters"
    assert services.find_token(issued.text) is None


@pytest.mark.parametrize("role", [r for r in Role if r != Role.SECURITY_ADMIN])
def test_page_is_for_the_security_administrator_only(client, role):
    client.force_login(make_user(role))
    assert client.get("/accounts/clients/").status_code == 403
    assert client.post("/accounts/clients/new/").status_code == 403


def test_security_administrator_admits_makes_revokes_and_shuts_out(client):
    bureau = make_bureau("市大数据局")
    client.force_login(make_user(Role.SECURITY_ADMIN))
    day = timezone.localdate() + timedelta(days=30)
    values = WORDS | {
        "name": "平台",
        "owner": bureau.pk,
        "scopes": ["reference:read"],
        "expires_on": day.isoformat(),
    }
    assert client.post("/accounts/clients/new/", values).status_code == 302
    owner = ApiClient.objects.get()
    assert timezone.localtime(owner.expires_at).date() == day
    page = client.post(f"/accounts/clients/{owner.pk}/token/")
    text = page.context["issued"].text
    assert text in page.content.decode() and "no-store" in page["Cache-Control"]
    assert text not in client.get("/accounts/clients/").content.decode()
    assert client.get("/api/v1/me/", **bearer(text)).json()["name"] == "平台"
    client.post(f"/accounts/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert client.get("/api/v1/me/", **bearer(text)).status_code == 401
    client.post(f"/accounts/clients/{owner.pk}/shut-out/")
    owner.refresh_from_db()
    assert owner.disabled_at and owner.version == 2
    again = client.post(f"/accounts/clients/{owner.pk}/token/", follow=True)
    assert not ApiToken.objects.live().exists() and again.status_code == 200


def test_refused_form_keeps_the_text_and_says_why(client):
    client.force_login(make_user(Role.SECURITY_ADMIN))
    answer = client.post("/accounts/clients/new/", {"name": "平台<b>", "scopes": ["x"], "expires_on": "2099-01-01"})
    assert answer.status_code == 422
    assert {"owner", "scopes"} <= set(answer.context["form"].errors)
    assert "平台&lt;b&gt;" in answer.content.decode() and not ApiClient.objects.exists()


def test_command_prints_the_token_once():
    make_bureau("市商务局")
    out = io.StringIO()
    call_command(
        "create_api_client", "sys", "--bureau", "市商务局", "--scope", "gaps:read", stdout=out, stderr=io.StringIO()
    )
    assert services.find_token(out.getvalue().strip()).client.name == "sys"


@pytest.mark.parametrize(
    "arguments",
    [("sys", "--bureau", "nobody", "--scope", "gaps:read"), ("sys", "--bureau", "市商务局", "--scope", "all")],
)
def test_command_refuses_with_a_sentence_and_writes_nothing(arguments):
    make_bureau("市商务局")
    with pytest.raises(CommandError):
        call_command("create_api_client", *arguments)
    assert not ApiClient.objects.exists()
