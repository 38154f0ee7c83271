"""Audit of every field change, and the change log from which other bureaus will read."""
