"""One HTTP POST to an address that was judged: no redirects, no patience, and the answer's body is not read."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass

from dalian_coop.webhooks.services.addresses import Refused, Target, resolve

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0


@dataclass(frozen=True)
class Outcome:
    """What became of a try: the HTTP status, or a word why there is none."""

    status: int | None = None
    error: str = ""

    @property
    def taken(self) -> bool:
        """Whether the receiver has said 2xx."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: dict[str, str]) -> Outcome:
    """Send ``body``; never raises for anything that the network or the receiver does."""
    try:
        target = resolve(url)
    except Refused as refused:
        return Outcome(error=f"refused: {refused.code}")
    started = time.monotonic()
    try:
        connection = _Pinned(target)
    except (OSError, ssl.SSLError) as error:
        return Outcome(error=_word(error))
    with contextlib.closing(connection), _deadline(connection, started + TOTAL_SECONDS):
        try:
            connection.greet()
            connection.request("POST", target.path, body, headers | {"Host": target.authority, "Connection": "close"})
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = time.monotonic() - started >= TOTAL_SECONDS
            return Outcome(error="timeout" if late else _word(error))
    return Outcome(status, "redirect" if 300 <= status < 400 else "")


class _Pinned(http.client.HTTPConnection):
    """A connection to the judged address; the name is used for TLS and the Host header only."""

    def __init__(self, target: Target):
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self.sock = _open(target)

    def greet(self) -> None:
        """The TLS handshake, which checks the certificate against the name."""
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def connect(self):
        raise OSError("closed")  # a connection that was lost is not opened anew


def _open(target: Target) -> socket.socket:
    """A connected socket to the first address that answers; TLS is prepared, the handshake comes under the deadline."""
    failed: OSError = OSError("no address")
    for address in target.addresses[:2]:
        try:
            sock = socket.create_connection((address, target.port), timeout=CONNECT_SECONDS)
        except OSError as error:
            failed = error
            continue
        if target.scheme == "http":
            return sock
        try:
            return ssl.create_default_context().wrap_socket(
                sock, server_hostname=target.host, do_handshake_on_connect=False
            )
        except (OSError, ValueError):
            sock.close()
            raise
    raise failed


@contextlib.contextmanager
def _deadline(connection: _Pinned, end: float):
    """Cut the connection at ``end``: a receiver that sends a byte now and then resets every other timeout."""

    def cut():
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, end - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _word(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    return {"ConnectionRefusedError": "connection refused"}.get(type(error).__name__, type(error).__name__)
