"""Typed readers for environment variables. A missing or bad value stops the start with a sentence that names it."""

import os


class BadSetting(SystemExit):
    """Raised before anything has started; the text is for the person who set the variable."""

    def __init__(self, name: str, problem: str):
        super().__init__(f"Setting {name}: {problem} (every setting is described in .env.example)")


def text(name: str, default: str | None = None) -> str:
    """The value as it stands; without a default an absent or empty one is refused."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise BadSetting(name, "is missing; give it a value")
    return default


def number(name: str, default: int, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise BadSetting(name, f"{value!r} is not a whole number from {low} to {high}")
    return int(value)


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """One of ``allowed``."""
    value = text(name, default)
    if value not in allowed:
        raise BadSetting(name, f"{value!r} is not one of {', '.join(allowed)}")
    return value


def flag(name: str, default: bool) -> bool:
    """``yes`` or ``no``."""
    return choice(name, "yes" if default else "no", ("yes", "no")) == "yes"


def items(name: str, default: str = "") -> list[str]:
    """A list separated by commas; blanks around the parts are dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def secret(name: str, least: int, default: str | None = None) -> str:
    """A text of at least ``least`` characters."""
    value = text(name, default)
    if len(value) < least:
        raise BadSetting(name, f"has {len(value)} characters; it needs at least {least}")
    return value
