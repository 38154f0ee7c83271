"""Tests of the shell and its components."""
