"""How far a client sees and from where, and the account of what it was given."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.test import RequestFactory
from django.utils import timezone

from dalian_coop.accounts import selectors, services
from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.middleware import AuditPulls
from dalian_coop.accounts.models import ApiClient, ApiPull
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from planning.taskbooks.models import Task
from tests.dalian_coop.accounts.test_clients import WORDS
from tests.factories import bearer, make_bureau, make_client, make_client_token, make_user
from tests.planning.factories import make_book, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    """A book with three tasks: two led by one bureau, one by another."""
    first, second = make_bureau("市商务局"), make_bureau("市教育局")
    book = make_book()
    tasks = [make_task(book, lead=lead, responsible="分管副局长") for lead in (first, first, second)]
    return {"first": first, "second": second, "book": book, "tasks": tasks}


def read(client, token, url="/api/v1/tasks/", **headers):
    return client.get(url, **bearer(token), **headers)


def test_rows_are_narrowed_to_the_bureaus_named(client, world):
    wide = make_client(world["first"])
    narrow = make_client(world["first"], row_bureaus=[world["second"]])
    of_wide = read(client, services.issue_token(client=wide).text).json()["items"]
    of_narrow = read(client, services.issue_token(client=narrow).text).json()["items"]
    assert len(of_wide) == 3
    assert [row["id"] for row in of_narrow] == [str(world["tasks"][2].pk)]


def test_a_narrowing_never_opens_what_the_owner_does_not_see(world):
    stranger = make_client(make_bureau(), row_bureaus=[world["first"]])
    assert not Task.objects.visible_to(stranger).exists()


def test_a_system_of_the_coordinating_bureau_is_narrowed_as_well(world):
    office = make_bureau(coordinates=True)
    assert Task.objects.visible_to(make_client(office)).count() == 3
    assert Task.objects.visible_to(make_client(office, row_bureaus=[world["second"]])).count() == 1


def test_contacts_are_null_without_their_scope(client, world):
    plain = make_client_token(world["first"], ["taskbooks:read"])
    allowed = make_client_token(world["first"], ["taskbooks:read", "contacts:read"])
    url = f"/api/v1/tasks/{world['tasks'][0].pk}/"
    assert read(client, plain, url).json()["responsible"] is None
    assert {row["responsible"] for row in read(client, plain).json()["items"]} == {None}
    assert read(client, allowed, url).json()["responsible"] == "分管副局长"


@pytest.mark.parametrize(
    ("networks", "address", "status"),
    [([], "203.0.113.9", 200), (["10.1.0.0/16"], "10.1.2.3", 200), (["10.1.0.0/16"], "10.2.0.1", 403),
     (["10.1.2.3"], "::ffff:10.1.2.3", 200), (["2001:db8::/32"], "2001:db8::7", 200), (["10.1.0.0/16"], "local", 403)],
)  # fmt: skip
def test_a_token_is_bound_to_its_addresses(client, networks, address, status):
    owner = make_client(scopes=["reference:read"], networks=networks)
    token = services.issue_token(client=owner).text
    assert read(client, token, "/api/v1/bureaus/", REMOTE_ADDR=address).status_code == status


@pytest.mark.parametrize("network", ["10.1.2.3/16", "ten", "10.0.0.0/33", "", "10.1.2.3 10.1.2.4", "::/200"])
def test_bad_networks_are_refused(network):
    with pytest.raises(ValidationError) as refused:
        make_client(networks=[network])
    assert refused.value.codes == {"networks": ["bad_network"]}


def test_a_change_holds_for_the_tokens_that_are_out(client, world):
    owner = make_client(world["first"], ["taskbooks:read"])
    issued = services.issue_token(client=owner)
    soon = timezone.now() + timedelta(days=2)
    services.change_api_client(client=owner, values={"scopes": ["gaps:read"], "expires_at": soon}, version=1)
    assert read(client, issued.text).status_code == 403
    issued.token.refresh_from_db()
    assert issued.token.expires_at == soon
    with pytest.raises(Conflict):
        services.change_api_client(client=owner, values={"purpose": "x"}, version=1)
    services.disable_client(client=owner)
    with pytest.raises(NotAllowed):
        services.change_api_client(client=owner, values={"purpose": "x"}, version=3)


def test_reach_says_how_much_is_seen(world):
    found = {row.name: row for row in selectors.reach(make_client(world["first"], row_bureaus=[world["second"]]))}
    assert (found["tasks"].seen, found["tasks"].total) == (1, 3)
    assert found["observations"].seen is None


def test_pages_preview_save_and_refuse(client, world):
    client.force_login(make_user(Role.SECURITY_ADMIN))
    day = timezone.localdate() + timedelta(days=30)
    values = WORDS | {
        "name": "平台", "owner": world["first"].pk, "scopes": ["taskbooks:read"], "expires_on": day.isoformat(),
        "row_bureaus": [world["second"].pk], "networks": "10.1.0.0/16\n\n10.9.9.9\n",
    }  # fmt: skip
    preview = client.post("/accounts/clients/new/", values | {"preview": "1"})
    assert preview.status_code == 200 and not ApiClient.objects.exists()
    assert any((row.seen, row.total) == (1, 3) for row in preview.context["reach"])
    assert client.post("/accounts/clients/new/", values | {"networks": "10.1.0.0/99"}).status_code == 422
    client.post("/accounts/clients/new/", values)
    owner = ApiClient.objects.get()
    assert owner.networks == ["10.1.0.0/16", "10.9.9.9/32"] and owner.row_bureaus == [world["second"].pk]
    url = f"/accounts/clients/{owner.pk}/"
    page = client.get(url)
    assert page.status_code == 200 and "市教育局" in page.content.decode()
    del values["owner"]
    stale = client.post(f"{url}edit/", values | {"version": 7})
    assert stale.status_code == 422
    saved = client.post(f"{url}edit/", values | {"version": 1, "purpose": "另一用途", "networks": ""})
    owner.refresh_from_db()
    assert saved.status_code == 302 and (owner.purpose, owner.networks) == ("另一用途", [])
    assert client.get(f"{url}edit/").status_code == 200


def test_every_answer_is_in_the_account(client, world):
    token = make_client_token(world["first"], ["taskbooks:read"])
    read(
        client,
        token,
        "/api/v1/tasks/?state=in_progress&limit=2",
        HTTP_X_REQUEST_ID="req-11111111",
        REMOTE_ADDR="10.0.0.8",
    )
    list_answer = read(client, token, "/api/v1/tasks/?limit=2")
    read(client, token, f"/api/v1/tasks/{world['tasks'][0].pk}/")
    read(client, token, "/api/v1/indicators/")
    read(client, token, "/api/v1/tasks/?limit=2", HTTP_IF_NONE_MATCH=list_answer["ETag"])  # 304: nothing is handed over
    filtered, listed, one, refused = ApiPull.objects.order_by("id")
    assert (listed.resource, listed.rows, listed.status, listed.bytes) == ("tasks", 2, 200, len(list_answer.content))
    assert (one.resource, one.rows) == ("tasks", 1)
    assert (refused.resource, refused.rows, refused.status) == ("indicators", 0, 403)
    assert (filtered.address, filtered.request_id) == ("10.0.0.8", "req-11111111")
    assert filtered.filter_hash == services.filter_hash("cursor=abc&state=in_progress") != listed.filter_hash
    assert selectors.usage([listed.client])[listed.client_id].rows == 3 + filtered.rows


def test_of_a_stream_the_account_is_written_at_its_end(world):
    from django.http import StreamingHttpResponse

    issued = services.issue_token(client=make_client(world["first"]))
    request = RequestFactory().get("/x")
    request.api_token, request.resolver_match, request.rows_sent = issued.token, None, 0

    def parts():
        for _number in range(3):
            request.rows_sent += 10
            yield b"12345"

    answer = AuditPulls(lambda _request: StreamingHttpResponse(parts()))(request)
    assert not ApiPull.objects.exists()
    flow = answer._iterator
    next(flow), next(flow)
    flow.close()  # the client hangs up
    assert (ApiPull.objects.get().rows, ApiPull.objects.get().bytes) == (20, 10)


def test_old_entries_of_the_account_go(world):
    issued = services.issue_token(client=make_client(world["first"]))
    for days in (209, 211):
        services.note_pull(
            client=issued.token.client, key_id="k", method="GET", resource="tasks", query="", status=200, rows=1,
            size=2, address="",
        )  # fmt: skip
        ApiPull.objects.filter(pk=ApiPull.objects.latest("id").pk).update(at=timezone.now() - timedelta(days=days))
    assert services.purge_pulls() == 1


def test_commands_list_issue_revoke_and_shut_out(capsys):
    owner = make_client(make_bureau("市商务局"), name="平台")
    call_command("api_clients", "--token", "平台")
    text = capsys.readouterr().out.strip()
    assert services.find_token(text).client == owner
    call_command("api_clients")
    key = text.split("_")[1]
    listed = capsys.readouterr().out
    assert "平台" in listed and key in listed and text not in listed
    call_command("api_clients", "--revoke", key)
    assert services.find_token(text) is None
    call_command("api_clients", "--shut-out", "平台")
    owner.refresh_from_db()
    assert owner.disabled_at


def test_a_token_revoked_between_two_pages_is_dead_on_the_second(client, world):
    issued = services.issue_token(client=make_client(world["first"]))
    following = read(client, issued.text, "/api/v1/tasks/?limit=1").json()["next"]
    services.revoke_token(token=issued.token)
    assert read(client, issued.text, following).status_code == 401


def test_expiry_of_365_days_is_the_most():
    assert make_client().expires_at.date() > date(2026, 1, 1)
    with pytest.raises(ValidationError):
        services.change_api_client(
            client=make_client(), values={"expires_at": timezone.now() + timedelta(days=365, hours=1)}, version=1
        )
