"""Reading a task book as offices make it: pure functions from cells to tasks.

Nothing here opens a file, asks a database or looks at a clock: the cells (``tables``), the register of units and what
counts as a working day are given. ``reader.read_tables`` is the way in, ``result.Result`` what comes out.
"""
