"""How many examples a property test draws."""

import os

from hypothesis import settings


def examples(sample: int) -> settings:
    """The number of examples of a dear test by default; twenty times as many with LW_PROPERTIES=all."""
    return settings(max_examples=sample * 20 if os.environ.get("LW_PROPERTIES") == "all" else sample)
