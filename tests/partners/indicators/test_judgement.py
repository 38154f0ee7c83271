"""Who judges how far the city can move an indicator, and whether it can be compared across countries."""

from decimal import Decimal

import pytest
from django.urls import reverse

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from partners.indicators.services import judge_indicator
from tests.factories import make_bureau, make_user
from tests.partners.factories import make_indicator

PAGE = reverse("indicators:judgement", args=["gdp"])


@pytest.fixture
def bureau(db):
    return make_bureau("市统计局")


@pytest.fixture
def gdp(bureau):
    found = make_indicator("gdp", name_zh="地区生产总值")
    found.owner = bureau
    found.save()
    return found


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.HEAD])
def test_the_owner_judges_how_far_it_can_be_moved_and_no_more(client, gdp, bureau, role):
    client.force_login(make_user(role, bureau=bureau))
    assert "id_owner" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"controllability": "0.25", "version": gdp.version}).status_code == 302
    gdp.refresh_from_db()
    assert (gdp.controllability, gdp.owner) == (Decimal("0.25"), bureau)
    page = client.get(reverse("indicators:indicator", args=["gdp"])).content.decode()
    assert PAGE in page and "市统计局" in page
    with pytest.raises(NotAllowed):
        judge_indicator(indicator=gdp, values={"owner": None}, version=gdp.version, by=make_user(role, bureau=bureau))


def test_another_bureau_and_readers_are_refused(client, gdp):
    for role in (Role.OFFICIAL, Role.HEAD, Role.LEADER):
        client.force_login(make_user(role))
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, {"controllability": "1.00", "version": gdp.version}).status_code == 403
        assert PAGE not in client.get(reverse("indicators:indicator", args=["gdp"])).content.decode()
    gdp.refresh_from_db()
    assert gdp.controllability is None


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ANALYST])
def test_those_who_arrange_name_the_owner_and_the_comparability(client, gdp, role):
    client.force_login(make_user(role))
    other = make_bureau("市商务局")
    values = {"comparability": "limited", "comparability_note_zh": "日本按县", "comparability_note": "by prefecture"}
    values |= {"controllability": "", "owner": other.pk, "version": gdp.version}
    assert client.post(PAGE, values).status_code == 302
    gdp.refresh_from_db()
    assert (gdp.comparability, gdp.owner, gdp.controllability) == ("limited", other, None)
    assert "日本按县" in client.get(reverse("indicators:indicator", args=["gdp"])).content.decode()


def test_wrong_choices_and_an_old_version_are_refused_and_the_text_is_kept(client, gdp):
    analyst = make_user(Role.ANALYST)
    client.force_login(analyst)
    assert client.post(PAGE, {"controllability": "0.3", "version": gdp.version}).status_code == 422
    late = client.post(PAGE, {"comparability": "none", "comparability_note_zh": "口径", "version": gdp.version + 7})
    assert late.status_code == 409 and "口径" in late.content.decode()
    with pytest.raises(ValidationError):
        judge_indicator(indicator=gdp, values={"comparability": "perhaps"}, version=gdp.version, by=analyst)
    with pytest.raises(Conflict):
        judge_indicator(indicator=gdp, values={"controllability": None}, version=99, by=analyst)
