"""The shorthand of notes and of hasty hands, spelled out before a description is read: "MO", "5/52", "# femur", "cant"."""

from __future__ import annotations

from casereviews.repository.vocabulary.rules import load_rules


def spelled_out(text: str) -> str:
    """The text with its shorthand in words, by `rules/shorthand.toml`."""
    text = text.replace("’", "'").replace("‘", "'")
    for rule in load_rules("shorthand"):
        becomes = str(rule.more.get("becomes", rule.code))
        made, end = [], 0
        for match in rule.find(text):
            made += [text[end : match.start()], match.expand(becomes)]
            end = match.end()
        if made:
            text = "".join([*made, text[end:]])
    return text
