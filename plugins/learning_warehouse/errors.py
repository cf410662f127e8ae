"""Errors, classed by what the reader does next: come back later, stop this stream, stop everything.

Every message passes the redactor, so a secret that was registered never reaches a log, a manifest or a terminal.
"""

import base64
import logging
from datetime import datetime
from urllib.parse import quote, quote_plus

_secrets: set[str] = set()
_SHORTEST_SECRET = 6


def register_secret(*values: str | None) -> None:
    """Makes `redact` hide these values, also in their URL, Base64 and Basic-header forms. Short values are ignored."""
    for value in values:
        if value and len(value) >= _SHORTEST_SECRET:
            encoded = base64.b64encode(value.encode()).decode()
            _secrets.update({value, quote(value, safe=""), quote_plus(value), encoded, encoded.rstrip("=")})


def redact(text: str) -> str:
    """`text` with every registered secret replaced by ***."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


class RedactingFilter(logging.Filter):
    """Hides registered secrets in everything that one log handler writes."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), None
        return True


class LearningWarehouseError(Exception):
    """Base of all our errors. `what_to_do` is one sentence for the person who reads it; `exit_code` is what `lw` ends with.

    `run_id` is set by the run that ended with the error; logs/<run id>.log tells the rest.
    """

    exit_code = 1
    run_id = ""

    def __init__(self, message: str, source: str | None = None, stream: str | None = None, what_to_do: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.stream = stream
        self.what_to_do = what_to_do

    def __str__(self) -> str:
        place = ".".join(part for part in (self.source, self.stream) if part)
        text = f"{place}: {self.message}" if place else self.message
        return redact(f"{text} {self.what_to_do}".strip())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    @property
    def reason(self) -> str:
        """The message alone, redacted; what failure records and pages show."""
        return redact(self.message)


class RetryLater(LearningWarehouseError):
    """The vendor asked for a longer wait than one task may take. Nothing was committed; run again at `come_back_at` (UTC)."""

    def __init__(
        self, message: str, come_back_at: datetime, source: str | None = None, stream: str | None = None, what_to_do: str = ""
    ) -> None:
        super().__init__(message, source, stream, what_to_do)
        self.come_back_at = come_back_at


class StopStream(LearningWarehouseError):
    """This stream cannot be loaded now; other streams go on and the last good data stay served."""


class CredentialsRefused(StopStream):
    """The vendor refused who we are or what we may see. Repeating does not help; a person must change the connection."""


class VendorUnavailable(StopStream):
    """The vendor could not be reached, or kept failing, until our attempts were used up; a later try may work."""


class BadAnswer(StopStream):
    """The vendor answered something that is not the page its documentation promises, until our attempts were used up."""


class OriginRefused(StopStream):
    """A redirect or a next link led to another scheme, host or port. No credentials were sent there."""


class Truncated(StopStream):
    """The vendor announced more records than it sent."""


class StopEverything(LearningWarehouseError):
    """Nothing can go on: a defect of the installation or of stored data."""

    exit_code = 3


class ConfigurationError(StopEverything):
    """company.yml, the environment or a connection is missing or wrong."""

    exit_code = 2


class DamagedLoad(StopStream):
    """A landed file is missing or differs from its manifest; the load must be landed again."""
