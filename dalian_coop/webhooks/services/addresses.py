"""Where the portal may send to: public addresses over https, and what the office has allowed by name.

An address that a bureau types in is a way into the office's own network (SSRF). So the name is resolved here, every
address it has is judged, and the connection goes to the very address that was judged, whatever the name says a moment
later. ``settings.WEBHOOK_ALLOWED`` names hosts, ``host:port`` or networks inside, to which plain http and other ports
are open as well; link-local and cloud-metadata addresses stay shut even then.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

PORTS = (443, 8443)
LONGEST_URL = 500
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NEVER = [
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "224.0.0.0/4", "240.0.0.0/4",
        "::/128", "fe80::/10", "ff00::/8", "fd00:ec2::254/128", "fd20:ce::254/128",
    )
]  # fmt: skip
# Inside 2000::/3, where public IPv6 lives: protocol assignments (Teredo, ORCHID), documentation, 6to4.
_NOT_PUBLIC_6 = [ipaddress.ip_network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
_PUBLIC_6 = ipaddress.ip_network("2000::/3")
_NOT_PUBLIC_4 = ipaddress.ip_network("192.88.99.0/24")


class Refused(Exception):
    """The portal does not send there; ``code`` is for programs, the text (lazy) for people."""

    def __init__(self, code: str, message):
        super().__init__(str(message))
        self.code, self.message = code, message


@dataclass(frozen=True)
class Target:
    """An address that was judged: connect to ``addresses`` only, name ``host`` in TLS and in the header."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    @property
    def authority(self) -> str:
        """What stands in the header ``Host``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"


def resolve(url: str) -> Target:
    """Judge ``url`` and look its host up. Raises ``Refused``; nothing is connected."""
    scheme, host, port, path = _parts(url)
    by_name = _allowed_by_name(host, port)
    found = _look_up(host, port)
    inside = by_name or all(_in_allowed_network(address) for address in found)
    for address in found:
        if any(address in network for network in _NEVER if network.version == address.version):
            raise Refused("never", _("The portal never sends to link-local, metadata or multicast addresses."))
        if not (by_name or _in_allowed_network(address) or is_public(address)):
            raise Refused("not_public", _("This name leads to an address inside a network, which is not allowed."))
    if not inside and (scheme != "https" or port not in PORTS):
        raise Refused("https_only", _("Only https on port 443 or 8443 is allowed."))
    return Target(scheme, host, port, path, tuple(str(address) for address in found))


def is_public(address: IPAddress) -> bool:
    """Whether ``address`` belongs to the internet. IPv6 forms that wrap an IPv4 address do not count."""
    if address.version == 6:
        return address in _PUBLIC_6 and not any(address in network for network in _NOT_PUBLIC_6)
    return address.is_global and not address.is_multicast and address not in _NOT_PUBLIC_4


def _parts(url: str) -> tuple[str, str, int, str]:
    bad = Refused("bad_url", _("This is no address such as https://host/path."))
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise bad
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        raise bad from None
    host = (found.hostname or "").rstrip(".")
    if found.scheme not in ("http", "https") or not host or "%" in host or port == 0 or found.fragment:
        raise bad
    if found.username is not None or found.password is not None:
        raise Refused("credentials", _("User name and password do not belong into the address."))
    path = (found.path or "/") + (f"?{found.query}" if found.query else "")
    return found.scheme, host, port or (443 if found.scheme == "https" else 80), path


def _look_up(host: str, port: int) -> list[IPAddress]:
    """Every address of ``host``, mapped IPv4 unwrapped. The system's reader also knows 0x7f.1 and 2130706433."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused("unknown_host", _("This host name leads nowhere.")) from None
    found = []
    for _family, _kind, _protocol, _name, place in answers:
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        found.append(getattr(address, "ipv4_mapped", None) or address)
    return list(dict.fromkeys(found))


def _allowed_by_name(host: str, port: int) -> bool:
    return bool({host, f"{host}:{port}"} & {item.casefold() for item in settings.WEBHOOK_ALLOWED})


def _in_allowed_network(address: IPAddress) -> bool:
    for item in settings.WEBHOOK_ALLOWED:
        try:
            network = ipaddress.ip_network(item)
        except ValueError:
            continue  # a host name
        if network.version == address.version and address in network:
            return True
    return False
