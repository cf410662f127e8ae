"""What a face sees of one HTTP request and what it hands back, free of any web framework."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import msgspec

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Call:
    """One request to one vendor. `path` starts with a slash; `base_url` has scheme and host as the client wrote them."""

    vendor: str
    method: str
    host: str
    path: str
    query_string: str
    headers: Mapping[str, str]  # lower-case names
    body: bytes
    base_url: str

    @property
    def query(self) -> dict[str, str]:
        """Query parameters by name; of a repeated one the last."""
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    def basic_credentials(self) -> tuple[str, str] | None:
        """User and password of a Basic header, or nothing when it is absent or unreadable."""
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        if kind.casefold() != "basic":
            return None
        try:
            user, separator, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return (user, password) if separator else None

    def bearer_token(self) -> str | None:
        """The token of a Bearer header, or nothing."""
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        return value.strip() or None if kind.casefold() == "bearer" else None


@dataclass(frozen=True, slots=True)
class Answer:
    """One response: status, body bytes, content type and further headers."""

    status: int
    body: bytes = b""
    media_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def json_answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """A JSON answer of any plain content (datetimes must already be texts)."""
    return Answer(status, msgspec.json.encode(content), JSON, headers or {})


def text_answer(text: str, status: int, headers: dict[str, str] | None = None) -> Answer:
    """A text/plain answer."""
    return Answer(status, text.encode(), "text/plain; charset=utf-8", headers or {})
