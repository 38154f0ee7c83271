"""Texts of sets: what both kinds of set have in common."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from dalian_coop.base.text import text_errors

CODE = re.compile(r"[A-Za-z0-9_-]{1,60}")
SIZES = {"name_zh": 200, "name_en": 200, "name_ja": 200, "name_ko": 200, "reason_zh": 600, "reason_en": 600}
REQUIRED = ("name_zh", "reason_zh")


def may_edit(by) -> None:
    """Raise ``NotAllowed`` unless the actor may change sets."""
    if not by.has_perm(Perm.RUN_GAPS):
        raise NotAllowed(_("Only coordinators and analysts change the sets of the gap analysis."))


def checked(texts: Mapping[str, str]) -> dict[str, str]:
    """Names and reasons of a set; Chinese name and reason are required. Raises ``ValidationError``."""
    found = {name: (texts.get(name) or "").strip() for name in SIZES}
    errors = {name: text_errors(value, max_length=SIZES[name]) for name, value in found.items()}
    for name in REQUIRED:
        if not found[name]:
            errors[name] = [Error("required", _("Please fill in this field."))]
    if errors := {name: some for name, some in errors.items() if some}:
        raise ValidationError(errors)
    return found


def line(value: str | None, field: str, size: int = 300) -> str:
    """A short text that may be empty. Raises ``ValidationError`` at ``field``."""
    text = (value or "").strip()
    if errors := text_errors(text, max_length=size):
        raise ValidationError({field: errors})
    return text


def new_code(model, code: str) -> str:
    """The code of a new set, refused when it is no code or taken."""
    if not CODE.fullmatch(code):
        raise ValidationError({"code": [Error("invalid", _("Use letters, digits, hyphen and underscore only."))]})
    if model.objects.filter(code=code).exists():
        raise ValidationError({"code": [Error("taken", _("There is already a set with this code."))]})
    return code
