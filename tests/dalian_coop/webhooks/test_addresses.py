"""Where the portal never sends, in every way of writing it."""

import ipaddress
import socket

import pytest

from dalian_coop.webhooks.services import addresses, sending
from dalian_coop.webhooks.services.addresses import Refused, is_public, resolve

INSIDE = """
127.0.0.1 127.1 127.0.0.1. 0.0.0.0 0 2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 localhost
10.0.0.1 10.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 100.100.100.200 169.254.169.254 169.254.1.1
0xa9fea9fe 2852039166 0251.0376.0251.0376 168.63.129.16 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1
192.88.99.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
[::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:10.0.0.1] [::ffff:a9fe:a9fe] [::127.0.0.1] [::a00:1]
[fe80::1] [fec0::1] [fc00::1] [fd00::1] [fd00:ec2::254] [fd20:ce::254] [ff02::1] [64:ff9b::7f00:1]
[64:ff9b::a9fe:a9fe] [64:ff9b:1::1] [2002:7f00:1::] [2002:a9fe:a9fe::] [2001:0:4136:e378:8000:63bf:3fff:fdd2]
[2001:db8::1] [2001:10::1] [2001:20::1] [100::1] [3fff::1] [5f00::1]
""".split()


@pytest.mark.parametrize("host", INSIDE)
def test_no_form_of_an_inner_address_is_reached(host):
    with pytest.raises(Refused) as refused:
        resolve(f"https://{host}/x")
    assert refused.value.code in {"not_public", "never"}


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "223.5.5.5", "2606:4700::1111", "2400:3200::1"])
def test_public_addresses_are_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "code"),
    [("ftp://8.8.8.8/", "bad_url"), ("8.8.8.8", "bad_url"), ("https://", "bad_url"), ("https:///x", "bad_url"),
     ("https://8.8.8.8:0/", "bad_url"), ("https://8.8.8.8:99999/", "bad_url"), ("https://8.8.8.8/#x", "bad_url"),
     ("https://8.8.8.8/a b", "bad_url"), ("https://8.8.8.8/\r\nHost: x", "bad_url"),
     ("https://8.8.8.8\\@10.0.0.1/", "bad_url"),
     ("https://[fe80::1%25eth0]/", "bad_url"), ("https://[::1/", "bad_url"), ("https://例子.测试/", "bad_url"),
     ("https://8.8.8.8/" + "x" * 500, "bad_url"), ("https://user:pw@8.8.8.8/", "credentials"),
     ("https://8.8.8.8@10.0.0.1/", "credentials"), ("http://8.8.8.8/", "https_only"),
     ("https://8.8.8.8:22/", "https_only"), ("https://no-such-host.invalid/", "unknown_host")],
)  # fmt: skip
def test_other_addresses_are_refused_with_a_reason(url, code):
    with pytest.raises(Refused) as refused:
        resolve(url)
    assert refused.value.code == code and str(refused.value)


def test_a_public_https_address_is_taken_as_it_is():
    target = resolve("https://8.8.8.8/hook?a=1")
    assert (target.addresses, target.port, target.path, target.authority) == (("8.8.8.8",), 443, "/hook?a=1", "8.8.8.8")


def names(monkeypatch, *answers):
    """Make names lead to these addresses, one list for each look-up."""
    found = iter(answers)

    def look_up(host, port, *rest, **more):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(found)]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)


def test_one_inner_address_among_public_ones_is_enough(monkeypatch):
    names(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(Refused) as refused:
        resolve("https://rebinding.example/")
    assert refused.value.code == "not_public"


def test_the_address_that_was_judged_is_the_one_that_is_called(monkeypatch, receiver, settings):
    """The name changes to the receiver on this machine after it was judged; nothing arrives there."""
    settings.WEBHOOK_ALLOWED = []
    names(monkeypatch, ["192.0.2.1"], ["127.0.0.1"])
    called = []
    monkeypatch.setattr(addresses, "is_public", lambda address: True)

    def connect(place, timeout):
        called.append(place)
        raise TimeoutError

    monkeypatch.setattr(sending.socket, "create_connection", connect)
    outcome = sending.post("https://rebinding.example/", b"{}", {})
    assert called == [("192.0.2.1", 443)] and not outcome.taken and not receiver.got


def test_what_the_office_allows_is_reached_and_metadata_never(settings):
    settings.WEBHOOK_ALLOWED = ["10.20.0.0/16", "169.254.0.0/16", "127.0.0.1:8443", "fd00::/8"]
    assert resolve("http://10.20.3.4:8080/x").authority == "10.20.3.4:8080"
    assert resolve("https://127.0.0.1:8443/").addresses == ("127.0.0.1",)
    for url in ("http://10.21.0.1/", "https://127.0.0.1:443/", "http://169.254.169.254/", "http://[fd00:ec2::254]/"):
        with pytest.raises(Refused):
            resolve(url)


def test_a_name_that_leads_to_metadata_sends_nothing(monkeypatch, settings):
    settings.WEBHOOK_ALLOWED = ["inside.example"]
    names(monkeypatch, ["169.254.169.254"])
    assert sending.post("http://inside.example/latest/", b"{}", {}).error == "refused: never"
