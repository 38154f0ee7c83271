"""The page of fields of cooperation and industries."""

import pytest

from dalian_coop.accounts.enums import ADMIN_ROLES, Role
from partners.industries.models import Industry, IndustryLink
from partners.industries.services import load_industries
from tests.factories import make_user
from tests.partners.queries import count_queries


@pytest.fixture
def shipped(db):
    load_industries()


@pytest.mark.parametrize("role", Role)
def test_only_business_roles_read_the_page(client, db, role):
    client.force_login(make_user(role))
    assert client.get("/industries/").status_code == (403 if role in ADMIN_ROLES else 200)


def test_strangers_are_sent_to_sign_in(client, db):
    assert client.get("/industries/").status_code == 302


def test_page_shows_every_industry_once_and_the_correspondence_as_own_work(client, shipped, official):
    client.force_login(official)
    response = client.get("/industries/")
    trees = response.context["trees"]
    assert sum(tree.count for tree in trees) == 342
    assert [f.code for f in response.context["fields"]["supports"]][0] == "friendly-cities"
    text = response.content.decode()
    assert "非官方" in text
    assert "ISIC Rev.4 C" in text  # manufacturing of GB/T 4754 points there


def test_sections_of_the_harmonized_system_are_in_the_order_of_their_numerals(client, shipped, official):
    client.force_login(official)
    tree = next(t for t in client.get("/industries/").context["trees"] if t.scheme == "HS2022")
    assert [b.entry.scheme_code for b in tree.branches][:10] == "I II III IV V VI VII VIII IX X".split()


def test_search_keeps_what_matches_and_what_stands_above(client, shipped, official):
    client.force_login(official)
    trees = client.get("/industries/?q=汽车").context["trees"]
    gbt = next(t for t in trees if t.scheme == "GBT4754")
    assert gbt.branches and all(b.open for b in gbt.branches)
    for branch in gbt.branches:
        hits = [e for e in (branch.entry, *branch.children) if "汽车" in e.name_zh]
        assert hits


def test_too_long_search_says_so_at_the_field(client, shipped, official):
    client.force_login(official)
    response = client.get("/industries/", {"q": "x" * 61})
    assert set(response.context["form"].errors) == {"q"}
    assert "x" * 61 in response.content.decode()


def test_names_are_in_the_language_of_the_page_where_the_classification_has_one(client, shipped, official):
    client.force_login(official)
    client.cookies["django_language"] = "en"
    text = client.get("/industries/").content.decode()
    assert '<span class="entry-name" lang="en">Manufacturing</span>' in text
    assert '<span class="entry-name" lang="zh-Hans">制造业</span>' in text  # GB/T 4754 has no English names


def test_page_asks_as_much_for_fifty_more_industries(client, shipped, official):
    client.force_login(official)
    few = count_queries(client, "/industries/")
    parent = Industry.objects.get(code="GBT4754:C")
    for n in range(50):
        one = Industry.objects.create(
            code=f"GBT4754:X{n}",
            scheme="GBT4754",
            level="division",
            scheme_code=f"X{n}",
            parent=parent,
            name_zh=f"行业{n}",
            source="test",
        )
        IndustryLink.objects.create(origin=one, target=parent, status="own, not official", source="test")
    assert count_queries(client, "/industries/") == few
    assert few <= 10
