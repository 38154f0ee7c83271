"""``make check``: every check that needs no database, two at a time, one line each, all findings at the end."""

import hashlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PY = sys.executable
MANAGE = [PY, "-W", "ignore", "manage.py"]
CODE = ["dalian_coop", "partners", "planning", "tests", "manage.py", ".ci/check.py"]
LINT_IMPORTS = [PY, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]

# A production that exists only for `check --deploy`: nothing is contacted.
PRODUCTION = {
    "DALIAN_ENV": "production",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "TOKEN_PEPPER": secrets.token_urlsafe(40),
    "ALLOWED_HOSTS": "portal.example",
    "CSRF_TRUSTED_ORIGINS": "https://portal.example",
    "DATABASE_URL": "postgresql://portal:secret@127.0.0.1:9/portal",
    "REDIS_URL": "redis://127.0.0.1:9/0",
}


def command(*argv: str, **environ: str):
    """A check that is a program: what it printed counts only if it failed."""

    def run() -> str:
        done = subprocess.run(argv, cwd=ROOT, env=os.environ | environ, capture_output=True, text=True)
        return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or f"status {done.returncode}"

    return run


def openapi() -> str:
    """The committed description of REST is what the code says."""
    committed = ROOT / "docs" / "openapi.yaml"
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "openapi.yaml"
        problem = command(*MANAGE, "spectacular", "--validate", "--fail-on-warn", "--file", str(fresh))()
        if problem:
            return problem
        if not committed.exists() or committed.read_bytes() != fresh.read_bytes():
            return "docs/openapi.yaml is not what the code says; run `make schema` and read the difference"
    return ""


def vendor() -> str:
    """Every vendored file is listed in the vendor.json beside it, with its digest and licence, and is unchanged."""
    problems = []
    for listing in sorted(
        path for top in ("static", "tests", "dalian_coop") for path in (ROOT / top).glob("**/vendor.json")
    ):
        folder = listing.parent
        known = {listing.name}
        for entry in json.loads(listing.read_text()):
            known |= {entry["file"], entry["licence_file"]}
            file = folder / entry["file"]
            if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != entry["sha256"]:
                problems.append(f"{file.relative_to(ROOT)} is not the file that {listing.relative_to(ROOT)} describes")
            if not (folder / entry["licence_file"]).exists():
                problems.append(f"{listing.relative_to(ROOT)}: {entry['licence_file']} is missing")
        present = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        problems += [f"{folder.relative_to(ROOT)}/{name} is not in vendor.json" for name in sorted(present - known)]
    return "\n".join(problems)


CHECKS = {
    "style": command(PY, "-m", "ruff", "check", *CODE),
    "format": command(PY, "-m", "ruff", "format", "--check", *CODE),
    "templates": command(PY, "-m", "djlint", "templates", "--lint", "--quiet"),
    "imports": command(*LINT_IMPORTS, "--no-cache", "--no-logo"),
    "migrations": command(*MANAGE, "makemigrations", "--check", "--dry-run"),
    "production settings": command(*MANAGE, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION),
    "REST description": openapi,
    "translations": command(*MANAGE, "messages", "--check"),
    "vendored files": vendor,
}


def timed(check) -> tuple[str, float]:
    start = time.monotonic()
    return check(), time.monotonic() - start


def main() -> int:
    wanted = sys.argv[1:] or list(CHECKS)
    found = {}
    with tempfile.TemporaryDirectory(prefix="dalian-check-") as folder, ThreadPoolExecutor(2) as pool:
        os.environ["DALIAN_DATA_DIR"] = folder
        for name in ("DALIAN_ENV", "DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        runs = {name: pool.submit(timed, CHECKS[name]) for name in wanted}
        for name, run in runs.items():
            problem, seconds = run.result()
            print(f"  {name:<20} {'FAILED' if problem else 'good':<8} {seconds:5.1f} s", flush=True)
            if problem:
                found[name] = problem
    for name, problem in found.items():
        print(f"\n--- {name} ---\n{problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
