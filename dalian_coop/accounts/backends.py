"""Checking a password: the same answer and the same work for a wrong password, an unknown name and a shut account."""

from django.conf import settings
from django.contrib.auth.backends import BaseBackend

from dalian_coop.accounts import services
from dalian_coop.accounts.models import User


class PasswordBackend(BaseBackend):
    """Refuses without looking while the account or the address has to wait (growing delay after five failures)."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if not username or password is None:
            return None
        address = client_address(request)
        if services.seconds_to_wait(username=username, address=address):
            return None
        user = User.objects.filter(username=username).first()
        if user is None:
            User().set_password(password)  # an unknown name must take as long as a wrong password
        elif user.check_password(password) and user.is_active:
            services.note_success(username=username)
            return user
        services.note_failure(username=username, address=address)
        return None

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id, is_active=True).first()


def client_address(request) -> str:
    """The peer's address; behind our own proxy the one it names (the last entry is the only one it wrote itself)."""
    if request is None:
        return ""
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        forwarded = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded[:64]
    return request.META.get("REMOTE_ADDR") or "local"
