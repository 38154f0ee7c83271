"""``manage.py load_sample``: brings the sample task book in through the import a user would use; safe to run again."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import ValidationError
from planning.plans.services import load_sample_objectives
from planning.taskbooks.services import importing

FILE = Path(__file__).resolve().parents[2] / "data" / "taskbook_sample.xlsx"


class SampleLoader:
    """Who loads the sample: an actor of the portal itself that may import, set objectives and nothing else."""

    pk = "load_sample"
    is_authenticated = True
    bureau = None
    bureau_ids = frozenset()
    seat_country = ""
    roles = frozenset()

    def has_perm(self, perm: str, obj=None) -> bool:
        return perm in (Perm.IMPORT_BOOK, Perm.EDIT_PLAN)

    def __str__(self):
        return str(_("The portal itself"))


class Command(BaseCommand):
    help = "Load the sample task book and its road map (idempotent; marked as a sample)."

    def handle(self, *args, **options):
        try:
            report = importing.apply(data=FILE.read_bytes(), name=FILE.name, book=None, by=SampleLoader())
        except ValidationError as error:
            raise CommandError(str(error)) from error
        if not report.applied:
            lines = [f"{m.sheet} {m.cell}: {m.text}" for m in report.errors]
            raise CommandError("Nothing was loaded.\n" + "\n".join(lines[:20]))
        for kind, counts in report.counts.items():
            self.stdout.write(f"{kind:34} {counts.new:6} new {counts.changed:6} changed {counts.same:6} same")
        load_sample_objectives(by=SampleLoader())
