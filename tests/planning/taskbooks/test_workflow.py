"""Every move from every status by every role, legal and illegal, and what is locked when."""

import itertools

import pytest

from dalian_coop.accounts.enums import Role
from planning.taskbooks import workflow
from planning.taskbooks.enums import BookStatus, PartStatus, SignState

BOOK = {
    ("draft", "assemble", "coordinator"): "assembled",
    ("amending", "assemble", "coordinator"): "assembled",
    ("assembled", "countersign", "coordinator"): "countersign",
    ("assembled", "return", "coordinator"): "draft",
    ("assembled", "return", "leader"): "draft",
    ("countersign", "return", "coordinator"): "draft",
    ("countersign", "return", "leader"): "draft",
    ("approved", "return", "coordinator"): "draft",
    ("approved", "return", "leader"): "draft",
    ("assembled", "approve", "leader"): "approved",
    ("countersign", "approve", "leader"): "approved",
    ("approved", "issue", "coordinator"): "issued",
    ("issued", "amend", "coordinator"): "amending",
    ("issued", "close", "coordinator"): "closed",
}
PART = {
    ("draft", "submit", "head"): "submitted",
    ("draft", "submit", "coordinator"): "submitted",
    ("returned", "submit", "head"): "submitted",
    ("returned", "submit", "coordinator"): "submitted",
    ("submitted", "recall", "head"): "draft",
    ("submitted", "accept", "coordinator"): "accepted",
    ("submitted", "return", "coordinator"): "returned",
    ("accepted", "return", "coordinator"): "returned",
}
SIGN = {
    ("pending", "sign", "head"): "signed",
    ("objected", "sign", "head"): "signed",
    ("pending", "object", "head"): "objected",
    ("signed", "object", "head"): "objected",
    ("objected", "settle", "coordinator"): "settled",
}
EVERY = [
    (table, legal, *case)
    for table, statuses, legal in (
        (workflow.MOVES, BookStatus.values, BOOK),
        (workflow.PART_MOVES, PartStatus.values, PART),
        (workflow.SIGN_MOVES, SignState.values, SIGN),
    )
    for case in itertools.product(statuses, table, Role.values)
]


def test_roles_of_the_tables_exist():
    assert {role for table, *_ in EVERY for move in table.values() for role in move.roles} <= set(Role.values)


def test_the_tables_allow_exactly_the_legal_moves():
    for table, legal, status, move, role in EVERY:
        offered = {m.name: str(m.target) for m in workflow.moves_from(status, {role}, table)}
        assert offered.get(move) == legal.get((status, move, role)), (status, move, role)


def test_what_was_issued_once_goes_back_to_its_amendment():
    back, on = workflow.MOVES["return"], workflow.MOVES["approve"]
    assert workflow.target_of(back, was_issued=False) == "draft"
    assert workflow.target_of(back, was_issued=True) == "amending"
    assert workflow.target_of(on, was_issued=True) == "approved"


@pytest.mark.parametrize("status", BookStatus.values)
def test_only_progress_moves_in_a_book_that_is_not_open(status):
    locked = workflow.locked_fields(status, ["content", "due", "progress", "state", "progress_note"])
    is_open = status in ("draft", "amending")
    assert locked == (set() if is_open else {"content", "due"})
    assert workflow.rows_may_come_and_go(status) is is_open


def test_a_part_that_was_handed_in_is_locked_for_its_bureau():
    for status in PartStatus.values:
        locked = workflow.locked_in_part(status, ["content", "progress"])
        assert locked == ({"content"} if status in ("submitted", "accepted") else set())
