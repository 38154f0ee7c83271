"""Which tasks the dashboard counts, and the addresses at which exactly these stand as rows."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from planning.taskbooks.models import Task, TaskBook


@dataclass(frozen=True)
class Scope:
    """One book, perhaps only one country or one field of it."""

    book: TaskBook
    country: str = ""
    field: str = ""

    def tasks(self, actor: Any):
        """The tasks counted: those of the book that ``actor`` sees."""
        return self._within(Task.objects.visible_to(actor))

    def everything(self):
        """All tasks of this scope, whoever may see them: only to be counted."""
        return self._within(Task.objects.alive())

    def _within(self, tasks):
        found = tasks.filter(book=self.book)
        if self.country:
            found = found.filter(countries__contains=[self.country])
        return found.filter(field__code=self.field) if self.field else found

    @property
    def query(self) -> dict[str, str]:
        """What narrows the book, as parameters of the task book's page."""
        return {name: value for name, value in (("country", self.country), ("field", self.field)) if value}

    def rows(self, **query: str) -> str:
        """Address of the rows of the book under this scope and ``query``."""
        both = self.query | query
        address = reverse("taskbooks:book", args=[self.book.code])
        return f"{address}?{urlencode(both)}" if both else address

    def stones(self, **query: str) -> str:
        """Address of the milestones under this scope and ``query``."""
        return f"{reverse('roadmap:milestones')}?{urlencode({'book': self.book.code} | self.query | query)}"
