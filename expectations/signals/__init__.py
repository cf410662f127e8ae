"""Suites of what people write down themselves."""
