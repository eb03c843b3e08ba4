"""Text from the web made harmless for terminals, cells and references."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and newline; bidirectional marks, overrides and isolates; marks and fillers that are not seen; tags and
# selectors that hide letters in letters (Unicode Technical Report 36); what no XML may hold.
_UNSEEN = (
    "\x7f-\x9f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\ud800-\udfff\ufffe\uffff\U000e0000-\U000e0fff"
)
_CONTROLS = re.compile(f"[\x00-\x08\x0b-\x1f{_UNSEEN}]")
_ESCAPED = re.compile(f"[{_UNSEEN}\u2028\u2029]")  # JSON itself escapes what is below a space
# A spreadsheet reads a cell that begins so as a formula (OWASP: CSV injection).
# The wide forms of the signs are the same signs to some of them.
_FORMULA_LEADS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def for_terminal(text: str) -> str:
    """Without control characters, so that a title cannot move the cursor or rewrite what was printed."""
    return _CONTROLS.sub("", text)


def for_snippet(text: str) -> str:
    """Harmless and as long as it was, so that the offsets of its matches stay right."""
    return _CONTROLS.sub(" ", text).replace("\n", " ").replace("\t", " ")


def for_json(written: str) -> str:
    """JSON as it was written, with what a terminal or a script would obey, and what nobody sees, as escapes: it says the same, and none of it acts."""
    return _ESCAPED.sub(_as_escape, written)


def _as_escape(sign: re.Match[str]) -> str:
    units = sign[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def for_line(text: str) -> str:
    """Harmless and on one line: every run of white space becomes one space."""
    return " ".join(for_terminal(" ".join(text.split())).split())


def for_cell(value: object) -> str:
    """One CSV cell: harmless, and never led by a character that a spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return flat(value)
    text = for_terminal(re.sub("\r\n?|[\u2028\u2029]", "\n", flat(value)))
    return "'" + text if text.lstrip(" \u00a0\n").startswith(_FORMULA_LEADS) else text


def flat(value: object) -> str:
    """A value as one string: lists joined by "; ", None empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return "; ".join(flat(item) for item in value)
    return str(value)
