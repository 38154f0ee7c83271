"""A report as a file: workbook."""

from planning.gaps.resources.workbook import workbook

__all__ = ["workbook"]
