"""Documents of a task book: the book, one bureau's responsibility list, the comparison of two versions.

They are Chinese in every language of the portal, because the document is.
"""

from datetime import date

from django.utils import timezone

from dalian_coop.documents.paper import Paper, PaperColumn
from planning.taskbooks.enums import Light
from planning.taskbooks.lights import light_for
from planning.taskbooks.models import BookVersion, Task, TaskBook
from planning.taskbooks.services import layout, versions

# A shape as well as a word, so that a printer without colour shows it too.
_LIGHTS = {
    Light.DONE: "√ 已完成",
    Light.GREEN: "● 正常",
    Light.BLUE: "◆ 临期",
    Light.YELLOW: "▲ 预警",
    Light.RED: "■ 滞后",
    Light.GREY: "○ 未启动",
}
_LIGHT_COLUMN = PaperColumn("红绿灯", 9)
_KINDS = {"added": "新增", "dropped": "删除", "moved": "编号调整", "changed": "修改"}
_COMPARED = [
    PaperColumn(*c) for c in (("序号", 6), ("变化", 7), ("重点任务", 30), ("栏目", 9), ("原内容", 40), ("新内容", 40))
]


def book_paper(
    book: TaskBook, rows: list[dict[str, str]], version: BookVersion | None, today: date, bureau: str = ""
) -> Paper:
    """The decreed table of ``rows`` (frozen ones of ``version``, or as they stand) with each task's light of today.

    With ``bureau`` (its short Chinese name) only the rows it leads: its responsibility list.
    """
    rows = [row for row in rows if row["lead"] == bureau] if bureau else rows
    lights = _lights(book, today)
    columns = [PaperColumn(column.title, column.width) for column in layout.COLUMNS]
    return Paper(
        title=f"{bureau}责任清单" if bureau else book.title,
        columns=[*columns, _LIGHT_COLUMN],
        rows=[[*(row[c.field] for c in layout.COLUMNS), lights.get(row["id"], "")] for row in rows],
        above=[book.title] if bureau else [],
        head=_head(book, _edition(version)),
    )


def comparison_paper(book: TaskBook, before: str, after: str, differences: list[versions.Difference]) -> Paper:
    """The differences between two versions cell by cell; ``before`` and ``after`` are how the versions are called."""
    rows = []
    for one in differences:
        kind = _KINDS[one.kind]
        cells = [(layout.BY_FIELD[name].title, old, new) for name, old, new in one.cells] or [("", "", "")]
        rows += [[one.row["code"], kind, one.row["content"], *cell] for cell in cells]
    return Paper(
        title=f"{book.title}修订对照表",
        columns=_COMPARED,
        rows=rows,
        above=[f"{before} → {after}"],
        head=_head(book, ""),
        size="A4",
    )


def _edition(version: BookVersion | None) -> str:
    return f"{version.edition} 版 {version.number}" if version else "未印发的当前内容"


def _head(book: TaskBook, edition: str) -> str:
    sample = "示例，不是市政府文件" if book.is_sample else "内部使用"
    printed = f"打印时间 {timezone.localtime():%Y-%m-%d %H:%M}"
    return "　".join(part for part in (sample, edition, printed) if part)


def _lights(book: TaskBook, today: date) -> dict[str, str]:
    """Light and progress by the task's key."""
    found = Task.objects.alive().filter(book=book).values_list("id", "start", "due", "state", "progress")
    return {
        str(key): f"{_LIGHTS[light_for(start=start, due=due, completed=state == 'completed', today=today)]} {progress}%"
        for key, start, due, state, progress in found
    }
