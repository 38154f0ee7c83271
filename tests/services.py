"""pytest plugin (``-p tests.services``): one embedded PostgreSQL and one Valkey for the whole run.

It is imported before Django's settings and points them at a short folder under the temporary directory. The xdist
workers share the two servers: pytest-django gives each worker a database of its own, this plugin a pair of Valkey
databases (broker and cache). A ``DATABASE_URL`` or ``REDIS_URL`` from outside is used as it is.
"""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("DALIAN_ENV", "test")

_OWNER = "DALIAN_TEST_OWNER"
_folder = None
if "PYTEST_XDIST_WORKER" not in os.environ and _OWNER not in os.environ:
    # In /tmp, whatever TMPDIR says: the address of a socket holds 107 bytes only.
    base = "/tmp" if os.path.isdir("/tmp") else None  # noqa: S108
    _folder = os.environ["DALIAN_DATA_DIR"] = tempfile.mkdtemp(prefix="dalian-test-", dir=base)
    os.environ[_OWNER] = str(os.getpid())
    # Also when the settings cannot be loaded and pytest never gets to its own end.
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)

from dalian_coop import embedded  # noqa: E402 - reads DALIAN_DATA_DIR when it is imported

# Said once, by the process that the person started: its xdist workers inherit the addresses that it sets itself.
_outside = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
_given = os.environ.setdefault("DALIAN_TEST_GIVEN", " ".join(_outside)).split()
if "REDIS_URL" not in _given:
    _worker = os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")
    os.environ["REDIS_URL"] = f"unix://{embedded.valkey_socket()}?db={2 * (int(_worker) + 1)}"

# Nothing of a test run has to survive a power cut.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=120")
_family = None


def pytest_configure(config):
    """Start the servers in the process that the person started, not in its xdist workers."""
    global _family
    if _folder is None or _family is not None or config.option.collectonly or config.option.help:
        return
    from dalian_coop.base.catalogues import Catalogues
    from dalian_coop.processes import Family

    Catalogues(embedded.ROOT).compile()  # a clean checkout has no .mo files
    _family = Family()
    if "DATABASE_URL" not in _given:
        _family.start_postgres(*_FAST)
    if "REDIS_URL" not in _given:
        _family.start_valkey("--appendonly", "no")


def pytest_unconfigure(config):
    """Stop the servers; their folder goes when the process ends."""
    if _family is not None:
        _family.end()
