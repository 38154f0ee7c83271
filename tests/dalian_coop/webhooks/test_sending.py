"""One try, against a receiver that behaves badly."""

import socket
import ssl
import threading
import time

import pytest

from dalian_coop.webhooks.services import sending


@pytest.mark.parametrize(
    ("behaviour", "status", "error", "taken"),
    [(204, 204, "", True), (200, 200, "", True), (500, 500, "", False), (410, 410, "", False),
     ("redirect", 302, "redirect", False), ("drop", None, "RemoteDisconnected", False)],
)  # fmt: skip
def test_answers(receiver, behaviour, status, error, taken):
    receiver.behaviour = behaviour
    outcome = sending.post(receiver.url, b"{}", {"X-Test": "1"})
    assert (outcome.status, outcome.error, outcome.taken) == (status, error, taken)
    headers, body = receiver.got[0]
    assert len(receiver.got) == 1 and body == b"{}"
    assert headers["host"] == f"127.0.0.1:{receiver.port}" and headers["path"] == "/hook?x=1"


@pytest.mark.parametrize("behaviour", ["hang", "dribble"])
def test_a_receiver_that_keeps_us_waiting_is_cut_off(receiver, behaviour, monkeypatch):
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.4)
    receiver.behaviour = behaviour
    start = time.monotonic()
    outcome = sending.post(receiver.url, b"{}", {})
    assert outcome.error == "timeout" and time.monotonic() - start < 2


def test_nobody_there(receiver, settings):
    receiver.close()
    assert sending.post(receiver.url, b"{}", {}).error == "connection refused"


def test_a_certificate_that_does_not_fit_is_refused(settings, monkeypatch):
    """A server that speaks no TLS at all, and whose handshake never ends, on an address that wants https."""
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    settings.WEBHOOK_ALLOWED = [f"127.0.0.1:{port}"]
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.5)

    def answer():
        sock, _place = server.accept()
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        time.sleep(0.2)
        sock.close()
        sock, _place = server.accept()
        time.sleep(1.5)
        sock.close()

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    assert "SSL" in sending.post(f"https://127.0.0.1:{port}/", b"{}", {}).error
    assert sending.post(f"https://127.0.0.1:{port}/", b"{}", {}).error == "timeout"
    server.close()
    assert ssl.create_default_context().check_hostname
