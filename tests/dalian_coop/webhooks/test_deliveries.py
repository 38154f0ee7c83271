"""From a change to the receiver: announced once, signed, in order, again until taken, given up after three days."""

import base64
import hashlib
import hmac
import json
import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.services import change_api_client, disable_client
from dalian_coop.base.errors import ValidationError
from dalian_coop.webhooks import services
from dalian_coop.webhooks.enums import DeliveryState
from dalian_coop.webhooks.models import Delivery, Endpoint, EndpointState
from dalian_coop.webhooks.services import delivering
from planning.taskbooks.models import Task
from tests.factories import make_bureau, make_client
from tests.planning.factories import make_book, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(receiver):
    """A task that the client of 市商务局 sees, one that it does not, and an endpoint that is told of tasks."""
    lead, other = make_bureau("市商务局"), make_bureau("市教育局")
    mine, theirs = make_task(make_book(), lead=lead), make_task(make_book(), lead=other)
    client = make_client(lead, ["taskbooks:read"])
    endpoint, secret = services.add_endpoint(client=client, url=receiver.url, resources=["tasks", "task-books"])
    return {"mine": mine, "theirs": theirs, "client": client, "endpoint": endpoint, "secret": secret, "lead": lead}


def touch(task, text="x"):
    Task.objects.filter(pk=task.pk).update(content=text)


def run():
    """What the clock does, at once; returns how many the receiver took."""
    services.announce()
    return sum(services.serve(key) for key in services.endpoints_to_serve())


def later():
    """All pauses are over."""
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(state=DeliveryState.WAITING).update(next_at=past)
    EndpointState.objects.update(quiet_until=None)


def verify(secret, headers, body) -> bool:
    """As a receiver does it after Standard Webhooks."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    message = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
    signatures = [part.partition(",") for part in headers["webhook-signature"].split()]
    return abs(time.time() - int(headers["webhook-timestamp"])) < 300 and any(
        version == "v1" and hmac.compare_digest(value, wanted) for version, _comma, value in signatures
    )


def test_a_change_arrives_thin_and_signed(world, receiver):
    touch(world["mine"], "秘密的内容")
    assert run() == 1
    headers, body = receiver.got[0]
    event = json.loads(body)
    delivery = Delivery.objects.get()
    assert verify(world["secret"], headers, body) and not verify(world["secret"], headers, body + b" ")
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert event["id"] == headers["webhook-id"] == str(delivery.pk)
    assert (event["specversion"], event["type"]) == ("1.0", "cn.dalian.jrk.tasks.changed")
    assert event["subject"] == str(world["mine"].pk)
    assert event["data"] == {"resource": "tasks", "id": str(world["mine"].pk), "version": 1, "seq": delivery.seq}
    assert "秘密" not in body.decode() and len(body) < 20_000
    assert delivery.state == DeliveryState.DELIVERED and delivery.last_status == 204
    assert run() == 0 and len(receiver.got) == 1


def test_several_changes_of_one_object_are_one_announcement(world, receiver):
    for number in range(5):
        touch(world["mine"], str(number))
    assert run() == 1


def test_what_the_client_does_not_see_is_not_announced(world, receiver):
    touch(world["theirs"])
    Bureau.objects.filter(pk=world["lead"].pk).update(aliases=["x"])  # a resource that was not asked for
    run()
    assert {json.loads(body)["data"]["id"] for _headers, body in receiver.got} <= {str(world["mine"].pk)}


def test_a_deleted_object_is_announced(world, receiver):
    make_task(world["mine"].book, lead=world["lead"])
    run()
    Task.objects.filter(pk=world["mine"].pk).update(deleted_at=timezone.now())
    assert run() == 1


def test_a_change_that_is_rolled_back_is_not_announced(world, receiver):
    with pytest.raises(RuntimeError), transaction.atomic():
        touch(world["mine"])
        raise RuntimeError
    assert run() == 0


def test_scope_taken_away_or_client_shut_out_ends_it(world, receiver):
    touch(world["mine"])
    change_api_client(client=world["client"], values={"scopes": ["gaps:read"]}, version=1)
    assert run() == 0
    touch(world["mine"], "y")
    disable_client(client=world["client"])
    assert run() == 0 and not receiver.got


def test_a_receiver_that_fails_for_half_an_hour_gets_all_ids_in_order(world, receiver):
    receiver.behaviour = 500
    for number in range(3):
        touch(world["mine"], str(number))
        services.announce()
    wanted = [str(key) for key in Delivery.objects.order_by("seq").values_list("pk", flat=True)]
    assert len(wanted) == 3
    for _quarter in range(6):
        later()
        assert run() == 0
    assert {headers["webhook-id"] for headers, _body in receiver.got} == {wanted[0]}  # order: the others wait for it
    receiver.behaviour = 204
    later()
    while run():
        later()
    taken = [headers["webhook-id"] for headers, _body in receiver.got[-3:]]
    assert taken == wanted and not Delivery.objects.exclude(state=DeliveryState.DELIVERED).exists()


def test_another_object_does_not_wait_for_one_that_is_refused(world, receiver):
    second = make_task(world["mine"].book, lead=world["lead"])
    run()
    receiver.got.clear()
    receiver.behaviour = 500
    touch(world["mine"])
    run()
    receiver.behaviour = 204
    EndpointState.objects.update(quiet_until=None)
    touch(second)
    run()
    assert json.loads(receiver.got[-1][1])["subject"] == str(second.pk)


def test_pauses_grow_over_three_days_with_jitter_and_then_it_is_given_up(world, receiver):
    receiver.behaviour = "redirect"
    touch(world["mine"])
    services.announce()
    pauses = []
    for _number in range(delivering.MOST_TRIES):
        later()
        run()
        pauses.append((Delivery.objects.get().next_at - timezone.now()).total_seconds())
    found = Delivery.objects.get()
    assert (found.state, found.attempts, found.last_error) == (DeliveryState.DEAD, 10, "redirect")
    assert all(not body or headers["path"] == "/hook?x=1" for headers, body in receiver.got)  # nobody followed
    assert all(0.85 * want < got < 1.11 * want for got, want in zip(pauses, delivering.PAUSES, strict=False))
    assert 2.9 < sum(delivering.PAUSES) / 86_400 < 3.3
    assert len({round(delivering._pause(3).total_seconds(), 3) for _number in range(20)}) > 5
    later()
    assert run() == 0 and len(receiver.got) == 10
    receiver.behaviour = 204
    assert services.replay(deliveries=[found]) == 1
    assert run() == 1 and receiver.got[-1][0]["webhook-id"] == str(found.pk)


def test_a_failing_receiver_is_left_alone_for_a_while(world, receiver):
    receiver.behaviour = 500
    touch(world["mine"])
    run()
    second = make_task(world["mine"].book, lead=world["lead"])
    touch(second)
    services.announce()
    assert services.endpoints_to_serve() == [] and len(receiver.got) == 1


def test_rotation_signs_with_both_secrets_for_a_day(world, receiver):
    fresh = services.rotate_secret(endpoint=world["endpoint"])
    touch(world["mine"])
    run()
    assert verify(world["secret"], *receiver.got[0]) and verify(fresh, *receiver.got[0])
    world["endpoint"].secrets.filter(ends_at__isnull=False).update(ends_at=timezone.now() - timedelta(seconds=1))
    touch(world["mine"], "y")
    later()
    run()
    assert not verify(world["secret"], *receiver.got[1]) and verify(fresh, *receiver.got[1])


def test_the_secret_is_nowhere_in_the_database(world):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM webhooks_secret")
        text = str(cursor.fetchall())
    assert world["secret"] not in text and world["secret"].removeprefix("whsec_") not in text


def test_stopped_it_waits_and_goes_on_where_it_was(world, receiver):
    endpoint = services.stop_endpoint(endpoint=world["endpoint"], version=1)
    touch(world["mine"])
    assert run() == 0
    services.resume_endpoint(endpoint=endpoint, version=2)
    assert run() == 1


def test_one_worker_at_a_time_and_the_lease_runs_out(world, receiver):
    touch(world["mine"])
    services.announce()
    EndpointState.objects.update(busy_until=timezone.now() + timedelta(seconds=30))
    assert services.endpoints_to_serve() == [] and services.serve(world["endpoint"].pk) == 0
    EndpointState.objects.update(busy_until=timezone.now() - timedelta(seconds=1))
    assert services.serve(world["endpoint"].pk) == 1


def test_the_address_is_judged_again_at_each_try(world, receiver, settings):
    settings.WEBHOOK_ALLOWED = []
    touch(world["mine"])
    assert run() == 0 and not receiver.got
    assert Delivery.objects.get().last_error == "refused: not_public"


@pytest.mark.parametrize(
    ("values", "codes"),
    [({"url": "https://10.0.0.1/"}, {"url": ["not_public"]}), ({"url": "x"}, {"url": ["bad_url"]}),
     ({"resources": []}, {"resources": ["required"]}),
     ({"resources": ["observations"]}, {"resources": ["not_readable"]}),
     ({"resources": ["users"]}, {"resources": ["not_readable"]}), ({"url": ""}, {"url": ["taken"]})],
)  # fmt: skip
def test_endpoints_that_are_refused(world, receiver, values, codes):
    wanted = {"client": world["client"], "url": f"{receiver.url}&n=2", "resources": ["tasks"]} | values
    with pytest.raises(ValidationError) as refused:
        services.add_endpoint(**wanted | {"url": wanted["url"] or receiver.url})
    assert refused.value.codes == codes and Endpoint.objects.count() == 1


def test_at_most_five_endpoints(world, receiver):
    for number in range(4):
        services.add_endpoint(client=world["client"], url=f"{receiver.url}&n={number}", resources=["tasks"])
    with pytest.raises(ValidationError) as refused:
        services.add_endpoint(client=world["client"], url=f"{receiver.url}&n=5", resources=["tasks"])
    assert refused.value.codes == {"": ["too_many"]}


def test_a_number_is_announced_once_only(world):
    touch(world["mine"])
    services.announce()
    found = Delivery.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(endpoint=found.endpoint, seq=found.seq, occurred_at=found.occurred_at,
                                next_at=found.next_at, resource="tasks", object_id="x")  # fmt: skip


def test_old_deliveries_go(world, receiver):
    touch(world["mine"])
    run()
    Delivery.objects.update(delivered_at=timezone.now() - timedelta(days=31))
    assert services.purge() == 1


@pytest.mark.django_db(transaction=True)
def test_four_announcers_at_once_announce_each_change_once(receiver):
    lead = make_bureau()
    book = make_book()
    tasks = [make_task(book, lead=lead) for _number in range(20)]
    services.add_endpoint(client=make_client(lead), url=receiver.url, resources=["tasks"])
    for task in tasks:
        touch(task)
    start = threading.Barrier(4)

    def work():
        try:
            start.wait()
            services.announce()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    services.announce()
    assert Delivery.objects.count() == 20 == Delivery.objects.values("object_id").distinct().count()
