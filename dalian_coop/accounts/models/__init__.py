"""Bureaus, people and client systems."""

from dalian_coop.accounts.models.api_client import ApiClient, ApiPull, ApiToken
from dalian_coop.accounts.models.bureau import Bureau
from dalian_coop.accounts.models.membership import Membership, Position
from dalian_coop.accounts.models.sign_in import OpenSession, SignInFailure
from dalian_coop.accounts.models.user import User

__all__ = [
    "ApiClient",
    "ApiPull",
    "ApiToken",
    "Bureau",
    "Membership",
    "OpenSession",
    "Position",
    "SignInFailure",
    "User",
]
