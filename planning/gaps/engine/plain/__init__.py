"""The first, small chain (selection, min-max, weighted mean, gaps, growth) on ``engine.case.Case``."""
