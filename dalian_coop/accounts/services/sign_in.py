"""Signing in and out: counting failures, limiting sessions, changing passwords."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import OpenSession, SignInFailure, User
from dalian_coop.base.errors import Error, ValidationError

FREE_FAILURES = 5
FORGOTTEN_AFTER = timedelta(hours=12)
# A stranger who guesses at somebody's account slows its owner by a minute at most; his own address by far more.
LONGEST_ACCOUNT_DELAY = timedelta(minutes=1)
LONGEST_ADDRESS_DELAY = timedelta(minutes=15)
MOST_SESSIONS = 3


def seconds_to_wait(*, username: str, address: str, now: datetime | None = None) -> int:
    """How long the next try for this account, or from this address, must still wait; 0 when it may be made now."""
    now = now or timezone.now()
    limits = {
        _subject("account", username): LONGEST_ACCOUNT_DELAY,
        _subject("address", address): LONGEST_ADDRESS_DELAY,
    }
    waits = [
        failure.last_at + delay(failure.count, limits[failure.subject]) - now
        for failure in SignInFailure.objects.filter(subject__in=limits, last_at__gt=now - FORGOTTEN_AFTER)
    ]
    longest = max(waits, default=timedelta())
    return max(0, -(-longest // timedelta(seconds=1)))


def delay(failures: int, longest: timedelta) -> timedelta:
    """Nothing for the first five failures in a row, then 2 s, 4 s, 8 s … up to ``longest``."""
    if failures < FREE_FAILURES:
        return timedelta()
    return min(longest, timedelta(seconds=2 ** min(failures - FREE_FAILURES + 1, 20)))


def note_failure(*, username: str, address: str) -> None:
    """Count a wrong password (or name: the answer is the same) for the account and for the address."""
    now = timezone.now()
    for subject in (_subject("account", username), _subject("address", address)):
        SignInFailure.objects.filter(subject=subject, last_at__lt=now - FORGOTTEN_AFTER).delete()
        SignInFailure.objects.bulk_create([SignInFailure(subject=subject, last_at=now)], ignore_conflicts=True)
        SignInFailure.objects.filter(subject=subject).update(count=F("count") + 1, last_at=now)


def note_success(*, username: str) -> None:
    """The account's failures are forgotten; the address keeps its own, or one good account would clear many guesses."""
    SignInFailure.objects.filter(subject=_subject("account", username)).delete()


def _subject(kind: str, value: str) -> str:
    """Names and addresses are kept as keyed hashes: the table tells nobody who tried."""
    text = f"{kind}:{value.strip().casefold()}".encode()
    return hmac.new(settings.TOKEN_PEPPER.encode(), text, hashlib.sha256).hexdigest()


@transaction.atomic
def open_session(*, user: User, session_key: str) -> None:
    """Remember whose session this is, and end the oldest ones beyond three."""
    User.objects.select_for_update().get(pk=user.pk)
    OpenSession.objects.get_or_create(session_id=session_key, defaults={"user": user})
    too_many = OpenSession.objects.filter(user=user).order_by("-opened_at").values_list("session_id", flat=True)
    Session.objects.filter(session_key__in=list(too_many[MOST_SESSIONS:])).delete()


@transaction.atomic
def change_password(*, user: User, password: str, keep_session: str = "", by: User | None = None) -> User:
    """Set a password that has passed the rules, and end the person's sessions except ``keep_session``."""
    if user.has_usable_password() and user.check_password(password):
        raise ValidationError({"new_password1": [Error("same_password", _("Choose a password you do not use now."))]})
    user.set_password(password)
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "password_changed_at"])
    others = OpenSession.objects.filter(user=user).exclude(session_id=keep_session).values_list("session_id", flat=True)
    Session.objects.filter(session_key__in=list(others)).delete()
    return user


@transaction.atomic
def set_language(*, user: User, language: str, by: User | None = None) -> User:
    """Remember the language in which the person reads the portal."""
    if language not in dict(settings.LANGUAGES):
        raise ValidationError({"language": [Error("unknown_language", _("This language is not offered."))]})
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
    return user
