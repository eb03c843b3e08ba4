"""The labels of the children and adults a title names: letters, codes, pseudonyms, families, settings, names.

Two ways lead to a label: a noun before it ("Child D", "Family T", "Mr A", "Nursery Z"), or a place where only a label
can stand ("SCR Matthew", "FD17 overview report", "Amy, a serious case review"): see `label_names.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from casereviews.repository.describing.titles.case_names import acronyms, first_names, is_name
from casereviews.repository.describing.titles.form import Plain
from casereviews.repository.describing.titles.label_nouns import (
    CODE_ONLY,
    NOUNS,
    PLURALS,
    TOLD,
    kind_of,
)
from casereviews.repository.vocabulary.authorities import area_named
from casereviews.repository.vocabulary.rules import load_rules

MASK = "\x01"  # stands in a text where something else has been read

_NOUN = re.compile(
    r"(?<![\w-])(?P<noun>" + "|".join(sorted(map(re.escape, NOUNS), key=len, reverse=True)).replace(r"\ ", r"\s+") + r")"
    r"(?P<number>\s*(?:no\.?|number|ref(?:erence)?\.?|rhif)(?=[\s.:A-Z\d]))?(?:[\s:“.]+|-(?=(?-i:[A-Z]{1,2}\d?)(?!\w)))(?:subject\s+)?(?P<called>(?:named|known\s+as|called|referred\s+to\s+as)\s+)?(?:of\s+)?“?(?=[\w“])",
    re.IGNORECASE,
)  # fmt: skip
_CODE = re.compile(
    r"(?:[A-Z]{1,4}\d{2}(?:\(\d{1,2}\))?|[A-Z]{1,3}\d?|\d{1,3}[A-Z]?|[B-DF-HJ-NP-TV-Z][b-df-hj-np-tv-z]|[A-Z]\d[A-Z]?)(?![\w(]|-(?!(?:[A-Z]\d?|[2-8])\b)\w|\.\d|'(?!s\b))"
)
_SLUG_CODE = re.compile(r"(?:[a-z]{1,3}\d{1,2}|[a-z]{1,2}|\d{1,3})(?![\w])", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŴŵŶŷ]+(?:['-][A-ZÀ-ÖØ-Þ]?[a-zà-öø-ÿŵŷ]+(?<!'s))*")
# "Child Ab12" is not Child Ab; four digits are a year that lost its space.
_GLUED_NUMBER = re.compile(r"\d{1,3}(?!\w)")
_JOIN = re.compile(
    r"”?(?:'s)?\s*(?:,\s*(?:and|&)?|\band\b|&|/|\+|\bac?\b(?=\s[A-Z]))\s*“?", re.IGNORECASE
)
_AND_BEFORE = re.compile(r"(?:\band|&)\s*“?$", re.IGNORECASE)
_ENDS_LIST = re.compile(rf"”?\s*(?:$|[{MASK}–:;|(])")
# What follows an unlisted name in small letters: "family-gold-report", where "family-gold-standard" has none.
_ENDS_NAME = re.compile(
    rf"\s*(?:$|[{MASK}–(]|\d|{load_rules('label_words')['paper_after'].words}\b)"
)
_YEAR_OF_CASE = re.compile(r"/\d\d(?![\w/])")  # "Case 14/22"
_NO_CODE_AFTER = re.compile(
    rf"\s*(?:-\s*)?(?:{load_rules('label_words')['unit'].words}\b|\+|%)", re.IGNORECASE
)
# "Children 5-11" has ages; "Children 1-4", where no word for ages follows, has children.
_RANGE_AFTER = re.compile(r"\s*(?:-|–|to)\s*\d")
_ROW_AFTER_1 = re.compile(rf"\s*(?:-|–|to)\s*([2-8])(?=\s*(?:$|[{MASK}–:;|,)]))")
# "Child One", "Babies One and Two": a number in words, where nothing is counted.
_NUMBER_WORD = re.compile(rf"(One|Two|Three|Four|Five|Six)(?=”?\s*(?:$|[{MASK}–:;|,)&(]|and\b))")
_LOOKS_LIKE_CODE = frozenset(load_rules("label_words")["looks_like_code"].phrases)
_INITIALS = re.compile(
    r"\binitials?\s+(?:of\s+(?:the\s+)?)?(?:subject\s+)?child(?:ren)?\s*:?\s*“?(?P<code>[A-Z]{1,3})(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LabelMention:
    """A label as it is given (`label`), where it stands, and the code of 2.3 for its kind."""

    start: int
    end: int
    label: str
    kind: str


def find_noun_labels(
    plain: Plain, text: str, bodies: Sequence[tuple[int, int]] = ()
) -> list[LabelMention]:
    """Labels with a noun before them, lists resolved: "Children B and C" gives Child B and Child C.

    `text` is the plain title with what has been read masked out, of the same length as `plain.text`; within `bodies` (boards,
    areas) nobody's second name stands.
    """
    initials = _INITIALS.search(text)
    if initials:
        return [
            LabelMention(initials.start(), initials.end(), initials.group("code").upper(), "letter")
        ]
    found: list[LabelMention] = []
    end = 0
    for match in _NOUN.finditer(text):
        if match.start() < end:
            continue
        for mention in _list_after(plain, text, match):
            found.append(_without_body(mention, text, bodies))
            end = mention.end
    return found


def begins_list(words: str) -> bool:
    """True for words that begin with a noun and a letter or code, and so a list of labels: "Child T and Child M"."""
    noun = _NOUN.match(words)
    return bool(
        noun
        and re.match(r"[A-Z]{1,2}\d{0,2}(?!\w)(?!\s+(?!and\b)[a-z]{3,}\s)", words[noun.end() :])
    )


def _without_body(
    mention: LabelMention, text: str, bodies: Sequence[tuple[int, int]]
) -> LabelMention:
    """ "Child Finch Pear" of "Child Finch Pear Vale" without the place that begins after the first name."""
    for start, end in bodies:
        name = mention.label.removesuffix(" " + text[start : mention.end])
        if mention.start < start < mention.end <= end and name.lower() not in NOUNS:
            return LabelMention(mention.start, start, name, kind_of(name))
    return mention


def _list_after(plain: Plain, text: str, match: re.Match[str]) -> list[LabelMention]:
    """The label after a noun, and those that follow it in a list."""
    written = " ".join(match.group("noun").lower().split())
    noun = NOUNS[written]
    plural = written in PLURALS
    numbered = bool(match.group("number"))
    called = bool(match.group("called")) or bool(re.search(r"case\s+of\s", match.group(0), re.I))
    if not _may_be_label(plain, text, match):
        return []
    first = _item(plain, text, match.end(), noun, after_name=None)
    if first is None:
        return []
    if not first.is_code and noun in TOLD and text[match.start()].islower() and not plain.slug:
        return []  # "teenager Sam Smith" of a headline: the name alone is the label
    year = _YEAR_OF_CASE.match(text, first.end) if noun == "Case" and first.is_code else None
    if year:
        first = _Item(first.start, year.end(), f"{first.text}{year[0]}", True)
    items = [(noun, first)]
    while not year:
        last = items[-1][1]
        following = _next_item(plain, text, last, items[-1][0], plural=plural)
        if following is None:
            break
        items.append(following)
    printed = text[match.start() : items[0][1].end].replace("“", "").replace("”", "")
    found = [
        LabelMention(
            match.start() if place == 0 else item.start,
            item.end,
            _tidy(printed)
            if place == 0 and numbered
            else item.text
            if called or _stands_alone(own_noun, item) or _is_name_after_code(items, place)
            else _label(own_noun, item, plural and len(items) > 1),
            "",
        )
        for place, (own_noun, item) in enumerate(items)
    ]
    found = _expanded(found, items, text, plural)
    return [LabelMention(m.start, m.end, m.label, kind_of(m.label)) for m in found]


@dataclass(frozen=True, slots=True)
class _Item:
    start: int
    end: int
    text: str
    is_code: bool


def _may_be_label(plain: Plain, text: str, match: re.Match[str]) -> bool:
    """ "Case" and "home" lead labels only when written as a noun of a label, not "in case of", "at home"."""
    noun = match.group("noun")
    if plain.slug or plain.capitals:
        return True
    if (
        noun[0].islower()
        and re.search(r"(?:\bof|\bthe|\bat|\bin)\s+$", text[: match.start()])
        and noun.lower() in ("case", "home", "school", "hospital")
    ):
        return bool(re.match(r"(?:[A-Z]\b|[A-Z]{1,3}\d|\d)", text[match.end() :]))
    return True


def _item(
    plain: Plain, text: str, start: int, noun: str, *, after_name: bool | None
) -> _Item | None:
    """The code or name that starts at `start`; `after_name` says what the item before was (None: this is the first)."""
    code = (_SLUG_CODE if plain.slug else _CODE).match(text, start)
    if code and after_name is not True and _is_code(plain, text, code):
        return _Item(
            code.start(), code.end(), code.group(0).upper() if plain.slug else code.group(0), True
        )
    number = None if plain.slug or after_name else _NUMBER_WORD.match(text, start)
    if number:
        return _Item(start, number.end(1), number.group(1), True)
    name = _NAME.match(text, start)
    if name is None:
        return None
    glued = _GLUED_NUMBER.match(text, name.end())
    if after_name is False and not glued and not _may_follow_code(text, name):
        return None
    word = re.sub(r"'s$", "", name.group(0))
    if glued:
        bare = _named(plain, text, name, word, noun, after_name=after_name, end=glued.end())
        return bare and _Item(bare.start, glued.end(), bare.text + glued[0], True)
    named = _named(plain, text, name, word, noun, after_name=after_name, end=name.end())
    return named if named is None or plain.slug else _with_surname(plain, text, named)


def _named(
    plain: Plain,
    text: str,
    name: re.Match[str],
    word: str,
    noun: str,
    *,
    after_name: bool | None,
    end: int,
) -> _Item | None:
    """The name `word` where it can be one; what must follow a name follows at `end`."""
    start = name.start()
    if plain.slug:
        named = word in first_names() or (
            noun not in CODE_ONLY and is_name(word.title()) and _ENDS_NAME.match(text, end)
        )
        return _Item(name.start(), name.end(), word.title(), False) if named else None
    known = word.lower() in first_names()
    if noun == "Operation" and word[0].isupper() and text[start - 2 : start - 1] != ":":
        return _Item(start, start + len(word), _cased(word), False)
    if (
        (noun in CODE_ONLY and not known and not after_name)
        or not is_name(word, capitals=plain.capitals)
        or not word[0].isupper()
    ):
        return None
    if not known and (word.upper() in acronyms() or (after_name and area_named(word))):
        return None
    return _Item(start, start + len(word), _cased(word), False)


def _may_follow_code(text: str, name: re.Match[str]) -> bool:
    """True for the Bella of "Child A and Bella": a known name, or a last one that "and" joins and nothing follows."""
    if name.group(0).lower() in first_names():
        return True
    joined = _AND_BEFORE.search(text[: name.start()])
    return bool(joined and not area_named(name.group(0)) and _ENDS_LIST.match(text, name.end()))


def _is_name_after_code(items: list[tuple[str, _Item]], place: int) -> bool:
    return not items[place][1].is_code and any(item.is_code for _, item in items[:place])


def _with_surname(plain: Plain, text: str, item: _Item) -> _Item:
    """ "Baby Peter Connelly": a second name follows the first at once."""
    following = re.compile(r"\s+([A-Z][\w'-]+)(?!\w)").match(text, item.end)
    if following is None or plain.capitals or text[item.end : item.end + 1] == "”":
        return item
    word = following.group(1)
    if word.upper() == word or not is_name(word) or area_named(word):
        return item
    return _Item(item.start, following.end(), f"{item.text} {word}", False)


def _is_code(plain: Plain, text: str, code: re.Match[str]) -> bool:
    word = code.group(0)
    after = text[code.end() :]
    if word == "1" and _ROW_AFTER_1.match(after):
        return True
    if word.isdigit() and (_NO_CODE_AFTER.match(after) or _RANGE_AFTER.match(after)):
        return False
    if plain.slug:
        return word.lower() not in _LOOKS_LIKE_CODE
    if word.lower() in _LOOKS_LIKE_CODE and len(word) != 1:
        ends = len(word) == 2 and word.isupper() and _ENDS_LIST.match(after)
        return bool(ends) or _after_small_letters(text, code)
    if (
        word == "A"
        and text[: code.start()].rstrip().endswith(":")
        and re.match(rf"\s+[\w“{MASK}]", after)
    ):
        return False  # "Child T and family: A multi-agency review"
    if len(word) == 3 and word.isalpha() and word in acronyms():
        return False
    return not (
        len(word) == 2
        and word[1].islower()
        and word.lower() in first_names() | {"dr", "st", "mr", "ms"}
    )


def _after_small_letters(text: str, code: re.Match[str]) -> bool:
    """True for the AM of "Child AM": capitals after a noun in small letters are a code, whatever they spell."""
    noun = text[: code.start()].rstrip(" “").rsplit(" ", 1)[-1]
    return code.group(0).isupper() and any(letter.islower() for letter in noun)


def _next_item(
    plain: Plain, text: str, last: _Item, noun: str, *, plural: bool
) -> tuple[str, _Item] | None:
    join = _JOIN.match(text, last.end)
    if join is None:
        if plural and last.is_code and len(last.text) == 1:  # "Children A B and C"
            gap = re.compile(r"\s+(?=[A-Z](?!\w))").match(text, last.end)
            item = _item(plain, text, gap.end(), noun, after_name=False) if gap else None
            return (noun, item) if item else None
        return None
    if (
        "/" in join.group(0)
        and last.is_code
        and re.match(r"\d\d", text[join.end() :])
        and not last.text.isdigit()
    ):
        return None  # "Child C1/19": the year of a case
    own = _NOUN.match(text, join.end())
    if own is not None:
        own_noun = NOUNS[" ".join(own.group("noun").lower().split())]
        item = _item(plain, text, own.end(), own_noun, after_name=None)
        return (own_noun, item) if item else None
    item = _item(plain, text, join.end(), noun, after_name=not last.is_code)
    return (noun, item) if item else None


def _expanded(
    found: list[LabelMention], items: list[tuple[str, _Item]], text: str, plural: bool
) -> list[LabelMention]:
    """ "Children A-D", "Children A to D": the letters between, at most eight."""
    noun, item = items[-1]
    if not (plural and len(items) == 1 and item.is_code):
        return found
    numbered = re.fullmatch(r"([A-Z])(\d)", item.text)
    if numbered:  # "Children K1 to K4"
        row = re.compile(rf"\s*(?:-|–|to)\s*{numbered[1]}(\d)(?!\w)").match(text, item.end)
        if row is None or int(row[1]) <= int(numbered[2]):
            return found
        codes = [f"{numbered[1]}{one}" for one in range(int(numbered[2]), int(row[1]) + 1)]
        return [LabelMention(found[0].start, row.end(), f"{noun} {code}", "") for code in codes]
    row = _ROW_AFTER_1.match(text, item.end)
    if row and item.text == "1":
        codes = [str(one) for one in range(1, int(row[1]) + 1)]
        return [LabelMention(found[0].start, row.end(), f"{noun} {code}", "") for code in codes]
    if len(item.text) != 1 or item.text.isdigit():
        return found
    span = re.compile(r"\s*(?:-|–|to)\s*([A-Z])(?!\w)").match(text, item.end)
    if span is None or not 0 < ord(span.group(1)) - ord(item.text) <= 8:
        return found
    letters = [chr(code) for code in range(ord(item.text), ord(span.group(1)) + 1)]
    return [LabelMention(found[0].start, span.end(), f"{noun} {letter}", "") for letter in letters]


def _label(noun: str, item: _Item, in_plural_list: bool) -> str:
    """Noun and code; a list of names after a plural noun ("Siblings Adam and Bella") gives the names alone."""
    if not item.is_code and in_plural_list:
        return item.text
    return f"{noun} {item.text}"


def _stands_alone(noun: str, item: _Item) -> bool:
    """ "Case EN12": the code is a label without the word."""
    return noun == "Case" and bool(re.fullmatch(r"[A-Z]{1,4}\d{2}(?:\(\d{1,2}\))?", item.text))


def _tidy(printed: str) -> str:
    """A numbered case as printed: "Case No.SOT12(1)", "Case Number 14"."""
    words = " ".join(printed.split()).strip(" .:")
    return words[0].upper() + words[1:].replace("NUMBER", "Number").replace("NO.", "No.")


def _cased(word: str) -> str:
    return word.title() if word.isupper() and len(word) > 2 else word
