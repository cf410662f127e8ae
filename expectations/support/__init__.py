"""Suites of the help desks."""
