"""Which names of character sets that a page, a header or a file claims are followed."""

from __future__ import annotations

import codecs
import re

_TEXT = re.compile(
    r"ascii|utf[-_](?:8|16|32)(?:[-_](?:le|be|sig))?|iso8859[-_]\d{1,2}|cp(?:125\d|437|8\d\d|932|949|950)|koi8[-_][rtu]|mac[-_][a-z]+|shift_jis\w*|euc_\w+"
    r"|gb2312|gbk|gb18030|big5\w*|hz|iso2022_\w+|tis_620|johab"
)
"""Python's names of sets that bytes of text may be in: none that unpacks (zip, base64), translates (rot13, idna, punycode), runs escapes, or hides markup (utf-7)."""


def charset(name: str) -> str | None:
    """Python's name of the character set `name`; None for what is none, or no set of a text. Sets that browsers read as Windows-1252 are that (WHATWG Encoding Standard)."""
    try:
        known = codecs.lookup(name.strip().strip("\"'")[:40]).name
    except (LookupError, ValueError):
        return None
    if known in ("iso8859-1", "ascii"):
        return "cp1252"
    return known if _TEXT.fullmatch(known) else None
