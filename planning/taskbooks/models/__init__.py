"""Task books, tasks, supporting units."""

from planning.taskbooks.models.book import TaskBook
from planning.taskbooks.models.task import Task
from planning.taskbooks.models.unit import TaskRegion, TaskUnit

__all__ = ["Task", "TaskBook", "TaskRegion", "TaskUnit"]
