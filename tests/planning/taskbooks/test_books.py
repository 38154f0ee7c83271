"""Making task books."""

import pytest

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import NotAllowed, ValidationError
from planning.taskbooks import services
from planning.taskbooks.models import TaskBook
from tests.factories import make_user
from tests.planning.factories import make_book, make_coordinator

pytestmark = pytest.mark.django_db


def create(by=None, **values):
    defaults = {"code": "jk-2026-2030", "title": "任务书", "first_year": 2026, "last_year": 2030}
    return services.create_book(**defaults | values, programme=make_book().programme, by=by or make_coordinator())


def test_a_book_begins_as_a_draft():
    book = create()
    assert (book.status, book.version) == ("draft", 1)


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"code": "Ja Ko"}, {"code": ["bad_code"]}),
        ({"code": "a" * 61}, {"code": ["bad_code"]}),
        ({"title": " "}, {"title": ["required"]}),
        ({"title": "任" * 10_000}, {"title": ["too_long"]}),
        ({"last_year": 2025}, {"last_year": ["bad_years"]}),
        ({"first_year": 1900}, {"last_year": ["bad_years"]}),
    ],
)
def test_what_makes_no_book(values, codes):
    with pytest.raises(ValidationError) as e:
        create(**values)
    assert e.value.codes == codes


def test_an_address_is_given_once():
    create()
    with pytest.raises(ValidationError) as e:
        create()
    assert e.value.codes == {"code": ["code_taken"]}


def test_only_the_coordinator_makes_books():
    with pytest.raises(NotAllowed):
        create(by=make_user(Role.OFFICIAL))
    assert not TaskBook.objects.filter(code="jk-2026-2030").exists()
