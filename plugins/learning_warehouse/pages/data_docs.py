"""Great Expectations' Data Docs, copied into a generation only in the hardened form that the audit left.

Nothing is trusted twice: a page is copied when it carries the policy that forbids scripts, else it is left out and said.
"""

import re
import shutil
from pathlib import Path

from learning_warehouse.settings import company, settings

POLICY_NAME = "Content-Security-Policy"
STATIC_SUFFIXES = frozenset({".css", ".png", ".svg", ".gif", ".ico"})


def source_folder() -> Path:
    """Where the audit builds its pages."""
    return settings().home / "working" / "data-docs"


def copy_data_docs(target: Path) -> list[str]:
    """Copy all pages below `target`; returns the names of pages that were left out because they are not hardened."""
    left_out: list[str] = []
    source = source_folder()
    if not source.is_dir():
        return left_out
    for path in sorted(item for item in source.rglob("*") if item.is_file() and not item.is_symlink()):
        name = path.relative_to(source)
        if path.suffix == ".html":
            text = path.read_text(encoding="utf-8", errors="replace")
            if POLICY_NAME not in text or "<body" not in text or "<script" in text.lower():
                left_out.append(str(name))
                continue
        elif path.suffix not in STATIC_SUFFIXES:
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".html":
            head, body, rest = re.split(r"(<body[^>]*>)", text, maxsplit=1)
            (target / name).write_text(head + body + _top("../" * len(name.parts)) + rest, encoding="utf-8")
        else:
            shutil.copyfile(path, target / name)
    return left_out


def _top(way_back: str) -> str:
    """A line above each page: the way back to our pages, and SIMULATED while any source is."""
    simulated = "<strong>SIMULATED.</strong> " if company().is_simulated else ""
    style = "margin:0;padding:.5rem 1.5rem;background:#fff6dd"
    return f'<p style="{style}">{simulated}<a href="{way_back}index.html">Front page</a></p>'
