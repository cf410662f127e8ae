"""One answer of `lw doctor`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Examined:
    """One check: its name, whether it is good, one sentence, and what to do when it is not."""

    name: str
    good: bool
    sentence: str
    what_to_do: str = ""
