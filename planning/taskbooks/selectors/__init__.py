"""Page-shaped reads of task books."""

from planning.taskbooks.selectors.feed import own_books, tasks_seen, visible_books
from planning.taskbooks.selectors.life import life_of, version_rows
from planning.taskbooks.selectors.tasks import (
    ATTENTION,
    ORDERS,
    PAGE_SIZE,
    book_cards,
    deleted_tasks,
    filter_options,
    grouped,
    tally,
    task_at_version,
    task_rows,
    task_timeline,
    tasks_by_region,
    tasks_of_book,
    tasks_of_region,
    visible_task,
)

__all__ = [
    "ATTENTION",
    "ORDERS",
    "PAGE_SIZE",
    "book_cards",
    "deleted_tasks",
    "filter_options",
    "grouped",
    "life_of",
    "own_books",
    "tally",
    "task_at_version",
    "task_rows",
    "task_timeline",
    "tasks_by_region",
    "tasks_of_book",
    "tasks_of_region",
    "tasks_seen",
    "version_rows",
    "visible_books",
    "visible_task",
]
