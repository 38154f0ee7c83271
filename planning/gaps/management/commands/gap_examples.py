"""``manage.py gap_examples``: the two example reports that the portal makes of its own data."""

from django.core.management.base import BaseCommand, CommandError

from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.models import User
from dalian_coop.base.errors import ServiceError
from planning.gaps import services
from planning.gaps.models import BenchmarkSet, IndicatorSet

# benchmark set, indicator set, choices
EXAMPLES = [
    ("port-cities", "core", {"benchmark": "leader"}),
    ("japan-prefectures", "prefectures", {"benchmark": "mean"}),
]


class Command(BaseCommand):
    help = (
        "Starts the example reports: Dalian against advanced coastal cities, and the 47 Japanese prefectures with "
        "Fukuoka as the own region. A report that is there already is not made again."
    )

    def add_arguments(self, parser):
        parser.add_argument("--as", dest="username", default="", help="who starts them; default: the first analyst")

    def handle(self, *args, **options):
        person = self._person(options["username"])
        for benchmark_set, indicator_set, choices in EXAMPLES:
            try:
                run = services.start_run(
                    benchmark_set=BenchmarkSet.objects.get(code=benchmark_set),
                    indicator_set=IndicatorSet.objects.get(code=indicator_set),
                    by=person,
                    **choices,
                )
            except (BenchmarkSet.DoesNotExist, IndicatorSet.DoesNotExist) as missing:
                raise CommandError("The shipped sets are not loaded: run load_reference_data first.") from missing
            except ServiceError as refused:
                raise CommandError(str(refused)) from refused
            self.stdout.write(f"{benchmark_set} × {indicator_set}: {run.pk}")

    def _person(self, username: str) -> User:
        if username:
            found = User.objects.filter(username=username, is_active=True).first()
        else:
            found = User.objects.filter(memberships__role=Role.ANALYST, is_active=True).order_by("date_joined").first()
        if found is None:
            raise CommandError("There is nobody with the role of an analyst; name somebody with --as.")
        return found
