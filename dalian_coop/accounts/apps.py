"""Application entry of accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "dalian_coop.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from dalian_coop.accounts import services
        from dalian_coop.base import reference

        reference.register("bureaus", services.load_bureaus, order=10)
