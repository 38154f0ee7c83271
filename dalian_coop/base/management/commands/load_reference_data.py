"""``manage.py load_reference_data``: loads every room's shipped files in one transaction; safe to run again."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from dalian_coop.base import reference


class Command(BaseCommand):
    help = "Load the reference data of all rooms (idempotent, one transaction)."

    def handle(self, *args, **options):
        try:
            with transaction.atomic():
                for _name, loader in reference.loaders():
                    for counts in loader():
                        self.stdout.write(
                            f"{counts.table:34} {counts.new:6} new {counts.changed:6} changed {counts.same:6} same"
                        )
        except reference.BadRow as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
