"""The first chain, on ``case.Case``. The full method on a case document is ``chain.run``."""

from planning.gaps.engine.plain.run import STEPS, run

__all__ = ["STEPS", "run"]
