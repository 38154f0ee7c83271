"""Names in a task book's cells, looked up for many rows: fields of cooperation, measures."""

import re

from django.utils.translation import gettext_lazy as _

from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.text import text_errors
from partners.industries.models import CooperationField
from planning.plans.models import Measure, Programme
from planning.plans.services import ensure_measure
from planning.taskbooks.services.cells import BadCell, text_of

_REMARK = re.compile(r"[（(][^（）()]*[）)]$")
_BLANKS = re.compile(r"\s+")


def _key(name: str) -> str:
    return _BLANKS.sub("", name)


class Fields:
    """Fields of cooperation by name or alias; a remark in brackets, as in 经贸合作（主轴）, does not count."""

    def __init__(self):
        self._found: dict[str, CooperationField] = {}
        for field in CooperationField.objects.all():
            for name in (field.name_zh, *field.aliases):
                self._found.setdefault(_key(name), field)
                self._found.setdefault(_REMARK.sub("", _key(name)), field)

    def named(self, value) -> CooperationField:
        name = _key(text_of(value))
        if not name:
            raise BadCell("required", _("Please fill this in."))
        field = self._found.get(name) or self._found.get(_REMARK.sub("", name))
        if field is None:
            raise BadCell("field_unknown", _("There is no field of cooperation “%(name)s”.") % {"name": name[:60]})
        return field


class Measures:
    """The measures of a programme by title. A title the programme does not have is a renamed or a new measure."""

    def __init__(self, programme: Programme, by):
        self.programme, self.by = programme, by
        self.titles: set[str] = set()  # those that the file names
        self.created: list[Measure] = []
        self.renamed: list[tuple[Measure, str]] = []  # with the old title
        measures = list(Measure.objects.filter(programme=programme).select_related("field"))
        self._by_title = {(m.field_id, m.title): m for m in measures}
        self._by_code = {m.code: m for m in measures}

    def named(self, title: str, field: CooperationField, task_code: str, current: Measure | None = None) -> Measure:
        """The measure a row names.

        ``task_code`` gives a new one its number (1.2.3 → 1.2); ``current`` is what the task has now.
        """
        if not title:
            raise BadCell("required", _("Please fill this in."))
        if found := text_errors(title, max_length=200):
            raise BadCell(found[0].code, found[0].message)
        if current is not None and current.title == title:
            return current
        if found := self._by_title.get((field.pk, title)):
            return found
        code = task_code.rpartition(".")[0] or task_code
        known = self._by_code.get(code)
        if known is None:
            return self._create(code[:20], title, field)
        if known.title == title:
            return known
        if known.title in self.titles or known in self.created or any(m is known for m, _old in self.renamed):
            raise BadCell(
                "measure_number_taken",
                _("Measure %(code)s is “%(title)s”; a row of another measure needs another number.")
                % {"code": code, "title": known.title},
            )
        return self._rename(known, title, field)

    def _create(self, code: str, title: str, field: CooperationField) -> Measure:
        measure = ensure_measure(programme=self.programme, field=field, code=code, title=title, by=self.by)
        self.created.append(measure)
        self._by_code[code] = self._by_title[field.pk, title] = measure
        return measure

    def _rename(self, measure: Measure, title: str, field: CooperationField) -> Measure:
        self.renamed.append((measure, measure.title))
        self._by_title.pop((measure.field_id, measure.title), None)
        measure.title = title
        save_if_unchanged(measure, ["title"], expected=measure.version)
        self._by_title[field.pk, title] = measure
        return measure
