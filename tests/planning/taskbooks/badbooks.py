"""Workbooks as badly made as offices make them, built cell by cell; and how they are read."""

import csv
import io
from collections.abc import Iterable
from datetime import date

import openpyxl

from planning.taskbooks.engine.result import Result
from planning.taskbooks.services.reading import read_file

TODAY = date(2026, 11, 24)
HEADER = ["序号", "重点任务", "工作目标", "牵头单位", "配合单位", "完成时限"]
TITLE = "大连市2026年对日韩合作重点任务分解表"


def task(code="1", content="举办中日韩经贸洽谈会", target="", lead="市商务局", support="市外办", due="2026年6月底前"):
    return [code, content, target, lead, support, due]


def workbook(*rows: Iterable, title: str | None = TITLE, header: list | None = HEADER, sheet="Sheet1"):
    """A workbook: a title, a header, rows."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in ([title] if title else None, header, *rows):
        if row is not None:
            book.active.append(row)
    return book


def saved(book) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(source, name="任务书.xlsx", **more) -> Result:
    """What the reader understands of a workbook, of rows below the plain header, or of bytes."""
    if isinstance(source, list):
        source = workbook(*source)
    data = source if isinstance(source, bytes) else saved(source)
    return read_file(data=data, name=name, today=TODAY, packaged=True, **more)


def table(rows: list[list], separator=",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


def kinds(result: Result) -> list[tuple[str | None, str]]:
    assert result.error is None, result.error
    return [(w.cell, w.kind) for w in result.warnings]


def only(result: Result):
    assert result.error is None, result.error
    [found] = result.tasks
    return found
