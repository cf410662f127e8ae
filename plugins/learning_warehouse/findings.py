"""What the marts of a generation allow people to say, and what they do not: one Finding per sentence.

A mart that is missing, empty or not ready costs its own sentences only; the page then says what cannot be said and why.
"""

from collections.abc import Sequence
from pathlib import Path

from learning_warehouse.facts import Marts, NotThere
from learning_warehouse.sentences import activity, application, impact, workforce
from learning_warehouse.sentences.base import TIER_PHRASES, Builder, Finding, text_of

__all__ = ["TIER_PHRASES", "Finding", "findings", "text_of", "you_can_say"]


def findings(warehouse_path: Path, restricted_path: Path | None = None) -> list[Finding]:
    """All findings of one generation in the order of the front page; a mart that is missing or empty costs its sentences only."""
    found: list[Finding] = []
    with Marts(warehouse_path, restricted_path) as marts:
        for build in (*impact.BUILDERS, *workforce.BUILDERS, *application.BUILDERS, *activity.BUILDERS):
            try:
                found.extend(build(marts))
            except NotThere as missing:
                found.append(
                    Finding(build.__name__, "cannot", (f"{_subject(build)}: {missing}.",), "withheld", says_something=False)
                )
    return found


def you_can_say(found: Sequence[Finding], limit: int = 5) -> list[Finding]:
    """The sentences to repeat: headlines that say something, strongest question first."""
    return [item for item in found if item.is_headline and item.says_something][:limit]


def _subject(build: Builder) -> str:
    return (build.__doc__ or build.__name__).split(".")[0].strip()
