"""Two or three small charts as inline SVG: drawn by matplotlib, text kept as text, no metadata, no script, no address.

Sizes are chosen so that a phone shows them nearly at natural size. A chart never carries a point without its interval.
"""

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup, escape

INK, SOFT, LINE, MARK, NAIVE = "#1b1f24", "#55606b", "#d5dae0", "#14532d", "#b9791a"
FONTS = ["Source Sans 3", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "sans-serif"]


@dataclass(frozen=True)
class Chart:
    """An inline SVG and one sentence that says what to see."""

    svg: Markup
    caption: str


@dataclass(frozen=True)
class Effect:
    """One row of the forest: shares as change against no training (-0.34 = 34 % less), with 95 % ends."""

    label: str
    estimate: float
    low: float
    high: float
    naive: float | None = None
    naive_low: float | None = None
    naive_high: float | None = None


def forest(effects: Sequence[Effect], caption: str) -> Chart:
    """Estimates with intervals, the plain comparison hollow beneath each, and a line at no difference."""
    figure, axes = _figure(0.95 + 0.62 * len(effects))
    for position, effect in enumerate(reversed(effects)):
        _bar(axes, position + 0.14, effect.estimate, effect.low, effect.high, MARK, hollow=False)
        if effect.naive is not None and effect.naive_low is not None and effect.naive_high is not None:
            _bar(axes, position - 0.2, effect.naive, effect.naive_low, effect.naive_high, NAIVE, hollow=True)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(effects)), [effect.label for effect in reversed(effects)])
    axes.set_ylim(-0.6, len(effects) - 0.35)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value * 100:+.0f} %" if abs(value) > 1e-9 else "0")
    axes.locator_params(axis="x", nbins=6)
    axes.plot([], [], "o", color=MARK, markersize=4, label="comparable customers, 95 % interval")
    axes.plot([], [], "o", markerfacecolor="none", markeredgecolor=NAIVE, markersize=4, label="plain comparison: do not quote")
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=2,
        frameon=False,
        fontsize=7,
        labelcolor=SOFT,
        handletextpad=0.2,
        columnspacing=1,
    )
    return Chart(_svg(figure, caption), caption)


def trend(days: Sequence[date | datetime], values: Sequence[float], caption: str, share: bool = False) -> Chart:
    """One line over time, from zero, with its last value written out."""
    figure, axes = _figure(1.9)
    axes.plot(list(days), list(values), color=MARK, linewidth=1.4)
    axes.plot([days[-1]], [values[-1]], "o", color=MARK, markersize=4)
    last = f"{values[-1] * 100:.0f} %" if share else f"{values[-1]:,.0f}"
    axes.annotate(
        last,
        (days[-1], values[-1]),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=INK,
        annotation_clip=False,
    )
    axes.set_ylim(0, max(values) * 1.15 or 1)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value * 100:.0f} %" if share else f"{value:,.0f}")
    axes.locator_params(axis="y", nbins=4)
    _date_axis(axes)
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    return Chart(_svg(figure, caption), caption)


def shares(labels: Sequence[str], values: Sequence[float], lows: Sequence[float], highs: Sequence[float], caption: str) -> Chart:
    """Shares of groups, 0 to 100 %, each with its interval."""
    figure, axes = _figure(0.7 + 0.34 * len(labels))
    for position, (value, low, high) in enumerate(reversed(list(zip(values, lows, highs, strict=True)))):
        _bar(axes, position, value, low, high, MARK, hollow=False)
    axes.set_yticks(range(len(labels)), list(reversed(labels)))
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value * 100:.0f} %")
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    return Chart(_svg(figure, caption), caption)


def _figure(height: float) -> tuple[Any, Any]:
    """An empty figure of 5.2 inches width without the frame, made without any global state of matplotlib."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    matplotlib.rcParams.update(
        {"svg.fonttype": "none", "svg.hashsalt": "learning-warehouse", "font.family": "sans-serif", "font.size": 8}
    )
    figure = Figure(figsize=(5.2, height), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.subplots()
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LINE)
    axes.tick_params(colors=SOFT, length=0, labelsize=8)
    for label in axes.get_yticklabels():
        label.set_color(INK)
    axes.set_axisbelow(True)
    return figure, axes


def _bar(axes: Any, position: float, value: float, low: float, high: float, color: str, *, hollow: bool) -> None:
    axes.plot([low, high], [position, position], color=color, linewidth=1.1 if hollow else 2, solid_capstyle="butt")
    axes.plot(
        [value],
        [position],
        "o",
        markersize=4 if hollow else 5.5,
        markeredgecolor=color,
        markerfacecolor="white" if hollow else color,
    )


def _date_axis(axes: Any) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(maxticks=6)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))


def _svg(figure: Any, label: str) -> Markup:
    """The figure as one <svg> element: prolog, doctype and metadata removed, a label for screen readers added."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"font: ([^;\"]*?)'[^;\"]*", lambda found: f"font: {found[1]}{_fonts()}", text)
    text = re.sub(r"\bxmlns(:xlink)?=\"[^\"]*\"", "", text)
    text = _own_ids(re.sub(r"\s+\n", "\n", text), hashlib.sha256(label.encode()).hexdigest()[:6])
    return Markup(text.replace("<svg", f'<svg role="img" aria-label="{escape(label)}"', 1))  # noqa: S704 - drawn by us


def _own_ids(text: str, prefix: str) -> str:
    """Only ids that something refers to stay, made unique in a page that holds several charts."""
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', text))
    text = re.sub(r' id="([^"]+)"', lambda found: f' id="{prefix}-{found[1]}"' if found[1] in used else "", text)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{prefix}-", text)


def _fonts() -> str:
    return ", ".join(f"'{name}'" if " " in name else name for name in FONTS)
