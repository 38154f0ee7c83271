"""Systems of other bureaus that read (or report) over REST."""

import ipaddress

import rules
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.querysets import ApiPullQuerySet, ApiTokenQuerySet
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
    # Keys of bureaus; bureaus are never deleted. Empty: every row that the owner sees.
    row_bureaus = ArrayField(models.UUIDField(), verbose_name=_("only rows of these bureaus"), default=list, blank=True)
    networks = ArrayField(
        models.CharField(max_length=49), verbose_name=_("addresses it may come from"), default=list, blank=True
    )
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

    def may_come_from(self, address: str) -> bool:
        """Whether ``address`` is in the list of addresses; without a list every address is."""
        if not self.networks:
            return True
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        found = getattr(found, "ipv4_mapped", None) or found
        return any(found in ipaddress.ip_network(network) for network in self.networks)

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


class ApiPull(models.Model):
    """One answered request of a client: what was handed over, to whom, and how much of it.

    ``filter_hash`` is the same for the same question (query without cursor and limit). Kept for 210 days.
    """

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="pulls", verbose_name=_("API client"))
    key_id = models.CharField(_("token"), max_length=16)
    at = models.DateTimeField(_("time"))
    method = models.CharField(_("method"), max_length=7)
    resource = models.CharField(_("resource"), max_length=60)
    filter_hash = models.CharField(_("hash of the filter"), max_length=16)
    status = models.PositiveSmallIntegerField(_("HTTP status"))
    rows = models.PositiveIntegerField(_("rows"), default=0)
    bytes = models.PositiveBigIntegerField(_("bytes"), default=0)
    address = models.CharField(_("address"), max_length=64, blank=True)
    request_id = models.CharField(_("request id"), max_length=64, blank=True)

    objects = ApiPullQuerySet.as_manager()

    class Meta:
        verbose_name = _("pull")
        verbose_name_plural = _("pulls")
        indexes = [
            models.Index(fields=["client", "-at"], name="api_pull_of_client", include=["rows", "bytes"]),
            models.Index(fields=["at"], name="api_pull_age"),
        ]

    def __str__(self):
        return f"{self.method} {self.resource}"
