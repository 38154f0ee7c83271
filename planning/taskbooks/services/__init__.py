"""Writes of task books and tasks."""

from planning.taskbooks.services.books import create_book, move_book
from planning.taskbooks.services.editing import add_task, delete_task, edit_task, restore_task

__all__ = ["add_task", "create_book", "delete_task", "edit_task", "move_book", "restore_task"]
