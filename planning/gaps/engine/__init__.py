"""The gap engine: plain Python on numpy, no Django, no database, no clock.

``run.run(case)`` takes a ``case.Case`` and returns a JSON document. Terms and order of operations follow the
OECD/JRC Handbook on Constructing Composite Indicators (2008). Every step is a module of its own:

``case`` input and its checks | ``frame`` regions × indicators × years | ``select`` which year of whom is compared |
``normalise`` | ``weights`` | ``aggregate`` | ``ranks`` | ``gaps`` | ``decompose`` | ``trend`` | ``result``.

What cannot be computed is ``None`` with a code of ``reasons.Reason``; never NaN, never 0.
"""
