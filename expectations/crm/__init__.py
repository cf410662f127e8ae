"""Suites of the customer systems."""
