"""The road map on paper and as a file: one composition (``sheet``), written as SVG or as PDF (``pens``, ``pdfpen``)."""

from planning.roadmap.views.paper.files import pdf_file, svg_file, svg_sheets, svg_wall
from planning.roadmap.views.paper.sheet import A3_ROWS, AXIS_WIDTH, Content, wall_axis

__all__ = ["A3_ROWS", "AXIS_WIDTH", "Content", "pdf_file", "svg_file", "svg_sheets", "svg_wall", "wall_axis"]
