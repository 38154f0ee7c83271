"""Reports of errors in records: whoever holds a copy tells the bureau that owns the record, and follows its answer."""
