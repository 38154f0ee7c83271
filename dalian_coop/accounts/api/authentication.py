"""Tokens of API clients in the header ``Authorization: Bearer dlp_…``."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from dalian_coop.accounts import services
from dalian_coop.accounts.backends import client_address


class BearerAuthentication(BaseAuthentication):
    """Looked up on every request, so that a revoked token is dead at once."""

    def authenticate(self, request):
        header = request.headers.get("Authorization", "")
        scheme, _blank, text = header.partition(" ")
        if scheme.casefold() != "bearer":
            return None
        token = services.find_token(text.strip())
        if token is None:
            raise AuthenticationFailed(_("The token is wrong, expired or revoked."))
        if not token.client.may_come_from(client_address(request._request)):
            raise PermissionDenied(_("This token may not be used from this address."))
        services.note_use(token=token)
        request._request.api_token = token
        return token.client, token

    def authenticate_header(self, request) -> str:
        failed = 'Bearer realm="api", error="invalid_token"'
        return failed if request.headers.get("Authorization") else 'Bearer realm="api"'


class BearerScheme(OpenApiAuthenticationExtension):
    """How the description names it."""

    target_class = "dalian_coop.accounts.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "bearerFormat": "dlp_<key>_<secret>"}
