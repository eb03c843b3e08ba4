"""Shortcodes that an API leaves raw: the page builders' and plugins' own, which run for readers of the page only.

https://codex.wordpress.org/Shortcode_API: `[name key="value"]`, `[name]...[/name]`. WordPress curls the quotes of those it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

_TAG = re.compile(r"\[(/?)([A-Za-z][\w-]*)((?:\s[^\[\]<>]*)?)/?\]")


def without_shortcodes(content: str) -> str:
    """The content without the tags of its shortcodes; what they enclose stays."""
    return _TAG.sub(lambda tag: " " if _is_shortcode(tag) else tag.group(0), content)


def said_by_shortcodes(content: str) -> str:
    """The words that the shortcodes of a content hold, addresses taken apart; "" when none is raw."""
    said = " ".join(f"{tag.group(2)} {tag.group(3)}" for tag in _raw(content))
    return " ".join(re.split(r"[\W_]+", unquote(unescape(said)))).strip()


def _raw(content: str) -> Iterator[re.Match[str]]:
    return (tag for tag in _TAG.finditer(content) if _is_shortcode(tag))


def _is_shortcode(tag: re.Match[str]) -> bool:
    """True for a tag, False for words in brackets such as "[redacted]" or "[Child A]"."""
    closing, name, given = tag.groups()
    return bool(closing) or "=" in given or "_" in name or "-" in name
