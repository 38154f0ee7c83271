"""The security administrator adds receivers, changes secrets, and tries again what was given up."""

import pytest
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from dalian_coop.webhooks.enums import DeliveryState
from dalian_coop.webhooks.models import Delivery, Endpoint
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(client):
    client.force_login(make_user(Role.SECURITY_ADMIN))
    return make_client(name="平台")


def add(client, system, receiver):
    return client.post(f"/webhooks/clients/{system.pk}/", {"url": receiver.url, "resources": ["tasks"]})


def test_add_rotate_stop_and_go_on(client, system, receiver):
    shown = add(client, system, receiver)
    secret = shown.context["secret"]
    assert secret in shown.content.decode() and "no-store" in shown["Cache-Control"]
    page = client.get(f"/webhooks/clients/{system.pk}/")
    assert receiver.url.replace("&", "&amp;") in page.content.decode() and secret not in page.content.decode()
    endpoint = Endpoint.objects.get()
    fresh = client.post(f"/webhooks/{endpoint.pk}/rotate/").context["secret"]
    assert fresh != secret and endpoint.secrets.live().count() == 2
    client.post(f"/webhooks/{endpoint.pk}/stop-or-resume/")
    assert Endpoint.objects.get().stopped_at
    client.post(f"/webhooks/{endpoint.pk}/stop-or-resume/")
    assert Endpoint.objects.get().stopped_at is None
    assert f"/webhooks/clients/{system.pk}/" in client.get(f"/accounts/clients/{system.pk}/").content.decode()


@pytest.mark.parametrize("values", [{"url": "https://169.254.169.254/"}, {"resources": ["observations"]}, {"url": ""}])
def test_what_is_refused_stands_at_its_field(client, system, values, receiver):
    body = {"url": receiver.url, "resources": ["tasks"]} | values
    answer = client.post(f"/webhooks/clients/{system.pk}/", body)
    assert answer.status_code == 422 and set(answer.context["form"].errors) == set(values)
    assert not Endpoint.objects.exists()


def test_dead_letters_are_listed_and_tried_again(client, system, receiver):
    add(client, system, receiver)
    now = timezone.now()
    dead = [
        Delivery.objects.create(
            endpoint=Endpoint.objects.get(), resource="tasks", object_id=f"k{n}", seq=n, occurred_at=now, next_at=now,
            state=DeliveryState.DEAD, attempts=10, last_status=500,
        )
        for n in range(3)
    ]  # fmt: skip
    page = client.get("/webhooks/dead/").content.decode()
    assert "k0" in page and "平台" in page
    client.post("/webhooks/dead/", {"delivery": [str(dead[0].pk), "no-uuid"]})
    assert Delivery.objects.dead().count() == 2
    dead[0].refresh_from_db()
    assert (dead[0].state, dead[0].attempts) == (DeliveryState.WAITING, 0)
    client.post("/webhooks/dead/", {"all": "1"})
    assert not Delivery.objects.dead().exists()
    assert client.get("/webhooks/dead/").status_code == 200


@pytest.mark.parametrize("role", [r for r in Role if r != Role.SECURITY_ADMIN])
def test_nobody_else(client, role):
    system = make_client()
    client.force_login(make_user(role))
    for url in (f"/webhooks/clients/{system.pk}/", "/webhooks/dead/"):
        assert client.get(url).status_code == client.post(url).status_code == 403
