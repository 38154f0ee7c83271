"""A report as a file: workbook and Word. Their libraries are loaded when a file is asked for."""

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def workbook(report) -> bytes:
    """All tables as one workbook."""
    from planning.gaps.resources.workbook import workbook as write

    return write(report)


def word(report) -> bytes:
    """The report as a Word file."""
    from planning.gaps.resources.word import word as write

    return write(report)


# suffix of the address: content type, writer
FORMS = {"docx": (WORD_TYPE, word)}

__all__ = ["FORMS", "word", "workbook"]
