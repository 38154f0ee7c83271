"""The set-up in front of `make run` and `make test`, and `make reset`, in a folder of their own."""

import hashlib
import os
import shutil
import subprocess
import sys

import pytest

from dalian_coop import embedded


@pytest.fixture
def clone(tmp_path):
    """What the scripts need of a checkout, under a path with a space and Chinese characters."""
    folder = tmp_path / "新 clone"
    shutil.copytree(embedded.ROOT / ".ci", folder / ".ci")
    for name in ("Makefile", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(embedded.ROOT / name, folder)
    return folder


def run(folder, *command: str, answer: str = "", **environ: str) -> subprocess.CompletedProcess:
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
    return subprocess.run(
        command, cwd=folder, env=clean | environ, input=answer, capture_output=True, text=True, timeout=120
    )


def test_reset_removes_nothing_without_a_clear_yes(clone):
    (clone / "var").mkdir()
    (clone / "var" / "demo.json").write_text("{}")
    for answer in ("", "no\n", "y\n"):
        done = run(clone, "make", "reset", answer=answer)
        assert "Nothing was removed." in done.stdout
    assert (clone / "var" / "demo.json").exists()


def test_reset_empties_var_after_yes(clone):
    (clone / "var" / "pg18").mkdir(parents=True)
    (clone / "var" / "pg18" / "PG_VERSION").write_text("18")
    done = run(clone, "make", "reset", answer="yes\n")
    assert done.returncode == 0
    assert list((clone / "var").iterdir()) == []


def test_reset_refuses_while_the_portal_runs(clone):
    (clone / "var").mkdir()
    holder = subprocess.Popen(["flock", clone / "var" / "lock", "sh", "-c", "echo held; read _"], **_pipes())
    holder.stdout.readline()
    done = run(clone, "make", "reset", answer="yes\n")
    holder.communicate(b"\n", timeout=10)
    assert done.returncode != 0
    assert "still runs from var; stop it first" in done.stderr
    assert (clone / "var" / "lock").exists()


def _pipes() -> dict:
    return {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}


def test_set_up_is_done_once_for_each_lock_file(clone):
    """With the digest of the lock file noted in .venv nothing is installed: without network it still succeeds."""
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(sys.executable)
    digest = hashlib.sha256((clone / "requirements.lock").read_bytes()).hexdigest()
    (clone / ".venv" / "installed-requirements.lock").write_text(digest + "\n")
    done = run(clone, "make", "venv", PYTHON=sys.executable)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_missing_network_is_one_clear_sentence(clone):
    done = run(clone, ".ci/venv", "requirements.lock", PYTHON=sys.executable, **_no_network())
    assert done.returncode == 1
    assert done.stderr.strip().startswith("The packages could not be downloaded: check the network")
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (clone / ".venv" / "installed-requirements.lock").exists()


def _no_network() -> dict[str, str]:
    closed = "http://127.0.0.1:9/"
    return {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": closed, "PIP_RETRIES": "0"}


def test_missing_python_is_one_clear_sentence(clone):
    done = run(clone, ".ci/venv", "requirements.lock", PYTHON="")
    assert done.returncode == 1
    assert done.stderr.strip().startswith("Python 3.11 or newer is needed and was not found")


def test_lock_files_pin_every_package_with_hashes_and_name_no_host():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (embedded.ROOT / name).read_text()
        entries = [
            entry for entry in text.replace("\\\n", " ").splitlines() if entry and not entry.lstrip().startswith("#")
        ]
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
        assert "://" not in text and "--index" not in text and "--find-links" not in text


def test_lock_files_hold_what_the_requirements_ask_for():
    for source, lock in (("requirements.txt", "requirements.lock"), ("requirements-dev.txt", "requirements-dev.lock")):
        asked = [line.split("#")[0].strip().lower() for line in (embedded.ROOT / source).read_text().splitlines()]
        pinned = (embedded.ROOT / lock).read_text()
        missing = [entry for entry in asked if entry and not entry.startswith("-r") and f"\n{entry} " not in pinned]
        assert missing == []


def test_continuous_integration_runs_the_same_command_as_a_person():
    lines = (embedded.ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ['cd "$(dirname "$0")/.." && exec make test']
