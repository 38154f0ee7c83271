"""Writes of task books and tasks."""

from planning.taskbooks.services.books import create_book, move_book, set_parts_due
from planning.taskbooks.services.editing import add_task, delete_task, edit_task, restore_task
from planning.taskbooks.services.parts import move_all_parts, move_part
from planning.taskbooks.services.signing import move_signature

__all__ = [
    "add_task",
    "create_book",
    "delete_task",
    "edit_task",
    "move_all_parts",
    "move_book",
    "move_part",
    "move_signature",
    "restore_task",
    "set_parts_due",
]
