"""People and a small world for the tests of this floor."""

import pytest

from dalian_coop.accounts.enums import Role
from tests.factories import make_bureau, make_user
from tests.partners.factories import (
    make_agreement,
    make_home,
    make_indicator,
    make_observation,
    make_region,
    make_source,
)


@pytest.fixture
def home(db):
    return make_home()


@pytest.fixture
def official(db):
    return make_user(Role.OFFICIAL)


@pytest.fixture
def japan_office(db):
    """Somebody of the representative office in Japan."""
    return make_user(Role.OFFICIAL, bureau=make_bureau("驻日本代表处", seat_country="JP"))


@pytest.fixture
def world(home):
    """Dalian, a Japanese and a Korean partner with an agreement and figures each, a benchmark city."""
    source = make_source("communique", title="2024年统计公报", title_lang="zh-Hans")
    gdp = make_indicator("gdp", name_zh="地区生产总值", name_en="Gross domestic product")
    kita = make_region(
        "JP-40100", "北九州市", name_ja="北九州市", name_en="Kitakyushu", latitude=33.85, longitude=130.85
    )
    incheon = make_region(
        "KR-28", "仁川广域市", name_ko="인천광역시", name_en="Incheon", latitude=37.45, longitude=126.7
    )
    qingdao = make_region("CN-370200", "青岛市", role="benchmark")
    for region, values in ((home, (7700, 8752)), (kita, (300, 310)), (incheon, (900, 950)), (qingdao, (14000, 15000))):
        for year, value in zip((2022, 2023), values, strict=True):
            make_observation(region, gdp, year, value, source)
    return {
        "home": home,
        "kita": kita,
        "incheon": incheon,
        "qingdao": qingdao,
        "gdp": gdp,
        "source": source,
        "with_kita": make_agreement(home, kita, source),
        "with_incheon": make_agreement(home, incheon, source, kind="cooperation"),
    }
