"""The jinja2 environment of all pages: autoescape always on, unknown names are errors, and a few plain filters."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """One environment per process; text from anywhere is escaped unless it is Markup made by charts.py."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(count=count, moment=moment, listed=listed, marked=marked)
    return made


def write_page(target: Path, template: str, **values: Any) -> None:
    """Render one template into one file; the folder is created."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(environment().get_template(template).render(**values), encoding="utf-8")


def count(value: int | None, absent: str = "-") -> str:
    """1234 -> `1,234`; None -> `absent`."""
    return absent if value is None else f"{value:,}"


def moment(value: str | datetime | None, absent: str = "-") -> str:
    """An ISO text or a datetime as `30 November 2026 18:10` UTC; a text that is no time is shown as it is."""
    if value is None or value == "":
        return absent
    if isinstance(value, str):
        try:
            return moment(datetime.fromisoformat(value))
        except ValueError:
            return value
    utc = value.astimezone(UTC) if value.tzinfo else value
    return f"{utc.day} {utc:%B %Y %H:%M}"


def day(value: str | datetime) -> str:
    """`1 December 2026`, UTC."""
    parsed = datetime.fromisoformat(value) if isinstance(value, str) else value
    parsed = parsed.astimezone(UTC) if parsed.tzinfo else parsed
    return f"{parsed.day} {parsed:%B %Y}"


def age(hours: float | None) -> str:
    """An age in the unit a person would use: `3 hours`, `2 days`."""
    if hours is None:
        return "no data yet"
    if hours < 1:
        return "this night"
    if hours < 48:
        return f"{round(hours)} hour{'s' if round(hours) != 1 else ''}"
    return f"{round(hours / 24)} days"


def marked(text: str) -> Markup:
    """The little Markdown that our model descriptions use, as HTML: bold, code, lists; everything else is escaped."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        items, prose = [], []
        for line in lines:
            if line.startswith("- "):
                items.append(line[2:])
            elif items:
                items[-1] += f" {line}"
            else:
                prose.append(line)
        if prose:
            blocks.append(f"<p>{_inline(' '.join(prose))}</p>")
        if items:
            blocks.append(f"<ul>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</ul>")
    return Markup("\n".join(blocks))  # noqa: S704 - escaped above


def _inline(text: str) -> str:
    safe = str(escape(text))
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe)


def listed(value: str | Iterable[str] | None) -> str:
    """A text as it is, several as `a, b`, nothing as `nothing that is shown`."""
    if not value:
        return "nothing that is shown"
    return value if isinstance(value, str) else ", ".join(str(item) for item in value)
