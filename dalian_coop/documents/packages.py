"""The container of a workbook, looked through before any library opens it.

An .xlsx file is a zip archive of XML parts. Everything here is bounded: sizes are checked as declared and again as
unpacked, and the parts are scanned as a stream, so that a hostile file costs little time and little memory.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from dalian_coop.documents.refusals import RefusedFile

MEGABYTE = 1024 * 1024
MAX_UPLOAD = 10 * MEGABYTE
MAX_UNPACKED = 50 * MEGABYTE
MAX_OTHER_PART = 8 * MEGABYTE  # styles, names, relations: read into memory at once by openpyxl
MAX_ENTRIES = 500
MAX_RATIO = 200
MAX_SHEETS = 50
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 2_000_000
MAX_CELLS_IN_ROW = 16_384  # these two are what Excel itself allows
MAX_ROWS_OF_EXCEL = 1_048_576
MAX_LOOSE_ELEMENTS = 200_000  # elements of a sheet outside its rows
MAX_SHARED_ELEMENTS = 1_500_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DTD = re.compile(
    b"|".join(
        re.escape(word.encode(encoding))
        for word in ("<!DOCTYPE", "<!ENTITY")
        for encoding in ("ascii", "utf-16-le", "utf-16-be")
    ),
    re.IGNORECASE,
)
_CHUNK = 256 * 1024
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_FILLED = {"v", "is"}
_YES = {"1", "true"}


@dataclass
class SheetScan:
    """What the scan of one sheet found: where its content ends, its merged cells, what nobody sees in it, and the
    formulas whose result it does not hold (rows and columns from 1).
    """

    last_row: int = 0
    last_column: int = 0
    rows: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    without_value: set[tuple[int, int]] = field(default_factory=set)


def check_container(data: bytes) -> dict[str, SheetScan]:
    """Refuse ``data`` unless it is a plain, bounded workbook; return a ``SheetScan`` for each sheet part by its path.

    Raises ``RefusedFile``.
    """
    _check_start(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive)
            scans = _scan_parts(archive)
    except RefusedFile:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise RefusedFile("broken") from error
    return scans


def _check_start(data: bytes) -> None:
    if not data:
        raise RefusedFile("empty")
    if len(data) > MAX_UPLOAD:
        raise RefusedFile("too_large", limit=MAX_UPLOAD // MEGABYTE)
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise RefusedFile("encrypted" if encrypted else "old_workbook")
    if not data.startswith(b"PK\x03\x04"):
        raise RefusedFile("not_a_workbook")


def _check_entries(archive: zipfile.ZipFile) -> None:
    """The archive's table of contents: number, sizes, ratio, kinds."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise RefusedFile("too_many_entries", limit=MAX_ENTRIES)
    names = {e.filename for e in entries}
    if any(e.flag_bits & 0x1 for e in entries):
        raise RefusedFile("encrypted")
    unpacked = sum(e.file_size for e in entries)
    packed = sum(e.compress_size for e in entries)
    swollen = any(e.file_size > MEGABYTE and e.file_size > MAX_RATIO * e.compress_size for e in entries)
    if unpacked > MAX_UNPACKED or swollen or (unpacked > MEGABYTE and unpacked > MAX_RATIO * packed):
        raise RefusedFile("too_large_unpacked", limit=MAX_UNPACKED // MEGABYTE)
    if "[Content_Types].xml" not in names:
        raise RefusedFile("not_a_workbook")
    kinds = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if len(names) != len(entries) or any(e.compress_type not in kinds for e in entries):
        raise RefusedFile("broken")


def _scan_parts(archive: zipfile.ZipFile) -> dict[str, SheetScan]:
    """Unpack every part once, counting; XML parts are also parsed for a DTD, for depth and for size."""
    scans: dict[str, SheetScan] = {}
    budget = MAX_UNPACKED
    for entry in archive.infolist():
        scanner = _PartScanner() if entry.filename.lower().endswith((".xml", ".rels")) else None
        tail = b""
        with archive.open(entry) as part:
            while chunk := part.read(_CHUNK):
                budget -= len(chunk)
                if budget < 0:
                    raise RefusedFile("too_large_unpacked", limit=MAX_UNPACKED // MEGABYTE)
                if _DTD.search(tail + chunk):
                    raise RefusedFile("has_dtd")
                tail = chunk[-32:]
                if scanner:
                    scanner.feed(chunk)
        if scanner:
            scanner.close()
            if scanner.is_sheet:
                scans[entry.filename] = scanner.sheet
    return scans


class _PartScanner:
    """Reads one XML part as a stream of tags and keeps only counts."""

    def __init__(self):
        self.sheet = SheetScan()
        self.root = ""
        self.depth = self.size = self.loose = self.cells = self.cells_in_row = 0
        self.row = self.column = 0
        self.in_row = False
        self.cell_type, self.formula, self.valued = "", False, False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    @property
    def is_sheet(self) -> bool:
        return self.root == "worksheet"

    def feed(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self._parse(chunk, final=False)
        if self.root not in ("worksheet", "sst") and self.size > MAX_OTHER_PART:
            raise RefusedFile("too_large_unpacked", limit=MAX_UNPACKED // MEGABYTE)

    def close(self) -> None:
        self._parse(b"", final=True)

    def _parse(self, chunk: bytes, *, final: bool) -> None:
        try:
            self.parser.Parse(chunk, final)
        except expat.ExpatError as error:
            raise RefusedFile("broken") from error

    def _doctype(self, *_: object) -> None:
        raise RefusedFile("has_dtd")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self.depth += 1
        if self.depth == 1:
            self.root = name
            if self.is_sheet:
                self.parser.CharacterDataHandler = self._text
        if self.depth > 64:
            raise RefusedFile("broken")
        if self.is_sheet:
            self._start_in_sheet(name, attributes)
        else:
            self.loose += 1
            if self.loose > (MAX_SHARED_ELEMENTS if self.root == "sst" else MAX_LOOSE_ELEMENTS):
                raise RefusedFile("too_large_unpacked", limit=MAX_UNPACKED // MEGABYTE)

    def _start_in_sheet(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._start_row(attributes)
        elif name == "c" and self.in_row:
            self._start_cell(attributes)
        elif name in _FILLED and self.in_row:
            self.valued = False
            self._note_content()
        elif name == "f" and self.in_row:
            self.formula = True
            self._note_content()
        elif not self.in_row:
            self.loose += 1
            if self.loose > MAX_LOOSE_ELEMENTS:
                raise RefusedFile("too_large_unpacked", limit=MAX_UNPACKED // MEGABYTE)
            if name == "mergeCell":
                self._note_merged(attributes.get("ref", ""))
            elif name == "col":
                self._note_column(attributes)

    def _text(self, text: str) -> None:
        if self.formula and text.strip():
            self.valued = True

    def _end(self, tag: str) -> None:
        self.depth -= 1
        name = tag.rpartition(" ")[2]
        if name == "row":
            self.in_row = False
        elif name == "f":
            self.valued = False  # the text so far was the formula itself
        elif name == "c" and self.formula:
            if not self.valued and self.cell_type != "str":
                self.sheet.without_value.add((self.row, self.column))
            self.formula = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        self.in_row = True
        self.cells_in_row = self.column = 0
        number = attributes.get("r", "")
        self.row = int(number) if number.isascii() and number.isdigit() and len(number) < 8 else self.row + 1
        self.sheet.rows += 1
        if self.sheet.rows > MAX_ROWS_OF_EXCEL:
            raise RefusedFile("broken")
        if attributes.get("hidden") in _YES or attributes.get("ht") == "0":
            self.sheet.hidden_rows.add(self.row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.cells += 1
        self.cells_in_row += 1
        if self.cells > MAX_CELLS or self.cells_in_row > MAX_CELLS_IN_ROW:
            raise RefusedFile("too_large_unpacked", limit=MAX_UNPACKED // MEGABYTE)
        place = _place(attributes["r"]) if "r" in attributes else (self.row, self.column + 1)
        if place is None:
            raise RefusedFile("broken")
        self.row, self.column = place
        self.cell_type, self.formula, self.valued = attributes.get("t", ""), False, False

    def _note_content(self) -> None:
        self.sheet.last_row = max(self.sheet.last_row, self.row)
        self.sheet.last_column = max(self.sheet.last_column, self.column)

    def _note_column(self, attributes: dict[str, str]) -> None:
        """Columns are hidden in ranges; those beyond what is read do not count."""
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if not (first.isdecimal() and last.isdecimal() and len(first) < 8 and len(last) < 8):
            return
        if attributes.get("hidden") in _YES or attributes.get("width") == "0":
            self.sheet.hidden_columns.update(range(int(first), min(int(last), MAX_COLUMNS) + 1))

    def _note_merged(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = _place(first), _place(last or first)
        if start and end:
            self.sheet.merged.append((*start, *end))


def _place(reference: str) -> tuple[int, int] | None:
    """``"C5"`` as (5, 3); ``None`` if it is no cell reference."""
    match = _REFERENCE.fullmatch(reference.replace("$", ""))
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column
