"""``manage.py feed_epoch``: after a restore, make every client of the change feed load a full copy."""

from django.core.management.base import BaseCommand

from dalian_coop.history import services


class Command(BaseCommand):
    help = "Declare every cursor of the change feed void. Run it after each restore, before the portal is opened."

    def handle(self, *args, **options):
        counter = services.begin_epoch()
        self.stdout.write(f"Epoch {counter}: every client gets 410 at its next request and loads a full copy.")
