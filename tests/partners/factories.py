"""Makers of regions, indicators, figures and agreements for tests."""

import itertools
from datetime import date
from decimal import Decimal

from dalian_coop.base.chinese import pinyin_key
from partners.indicators.models import DataSource, Indicator, Observation
from partners.regions.models import Region
from partners.relations.models import Agreement

_numbers = itertools.count(1)


def make_region(code: str, name: str = "", **values) -> Region:
    """A region; its country is that of the code, its role ``partner`` outside China, ``reference`` inside."""
    country = code[:2]
    name = name or f"第{next(_numbers)}市"
    defaults = {
        "country": country,
        "level": "city",
        "role": "reference" if country == "CN" else "partner",
        "name_zh": name,
        "pinyin": pinyin_key(name),
    }
    return Region.objects.create(code=code, **defaults | values)


def make_home() -> Region:
    """Dalian with its position."""
    return make_region("CN-210200", "大连市", role="focus", latitude=Decimal("38.9122"), longitude=Decimal("121.6022"))


def make_source(code: str = "", **values) -> DataSource:
    code = code or f"source-{next(_numbers)}"
    defaults = {"title": f"Source {code}", "licence": "MIT", "quality": "official", "retrieved": date(2026, 11, 24)}
    return DataSource.objects.create(code=code, **defaults | values)


def make_indicator(code: str = "", **values) -> Indicator:
    code = code or f"indicator-{next(_numbers)}"
    defaults = {
        "category": "economy",
        "unit": "100 million CNY",
        "direction": "up",
        "scope": "CN JP KR",
        "name_zh": f"指标{code}",
        "name_en": f"Indicator {code}",
    }
    return Indicator.objects.create(code=code, **defaults | values)


def make_observation(region: Region, indicator: Indicator, year: int, value, source: DataSource, **values):
    defaults = {"period": "A", "preferred": True}
    return Observation.objects.create(
        region=region, indicator=indicator, year=year, value=Decimal(value), source=source, **defaults | values
    )


def make_agreement(city: Region, partner: Region, source: DataSource, **values) -> Agreement:
    defaults = {
        "code": f"SC{next(_numbers):03}",
        "country": partner.country,
        "partner_name_zh": partner.name_zh,
        "kind": "friendship",
        "signed_on": date(1979, 5, 1),
        "precision": "day",
    }
    return Agreement.objects.create(city=city, partner=partner, source=source, **defaults | values)
