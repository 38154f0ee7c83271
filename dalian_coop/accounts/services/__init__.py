"""Writes of accounts."""

from dalian_coop.accounts.services.bureaus import load_bureaus
from dalian_coop.accounts.services.clients import (
    IssuedToken,
    change_api_client,
    create_api_client,
    disable_client,
    draft_client,
    find_token,
    issue_token,
    note_use,
    revoke_token,
)
from dalian_coop.accounts.services.demo import make_demo_accounts
from dalian_coop.accounts.services.people import may_hold, save_bureau, save_membership
from dalian_coop.accounts.services.pulls import filter_hash, note_pull, purge_pulls
from dalian_coop.accounts.services.sign_in import (
    change_password,
    note_failure,
    note_success,
    open_session,
    seconds_to_wait,
    set_language,
)

__all__ = [
    "IssuedToken",
    "change_api_client",
    "change_password",
    "create_api_client",
    "disable_client",
    "draft_client",
    "filter_hash",
    "find_token",
    "issue_token",
    "load_bureaus",
    "make_demo_accounts",
    "may_hold",
    "note_failure",
    "note_pull",
    "note_success",
    "note_use",
    "open_session",
    "purge_pulls",
    "revoke_token",
    "save_bureau",
    "save_membership",
    "seconds_to_wait",
    "set_language",
]
