"""The errors services raise. Pages, the grid, imports and REST each show them in their own way."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Error:
    """One thing that is wrong: a stable code for programs, a sentence (lazy, translated) for people."""

    code: str
    message: Any

    def __str__(self) -> str:
        return str(self.message)


class ServiceError(Exception):
    """Base of everything a service refuses."""


class ValidationError(ServiceError):
    """Input that breaks a rule: ``{field name: [Error, …]}``; the key ``""`` stands for the object as a whole."""

    def __init__(self, errors: dict[str, list[Error]]):
        super().__init__("; ".join(f"{name}: {e}" for name, es in errors.items() for e in es))
        self.errors = errors

    @property
    def codes(self) -> dict[str, list[str]]:
        """``{field: [code, …]}``, for tests and for REST."""
        return {name: [e.code for e in es] for name, es in self.errors.items()}


class NotAllowed(ServiceError):
    """The actor may see the object but not do this; the text says why and whom to ask."""


@dataclass
class Conflict(ServiceError):
    """Somebody was faster. ``current`` is the object as it now stands, ``mine`` the values that were not saved."""

    current: Any
    mine: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.current!r} was changed in the meantime"
