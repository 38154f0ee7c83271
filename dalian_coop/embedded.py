"""Where PostgreSQL and Valkey are: at the given URLs, or on sockets under ``var/``.

Read by settings.py, by the launcher and by the test plugin; it imports no Django, so the launcher stays light.
Given URLs: ``postgresql://user:password@host:5432/name?sslmode=require`` and ``redis://:password@host:6379/0``
(``rediss://`` for TLS, ``unix:///run/valkey.sock?db=0`` for a socket). The cache lives in the database number
after the broker's, because emptying a cache empties its whole Redis database.
"""

import hashlib
import os
import re
import tempfile
from importlib.util import find_spec
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from dalian_coop import env

ROOT = Path(__file__).resolve().parent.parent
# Everything that `make run` writes. Another folder for a second copy or for tests: DALIAN_DATA_DIR.
DATA = Path(os.environ.get("DALIAN_DATA_DIR") or ROOT / "var").resolve()

DATABASE_NAME = "dalian_coop"
DATABASE_USER = "postgres"

# The longest address of a Unix socket is 107 bytes; PostgreSQL adds "/.s.PGSQL.5432.lock" (20), Valkey less.
_LONGEST_RUN_DIR = 80
# Characters that mean the same in a path, in a URL and in a libpq host list.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


def run_dir() -> Path:
    """Folder of the sockets: in ``var/``, or a short one in the temporary folder if that path is deep or not plain."""
    inside = DATA / "run"
    if len(os.fsencode(inside)) <= _LONGEST_RUN_DIR and _PLAIN_PATH.fullmatch(str(inside)):
        return inside
    digest = hashlib.sha256(os.fsencode(DATA)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"dalian-{os.getuid()}-{digest}"


def valkey_socket() -> Path:
    """Socket of the embedded Valkey."""
    return run_dir() / "valkey.sock"


def package(name: str) -> Path:
    """Folder of an installed package, found without importing it (importing pgserver changes the system as root)."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"The package {name} is not installed here; run `make run`, which installs it.")
    return Path(spec.submodule_search_locations[0])


def database(url: str | None) -> dict:
    """The entry of Django's ``DATABASES`` for ``url``, or for the embedded server if there is none."""
    base = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if not url:
        return base | {"NAME": DATABASE_NAME, "USER": DATABASE_USER, "HOST": str(run_dir())}
    try:
        parts = urlsplit(url)
        port = parts.port or ""
    except ValueError:
        raise env.BadSetting("DATABASE_URL", "is not a URL such as postgresql://user:password@host:5432/name") from None
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in ("postgres", "postgresql") or not name or "/" in name:
        raise env.BadSetting("DATABASE_URL", "is not a URL such as postgresql://user:password@host:5432/name")
    options = dict(parse_qsl(parts.query))
    return base | {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": options,
    }


def broker(url: str | None) -> str:
    """Celery's broker URL."""
    parts, number = _redis_parts(url)
    if parts.scheme == "unix":
        return f"redis+socket://{quote(unquote(parts.path))}?virtual_host={number}"
    return parts._replace(path=f"/{number}").geturl()


def cache(url: str | None) -> str:
    """The cache's URL: the same server, the next database number."""
    parts, number = _redis_parts(url)
    if parts.scheme == "unix":
        return f"unix://{quote(unquote(parts.path))}?db={number + 1}"
    return parts._replace(path=f"/{number + 1}").geturl()


def _redis_parts(url: str | None):
    """Split ``url`` (the embedded socket without one) into its parts and the database number."""
    try:
        parts = urlsplit(url or f"unix://{valkey_socket()}?db=0")
        _ = parts.port
        if parts.scheme == "unix":
            number = dict(parse_qsl(parts.query)).get("db", "0")
        else:
            number = parts.path.strip("/") or "0"
        if parts.scheme not in ("redis", "rediss", "unix") or not 0 <= int(number) < 1000:
            raise ValueError(parts.scheme)
    except ValueError:
        raise env.BadSetting("REDIS_URL", "is not a URL such as redis://:password@host:6379/0") from None
    return parts, int(number)


def secret(name: str) -> str:
    """A random text of this copy of the portal, made once and kept in ``var/secrets/`` for its owner only.

    For development: production is given its secrets by the environment.
    """
    folder = DATA / "secrets"
    file = folder / name
    try:
        if not file.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = folder / f".{name}.{os.getpid()}"
            fresh.touch(mode=0o600)
            fresh.write_text(token_urlsafe(48))
            try:
                os.link(fresh, file)  # whoever links first wins; a half-written secret is never read
            except FileExistsError:
                pass
            fresh.unlink()
        return file.read_text()
    except OSError as error:
        raise env.BadSetting(name, f"is not set and cannot be kept in {folder} ({error.strerror})") from None
