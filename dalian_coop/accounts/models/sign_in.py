"""Failed sign-ins, counted in the database so that emptying the cache does not reset them."""

from django.db import models


class SignInFailure(models.Model):
    """Failures in a row for one account name or one address (kept as a keyed hash)."""

    subject = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    def __str__(self):
        return f"{self.subject[:8]}… {self.count}"
