"""Application entry of relations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RelationsConfig(AppConfig):
    name = "partners.relations"
    label = "relations"
    verbose_name = _("Relations")

    def ready(self):
        from dalian_coop.base import reference
        from partners.relations import services

        reference.register("relations", services.load_agreements, order=50)
