"""Keeps the readable content of a page that somebody else rendered, and nothing that could act.

An allow-list, not a block-list: only the tags below survive, with `class` as their only attribute. Scripts, styles,
images, forms, links and event handlers do not; text is escaped again.
"""

from html import escape
from html.parser import HTMLParser

ALLOWED = {
    "div",
    "span",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tr",
    "td",
    "th",
    "ul",
    "ol",
    "li",
    "b",
    "strong",
    "em",
    "i",
    "code",
    "pre",
    "small",
}
DROPPED_WHOLE = {
    "script",
    "style",
    "iframe",
    "object",
    "svg",
    "button",
    "select",
    "form",
    "footer",
    "nav",
    "template",
    "noscript",
    "title",
}
EMPTY = {"br", "hr"}
VOID = {"br", "hr", "img", "input", "link", "meta", "base", "area", "col", "embed", "source", "track", "wbr", "param"}
CONTENT_CLASS = "col-lg-10"


def content_of(page: str, content_class: str = CONTENT_CLASS) -> str:
    """Harmless HTML of the first element that carries `content_class`; an empty text when no element does."""
    reader = _Reader(content_class)
    reader.feed(page)
    reader.close()
    return "".join(reader.kept).strip()


class _Reader(HTMLParser):
    def __init__(self, content_class: str) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._content_class = content_class
        self._open: list[str] = []
        self._dropping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = dict(attrs).get("class") or ""
        if not self._open:
            if self._content_class in classes.split() and tag not in VOID:
                self._open.append(tag)
            return
        if tag in EMPTY and not self._dropping:
            self.kept.append(f"<{tag}>")
        if tag in VOID:
            return
        self._open.append(tag)
        hidden = "collapse" in classes.split()
        if self._dropping or tag in DROPPED_WHOLE or hidden:
            self._dropping += 1
        elif tag in ALLOWED:
            self.kept.append(f'<{tag} class="{escape(classes)}">' if classes else f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open or self._is_finished():
            return
        while self._open:
            closed = self._open.pop()
            if self._dropping:
                self._dropping -= 1
            elif closed in ALLOWED and self._open:
                self.kept.append(f"</{closed}>")
            if closed == tag:
                break
        if not self._open:
            self._content_class = "\0"

    def handle_data(self, data: str) -> None:
        if self._open and not self._dropping:
            self.kept.append(escape(data))

    def _is_finished(self) -> bool:
        return self._content_class == "\0"
