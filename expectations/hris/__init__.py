"""Suites of the HR systems."""
