"""Suites of the learning systems."""
