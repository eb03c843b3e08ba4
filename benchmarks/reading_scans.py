"""Rendered scans with known words: clean, skewed, noisy, low resolution; what recognition makes of them."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageFilter
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from benchmarks.reading_made import PdfMaker, plain, tokens
from casereviews.repository.reading import Limits, ocr_available, read_file


def clean(page: Any, chance: random.Random) -> Image.Image:
    """200 dots an inch, as office scanners do."""
    return page.render(scale=200 / 72, grayscale=True).to_pil()


def skewed(page: Any, chance: random.Random) -> Image.Image:
    """Two degrees off."""
    return clean(page, chance).rotate(2.0, resample=Image.Resampling.BICUBIC, fillcolor=255)


def noisy(page: Any, chance: random.Random) -> Image.Image:
    """Grey paper, blur, and specks on one dot in thirty."""
    picture = (
        clean(page, chance)
        .filter(ImageFilter.GaussianBlur(0.9))
        .point(lambda grey: 40 + grey * 0.75)
    )
    dots = picture.load()
    width, height = picture.size
    for _ in range(width * height // 30):
        dots[chance.randrange(width), chance.randrange(height)] = chance.randrange(256)
    return picture


def low(page: Any, chance: random.Random) -> Image.Image:
    """75 dots an inch, as a fax or a picture on a web page."""
    return page.render(scale=75 / 72, grayscale=True).to_pil()


KINDS = {"clean": clean, "skewed 2 degrees": skewed, "noisy": noisy, "low resolution": low}


def letter_accuracy(truth: str, found: str) -> float:
    """1 - edit distance / letters of the truth, by the usual table."""
    above = list(range(len(found) + 1))
    for row, letter in enumerate(truth, 1):
        here = [row]
        for column, other in enumerate(found, 1):
            here.append(min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != other)))
        above = here
    return 1 - above[-1] / max(len(truth), 1)


def measure(pages: int = 1, seed: int = 4) -> list[dict[str, object]]:
    """A row a kind of scan: character accuracy, confidence, seconds a page; empty without the [ocr] extra."""
    if not ocr_available():
        return []
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        maker = PdfMaker(folder / "source.pdf", seed)
        for _ in range(pages):
            maker.page(plain, furniture=False)
        made = maker.save()
        for kind, spoil in KINDS.items():
            path = folder / "scan.pdf"
            _scan(made.path, path, spoil)
            started = time.perf_counter()
            reading = read_file(path, limits=Limits(ocr_seconds=1e6))
            seconds = (time.perf_counter() - started) / pages
            scores = [
                letter_accuracy(" ".join(truth), " ".join(tokens(page.text)))
                for truth, page in zip(made.pages, reading.pages, strict=True)
            ]
            sure = [page.confidence or 0.0 for page in reading.pages]
            rows.append(
                {
                    "scan": kind,
                    "character_accuracy": round(statistics.mean(scores), 4),
                    "confidence": round(statistics.mean(sure), 3),
                    "seconds_a_page": round(seconds, 1),
                }
            )
    return rows


def _scan(source: Path, target: Path, spoil: Any) -> None:
    chance = random.Random(4)
    canvas = Canvas(str(target), pagesize=A4)
    with pypdfium2.PdfDocument(source) as document:
        for page in document:
            canvas.drawImage(ImageReader(spoil(page, chance)), 0, 0, *A4)
            canvas.showPage()
    canvas.save()


def table(rows: Sequence[dict[str, object]]) -> str:
    lines = [f"{'scan':20}{'characters right':>18}{'confidence':>12}{'s a page':>10}"]
    for row in rows:
        lines.append(
            f"{row['scan']:20}{row['character_accuracy']:>18}{row['confidence']:>12}{row['seconds_a_page']:>10}"
        )
    return "\n".join(lines)
