"""Task books, tasks, supporting units; parts, signatures and issued versions of a book."""

from planning.taskbooks.models.book import TaskBook
from planning.taskbooks.models.life import BookPart, BookVersion, Countersignature
from planning.taskbooks.models.task import Task
from planning.taskbooks.models.unit import TaskRegion, TaskUnit

__all__ = ["BookPart", "BookVersion", "Countersignature", "Task", "TaskBook", "TaskRegion", "TaskUnit"]
