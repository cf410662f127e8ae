"""The suite of every `<vendor>.deletions`: keys that a sweep found gone, or back.

Who is told when it is red: the owner of the source. How many may vanish at once is not asked here but by the gate
`shrink_guard`, which knows how many keys there were.
"""

from typing import TYPE_CHECKING

from expectations.shared import columns_present, filled, not_ancient, unique_together

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

TOUCHES = "records that are counted although they are gone"


def deletions() -> "list[Expectation]":
    """Keys of one sweep."""
    return [
        columns_present("stream record_key is_gone noticed_at", TOUCHES),
        filled("stream", "Without the stream nobody knows what is gone.", TOUCHES),
        filled("record_key", "Without the key nobody knows what is gone.", TOUCHES),
        filled("is_gone", "Gone and back are opposites.", TOUCHES),
        filled("noticed_at", "Without the time a record that came again would stay gone.", TOUCHES),
        unique_together(["stream", "record_key"], "One sweep says one thing of a key.", TOUCHES),
        not_ancient("noticed_at", TOUCHES),
    ]
