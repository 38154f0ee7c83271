"""Files that must be refused, each made here byte by byte."""

import io
import struct
import zipfile
import zlib

import xlsxwriter

TYPES = "[Content_Types].xml"


def workbook(rows: list[list[object]], name: str = "Sheet1") -> bytes:
    """A plain workbook with one sheet."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def repacked(data: bytes, *, replace: dict[str, bytes] | None = None, add: dict[str, bytes] | None = None) -> bytes:
    """``data`` with some parts replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, (replace or {}).get(entry.filename, old.read(entry)))
        for name, part in (add or {}).items():
            new.writestr(name, part)
    return target.getvalue()


def bomb_of_300_mb() -> bytes:
    """A workbook whose sheet unpacks to 300 MB of rows."""
    row = b'<row><c t="inlineStr"><is><t>' + b"0" * 1000 + b"</t></is></c></row>"
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + row * (300 * 1024 * 1024 // len(row) + 1)
        + b"</sheetData></worksheet>"
    )
    return repacked(workbook([["a"]]), replace={"xl/worksheets/sheet1.xml": sheet})


def bomb_that_lies() -> bytes:
    """60 MB in one part whose directory entry claims 1 kB, as a hostile writer would put it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = b" " * (60 * 1024 * 1024)
    packed = packer.compress(content) + packer.flush()
    name, crc, claimed = TYPES.encode(), zlib.crc32(content), 1024
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, crc, len(packed), claimed, len(name), 0)
    local = b"PK\x03\x04" + common + name + packed
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def ten_thousand_entries() -> bytes:
    return repacked(workbook([["a"]]), add={f"xl/media/{n}.bin": b"" for n in range(10_000)})


def with_dtd(part: str = "xl/workbook.xml", encoding: str = "utf-8") -> bytes:
    """A workbook one part of which defines an entity (billion laughs in small)."""
    data = workbook([["a"]])
    text = zipfile.ZipFile(io.BytesIO(data)).read(part).decode()
    declaration, _, rest = text.partition("?>")
    dtd = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    declaration = declaration.replace("UTF-8", encoding.upper())
    return repacked(data, replace={part: f"{declaration}?>{dtd}{rest}".encode(encoding)})


def ole(stream: str) -> bytes:
    """The start of an OLE container that names ``stream``: what Excel writes for .xls and for protected .xlsx files."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le").ljust(512, b"\0")


def zip_encrypted() -> bytes:
    """A zip archive whose entries carry the encryption flag."""
    data = bytearray(workbook([["a"]]))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start != -1:
            data[start + offset] |= 1
            start = data.find(mark, start + 4)
    return bytes(data)
