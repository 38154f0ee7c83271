"""Bulk rows written by the database are, byte by byte, those that this process would write."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import orjson
import pytest
from django.utils import translation

from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.permissions import Perm
from dalian_coop.rest import exported
from dalian_coop.rest.columns import private
from dalian_coop.rest.lines import json_line
from dalian_coop.rest.renderers import plain
from partners.indicators.models import Observation
from partners.industries.models import Industry
from partners.regions.models import Region
from tests.factories import make_bureau, make_client, make_user
from tests.partners.factories import make_agreement, make_indicator, make_observation, make_region, make_source
from tests.planning.factories import make_task
from tests.planning.gaps.factories import compute, make_world, start
from tests.planning.roadmap.factories import make_stone

pytestmark = pytest.mark.django_db
HOSTILE = "".join(map(chr, range(1, 0xA0))) + '\\"/\u2028\u202e\ufeff𠮷野家 한글 😀</script>%s{}'
INSTANTS = [
    datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    datetime(2026, 11, 24, 9, 30, 0, 120000, tzinfo=UTC),
    datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
]
VALUES = ["0", "0.000000", "-0.000001", "100.000000", "1234567890123.456789", "12.5"]


@pytest.fixture
def reader():
    """A system that sees everything, in a world with every kind of row and odd values."""
    compute(start(make_world()))
    city, partner = make_region("JP-40999", HOSTILE, country="JP"), make_region("KR-99", country="KR")
    source, indicator = make_source(), make_indicator()
    Industry.objects.create(code="HS:01", scheme="HS", level="chapter", scheme_code="01", name_en=HOSTILE, source="t")
    make_agreement(city, partner, source)
    for n, value in enumerate(VALUES):
        make_observation(
            city, indicator, 1990 + n, value, source, note=HOSTILE if n else "", note_zh="注" if n == 2 else ""
        )
    for instant in INSTANTS:
        bureau = make_bureau(full_name=HOSTILE, aliases=[HOSTILE, "a,b", ""])
        Bureau.objects.filter(pk=bureau.pk).update(updated_at=instant)
    make_stone(make_task(content=HOSTILE, weight=Decimal("12.50"), due=date(2026, 2, 28), units=(bureau,)))
    return make_client(make_bureau(coordinates=True), ["reference:read", "taskbooks:read", "gaps:read"])


@pytest.mark.parametrize("language", ["zh-hans", "en", "ja"])
def test_lines_are_the_rows_of_the_endpoint(reader, language):
    with translation.override(language):
        for resource in exported.resources().values():
            found = resource.visible_to(reader)
            written = b"".join(piece for _count, piece in resource.lines(found, actor=reader))
            rows = [row for _key, _version, row in resource.rows(found, actor=reader)]
            assert rows, resource.name
            assert written == b"".join(orjson.dumps(row, default=plain) + b"\n" for row in rows), resource.name


def test_large_tables_are_written_by_the_database(reader):
    for name in ("observations", "regions", "bureaus"):
        resource = exported.resources()[name]
        assert json_line(resource.model, resource.columns, lambda perm: True) is not None, name


def test_a_column_that_one_may_not_read_is_null(reader):
    columns = {"id": "id", "full_name": private("full_name", Perm.READ_CONTACTS)}
    bureaus = replace(exported.resources()["bureaus"], columns=columns)
    official = make_user(Role.OFFICIAL)
    for actor, shown in ((reader, set()), (None, set()), (official, {HOSTILE})):
        rows = [
            orjson.loads(line)
            for _n, piece in bureaus.lines(Bureau.objects.all(), actor=actor)
            for line in piece.splitlines()
        ]
        assert (
            rows
            and {row["full_name"] for row in rows} - {None} >= shown
            and (shown or not any(r["full_name"] for r in rows))
        )


def test_no_statement_per_row(reader, django_assert_num_queries):
    resource = exported.resources()["observations"]
    assert Observation.objects.count() > 1 and Region.objects.count() > 1
    with django_assert_num_queries(1):
        list(resource.lines(resource.visible_to(reader), actor=reader))
