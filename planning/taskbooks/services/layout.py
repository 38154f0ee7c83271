"""The layout of a task book as a table: title, note, header, one task a row. Import and export share it.

The column names are those of the decreed form, so they stay Chinese in every language of the portal.
"""

from dataclasses import dataclass

from dalian_coop.documents.sheets import Sheet, header_names
from planning.plans.enums import Horizon

SHEET_NAME = "任务书"
HEADER_ROW = 3  # in an exported sheet; in an imported one the header is found by its names
IDENTITY = "行标识"  # hidden: key and version of the row at the time of the export


@dataclass(frozen=True)
class TaskColumn:
    """A column of the form: its name, the field of ``Task`` it holds, how it is shown, whether a book must have it."""

    title: str
    field: str
    width: float
    kind: str = "text"
    required: bool = False


COLUMNS = (
    TaskColumn("序号", "code", 8, required=True),
    TaskColumn("领域", "field", 12, required=True),
    TaskColumn("主要举措", "measure", 16, required=True),
    TaskColumn("重点任务", "content", 30, required=True),
    TaskColumn("工作目标", "objective", 34),
    TaskColumn("具体措施", "actions", 40),
    TaskColumn("成果形式", "deliverable", 20),
    TaskColumn("验收标准", "acceptance", 28),
    TaskColumn("牵头单位", "lead", 16, required=True),
    TaskColumn("配合单位", "units", 30),
    TaskColumn("责任人", "responsible", 20),
    TaskColumn("起始时间", "start", 12, kind="date"),
    TaskColumn("完成时限", "due", 12, kind="date", required=True),
    TaskColumn("时限表述", "due_text", 16),
    TaskColumn("期限类别", "horizon", 9),
    TaskColumn("对应国别/城市", "partners_text", 18),
    TaskColumn("重点产业", "key_industries", 16),
    TaskColumn("保障措施", "guarantees", 34),
    TaskColumn("权重", "weight", 8, kind="number"),
)
REQUIRED = frozenset(column.title for column in COLUMNS if column.required)
BY_FIELD = {column.field: column for column in COLUMNS}
MERGED_FROM, MERGED = 1, 2  # 领域 and 主要举措 are joined down the column

HORIZON_NAMES = {Horizon.SHORT: "近期", Horizon.MEDIUM: "中期", Horizon.LONG: "远期"}
HORIZONS = {name: horizon for horizon, name in HORIZON_NAMES.items()} | {"短期": Horizon.SHORT, "长期": Horizon.LONG}
SEPARATOR = "、"


def missing_columns(sheets: list[Sheet]) -> list[str]:
    """The required columns that the likeliest header row of ``sheets`` lacks, in the order of the form."""
    best: set[str] = set()
    for sheet in sheets:
        for row in sheet.rows[:20]:
            found = REQUIRED & header_names(row).keys()
            best = max(best, found, key=len)
    return [column.title for column in COLUMNS if column.required and column.title not in best]


def sheet_name(name: str, is_sample: bool) -> str:
    """A sheet of a sample says so on its tab."""
    return f"{name}（示例）" if is_sample else name


GUIDE = (
    ("序号", "领域.举措.任务三级编号，按文本填写；1.1.10 与 1.1.1 不同"),
    ("领域", "经贸合作（主轴）和六个支撑领域之一"),
    ("主要举措", "同一举措的任务编号前两级相同；合并单元格按所辖各行读取"),
    ("重点任务", "必填，一行一项"),
    ("牵头单位", "必填，每项任务只填一个单位"),
    ("配合单位", "多个单位用顿号分隔，不含牵头单位"),
    ("起始时间", "日期，如 2026-06-30"),
    ("完成时限", "日期，不早于起始时间；时限表述为“持续推进”的不填日期"),
    ("时限表述", "文件中的原话；“底前”取当月或当年最后一日，“三季度末前”取9月30日，“上半年”取6月30日"),
    ("期限类别", "近期、中期、远期之一，可不填"),
    ("对应国别/城市", "多个用顿号分隔；两国均涉及的可填“日韩”"),
    ("保障措施", "“类别：内容”，多项用分号分隔"),
    ("权重", "0—100，最多两位小数"),
)
