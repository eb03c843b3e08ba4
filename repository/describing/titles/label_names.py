"""Labels without a noun: a name or a code in a place of the title where only a label can stand.

Such a place is a stretch of the title that is left when type, role, dates, boards, areas and small words are taken
off ("Carl & Max – SPR", "SCR S & SCR D", "2022 – Anonymous – Adam"), or a name after words that lead to one
("the death of ...", "in respect of ...").
"""

from __future__ import annotations

import re

from casereviews.repository.describing.titles.case_names import (
    acronyms,
    first_names,
    is_family_name,
    is_name,
)
from casereviews.repository.describing.titles.form import Plain
from casereviews.repository.describing.titles.label_codes import is_short_code, is_sure_code
from casereviews.repository.describing.titles.label_nouns import NOUNS, kind_of
from casereviews.repository.describing.titles.labels import MASK, LabelMention
from casereviews.repository.vocabulary.authorities import area_named, find_areas
from casereviews.repository.vocabulary.rules import load_rules

_WORD = re.compile(r"[\wÀ-ÿŴŵŶŷ'()-]+|[&/,+]")
_RULES = load_rules("label_words")
_SMALL = frozenset(_RULES["small"].phrases)
_LEADS = re.compile(rf"\b{_RULES['leads'].words}\s*:?\s+", re.IGNORECASE)
_PERSON = r"[A-Z][\w'’À-ÿ-]*(?:\s+(?!(?:and|or)\b)[A-Z][\w'’À-ÿ-]+){0,2}"
_PERSONS = re.compile(rf"{_PERSON}(?:\s*(?:,|&|/|\band\b)\s*{_PERSON})*")
_AUTHOR = re.compile(
    rf"\b(?i:{_RULES['author'].words})\b\s*:?\s+(?:(?:Dr|Prof(?:essor)?|Mr|Mrs|Ms)\.?\s+)?{_PERSON}"
)
_TITLED_AUTHOR = re.compile(
    rf"\b(?i:{_RULES['author'].words})\b\s*[:–-]?\s*(?:Mr|Mrs|Ms|Miss)\.?\s+[A-Z](?:\.|[\w'’-]+)?(?:\s*[A-Z]\.?(?!\w))*\s+[A-Z][\w'’-]+"
)
_RUN_BEFORE = re.compile(
    rf"(?:^|[{MASK}–:;|(.“])\s*(?P<names>{_PERSON}”?(?:\s*(?:,|&|/|\+|\band\b)\s*“?{_PERSON}”?)*+)(?P<last>\s*(?:,\s*and\b|,|&|/|\+|\band\b)\s*)$"
)
# A name in capitals that opens a cover: "MABEL THORNLEY Independent Review".
_OPENING_NAME = re.compile(
    rf"\s*([A-Z]{{3,}}(?:[-'\s][A-Z]{{2,}}){{1,2}})(?=\s*[{MASK}–:,(]|\s+[A-Z][a-z])"
)
_TOLD_CHILD = re.compile(
    rf"\b{_RULES['told_child'].words}\s+([A-Z][\w'-]+(?:\s+(?:and\s+)?[A-Z][\w'-]+){{0,2}})"
)
_REVIEW_OF = re.compile(rf"\b[Rr]eview of ({_PERSON}(?:(?:, | and | & ){_PERSON})*)")
_POSSESSIVE = re.compile(rf"\b([A-Z][\w-]+)(?:'s|s')\s+{_RULES['owned'].words}\b", re.IGNORECASE)
# A type or another reading stands next, with nothing but a separator between.
_GAP_BEFORE = re.compile(
    rf"{MASK}[\s–:;|(),.“”-]*(?:(?:no\.?\s*)?\d{{1,2}}[\s–:;|(,.-]*)?$", re.IGNORECASE
)
_GAP_AFTER = re.compile(rf"[\s–:;|(),.-]*{MASK}")
_LAST_NAMES = re.compile(
    r"(?<![\w'])[a-z]+ (?P<names>[A-Z][\w-]+?(?:(?:, | and | & )[A-Z][\w-]+?)*)(?:'s)?(?P<review>\s+(?:[Rr]eview|[Ii]nquiry))?\s*$"
)
_AGE_BESIDE = re.compile(
    r"(?:\s*[,(]\s*(?:aged?\s+)?|\s+aged?\s+)\d{1,2}(?:[\s-](?:days?|weeks?|months?|years?)(?:[\s-]old)?)?\)?(?=\s*(?:[–:;|,)]|$))"
)
_COPY_BESIDE = re.compile(r"(?<=[^\W\d])[\s(]+\d\)?$")
_ALIAS = re.compile(
    r"\b(?:a\.?k\.?a\.?|(?:also |hereafter )?(?:known|referred to) as)\s+“?([A-Z][a-z]+)(?!\w)",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"(?:^|[(/–|{MASK}])\s*([A-Z][a-z]+)\s*(?=[)(/–|{MASK}]|$)")
_COUNTED = re.compile(
    " ".join(
        f"(?:{'|'.join(map(str.title, _RULES[code].phrases))})" for code in ("number", "counted")
    )
)
_FAMILY_AFTER = re.compile(
    r"(?<![\w'-])(?P<sure>the\s+“?|“(?:the\s+)?)?(?P<name>[^\W\d_]\d{0,2}|[^\W\d_][\w'-]+)”?\s+"
    rf"(?P<noun>family|siblings|brothers|sisters|twins)(?![\w'])(?!\s+{_RULES['family_of'].words}\b)",
    re.IGNORECASE,
)
_SETTING = re.compile(
    rf"[\s,]*(?:[Aa]t\s+|[Tt]he\s+)*(?P<label>(?P<name>[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+){{0,3}}?)\s+(?:{_RULES['setting_kind'].words}\s+)*{_RULES['setting'].words})[\s,]*"
)
_FAMILIES = re.compile(
    r"(?<![\w'-])(?:The|the)\s+([A-Z][\w'-]+)\s+(?:and|&)\s+([A-Z][\w'-]+)\s+[Ff]amilies\b"
)
_BEGINS_STRETCH = re.compile(rf"(?:^|[{MASK}–:;|(,.&/]|(?<![\w'])[a-z]+)\s*$")
_BEGINS_SLUG = re.compile(rf"(?:^|{MASK})\s*$")
_QUOTED = re.compile(r"“([^“”]{1,40})”")


def mask_authors(text: str) -> str:
    """`text` with "by Jane Smith" and its like masked: an author is no label."""
    return _AUTHOR.sub(lambda match: MASK * len(match.group(0)), text)


def mask_titled_authors(text: str) -> str:
    """`text` with "reviewer: Ms N. Orchard" and its like masked: a title, an initial and a surname are no "Ms N"."""
    return _TITLED_AUTHOR.sub(lambda match: MASK * len(match.group(0)), text)


def find_quoted(text: str) -> list[LabelMention]:
    """Names in quotation marks ("Vamp", "Emily" & "Jack"); longer quotations and themes are no labels."""
    found = []
    for match in _QUOTED.finditer(text):
        words = match.group(1).strip(" .,").split()
        pair = re.fullmatch(r"(\S+) (?:&|and|/) (\S+)", " ".join(words))
        if pair and all(is_name(word) for word in pair.groups()):
            found += [
                LabelMention(
                    match.start(1) + pair.start(at),
                    match.start(1) + pair.end(at),
                    name,
                    kind_of(name),
                )
                for at, name in enumerate(pair.groups(), 1)
            ]
        elif (
            0 < len(words) <= 3
            and all(is_name(word) for word in words)
            and not area_named(" ".join(words))
        ):
            label = " ".join(word.title() if word.isupper() else word for word in words)
            found.append(LabelMention(match.start(), match.end(), label, kind_of(label)))
        elif len(words) == 1 and re.fullmatch(r"[A-Z]{1,2}\d{0,2}", words[0]):
            found.append(LabelMention(match.start(), match.end(), words[0], kind_of(words[0])))
    return found


def find_names_of_codes(
    plain: Plain, text: str, codes: list[LabelMention], *, typed: bool
) -> list[LabelMention]:
    """Names that one pair of brackets joins with a code: the Ash of "Ash (EN12)", of "EN12 (Ash)"."""
    letters = list(text)
    for code in codes:
        letters[code.start : code.end] = MASK * (code.end - code.start)
    named = [*find_led(plain, text), *find_residual(plain, "".join(letters), typed=typed)]
    beside = {
        (mention.start, mention.label): mention
        for mention in named
        for code in codes
        if "(" in (text[mention.end : code.start].strip(), text[code.end : mention.start].strip())
    }
    return list(beside.values())


def find_names_before(plain: Plain, text: str, first: LabelMention) -> list[LabelMention]:
    """Names in one list with a label that follows them: the Ruby of "Ruby and Child Q", the Amy and Ben of "Amy, Ben and Baby C"."""
    run = _RUN_BEFORE.search(text[: first.start])
    if run is None or plain.slug:
        return []
    names = list(re.finditer(_PERSON, run["names"]))
    labels = [match.group(0).title() if plain.capitals else match.group(0) for match in names]
    for label in labels:
        words = label.split()
        if area_named(label) or words[0].lower() in NOUNS or not all(map(is_name, words)):
            return []
    if run["last"].strip() == "," and not any(label.lower() in first_names() for label in labels):
        return []  # a place: "Northmoor, Child C"
    return [
        LabelMention(
            run.start("names") + match.start(),
            run.start("names") + match.end(),
            label,
            kind_of(label),
        )
        for match, label in zip(names, labels, strict=True)
    ]


def find_second_names(plain: Plain, text: str, found: list[LabelMention]) -> list[LabelMention]:
    """A first name alone in brackets or between dashes beside a noun label ("Child K (Adam)"), any name after a slash."""
    if plain.slug or plain.capitals or len(found) != 1:
        return []
    alias = _ALIAS.search(text)
    if alias and is_name(alias.group(1)):
        return [LabelMention(alias.start(1), alias.end(1), alias.group(1), "pseudonym")]
    for match in _ALONE.finditer(text):
        slashed = "/" in text[match.start() : match.end() + 2]
        known = match.group(1).lower() in first_names()
        if is_name(match.group(1)) and (known or (slashed and not area_named(match.group(1)))):
            near = min(abs(match.end() - found[0].start), abs(match.start() - found[0].end))
            if near <= 4:
                return [LabelMention(match.start(1), match.end(1), match.group(1), "pseudonym")]
    return []


def find_residual(
    plain: Plain, text: str, *, typed: bool, role: str | None = None
) -> list[LabelMention]:
    """Labels that are all that is left of a stretch of `text`, the title with everything else masked.

    `typed` says that the title names a review type or is a slot for a label: without, only a known first name, the
    whole title or a code beside the title's `role` may be one.
    """
    found: list[LabelMention] = []
    for note in (
        _RULES["others_beside"].pattern,
        _RULES["died_beside"].pattern,
        _RULES["no_letters"].pattern,
        _AGE_BESIDE,
        *([_COPY_BESIDE] if plain.file else []),
    ):
        text = note.sub(lambda match: MASK * len(match.group(0)), text)
    for match in re.finditer(rf"[^{MASK}–:;|()“”.!?]+", text):
        before = _GAP_BEFORE.search(text[: match.start()])
        last = match.end() == len(text) and re.fullmatch(r"[A-Z]", match.group(0).strip())
        beside = bool(before or _GAP_AFTER.match(text, match.end()) or last)
        if match.group(0).strip() == "A" and not before:
            continue  # "A Serious Case Review"
        found.extend(
            _in_stretch(
                plain, text, match.start(), match.group(0), typed=typed, beside=beside, role=role
            )
            or _setting(plain, match, typed and beside)
            or _known_beside_type(plain, text, match)
        )
    return found


def _setting(plain: Plain, stretch: re.Match[str], beside_type: bool) -> list[LabelMention]:
    """The nursery, school or home that a review is of: a stretch beside a type that is its name and nothing else."""
    named = _SETTING.fullmatch(stretch[0])
    if named is None or not beside_type or plain.slug or plain.capitals:
        return []
    words = named["name"].split()
    if "Family" in words or not any(map(is_name, words)) or find_areas(named["name"]):
        return []
    at = stretch.start() + named.start("label")
    return [LabelMention(at, at + len(named["label"]), named["label"], "setting")]


def _known_beside_type(plain: Plain, text: str, stretch: re.Match[str]) -> list[LabelMention]:
    """Names that end a longer stretch right before a type: the Tilly of "answers to the Tilly [review]", the Leo and Tilly of "against the Leo and Tilly [review]"."""
    last = _LAST_NAMES.search(text[: stretch.end()], stretch.start())
    if last is None or plain.capitals:
        return []
    if not last["review"] and not text.startswith(MASK, stretch.end()):
        return []
    names = list(re.finditer(r"[A-Z][\w-]+", last["names"]))
    known = [match[0].lower() in first_names() for match in names]
    if not any(known) or not all(is_name(match[0]) for match in names):
        return []
    return [
        LabelMention(
            last.start("names") + match.start(),
            last.start("names") + match.end(),
            match[0],
            kind_of(match[0]),
        )
        for match in names
    ]


def find_led(plain: Plain, text: str) -> list[LabelMention]:
    """Names after words that lead to one: "the death of Danielle R.", "concerns about ..."."""
    found: list[LabelMention] = []
    if plain.slug or plain.capitals:
        return found
    for lead in _LEADS.finditer(text):
        persons = _PERSONS.match(text, lead.end())
        if persons is None:
            continue
        for person in re.finditer(_PERSON, persons.group(0)):
            name = _names_at_start(person.group(0))
            if (
                name is None
                or (area_named(name) and name.lower() not in first_names())
                or (" " not in name and name.lower() not in first_names() and find_areas(name))
            ):
                break
            rest = person.group(0)[len(name) :].strip()
            if re.match(r"[A-Z][a-z]", rest) and name.lower() not in first_names():
                break  # a place: "Springfield View Hospital"
            start = persons.start() + person.start()
            found.append(LabelMention(start, start + len(name), name, kind_of(name)))
            if name != re.sub(r"'s?$", "", person.group(0)):
                break
    opening = _OPENING_NAME.match(text)
    if not found and opening and opening.group(1).split()[0].lower() in first_names():
        label = opening.group(1).title()
        return [LabelMention(opening.start(1), opening.end(1), label, kind_of(label))]
    return (
        found
        or _reviewed(text)
        or [
            LabelMention(match.start(1), match.end(1), match.group(1), kind_of(match.group(1)))
            for match in _TOLD_CHILD.finditer(text)
            if all(is_name(word) for word in match.group(1).split())
            and not area_named(match.group(1))
        ]
    )


def _reviewed(text: str) -> list[LabelMention]:
    """The known names in "the review of Ophelia and Max": of what else there are reviews, no list says."""
    found = _REVIEW_OF.search(text)
    names = list(re.finditer(_PERSON, found[1])) if found else []
    if found is None or not all(name[0].lower() in first_names() for name in names):
        return []
    at = found.start(1)
    return [
        LabelMention(at + name.start(), at + name.end(), name[0], kind_of(name[0]))
        for name in names
    ]


def find_possessive(plain: Plain, text: str) -> list[LabelMention]:
    """The name in "Rachel's Story"."""
    found = []
    for match in _POSSESSIVE.finditer(text):
        word = match.group(1)
        if is_name(word, capitals=plain.capitals) and not area_named(word):
            label = word.title() if word.isupper() else word
            found.append(LabelMention(match.start(), match.end(1), label, kind_of(label)))
    return found


def find_families(plain: Plain, text: str) -> list[LabelMention]:
    """ "The Fieldway Family", "the Q family", "Oakes siblings": the name or letter before the word, as one label; "the Lark and Oakes families" are two."""
    found = [
        LabelMention(match.start(at), match.end(at), f"{match[at]} Family", "family")
        for match in _FAMILIES.finditer(text)
        for at in (1, 2)
        if all(is_family_name(name) or len(name) == 1 for name in match.groups())
    ]
    for match in _FAMILY_AFTER.finditer(text):
        name, noun = match["name"], match["noun"].title()
        lead = match["sure"] or ""
        before = (_BEGINS_SLUG if plain.slug else _BEGINS_STRETCH).search(text[: match.start()])
        begins = bool(lead or before)
        if plain.slug:
            name = name.title()
        if len(name) == 1 or name[1:].isdigit():
            printed = plain.slug or bool(lead) or match["noun"][0].isupper()
            named = "the" in lead.lower() or (begins and printed and name not in "AI")
            fits = name.isupper() and bool(named)
        elif plain.capitals:
            fits = begins and is_name(name, capitals=True)
            name = name.title()
        else:
            fits = is_family_name(name) if lead and noun == "Family" else begins and is_name(name)
        if fits and not area_named(name):
            label = f"{name} {noun}"
            found.append(LabelMention(match.start("name"), match.end(), label, kind_of(label)))
            if inside := re.compile(r"\s*\(([^()]+)\)").match(text, match.end()):
                found += _in_stretch(
                    plain, text, inside.start(1), inside[1], typed=True, beside=True
                )
    return found


def _names_at_start(words: str) -> str | None:
    """The leading words of `words` that can be names, without a possessive; None when there is none."""
    names: list[str] = []
    for word in words.split():
        bare = re.sub(r"'s?$", "", word)
        if not is_name(bare) or bare.isupper():
            break
        names.append(bare)
        if bare != word:
            break
    return " ".join(names) or None


def _in_stretch(
    plain: Plain,
    text: str,
    offset: int,
    stretch: str,
    *,
    typed: bool,
    beside: bool,
    role: str | None = None,
) -> list[LabelMention]:
    words = [(match.group(0), offset + match.start()) for match in _WORD.finditer(stretch)]
    words = _without_small_words(words)
    if not words or len(words) > 9:
        return []
    if counted := _COUNTED.fullmatch(" ".join(word for word, _ in words)):
        return [LabelMention(words[0][1], words[-1][1] + len(words[-1][0]), counted[0], "group")]
    groups: list[list[tuple[str, int]]] = [[]]
    for word, place in words:
        if word in ("&", "/", ",", "+") or word.lower() == "and":
            groups.append([])
        else:
            groups[-1].append((word, place))
    groups = [group for group in groups if group]
    if not groups or any(len(group) > 3 for group in groups):
        return []
    known = len(groups) > 1 and any(
        group[0][0].lower() in first_names() and group[0][0][0].isupper() for group in groups
    )
    labels = [
        _group_label(plain, group, typed=typed or known, beside=beside or known, role=role)
        for group in groups
    ]
    if any(label is None for label in labels):
        return []
    whole = " ".join(word for word, _ in words)
    if area_named(whole) and whole.lower() not in first_names():
        return []
    return [
        LabelMention(group[0][1], group[-1][1] + len(group[-1][0]), label, kind_of(label))
        for group, label in zip(groups, labels, strict=True)
        if label is not None
    ]


def _without_small_words(words: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Small words taken off both ends; a capital "A" or "I" that is all there is stays."""
    joins = {"&", "/", ",", "+"}
    while words and (words[0][0] in joins or words[0][0].lower() in _SMALL) and len(words) > 1:
        if _is_letter(words[0][0]) and words[1][0] in {*joins, "and"}:
            break  # "SCRs A and B"
        words = words[1:]
    while words and len(words) > 1 and (words[-1][0] in joins or words[-1][0].lower() in _SMALL):
        if _is_letter(words[-1][0]) and words[-2][0] in {*joins, "and"}:
            break  # "X and Y"
        words = words[:-1]
    if len(words) == 1 and words[0][0].lower() in _SMALL and not _is_letter(words[0][0]):
        return []
    return words


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isupper()


def _group_label(
    plain: Plain, group: list[tuple[str, int]], *, typed: bool, beside: bool, role: str | None
) -> str | None:
    names = [re.sub(r"'s$", "", word) for word, _ in group]
    if (
        len(names) == 1
        and is_short_code(names[0])
        and (not plain.slug or names[0].isupper())
        and names[0].lower() not in first_names()
    ):
        code = names[0]
        if not beside or not (typed or is_sure_code(code, role)):
            return None
        unsure = (len(code) > 1 and code in acronyms()) or (len(code) > 2 and plain.capitals)
        return None if unsure or (len(code) == 3 and code.isalpha()) else code
    if plain.slug:
        known = beside and typed and all(name in first_names() for name in names)
        unknown = beside and typed and len(names) == 1 and is_name(names[0].title())
        return " ".join(name.title() for name in names) if known or unknown else None
    if len(names) == 2 and is_name(names[0]) and re.fullmatch(r"[A-Z]", names[1]):
        return " ".join(names)  # "Adam B"
    if not all(is_name(name, capitals=plain.capitals) for name in names):
        return None
    known = any(part in first_names() for name in names for part in name.lower().split("-"))
    if not known and not (typed and beside):
        return None
    if plain.capitals and not known and len(names) > 1:
        return None
    label = " ".join(name.title() if name.isupper() else name for name in names)
    return label if known or not find_areas(label) else None
