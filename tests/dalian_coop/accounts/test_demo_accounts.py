"""Demo accounts: one for each role, kept over a second run, never in production."""

import json

import pytest
from django.core.management import CommandError, call_command

from dalian_coop.accounts import services
from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.models import User
from tests.factories import bearer

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    services.load_bureaus()
    return tmp_path / "demo.json"


def run(file):
    call_command("demo_accounts", "--url", "http://127.0.0.1:8000/", "--out", str(file), verbosity=0)
    return json.loads(file.read_text())


def test_every_role_can_sign_in_and_every_token_opens(client, file):
    demo = run(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert demo["url"] == "http://127.0.0.1:8000/"
    assert {user["role"] for user in demo["users"]} == {role.value for role in Role}
    for user in demo["users"]:
        answer = client.post("/accounts/sign-in/", {k: user[k] for k in ("username", "password")})
        assert answer.status_code == 302, user
        assert client.get("/api/v1/me/").json()["roles"] == [user["role"]]
        client.post("/accounts/sign-out/")
    for token in demo["tokens"]:
        assert client.get("/api/v1/me/", **bearer(token["token"])).json()["scopes"] == sorted(token["scopes"])


def test_second_run_changes_no_password_and_no_token(file):
    assert run(file) == run(file)


def test_lost_file_gives_new_secrets_and_ends_the_old_ones(client, file):
    before = run(file)
    file.unlink()
    after = run(file)
    assert [u["username"] for u in before["users"]] == [u["username"] for u in after["users"]]
    assert not {u["password"] for u in before["users"]} & {u["password"] for u in after["users"]}
    assert client.get("/api/v1/me/", **bearer(before["tokens"][0]["token"])).status_code == 401


def test_passwords_pass_the_rules_of_the_portal(file):
    from django.contrib.auth.password_validation import validate_password

    for user in run(file)["users"]:
        validate_password(user["password"], User.objects.get(username=user["username"]))


def test_production_refuses(file, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        run(file)
    assert not User.objects.exists() and not file.exists()
