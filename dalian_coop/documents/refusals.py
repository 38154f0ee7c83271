"""Why a file is refused as a whole: one code and one sentence each."""

from django.utils.translation import gettext_lazy as _

from dalian_coop.base.errors import Error, ValidationError

SENTENCES = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than %(limit)d MB."),
    "not_a_workbook": _("This is not an Excel workbook (.xlsx)."),
    "old_workbook": _("This is a workbook of the old format (.xls). Please save it as .xlsx and try again."),
    "old_xml_workbook": _("This is a workbook of the old XML format. Please save it as .xlsx and try again."),
    "web_archive": _("This is a web archive (.mht). Please save it as .xlsx and try again."),
    "no_table": _("No table of tasks was found: no row names a column of tasks and one of units or deadlines."),
    "encrypted": _("The workbook is protected by a password. Please remove the password and try again."),
    "too_large_unpacked": _("Unpacked, the workbook is larger than %(limit)d MB; it cannot be opened safely."),
    "too_many_entries": _("The workbook consists of more than %(limit)d parts; it cannot be opened safely."),
    "has_dtd": _("The workbook contains a document type definition; it cannot be opened safely."),
    "broken": _("The workbook is damaged and cannot be read. Please save it again in Excel or WPS and try again."),
    "too_many_rows": _("The sheet “%(sheet)s” has more than %(limit)d rows."),
    "too_many_columns": _("The sheet “%(sheet)s” has more than %(limit)d columns."),
    "too_many_sheets": _("The workbook has more than %(limit)d sheets."),
    "wrong_header": _("No sheet has the expected header row. Missing columns: %(columns)s."),
    "bad_encoding": _("The text of the file is neither UTF-8 nor GB18030. Please save it as CSV UTF-8 and try again."),
    "expired": _("The uploaded file is no longer at hand. Please choose it again."),
    "broken_csv": _("The CSV file is damaged in line %(line)d."),
}


class RefusedFile(ValidationError):
    """The file as a whole cannot be taken; nothing of it was used. ``code`` is a key of ``SENTENCES``."""

    def __init__(self, code: str, **values: object):
        self.code = code
        sentence = SENTENCES[code]
        super().__init__({"file": [Error(code, sentence % values if values else sentence)]})
