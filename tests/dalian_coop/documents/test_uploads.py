"""Uploads are kept for their owner, for an hour."""

import io
import os
import time
from types import SimpleNamespace

import pytest

from dalian_coop.documents import uploads
from dalian_coop.documents.packages import MAX_UPLOAD
from dalian_coop.documents.refusals import RefusedFile

ALICE, BOB = SimpleNamespace(pk=1), SimpleNamespace(pk=2)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media" / "uploads"


def codes(call) -> str:
    with pytest.raises(RefusedFile) as refused:
        call()
    return refused.value.code


def test_a_kept_file_comes_back_to_its_owner_only(folder):
    token = uploads.keep(data=b"abc", name="../../任务书.xlsx", by=ALICE)
    assert uploads.kept(token=token, by=ALICE) == (b"abc", "../../任务书.xlsx")
    assert codes(lambda: uploads.kept(token=token, by=BOB)) == "expired"
    [stored] = folder.iterdir()
    assert stored.name.isalnum() and folder.stat().st_mode & 0o077 == 0


def test_a_token_that_was_altered_or_used_is_refused(folder):
    token = uploads.keep(data=b"abc", name="a", by=ALICE)
    assert codes(lambda: uploads.kept(token=token + "x", by=ALICE)) == "expired"
    assert codes(lambda: uploads.kept(token="", by=ALICE)) == "expired"
    uploads.discard(token=token, by=BOB)
    assert uploads.kept(token=token, by=ALICE)
    uploads.discard(token=token, by=ALICE)
    uploads.discard(token="nonsense", by=ALICE)
    assert codes(lambda: uploads.kept(token=token, by=ALICE)) == "expired"


def test_old_files_are_swept_when_a_new_one_is_kept(folder):
    uploads.keep(data=b"old", name="a", by=ALICE)
    [old] = folder.iterdir()
    past = time.time() - uploads.KEPT_SECONDS - 1
    os.utime(old, (past, past))
    uploads.keep(data=b"new", name="a", by=ALICE)
    assert [path.read_bytes() for path in folder.iterdir()] == [b"new"]


def test_an_upload_is_never_read_beyond_the_limit():
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size=-1):
            assert 0 <= size <= MAX_UPLOAD + 1
            return b"x" * size

    assert codes(lambda: uploads.upload_bytes(Endless())) == "too_large"
    assert codes(lambda: uploads.upload_bytes(io.BytesIO())) == "empty"
    assert uploads.upload_bytes(io.BytesIO(b"x")) == b"x"
