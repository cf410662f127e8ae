"""Lets the tests of this folder import its two helper modules, and imports Great Expectations once for all of them."""

import pytest


@pytest.fixture(scope="session")
def context():
    from learning_warehouse.suite_runner import memory_context

    return memory_context()
