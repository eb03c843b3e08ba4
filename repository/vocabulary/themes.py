"""The themes and the phrases that tell of them: packaged data, and what people change in their home.

`themes.csv` (65 themes and 14 agencies) and `more_phrases.csv` (further wordings of the same themes) are
packaged. A `themes.csv` in the home folder changes them without code: a row with a new id adds a theme; a
row with a known id replaces its phrases, unless every phrase starts with `+` (add it) or `-` (drop it).
A definition says in one sentence what is the case where the theme is; a home's own file may give one.

A phrase: `~` in front = weak alone (it counts only beside another hit of its theme, or in a title, heading,
keyword list or recommendation); `~~` = faint (beside another hit only); capitals = to be matched as written ("ICON", "Prevent"); `a & b` = both in
one sentence, near each other, in any order; `{parent}` = any word of that group in `word_groups.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, partial
from pathlib import Path

from casereviews.repository.errors import VocabularyError
from casereviews.repository.vocabulary.tables import read_table

FOLDER = Path(__file__).parent
COLUMNS = ("theme_id", "group", "label", "phrases")
MAY_STAND = ("definition",)
PREFIX_OF_GROUP = {
    "harm_type": "harm_",
    "child_factor": "child_",
    "parent_factor": "parent_",
    "family_environment": "family_",
    "practice_issue": "practice_",
    "agency": "agency_",
}
GROUPS = tuple(PREFIX_OF_GROUP)
GROUP_LABELS: Mapping[str, str] = {
    "harm_type": "Kind of harm",
    "child_factor": "The child",
    "parent_factor": "Parents and carers",
    "family_environment": "Family and home",
    "practice_issue": "Professional practice",
    "agency": "Agency",
}
_ID = re.compile(r"[a-z][a-z0-9_]*")
_SIGNS = re.compile(r"\s*([+-]?)\s*(~{0,2})")
_GROUP = re.compile(r"\{(\w*)\}")
_WORDS = re.compile(r"[^\W_](?:[\w '’,.-]|(?<=\w)&(?=\w))+")
_PLAIN = re.compile(r"[+-]?~{0,2}[A-Za-z][A-Za-z]+(?:[ '][A-Za-z]+)*")
_WORD = re.compile("[a-z]+")
_ENDING = 3  # letters at most that the plural takes from a word, or the singular: "ies"
_NOT_WORDS = re.compile(r"[^\w '’&,.-]")


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme or agency: `strong` phrases tell of it alone, `weak` ones in company or in a place that is trusted,
    `faint` ones in company only. `further` are the strong ones of `more_phrases.csv`, less of which alone is about the theme. `definition` is a sentence that stands by itself, "" where a home's own theme has none."""

    id: str
    group: str
    label: str
    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()
    faint: tuple[str, ...] = ()
    definition: str = ""
    further: tuple[str, ...] = ()

    def within(self, folded: str) -> Theme:
        """The theme with those phrases alone that may stand in a folded text, in any number."""
        may = partial(_may_stand, folded)
        strong, weak, faint = (
            tuple(filter(may, one)) for one in (self.strong, self.weak, self.faint)
        )
        return replace(self, strong=strong, weak=weak, faint=faint)


def _may_stand(folded: str, phrase: str) -> bool:
    """False when a folded text lacks the first word of a phrase or another, but for the ending of those that singular and plural change."""
    head, _, rest = phrase.partition(" ")
    if rest and rest[0] != "&" and head.isalpha() and head.isascii() and head.lower() not in folded:
        return False  # most
    return all(
        word[: max(1, len(word) - _ENDING)] in folded
        for word in _WORD.findall(_GROUP.sub(" ", phrase.lower()))
    )


def load_themes(overlay: Path | None = None) -> tuple[Theme, ...]:
    """The packaged themes, changed by the CSV file at `overlay` when there is one.

    Raises VocabularyError naming file, line and what to write when the file or a row is wrong.
    """
    themes = dict(_packaged())
    if overlay is not None and overlay.exists():
        _change(themes, overlay)
    return tuple(themes.values())


@cache
def load_word_groups() -> Mapping[str, tuple[str, ...]]:
    """The words behind `{parent}`, `{child}`... in phrases."""
    rows = read_table(FOLDER / "word_groups.csv", ("group", "words"))
    return {row["group"]: tuple(row["words"].split("|")) for _, row in rows}


@cache
def _packaged() -> Mapping[str, Theme]:
    themes: dict[str, Theme] = {}
    _change(themes, FOLDER / "themes.csv")
    first = {name: frozenset(theme.strong) for name, theme in themes.items()}
    _change(themes, FOLDER / "more_phrases.csv")
    return {
        name: replace(theme, further=tuple(one for one in theme.strong if one not in first[name]))
        for name, theme in themes.items()
    }


def _change(themes: dict[str, Theme], path: Path) -> None:
    """Add or change themes by the rows of a file."""
    lines: dict[str, int] = {}
    for line, row in read_table(path, COLUMNS, MAY_STAND):
        where = f"{path}, line {line}"
        first = lines.setdefault(row["theme_id"], line)
        if first != line:
            raise VocabularyError(
                f"{where}: {row['theme_id']} stands in line {first} already; write one row a theme"
            )
        own = path.parent != FOLDER  # those of the packaged files are checked by a test
        _apply(themes, row, where=where, checked=own)
        if own:
            _check_label(themes, row["theme_id"], where)


def _apply(themes: dict[str, Theme], row: Mapping[str, str], *, where: str, checked: bool) -> None:
    """Add or change one theme by one row of a file; phrases that are not `checked` stand as `_phrase` would give them."""
    theme_id = row["theme_id"]
    known = themes.get(theme_id)
    group = row["group"] or (known.group if known else "")
    label = row["label"] or (known.label if known else "")
    _check(theme_id, group, label, where)
    phrases = [said for said in row["phrases"].split("|") if said.strip()]
    if checked:
        phrases = [_phrase(said, where) for said in phrases]
    changes = [phrase for phrase in phrases if phrase[0] in "+-"]
    if changes and len(changes) < len(phrases):
        raise VocabularyError(
            f"{where}: {theme_id} mixes phrases with and without + or -; give all of them a sign "
            "(change the packaged phrases) or none (replace them)"
        )
    if changes and known is None:
        raise VocabularyError(f"{where}: {theme_id} is not a packaged theme, so leave out + and -")
    if not phrases and known is None:
        raise VocabularyError(f"{where}: {theme_id} has no phrases, so nothing would ever match it")
    if known is None or (phrases and not changes):
        kept = tuple(phrases)
    else:
        kept = _changed(_written(known), changes, where)
    strong = tuple(dict.fromkeys(phrase for phrase in kept if not phrase.startswith("~")))
    weak = tuple(dict.fromkeys(phrase[1:] for phrase in kept if phrase[0] == "~" != phrase[1]))
    faint = tuple(dict.fromkeys(phrase[2:] for phrase in kept if phrase.startswith("~~")))
    theme = known or Theme(theme_id, group, label, ())
    themes[theme_id] = replace(
        theme,
        group=group,
        label=label,
        strong=strong,
        weak=weak,
        faint=faint,
        further=tuple(one for one in theme.further if one in strong),
        definition=row["definition"] or theme.definition,
    )


def _check_label(themes: Mapping[str, Theme], theme_id: str, where: str) -> None:
    label = themes[theme_id].label
    for other in themes.values():
        if other.id != theme_id and _named(label) in (
            _named(other.label),
            _named(_short(other.id)),
        ):
            raise VocabularyError(
                f"{where}: {label!r} is what {other.id} is called; choose another label, or a search by it finds both"
            )


def _named(name: str) -> str:
    """A label or short id as it is compared: "Child's play" and "childs_play" are one name."""
    return re.sub(r"[\W_]+", "", name).casefold()


def _short(theme_id: str) -> str:
    return theme_id.partition("_")[2]


def _check(theme_id: str, group: str, label: str, where: str) -> None:
    if group not in GROUPS:
        near = get_close_matches(group, GROUPS, 1)
        hint = f"did you mean {near[0]}?" if near else f"it is one of {', '.join(GROUPS)}"
        raise VocabularyError(f"{where}: no group {group!r}; {hint}")
    prefix = PREFIX_OF_GROUP[group]
    if not _ID.fullmatch(theme_id) or not theme_id.startswith(prefix):
        raise VocabularyError(
            f"{where}: {theme_id!r} is no id for the group {group}; write {prefix} and lower-case "
            "letters, digits or _"
        )
    if not label:
        raise VocabularyError(f"{where}: {theme_id} has no label")


def _phrase(said: str, where: str) -> str:
    """A phrase with its signs, without blanks around either; checked."""
    if _PLAIN.fullmatch(said):  # most are: there is nothing to check
        return said
    signs = _SIGNS.match(said)
    assert signs is not None
    phrase = said[signs.end() :].strip()
    _check_phrase(phrase, where)
    return f"{signs[1]}{signs[2]}{phrase}"


def _check_phrase(phrase: str, where: str) -> None:
    halves = [_GROUP.sub("word", half) for half in phrase.split(" & ")]
    if len(halves) > 2 or not all(_WORDS.fullmatch(half) for half in halves):
        wrong = next((sign for half in halves for sign in _NOT_WORDS.findall(half)), "")
        raise VocabularyError(
            f"{where}: {phrase!r} is no phrase{f' ({wrong} stands in it)' if wrong else ''}; write words, parted by |, "
            "and one & at most, between blanks"
        )
    for group in _GROUP.findall(phrase):
        if group not in load_word_groups():
            raise VocabularyError(
                f"{where}: no word group {{{group}}}; there are {', '.join(load_word_groups())}"
            )


def _written(theme: Theme) -> tuple[str, ...]:
    weak = (f"~{phrase}" for phrase in theme.weak)
    return (*theme.strong, *weak, *(f"~~{phrase}" for phrase in theme.faint))


def _changed(phrases: Iterable[str], changes: Iterable[str], where: str) -> tuple[str, ...]:
    """Phrases after `+phrase` and `-phrase`; a phrase added in other case or strength takes the place of its twin."""
    kept = {_key(phrase): phrase for phrase in phrases}
    for change in changes:
        if change[0] == "-":
            if kept.pop(_key(change[1:]), None) is None:
                near = get_close_matches(_key(change[1:]), list(kept), 1)
                hint = f"did you mean -{near[0]}?" if near else "take it out"
                raise VocabularyError(f"{where}: {change} drops a phrase that is not there; {hint}")
        else:
            kept[_key(change[1:])] = change[1:]
    return tuple(kept.values())


def _key(phrase: str) -> str:
    return phrase.lstrip("~").lower()
