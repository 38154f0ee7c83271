"""Uploads between looking and doing: a file is kept for an hour under a name of our own, for its owner only."""

import time
import uuid
from pathlib import Path

from django.conf import settings
from django.core import signing

from dalian_coop.documents.packages import MAX_UPLOAD, MEGABYTE
from dalian_coop.documents.refusals import RefusedFile

KEPT_SECONDS = 3600
_SALT = "documents.uploads"


def upload_bytes(upload) -> bytes:
    """The content of a Django upload, never more than the limit. Raises ``RefusedFile`` (``empty``, ``too_large``)."""
    data = upload.read(MAX_UPLOAD + 1)
    if len(data) > MAX_UPLOAD:
        raise RefusedFile("too_large", limit=MAX_UPLOAD // MEGABYTE)
    if not data:
        raise RefusedFile("empty")
    return data


def keep(*, data: bytes, name: str, by) -> str:
    """Keep ``data`` for ``KEPT_SECONDS``; returns a signed token for a hidden form field. Old files are removed."""
    folder = _folder()
    _sweep(folder)
    key = uuid.uuid4().hex
    part = folder / f"{key}.part"
    part.write_bytes(data)
    part.rename(folder / key)
    return signing.dumps([key, name[:200], str(by.pk)], salt=_SALT)


def kept(*, token: str, by) -> tuple[bytes, str]:
    """(content, name as uploaded) of a kept file; ``RefusedFile("expired")`` if it is gone or somebody else's."""
    try:
        key, name, owner = signing.loads(token, salt=_SALT, max_age=KEPT_SECONDS)
        if owner != str(by.pk):
            raise RefusedFile("expired")
        return (_folder() / key).read_bytes(), name
    except (signing.BadSignature, FileNotFoundError, ValueError) as error:
        raise RefusedFile("expired") from error


def discard(*, token: str, by) -> None:
    """Remove a kept file once it was used."""
    try:
        key, _name, owner = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return
    if owner == str(by.pk):
        (_folder() / key).unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _sweep(folder: Path) -> None:
    old = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        if path.stat(follow_symlinks=False).st_mtime < old:
            path.unlink(missing_ok=True)
