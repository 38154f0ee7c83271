"""Formats of exports."""

from enum import StrEnum


class Format(StrEnum):
    """NDJSON is the reference: exact types, one object a line."""

    NDJSON = "ndjson"
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.NDJSON: "application/x-ndjson",
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
