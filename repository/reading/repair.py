"""Text as a person would read it: ligatures, odd encodings and control characters repaired."""

from __future__ import annotations

import re
import unicodedata

import ftfy

_LIGATURES = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\u00a0": " ",
        "\u2007": " ",
        "\u202f": " ",
        "\u2028": "\n",
        "\u2029": "\n",
        "\u00ad": None,  # soft hyphen: only a place where a line may break
        "\u200b": None,
        "\u200c": None,
        "\u2060": None,
        "\ufeff": None,
        "\ufffe": None,
        "\uffff": None,
        # Bullets of the Symbol and Wingdings fonts, which PDFs and Word files hold as private codes.
        "\uf0b7": "•",
        "\uf0a7": "▪",
        "\uf0d8": "➢",
        "\uf0fc": "✓",
        "\uf02d": "-",
        "\uf06c": "•",
        "\uf06e": "■",
        "\uf076": "❖",
    }
)
# All control characters but tab and newline; and those that turn the direction of writing.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
# Letters that only appear when UTF-8 was once read as Windows-1252.
_MOJIBAKE = re.compile("[ÂÃâÅÄ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸµ]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# What a plain text with accents and curly quotes has none of: then nothing is put in its place.
_ODD = re.compile(
    f"[{re.escape(''.join(map(chr, _LIGATURES)))}{_CONTROL.pattern[1:-1]}\ud800-\udfff]"
)
_BLANKS = re.compile("[ \u2000-\u2006\u2008-\u200a\u3000]{2,}")


def repair(text: str) -> str:
    """Clean one stretch of text; newlines and tabs stay, runs of blanks become one."""
    if text.isascii():
        if _CONTROL.search(text):
            text = _CONTROL.sub("", text)
        return _BLANKS.sub(" ", text) if "  " in text else text
    text = _repair_pass(text)
    # What was taken out may have parted the two halves of a letter.
    while _MOJIBAKE.search(text) and (again := _repair_pass(text)) != text:
        text = again
    return text


def _repair_pass(text: str) -> str:
    if _MOJIBAKE.search(text):
        text = ftfy.fix_encoding(text)
    if _ODD.search(text):
        text = _CONTROL.sub("", text.translate(_LIGATURES))
        text = text.encode("utf-8", "replace").decode("utf-8") if _SURROGATE.search(text) else text
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text))


def fold(text: str) -> str:
    """Whitespace-folded text, for hashing and comparing."""
    return " ".join(text.split())
