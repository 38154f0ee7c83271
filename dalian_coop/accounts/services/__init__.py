"""Writes of accounts."""

from dalian_coop.accounts.services.bureaus import load_bureaus

__all__ = ["load_bureaus"]
