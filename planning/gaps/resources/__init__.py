"""A report as a file: workbook, Word and PDF. Their libraries are loaded when a file is asked for."""

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def tables_file(report) -> bytes:
    """All tables as one workbook."""
    from planning.gaps.resources.workbook import workbook as write

    return write(report)


def word_file(report) -> bytes:
    """The report as a Word file."""
    from planning.gaps.resources.word import word as write

    return write(report)


def pdf_file(report) -> bytes:
    """The report as a PDF file."""
    from planning.gaps.resources.pdf import pdf as write

    return write(report)


# suffix of the address: content type, writer
FORMS = {"docx": (WORD_TYPE, word_file), "pdf": ("application/pdf", pdf_file)}

__all__ = ["FORMS", "pdf_file", "tables_file", "word_file"]
