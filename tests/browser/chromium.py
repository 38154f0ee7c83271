"""Finds a Chromium for the browser tests; ``python -m tests.browser.chromium`` installs one if there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A browser that starts by chance while the tests run must not call home.
ARGUMENTS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
if os.getuid() == 0:
    ARGUMENTS.append("--no-sandbox")


def find() -> str | None:
    """Path of the browser: $CHROMIUM, the system's, or the one Playwright downloaded earlier."""
    given = os.environ.get("CHROMIUM")
    candidates = [given] if given else [shutil.which(name) for name in NAMES] + [_downloaded()]
    return next((path for path in candidates if path and _starts(path)), None)


def install() -> None:
    """Debian's package as root, else Playwright's own download; the caller looks whether it helped."""
    if os.getuid() == 0 and shutil.which("apt-get") and _is_debian():
        _run("apt-get", "update", "-q")
        _run("apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium")
    else:
        _run(sys.executable, "-m", "playwright", "install", "chromium")


def main() -> int:
    if not find() and not os.environ.get("CHROMIUM"):
        print("  installing Chromium for the browser tests …", flush=True)
        install()
    path = find()
    if path:
        print(f"  {'Chromium':<20} {path}")
        return 0
    print(
        "The browser tests need Chromium and it could not be installed: install the package `chromium` "
        "(Debian: apt install chromium) or set CHROMIUM to the path of a Chromium or Chrome that starts.",
        file=sys.stderr,
    )
    return 1


def _starts(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _downloaded() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _is_debian() -> bool:
    try:
        return "ID=debian" in Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return False


def _run(*command: str) -> None:
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
    except (OSError, subprocess.TimeoutExpired):
        pass  # main() says what to install


if __name__ == "__main__":
    sys.exit(main())
