"""``manage.py gap_case``: from file to file, without a database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from planning.gaps.engine import chain, document
from tests.planning.gaps.engine.cases import small

ROOT = Path(__file__).resolve().parents[4]
CASE = small(robustness={"replications": 2500}, sensitivity={"base": 32})


def gap_case(*arguments, **environ):
    """The command in a process of its own, with a database that does not exist."""
    environ = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing"} | environ
    command = [sys.executable, "manage.py", "gap_case", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, timeout=120)


@pytest.fixture
def case_file(tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(CASE))
    return path


def test_writes_the_result_of_the_engine_byte_for_byte_on_any_number_of_threads(case_file, tmp_path):
    for threads in "1", "2":
        out = tmp_path / f"result-{threads}.json"
        done = gap_case(case_file, "--out", out, OPENBLAS_NUM_THREADS=threads)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        assert out.read_bytes() == chain.dumps(chain.run(CASE))  # as the portal gives it


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"schema": "gap-case/1", "own": NaN}', b"The case file holds NaN; figures must be finite numbers."),
        ('{"schema": "gap-case/9"}', b"The case file is of version gap-case/9; this engine reads up to gap-case/1."),
        (json.dumps(CASE | {"own": "mars"}), b"The own region mars is not among the regions."),
        (json.dumps(CASE | {"colour": 1}), b"colour is no option of a case."),
    ],
)
def test_refuses_with_one_sentence(case_file, text, sentence):
    case_file.write_text(text)
    done = gap_case(case_file)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.strip() == b"CommandError: " + sentence


def test_refuses_50_megabytes_unread_and_what_is_not_there(case_file):
    with case_file.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    done = gap_case(case_file)
    most = document.MAX_BYTES // 1048576
    assert done.stderr.strip().decode() == f"CommandError: The case file has 50 MB; at most {most} MB are read."
    case_file.unlink()
    done = gap_case(case_file)
    assert done.returncode == 1 and b"cannot be read" in done.stderr
