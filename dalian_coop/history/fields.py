"""Database types of the change log."""

from django.db import models


class Xid8Field(models.Field):
    """PostgreSQL ``xid8``: the number of the writing transaction, read as int, written by the trigger only."""

    def db_type(self, connection):
        return "xid8"

    def from_db_value(self, value, expression, connection):
        return None if value is None else int(value)

    def get_prep_value(self, value):
        return None if value is None else str(value)
