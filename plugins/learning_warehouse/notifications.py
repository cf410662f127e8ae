"""One notification for one cause: told when it begins, and again only after it was over.

Whom to tell stands in LW_NOTIFY: addresses of Apprise, separated by blanks, such as `jsons://hooks.example/lw` (a webhook) or
`mailtos://user:password@mail.example?to=data@company.example`. A cause is what one person has to mend: a vendor and a kind of
trouble, however many streams it stops. That it was told is an object under `notifications/`, removed when the cause is gone.
"""

import hashlib
import json
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from learning_warehouse.errors import register_secret
from learning_warehouse.settings import settings
from learning_warehouse.storage import Storage

if TYPE_CHECKING:
    from learning_warehouse.pages.loads import LoadState

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cause:
    """What went wrong and where (a vendor, or `build_warehouse`), the streams it stops, and the section of the runbook.

    `kind` is what makes it the same trouble on another night.
    """

    where: str
    kind: str
    sentences: tuple[str, ...]
    section: str
    streams: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.where} {self.kind}".encode()).hexdigest()[:16]

    @property
    def title(self) -> str:
        return f"Learning Warehouse: {self.where} needs somebody"

    def text(self, now: datetime) -> str:
        """Plain text without data of people."""
        stopped = [f"Stopped: {', '.join(self.streams)}."] if self.streams else []
        ending = f"Night of {now:%Y-%m-%d}. The last good data stays in service."
        do = f"What to do: docs/runbook.md, section {self.section}. This is told once, until it is over."
        return "\n".join([*self.sentences, *stopped, ending, do])


def causes_of(bad: "Iterable[LoadState]") -> list[Cause]:
    """One cause for all streams of a vendor that failed with the same class of error, and one for each load held back."""
    groups: dict[tuple[str, str, str], list[LoadState]] = {}
    for state in bad:
        kind = state.failure_class or f"{state.state} {state.stream}"
        groups.setdefault((state.source, kind, f"ingest_{state.domain}"), []).append(state)
    return [
        Cause(
            where, kind, tuple(dict.fromkeys(state.trouble for state in states)), section, tuple(state.stream for state in states)
        )
        for (where, kind, section), states in groups.items()
    ]


def causes_of_build(reasons: Iterable[str]) -> list[Cause]:
    """One cause for each reason why marts are not shown; numbers in it do not make it another."""
    name = "build_warehouse"
    return [Cause(name, re.sub(r"[0-9][0-9.,:]*", "#", reason), (reason,), name) for reason in reasons]


def notify(scope: str, causes: Iterable[Cause], now: datetime, stored: Storage) -> list[Cause]:
    """Tells the causes of a scope that were not told yet, forgets those that are over, and returns what it told.

    A notification that cannot be sent is logged and tried again with the next run; it never fails a night.
    """
    found = {f"notifications/{scope}/{cause.key}.json": cause for cause in causes}
    for key in set(stored.list(f"notifications/{scope}/")) - found.keys():
        stored.remove(key)
    told = []
    for key, cause in found.items():
        if not stored.exists(key) and _send(cause.title, cause.text(now)):
            note = {"where": cause.where, "sentences": cause.sentences, "now": now.isoformat()}
            stored.create_if_absent(key, json.dumps(note).encode())
            told.append(cause)
    return told


def _send(title: str, text: str) -> bool:
    channels = settings().notify
    addresses = channels.get_secret_value().split() if channels else []
    if not addresses:
        return False
    import apprise

    channel = apprise.Apprise()
    for address in addresses:
        register_secret(address)
        if not channel.add(address):
            logger.error("LW_NOTIFY holds an address that is none of Apprise's; nobody is told there")
    sent = bool(channel.notify(title=title, body=text, body_format=apprise.NotifyFormat.TEXT))
    if not sent:
        logger.error("a notification could not be sent; the next run tries again")
    return sent
