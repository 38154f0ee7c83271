"""Password rules beside Django's own."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LEAST_KINDS = 3


class CharacterKinds:
    """At least three of: capital letters, small letters, digits, other characters."""

    def validate(self, password, user=None):
        kinds = {_kind(character) for character in password}
        if len(kinds) < LEAST_KINDS:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self):
        return _("The password must have three of: capital letters, small letters, digits, other characters.")


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.isupper():
        return "capital"
    return "small" if character.islower() else "other"
