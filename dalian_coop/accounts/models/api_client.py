"""Systems of other bureaus that read (or report) over REST."""

import rules
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.querysets import ApiTokenQuerySet
from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked


@tracked
class ApiClient(Keyed, Versioned):
    """One system of one bureau. It sees what its bureau sees, as far as its scopes go."""

    name = models.CharField(_("name of the system"), max_length=120)
    owner = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="api_clients", verbose_name=_("bureau"))
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    purpose = models.CharField(_("purpose"), max_length=400, blank=True)
    document_number = models.CharField(_("approval document"), max_length=80, blank=True)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"), default=list)
    expires_at = models.DateTimeField(_("valid until"))
    disabled_at = models.DateTimeField(_("shut out at"), null=True, blank=True)

    is_authenticated = True
    is_active = True
    is_anonymous = False
    is_staff = False
    is_superuser = False
    roles: set = set()

    class Meta:
        ordering = ["name"]
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")
        constraints = [models.UniqueConstraint(fields=["name"], name="api_client_name_once")]

    def __str__(self):
        return self.name

    @property
    def bureau(self):
        return self.owner

    @property
    def bureau_ids(self) -> set:
        return {self.owner_id}

    @property
    def seat_country(self) -> str:
        return self.owner.seat_country

    def has_perm(self, perm: str, obj=None) -> bool:
        """The same rules as for people; scopes stand in for roles."""
        return rules.has_perm(str(perm), self, obj)


class ApiToken(Keyed):
    """A secret of a client, kept as HMAC only. Two may live at once, so that a client can change over."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="tokens")
    key_id = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self):
        return self.key_id
