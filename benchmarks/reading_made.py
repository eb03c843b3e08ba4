"""Documents with known words on known pages, made from seeds: the ground truth of reading, for tests and benchmarks.

All people, places and cases in them are made up.
"""

from __future__ import annotations

import difflib
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

ENGLISH = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "was",
    "that",
    "for",
    "with",
    "on",
    "were",
    "is",
    "not",
    "had",
    "by",
    "at",
    "from",
    "as",
    "it",
    "be",
    "this",
    "have",
    "an",
    "which",
    "they",
    "their",
    "child",
    "children",
    "family",
    "mother",
    "father",
    "parents",
    "school",
    "nurse",
    "midwife",
    "health",
    "visitor",
    "social",
    "worker",
    "police",
    "review",
    "practice",
    "learning",
    "partnership",
    "agencies",
    "information",
    "shared",
    "assessment",
    "plan",
    "visit",
    "home",
    "neglect",
    "injury",
    "concern",
    "risk",
    "harm",
    "referral",
    "meeting",
    "conference",
    "record",
    "decision",
    "manager",
    "supervision",
    "early",
    "help",
    "support",
    "service",
    "office",
    "first",
    "conflict",
    "specific",
    "significant",
    "efficient",
    "different",
    "staff",
    "affect",
    "difficult",
    "identified",
    "sufficient",
    "profile",
    "neighbour",
    "grandmother",
    "baby",
    "teenager",
    "adult",
    "carer",
    "hospital",
    "ward",
    "clinic",
    "surgery",
    "appointment",
    "missed",
    "contact",
    "unknown",
    "history",
    "pattern",
    "change",
    "before",
    "after",
    "during",
    "between",
    "about",
    "without",
    "within",
    "through",
    "against",
    "because",
    "although",
    "while",
]
WELSH = [
    "y",
    "yr",
    "a",
    "i",
    "o",
    "yn",
    "ar",
    "ac",
    "ei",
    "am",
    "gan",
    "at",
    "eu",
    "fel",
    "oedd",
    "mae",
    "wedi",
    "hynny",
    "nid",
    "yw",
    "neu",
    "ond",
    "plant",
    "plentyn",
    "teulu",
    "adolygiad",
    "gofal",
    "iechyd",
    "gwasanaethau",
    "heddlu",
    "mam",
    "tad",
    "rhieni",
    "ysgol",
    "cartref",
    "Môn",
    "tŷ",
    "dŵr",
    "gŵr",
    "hŷn",
    "ŵyr",
    "cyfarfod",
    "penderfyniad",
    "asesiad",
    "cymorth",
    "gweithiwr",
    "cymdeithasol",
    "ymarfer",
    "dysgu",
    "partneriaeth",
    "diogelu",
    "bwrdd",
    "rhanbarthol",
]
HEAD = "Lantern Bay Safeguarding Children Partnership (fictional)"
FOOT = "Overview report: Child Larch"
_TOKEN = re.compile(r"\w+", re.UNICODE)


def tokens(text: str) -> list[str]:
    """Words of a text, for comparing."""
    return _TOKEN.findall(text)


def prose(chance: random.Random, count: int, *, welsh: bool = False) -> str:
    """About `count` made-up words as sentences."""
    pool = WELSH if welsh else ENGLISH
    words: list[str] = []
    while len(words) < count:
        sentence = [chance.choice(pool) for _ in range(chance.randint(7, 18))]
        sentence[0] = sentence[0].capitalize()
        sentence[-1] += "."
        words.extend(sentence)
    return " ".join(words)


@dataclass
class Made:
    """A document's file and, page by page, its words in reading order without running heads and feet."""

    path: Path
    pages: list[list[str]]

    @property
    def markers(self) -> list[list[str]]:
        return [[word for word in page if word.startswith("MARK")] for page in self.pages]


def agreement(truth: Sequence[str], found: Sequence[str]) -> tuple[int, int]:
    """How many words of the truth were found in order, and how many words were found besides."""
    matcher = difflib.SequenceMatcher(None, truth, found, autojunk=False)
    right = sum(block.size for block in matcher.get_matching_blocks())
    return right, len(found) - right


class PdfMaker:
    """Draws pages with reportlab's canvas, so that every word's place is ours to choose."""

    def __init__(self, path: Path, seed: int, *, font: str = "Helvetica") -> None:
        self.chance = random.Random(seed)
        self.path = path
        self.font = font
        self.bold = font + "-Bold" if font in ("Helvetica", "Courier") else "Times-Bold"
        self.canvas = Canvas(str(path), pagesize=A4, invariant=1)
        self.canvas.setTitle("Child Larch: overview report")
        self.pages: list[list[str]] = []
        self.number = 0

    def page(self, draw: Callable[[PdfMaker], list[str]], *, furniture: bool = True) -> None:
        """Add one page; `draw` puts the body on it and returns its words."""
        self.number += 1
        words = draw(self)
        if furniture:
            self.canvas.setFont(self.font, 8)
            self.canvas.drawString(60, 812, HEAD)
            self.canvas.drawString(60, 28, FOOT)
            self.canvas.drawRightString(535, 28, f"Page {self.number} of 40")
        self.canvas.showPage()
        self.pages.append(words)

    def save(self) -> Made:
        self.canvas.save()
        return Made(self.path, self.pages)

    def marker(self) -> str:
        return f"MARK{self.chance.randrange(10**6):06d}"

    def heading(self, text: str, y: float, size: float = 15) -> list[str]:
        self.canvas.setFont(self.bold, size)
        self.canvas.drawString(60, y, text)
        return tokens(text)

    def column(
        self, text: str, x: float, y: float, width: float, *, size: float = 10, lead: float = 13
    ) -> float:
        """Draw wrapped text; returns the y below it."""
        self.canvas.setFont(self.font, size)
        for line in simpleSplit(text, self.font, size, width):
            self.canvas.drawString(x, y, line)
            y -= lead
        return y


def plain(maker: PdfMaker) -> list[str]:
    """A heading, paragraphs, a bulleted list, a footnote."""
    words = maker.heading(f"{maker.number}. Findings on {maker.chance.choice(ENGLISH)}", 780)
    y = 755.0
    for count in (110, 90, 100):
        text = f"{prose(maker.chance, count)} {maker.marker()}."
        words += tokens(text)
        y = maker.column(text, 60, y, 475) - 9
    for _ in range(3):
        text = prose(maker.chance, 14)
        words += tokens(text)
        maker.canvas.drawString(66, y, "•")
        y = maker.column(text, 82, y, 450)
    note = f"1 {prose(maker.chance, 12)}"
    words += tokens(note)
    maker.column(note, 60, 90, 475, size=8, lead=10)
    return words


def broken(maker: PdfMaker) -> list[str]:
    """Paragraphs with words broken at the line's end by a hyphen, and compounds that keep theirs."""
    words = []
    y = 770.0
    maker.canvas.setFont(maker.font, 10)
    for _ in range(14):
        for first, second, kept in (
            ("safe", "guarding", ""),
            ("multi", "agency", "-"),
            ("assess", "ment", ""),
        ):
            before, after = prose(maker.chance, 7).rstrip("."), prose(maker.chance, 7)
            maker.canvas.drawString(60, y, f"{before} {first}-")
            maker.canvas.drawString(60, y - 13, f"{second} {after}")
            y -= 26 if kept or first == "safe" else 35
            words += tokens(f"{before} {first}{kept}{second} {after}")
        if y < 120:
            break
    return words


def columns(maker: PdfMaker, *, interleaved: bool = False) -> list[str]:
    """Two columns under a heading of the whole width; `interleaved` draws them line by line across the page."""
    words = maker.heading(f"Analysis: {prose(maker.chance, 7)[:30].strip()}", 780)
    texts = [f"{prose(maker.chance, 170)} {maker.marker()}." for _ in range(2)]
    split = [simpleSplit(text, maker.font, 10, 225) for text in texts]
    maker.canvas.setFont(maker.font, 10)
    drawn = []
    for side, lines in enumerate(split):
        drawn += [(row, 60 + 250 * side, line) for row, line in enumerate(lines)]
    for row, x, line in sorted(drawn, key=lambda each: each[0]) if interleaved else drawn:
        maker.canvas.drawString(x, 750 - 13 * row, line)
    y = 750.0 - 13 * max(map(len, split)) - 25
    closing = prose(maker.chance, 60)
    maker.column(closing, 60, y, 475)
    return words + tokens(texts[0]) + tokens(texts[1]) + tokens(closing)


def table(maker: PdfMaker, *, ruled: bool = True) -> list[str]:
    """A table of three columns whose cells wrap, between two paragraphs."""
    opening = f"{prose(maker.chance, 50)} {maker.marker()}."
    words = tokens(opening)
    y = maker.column(opening, 60, 770, 475) - 10
    edges = [60, 150, 380, 535]
    top = y + 12
    canvas = maker.canvas
    for row in range(8):
        cells = [
            f"{row + 1} {maker.chance.choice(ENGLISH).capitalize()}" if row else "Number",
            prose(maker.chance, maker.chance.randint(8, 22))
            if row
            else "What the panel recommends",
            f"{maker.chance.choice(ENGLISH)} {maker.chance.choice(ENGLISH)}" if row else "Who acts",
        ]
        lowest = y
        for cell, left, right in zip(cells, edges, edges[1:], strict=False):
            lowest = min(
                lowest, maker.column(cell, left + 4, y, right - left - 12, size=9, lead=11)
            )
            words += tokens(cell)
        if ruled:
            canvas.line(edges[0], y + 11, edges[-1], y + 11)
        y = lowest - 8
    if ruled:
        canvas.line(edges[0], y + 11, edges[-1], y + 11)
        for edge in edges:
            canvas.line(edge, top, edge, y + 11)
    closing = prose(maker.chance, 60)
    words += tokens(closing)
    maker.column(closing, 60, y - 10, 475)
    return words


def interleaved(maker: PdfMaker) -> list[str]:
    return columns(maker, interleaved=True)


def unruled(maker: PdfMaker) -> list[str]:
    return table(maker, ruled=False)


LAYOUTS: dict[str, Callable[[PdfMaker], list[str]]] = {
    "plain": plain,
    "hyphens": broken,
    "columns": columns,
    "interleaved": interleaved,
    "ruled table": table,
    "open table": unruled,
}


def make_pdf(
    path: Path, layout: str, pages: int, seed: int = 4, *, font: str = "Helvetica"
) -> Made:
    """A PDF of one layout."""
    maker = PdfMaker(path, seed, font=font)
    for _ in range(pages):
        maker.page(LAYOUTS[layout])
    return maker.save()


def make_mixed(path: Path, pages: int, seed: int, share: float) -> Made:
    """A PDF whose pages are plain but for a share (0..1) with columns or tables."""
    maker = PdfMaker(path, seed)
    complex_layouts = ("columns", "interleaved", "ruled table", "open table")
    for _ in range(pages):
        needs = maker.chance.random() < share
        maker.page(LAYOUTS[maker.chance.choice(complex_layouts) if needs else "plain"])
    return maker.save()
