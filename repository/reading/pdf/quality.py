"""Is a page's text layer of use? Judged by its characters, by words people use, and by how much of the page is a picture."""

from __future__ import annotations

import ctypes
import re
from functools import lru_cache
from typing import Any

import pypdfium2.raw as pdfium

# The commonest words of English and Welsh prose: about 45% of running text.
_COMMON = frozenset(
    """
    the of and to a in that is was he for it with as his on be at by i this had not are but from or
    have an they which one you were her all she there would their we him been has when who will more
    no if out so said what up its about into than them can only other new some could time these two
    may then do first any my now such like our over child children family case review report
    services health social care police mother father parents risk y yr a i o yn ar ac ei am gan at
    eu fel oedd mae bod wedi hynny nid na un yw neu ond eich ni hi fe cael plant plentyn teulu
    adolygiad gofal iechyd gwasanaethau heddlu mam tad rhieni
    """.split()  # noqa: SIM905 - readable
)
_TOKEN = re.compile(r"[^\W\d_]+")
_VOWEL = re.compile("[aeiouwyàâáäèéêëìíîïòóôöùúûüŵŷ]", re.IGNORECASE)
_RUN = re.compile(r"[bcdfghjklmnpqrstvxz]{6,}", re.IGNORECASE)

_CODE = re.compile(r"(?=.{0,2}$|.*\d)[A-Z0-9£(+-][A-Z0-9./&:%£()+-]{0,14}")
_STRANGE = re.compile("[\x00-\x08\x80-\x9f\ue000-\uf8ff\ufffd]")

_LONG = 15
_TURN = re.compile(r"[^\W\d_][\W\d_]|[\W\d_][^\W\d_]")
_ADDRESS = re.compile(r"://|www\.|@|[a-z]/[a-z]|\.{4}|_{4}")

FEW_LETTERS = 60


def word_share(text: str) -> float:
    """Share (0..1) of the tokens of a text that look like words of English or Welsh; common words count double."""
    tokens = _TOKEN.findall(text[:2500])
    if not tokens:
        return 0.0
    good = 0.0
    for token in tokens:
        good += _worth(token)
    return min(good / len(tokens), 1.0)


@lru_cache(maxsize=20_000)
def _worth(token: str) -> float:
    """How much a token looks like a word."""
    if token.lower() in _COMMON:
        return 2.0
    if 2 <= len(token) <= 22 and _VOWEL.search(token) and not _RUN.search(token):
        inner_capitals = token[1:] != token[1:].lower() and not token.isupper()
        return 0.3 if inner_capitals else 0.8
    return 0.0


def letters(text: str) -> int:
    """How many letters and digits a text has."""
    return sum(map(str.isalnum, text[:4000]))


def good(text: str) -> bool:
    """True when the text alone settles that the layer is of use, whatever pictures the page has."""
    return (
        len(text) >= 800
        and word_share(text) >= 0.75
        and len(_STRANGE.findall(text, 0, 4000)) < 40
        and not _is_scrambled(text)
    )


def usable(text: str, picture: float) -> bool:
    """True when a page's own text says what the page shows; `picture` is the share of the page that pictures cover.

    A full-page picture with a few words over it (a stamp, a running head) is a scan. A text layer of strange signs, as fonts without
    a character map leave it, is none at all; under a full-page picture it has to be good, because it came from recognition.
    """
    count = letters(text)
    if count == 0:
        return False
    strange = len(_STRANGE.findall(text, 0, 4000))
    if strange > 0.15 * min(len(text), 4000):
        return False
    if picture > 0.5 and count < 4 * FEW_LETTERS and count < 0.25 * 1500:
        return False
    if count < FEW_LETTERS:
        return True
    if _is_scrambled(text):
        return False
    share = word_share(text)
    if picture > 0.5:
        return share >= 0.75
    return share >= 0.45 or (picture < 0.02 and _are_codes(text))


def _is_scrambled(text: str) -> bool:
    """True where much of a text is long words of letters, figures and signs in turn, as a shifted alphabet makes of blanks."""
    words = text[:4000].split()
    long = sum(
        len(word)
        for word in words
        if len(word) > _LONG
        and len(_TURN.findall(word)) > len(word) / 4
        and not _ADDRESS.search(word)
    )
    return long > 0.3 * sum(map(len, words))


def _are_codes(text: str) -> bool:
    """True for a table of codes ("1.2 A HV Q4 22/23"): figures, short capitals and few words.

    Letters that a font maps to others ("WKH QXUVH") are capitals too, but hardly ever figures.
    """
    words = text[:4000].split()
    figures = sum(any(map(str.isdigit, word)) for word in words)
    coded = sum(bool(_CODE.fullmatch(word)) for word in words)
    return coded > 0.6 * len(words) and figures > 0.3 * len(words)


def picture_cover(page: Any, width: float, height: float) -> float:
    """The share (0..1) of a page that its largest picture covers, or all of them together where they tile."""
    area = max(width * height, 1.0)
    covered = 0.0
    count = min(pdfium.FPDFPage_CountObjects(page.raw), 3000)
    for index in range(count):
        item = pdfium.FPDFPage_GetObject(page.raw, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            x0, y0, x1, y1 = bounds(item)
            share = max(min(x1, 1e5) - max(x0, -1e5), 0.0) * max(min(y1, 1e5) - max(y0, -1e5), 0.0)
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE or _holds_picture(item):
                covered += min(share / area, 1.0)
    return min(covered, 1.0)


def bounds(item: Any) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a page object; zeros when pdfium does not know."""
    left, low, right, up = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item, left, low, right, up):
        return (0.0, 0.0, 0.0, 0.0)
    return left.value, low.value, right.value, up.value


def _holds_picture(form: Any) -> bool:
    for index in range(min(pdfium.FPDFFormObj_CountObjects(form), 50)):
        inner = pdfium.FPDFFormObj_GetObject(form, index)
        if pdfium.FPDFPageObj_GetType(inner) == pdfium.FPDF_PAGEOBJ_IMAGE:
            return True
    return False
