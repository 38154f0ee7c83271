"""What is going to end says so half a year before."""

from datetime import date

import pytest

from dalian_coop.accounts.api.endpoints import BureauViewSet
from dalian_coop.rest.deprecation import Deprecation
from tests.dalian_coop.rest.conftest import URLCONF

pytestmark = [pytest.mark.django_db, pytest.mark.urls(URLCONF)]


def test_every_answer_of_the_operation_says_so(client, token, monkeypatch):
    ending = Deprecation(date(2027, 1, 1), date(2027, 7, 1), "/api/v1/docs/#bureaus")
    monkeypatch.setattr(BureauViewSet, "deprecations", {"list": ending})
    for url in ("/api/v1/bureaus/", "/api/v1/bureaus/?limit=0"):
        answer = client.get(url, **token)
        assert answer["Deprecation"] == "@1798761600"
        assert answer["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
        assert 'rel="sunset"' in answer["Link"]
    assert not client.get("/api/v1/bureaus/sswj/", **token).has_header("Deprecation")


def test_the_link_to_the_next_page_stays(client, token, bureau, monkeypatch):
    from tests.factories import make_bureau

    make_bureau()
    ending = Deprecation(date(2027, 1, 1), date(2027, 7, 1), "/api/v1/docs/#bureaus")
    monkeypatch.setattr(BureauViewSet, "deprecations", {"list": ending})
    link = client.get("/api/v1/bureaus/?limit=1", **token)["Link"]
    assert 'rel="next"' in link and 'rel="deprecation"' in link


def test_no_shorter_notice():
    with pytest.raises(ValueError, match="180 days"):
        Deprecation(date(2027, 1, 1), date(2027, 6, 29), "/x")
