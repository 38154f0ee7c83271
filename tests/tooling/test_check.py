"""`make check` finds what it looks for: its own parts, tried on files that are wrong on purpose."""

import hashlib
import importlib.util
import json
import sys

import pytest

from dalian_coop import embedded


@pytest.fixture
def check(tmp_path, monkeypatch):
    """The script .ci/check.py, working on a folder of its own."""
    spec = importlib.util.spec_from_file_location("check", embedded.ROOT / ".ci" / "check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


@pytest.fixture
def vendored(tmp_path):
    """A folder with one vendored file that is as its vendor.json says."""
    folder = tmp_path / "static" / "vendor"
    folder.mkdir(parents=True)
    (folder / "a.js").write_text("let a = 1;")
    (folder / "a.LICENSE.txt").write_text("MIT")
    digest = hashlib.sha256(b"let a = 1;").hexdigest()
    listing = [{"file": "a.js", "sha256": digest, "licence_file": "a.LICENSE.txt"}]
    (folder / "vendor.json").write_text(json.dumps(listing))
    return folder


def test_vendored_file_as_listed_is_good(check, vendored):
    assert check.vendor() == ""


def test_changed_vendored_file_is_found(check, vendored):
    (vendored / "a.js").write_text("let a = 2;")
    assert check.vendor() == "static/vendor/a.js is not the file that static/vendor/vendor.json describes"


def test_unlisted_vendored_file_is_found(check, vendored):
    (vendored / "b.js").write_text("")
    assert check.vendor() == "static/vendor/b.js is not in vendor.json"


def test_missing_licence_is_found(check, vendored):
    (vendored / "a.LICENSE.txt").unlink()
    assert check.vendor() == "static/vendor/vendor.json: a.LICENSE.txt is missing"


def test_failing_program_is_reported_with_what_it_printed(check):
    assert check.command(sys.executable, "-c", "raise SystemExit('bad')")() == "bad"
    assert check.command(sys.executable, "-c", "raise SystemExit(3)")() == "status 3"
    assert check.command(sys.executable, "-c", "print('fine')")() == ""


def test_every_check_of_the_house_is_run(check):
    assert set(check.CHECKS) == {
        "style",
        "format",
        "templates",
        "imports",
        "migrations",
        "production settings",
        "REST description",
        "translations",
        "vendored files",
    }
