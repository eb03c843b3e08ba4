"""Turn a sentence with choices into one sentence: `The [nurse|visitor] [saw|met] {subject}.`

Square brackets hold choices parted by bars, and may stand inside each other; curly brackets hold names that
the case fills in. A choice that begins with `death:` or `harm:` is taken only where that is the case's outcome.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([a-z_0-9]+)\}", re.IGNORECASE)
_OUTCOMES = ("death:", "harm:")


class UnknownSlot(KeyError):
    """A text of the stories names a `{slot}` that its case does not have."""


def worded(text: str, chance: Random, slots: Mapping[str, str]) -> str:
    """One reading of a text with choices: choices made, names filled in, white space folded."""
    while _CHOICE.search(text):
        text = _CHOICE.sub(lambda found: _chosen(found.group(1).split("|"), chance, slots), text)
    text = _SLOT.sub(lambda found: _filled(found.group(1), slots, text), text)
    return _capitals(" ".join(text.split()))


def _chosen(options: list[str], chance: Random, slots: Mapping[str, str]) -> str:
    outcome = slots.get("outcome", "")
    fitting = [
        option.removeprefix(f"{outcome}:")
        for option in options
        if not option.startswith(_OUTCOMES) or option.startswith(f"{outcome}:")
    ]
    return chance.choice(fitting) if fitting else ""


def _filled(name: str, slots: Mapping[str, str], text: str) -> str:
    if name in slots:
        return slots[name]
    lower = name[0].lower() + name[1:]
    if lower in slots:
        return slots[lower][:1].upper() + slots[lower][1:]
    raise UnknownSlot(f"{{{name}}} in the text {text[:80]!r} is not a name of the case")


def _capitals(text: str) -> str:
    """A capital at the start and after a full stop, whichever choice came to stand there."""
    return re.sub(r"(^|[.?!]\s+)([a-z])", lambda m: m.group(1) + m.group(2).upper(), text)
