"""Every move from every status by every role, legal and illegal, and what is locked when."""

import itertools

import pytest

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from planning.taskbooks import services, workflow
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import TaskBook
from tests.factories import make_user
from tests.planning.factories import make_book

LEGAL = {
    ("draft", "submit", "head"): "submitted",
    ("draft", "submit", "coordinator"): "submitted",
    ("returned", "submit", "head"): "submitted",
    ("returned", "submit", "coordinator"): "submitted",
    ("submitted", "return", "coordinator"): "returned",
    ("submitted", "return", "leader"): "returned",
    ("submitted", "approve", "leader"): "approved",
    ("approved", "issue", "coordinator"): "issued",
    ("issued", "close", "coordinator"): "closed",
}
EVERY = list(itertools.product(BookStatus.values, workflow.MOVES, Role.values))


def test_roles_of_the_table_exist():
    assert {role for move in workflow.MOVES.values() for role in move.roles} <= set(Role.values)


@pytest.mark.parametrize(("status", "move", "role"), EVERY, ids=str)
def test_the_table_allows_exactly_the_legal_moves(status, move, role):
    offered = {m.name: str(m.target) for m in workflow.moves_from(status, {role})}

    assert offered.get(move) == LEGAL.get((status, move, role))


@pytest.mark.django_db
def test_the_service_makes_legal_moves_and_refuses_all_others():
    book = make_book()
    people = {role: make_user(role) for role in Role.values}
    for status, move, role in EVERY:
        TaskBook.objects.filter(pk=book.pk).update(status=status)
        book.refresh_from_db()
        target = LEGAL.get((status, move, role))
        try:
            services.move_book(
                book=book,
                move=move,
                version=book.version,
                by=people[role],
                reason="请补充",
                number="大政办发〔2026〕1号",
            )
        except (NotAllowed, ValidationError):
            assert target is None
            assert TaskBook.objects.get(pk=book.pk).status == status
        else:
            assert TaskBook.objects.get(pk=book.pk).status == target


@pytest.mark.django_db
def test_a_return_needs_a_reason_and_an_issue_a_number():
    leader, coordinator = make_user(Role.LEADER), make_user(Role.COORDINATOR)
    submitted, approved = make_book(status="submitted"), make_book(status="approved")

    with pytest.raises(ValidationError) as e:
        services.move_book(book=submitted, move="return", version=1, by=leader, reason=" ")
    assert e.value.codes == {"reason": ["required"]}
    with pytest.raises(ValidationError) as e:
        services.move_book(book=approved, move="issue", version=1, by=coordinator)
    assert e.value.codes == {"number": ["required"]}


@pytest.mark.django_db
def test_issuing_keeps_number_and_day():
    book = services.move_book(
        book=make_book(status="approved"),
        move="issue",
        version=1,
        by=make_user(Role.COORDINATOR),
        number="大政办发〔2026〕1号",
    )

    book.refresh_from_db()
    assert (book.status, book.number, book.version) == ("issued", "大政办发〔2026〕1号", 2)
    assert book.issued_on is not None


@pytest.mark.django_db
def test_two_moves_at_once_conflict():
    book, head = make_book(), make_user(Role.HEAD)
    services.move_book(book=book, move="submit", version=1, by=head)

    with pytest.raises(Conflict):
        services.move_book(book=book, move="submit", version=1, by=head)


def test_only_progress_moves_in_an_issued_book():
    for status in BookStatus.values:
        locked = workflow.locked_fields(status, ["content", "due", "progress", "state", "progress_note"])
        assert locked == ({"content", "due"} if status in ("issued", "closed") else set())
        assert workflow.rows_may_come_and_go(status) is (status not in ("issued", "closed"))
