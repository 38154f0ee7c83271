"""REST of accounts: bearer authentication here (the settings name it), the endpoints in ``endpoints``.

This file must not import viewsets: REST framework reads the setting while it defines its first view.
"""

from dalian_coop.accounts.api.authentication import BearerAuthentication

__all__ = ["BearerAuthentication"]
