"""Sign-ins: failures, counted in the database so that emptying the cache does not reset them, and open sessions."""

from django.conf import settings
from django.db import models


class SignInFailure(models.Model):
    """Failures in a row for one account name or one address (kept as a keyed hash)."""

    subject = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    def __str__(self):
        return f"{self.subject[:8]}… {self.count}"


class OpenSession(models.Model):
    """Whose a session is: a person may have a few at once, and a changed password ends the others."""

    session = models.OneToOneField("sessions.Session", models.CASCADE, primary_key=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="open_sessions")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["opened_at"]

    def __str__(self):
        return f"{self.user_id} {self.opened_at:%Y-%m-%d %H:%M}"
