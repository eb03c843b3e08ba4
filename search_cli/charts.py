"""Pictures of counts as SVG, by matplotlib (the extra `[charts]`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from casereviews.collection.output.hostile import for_line
from casereviews.search_cli.errors import CannotRun
from casereviews.search_cli.user_files import replace

INK = "#1d4e5f"
QUIET = "#9aa7ad"


def _pyplot() -> Any:
    try:
        import matplotlib
    except ImportError:
        raise CannotRun('pictures need the extra [charts]: pip install ".[charts]"') from None
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "casereviews"  # the same counts give the same file
    matplotlib.rcParams["svg.fonttype"] = "none"  # text stays text: searchable, and read aloud
    from matplotlib import pyplot

    return pyplot


def bars(path: Path, pairs: Sequence[tuple[str, int]], *, title: str, caution: str) -> None:
    """Horizontal bars, one a value, the count at its end; the caution below."""
    pyplot = _pyplot()
    labels = [for_line(value) for value, _ in pairs]
    counts = [count for _, count in pairs]
    figure, axes = pyplot.subplots(figsize=(9, 1.6 + 0.32 * len(pairs)))
    colours = [QUIET if label == "unknown" else INK for label in labels]
    drawn = axes.barh(range(len(pairs)), counts, color=colours)
    axes.bar_label(drawn, padding=3)
    axes.set_yticks(range(len(pairs)), [_drawable(value) for value, _ in pairs])
    axes.invert_yaxis()
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.xaxis.set_visible(False)
    told = "; ".join(f"{label}: {count}" for label, count in zip(labels, counts, strict=True))
    _finish(pyplot, figure, axes, path, title, caution, told)


def grid(
    path: Path,
    lines: Sequence[str],
    heads: Sequence[str],
    numbers: Sequence[Sequence[int]],
    *,
    title: str,
    caution: str,
) -> None:
    """A shaded grid with the count in every cell."""
    pyplot = _pyplot()
    figure, axes = pyplot.subplots(figsize=(3 + 0.6 * len(heads), 1.8 + 0.34 * len(lines)))
    axes.imshow(numbers, aspect="auto", cmap="GnBu")
    largest = max((n for row in numbers for n in row), default=0)
    for y, row in enumerate(numbers):
        for x, n in enumerate(row):
            if n:
                colour = "white" if n > 0.6 * largest else "black"
                axes.text(x, y, str(n), ha="center", va="center", color=colour, fontsize=8)
    axes.set_xticks(range(len(heads)), [_drawable(head) for head in heads], rotation=45, ha="right")
    axes.set_yticks(range(len(lines)), [_drawable(line) for line in lines])
    told = "; ".join(
        f"{for_line(line)}, {for_line(head)}: {n}"
        for line, row in zip(lines, numbers, strict=True)
        for head, n in zip(heads, row, strict=True)
        if n
    )
    _finish(pyplot, figure, axes, path, title, caution, told)


def _drawable(value: str) -> str:
    """Text in which matplotlib finds no formula."""
    return for_line(value).replace("$", r"\$")


def _finish(
    pyplot: Any, figure: Any, axes: Any, path: Path, title: str, caution: str, told: str
) -> None:
    import io
    import textwrap

    axes.set_title(title, loc="left")
    figure.text(0.01, 0.0, textwrap.fill(caution, 110), fontsize=7, va="top", color="#555555")
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)
    replace(path, _read_aloud(drawn.getvalue(), title, f"{told}. {caution}"))


def _read_aloud(svg: str, title: str, description: str) -> str:
    """The picture with a title and a description for those who hear it (SVG 2, section 5.8; WCAG 1.1.1)."""
    from xml.sax.saxutils import escape

    before, opening, after = svg.partition("<svg ")
    tag, _, inside = after.partition(">")
    words = (
        f'<title id="title">{escape(title)}</title>\n <desc id="desc">{escape(description)}</desc>'
    )
    return f'{before}{opening}role="img" aria-labelledby="title desc" {tag}>\n {words}{inside}'
