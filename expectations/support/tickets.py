"""What every help desk's tickets must show: tags that tell their kind, and a time and an agent once they are solved."""

from typing import TYPE_CHECKING

from expectations.shared import filled_at_least, filled_where, not_before, rarely

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation


def tagged() -> "list[Expectation]":
    """Most tickets carry tags, read from the column `tags`, a JSON list."""
    return [
        # 2026-11-21: kinds are read from tags; teams that tag by hand still leave under a quarter untagged
        filled_at_least("tags", 0.75, "Tickets without tags have no kind.", "how-to tickets per seat"),
        rarely(
            "tags",
            ["[]"],
            0.7,
            red="{share} of tickets carry no tag at all (usual: under 30 %)",
            means="Untagged tickets have no kind, so how-to and defects cannot be told apart.",
            touches="how-to tickets per seat",
        ),
    ]


def solved(condition: str, *, solved_at: str, agent: str) -> "list[Expectation]":
    """Tickets for which the row condition holds are solved: they have a time, not before their beginning, and an agent."""
    return [
        not_before(solved_at, "created_at", "A ticket cannot be solved before it exists.", "handling time"),
        filled_where(solved_at, condition, "solved", "Without the time it has no handling time.", "handling time", mostly=0.9),
        filled_where(
            agent,
            condition,
            "solved",
            "Nobody solved it, so no agent's training can matter.",
            "handling time of trained agents",
            mostly=0.9,
        ),
    ]
