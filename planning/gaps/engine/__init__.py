"""The gap engine: plain Python on numpy, no Django, no database, no clock.

``chain.run(case, progress)`` takes a case document (``docs/methods/gap-case.schema.json``) and returns the result
document (``docs/methods/gap-result.schema.json``); ``chain.dumps`` writes it, always the same bytes for the same case.
A large run may be spread: ``chain.plan_chunks(case)``, ``chain.run_chunk(case, chunk)`` anywhere, and
``chain.run(case, chunks=results)`` puts them together; the result is the one of a single process, bit for bit.
A case that cannot be right raises ``refusal.Refused`` (``code``, English sentence, ``items``) before anything runs.

Terms and order of operations follow the OECD/JRC Handbook on Constructing Composite Indicators (2008); the method
with all formulas is ``docs/methods/gap.md``. What cannot be computed is ``None`` with a code of ``reasons.Reason``;
never NaN, never 0. Importing this package imports nothing: numpy belongs into workers, not into every web process.
"""
