"""Of whom a report speaks: the children of its case by label and pseudonym, the others, and whom each word for a person means.

A fact belongs to the person of whom it is said. Each sentence gets its `Mention`s in order: a noun ("the baby", "an older sister"), a
label, a pronoun. A pronoun means the nearest fitting person before it, of its own sentence first, then of the sentence before. The words
are rule data (`people.toml`, `people_told.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from casereviews.repository.describing.text.running_text import fold
from casereviews.repository.vocabulary.rules import load_rules

SUBJECT, OTHER, UNCLEAR = "subject", "other", "unclear"
SAID_FOR_NAMES = "the child, the other person"
"""The words that `Cast.spoken` puts in place of names."""

_PEOPLE = load_rules("people")
_TOLD = load_rules("people_told")
_LABELS = load_rules("case_labels")
_CODE = r"(?:(?!(?:in|is|or|of|to|at|he|as|on|by|we|an|no|so|if|it|i|do|my|me|up|us|go|be|and|was|had)\b)[a-z]{1,2}\d{0,2}|\d{1,2}[a-z]?)\b"
_LABELLED = r"(?:child(?:ren)?|baby|young person|infant|boy|girl|sibling|twin|subject|adult)"
_NAMES_JOINED = re.compile(r",|&|\band\b")
_LABEL_AND_NAME = re.compile(
    r"\b(?:Child|Baby|Young Person|Infant|Twin) ([A-Z][a-z]{2,})\b(?! [A-Z])"
)
_COMPOUNDS = re.compile(rf"(?:{_TOLD['compound'].words})")
_COMPOUND = rf"(?! (?:{_TOLD['compound'].words})\b)"
_MENTION = re.compile(
    rf"\b(?:(?P<label>{_LABELLED} (?P<code>{_CODE}))"
    rf"|(?P<other>{_PEOPLE['other'].words}|{_TOLD['more_others'].words})"
    rf"|(?P<aged>{_TOLD['by_age'].words})"
    rf"|(?P<subject>{_PEOPLE['subject'].words}){_COMPOUND}"
    r"|(?P<he>he|him|his|himself)|(?P<she>she|her|hers|herself)|(?P<they>they|them|their|theirs|themselves|both(?= (?:were|had|are|have|died|lived))|all(?: three| four| five)?(?= (?:were|had|died))))\b"
)
_MAKERS = frozenset(_TOLD["maker"].phrases)
_IS_CHILD = re.compile("(?:boy|girl|son|daughter|baby|child|infant)")
_POSSESSES = re.compile(rf"'s?(?= )(?! (?:{_TOLD['own_affair'].words})\b)")
_MALE, _FEMALE = (re.compile(rf"\b(?:{_TOLD[code].words})$") for code in ("male", "female"))
_PLURAL = re.compile(rf"(?:{_TOLD['plural'].words})$")
_INDEFINITE = re.compile(
    rf"\b(?:{_TOLD['indefinite'].words}) (?:(?!(?:the|this|that|his|her|their|of)\b)[\w']+ ){{0,5}}?$"
)
_POSSESSED = re.compile(r"\b(?:his|her|their|'s|s') (?:(?!the\b|an?\b|this\b)[\w]+ ){0,2}?$")
_PARTNER_OF = re.compile(r"\b(?:(?P<hers>her|mother's|mum's)|his|father's|dad's) (?:\w+ )?$")
_APPOSED = re.compile(_TOLD["apposed"].words + "$")
_COUNTED = re.compile(rf"\b(?:{_TOLD['counted'].words}) (?:\w+ ){{0,3}}?$")
_OF_ANOTHER = re.compile(rf"\b(?:{_TOLD['of_another'].words}) (?:\w+ ){{0,2}}?$")
_BESIDE = re.compile(_TOLD["beside"].words)
_JOINED = re.compile(_TOLD["joined"].words)
_CALLED = _LABELS["called"]
OF_THIS_REVIEW = _TOLD["of_this_review"]
_NO_NAME = re.compile(rf"^(?:{_TOLD['no_name'].words})$")
# Words after which a letter is no child.
_NAMED_LETTER = (
    r"(?<!vitamin )(?<!category )(?<!appendix )(?<!plan )(?<!class )(?<!hepatitis )(?<![\w(.'])"
)
_NAMED_CODE = re.compile(r"n\d+")  # what a name of several children is folded to
_LETTERS = 2  # sentences that must speak of a child by a bare letter
_REACH = 3  # sentences over which a pronoun looks back


@dataclass(frozen=True, slots=True)
class Mention:
    """Words for a person at sentence[start:end]: `whose` is SUBJECT, OTHER or UNCLEAR; `sex` "boy", "girl" or "".

    `key` tells several children of a case apart ("" for the one child). `sure` is False where another person might be meant;
    `possessor` of whatever follows ("the child's mother"); `introduced` for the noun that says who the child is ("K2, a boy").
    """

    start: int
    end: int
    whose: str
    sex: str = ""
    key: str = ""
    plural: bool = False
    sure: bool = True
    pronoun: bool = False
    possessor: bool = False
    introduced: bool = False
    noun: str = ""


@dataclass(frozen=True)
class Cast:
    """The children of a case: their codes and names in small letters, whether there are several, their one sex where it is known."""

    codes: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    several: bool = True
    labelled: bool = False
    sex: str = ""

    @classmethod
    def of(cls, labels: Iterable[str], printed: Iterable[str] = ()) -> Cast:
        """The cast by the labels of the case and the pseudonyms that the report's own words give (`printed` sentences).

        A label that the sentences never use says nothing of whom they mean.
        """
        printed = list(printed)
        codes, names = set(), dict[str, None]()
        children, group = [], False
        labels = tuple(labels)
        adults = [label for label in labels if _TOLD["adult_label"].fits(label.lower())]
        if len(adults) == len(
            labels
        ):  # a review of an adult: "the child" is who the review is about
            about = (
                label.lower() for label in adults if not _TOLD["kin_label"].fits(label.lower())
            )
            names |= dict.fromkeys(about)
        for label in labels:
            if label in adults:
                continue
            words = [word for word in re.findall(r"[\w']+", label.lower()) if word]
            group = group or _LABELS["several"].fits(label) or _LABELS["no_child"].fits(label)
            if _LABELS["no_child"].fits(label):
                continue
            kept = [word for word in words if not _NO_NAME.match(word)]
            group = group or (len(kept) > 1 and bool(_NAMES_JOINED.search(label)))
            children.append(bool(kept) and all(_is_code(word) for word in kept))
            for word in kept:
                if _is_code(word):
                    codes.add(word)
                elif word.isalpha() and len(word) > 2:
                    names[word] = None
        # "Child H (Theo)" is one child by two names.
        several = group or children.count(True) > 1 or children.count(False) > 1
        text = fold(" ".join(printed))
        codes = {
            code
            for code in codes
            if re.search(rf"\b{_LABELLED} {code}\b|\b{code}(?<=\D\d)\b", text)
            or _stands_alone(code, printed)
        }
        names = {name: None for name in names if re.search(rf"\b{re.escape(name)}\b", text)}
        if not codes and not names:  # "Three Babies": each has a name of its own
            names = dict.fromkeys(_named_each(printed))
            several = several or len(names) > 1
        labelled = bool(codes or names)
        found, others = _pseudonyms(printed)
        for name in found:
            names[name] = None
        return cls(
            frozenset(codes),
            tuple(names),
            tuple((name, said) for name, said in others.items() if name not in names),
            several or not labelled,
            labelled,
        )

    def spoken(self, folded: str) -> str:
        """A folded sentence with the children's names as "the child" ("child n1" of several), and named others as "the other person"."""
        for pattern, said in _names(self):
            folded = pattern.sub(said, folded)
        return folded


@lru_cache(maxsize=8)
def _names(cast: Cast) -> tuple[tuple[re.Pattern[str], str], ...]:
    before = _PEOPLE["before_name"].words
    found = []
    for number, name in enumerate(cast.names, 1):
        said = f"child n{number}" if cast.several and len(cast.names) > 1 else "the child"
        found.append((re.compile(rf"\b(?:the )?(?:{before} )?{re.escape(name)}\b"), said))
    for code in sorted(cast.codes):
        said = f"child {code}" if cast.several else "the child"
        if re.fullmatch(r"[a-z]+\d+", code):  # "v3" alone is the child
            found.append((re.compile(rf"\b(?:{_LABELLED} )?{code}\b"), said))
            continue
        if code in "ai" or not code.isalpha() or not re.fullmatch(_CODE, code):
            found.append((re.compile(rf"\b{_LABELLED} {code}\b"), said))
        else:
            lone = rf"{_NAMED_LETTER}(?:{_LABELLED} )?{code}\b(?!\.)"
            found.append((re.compile(lone), said))
        if code in "ai":
            opening = rf"^{code}(?=(?:'s|,? (?:is|was|had|has|who))\b)"
            found.append((re.compile(opening), said))
    for name, person in cast.others:
        found.append((re.compile(rf"\b{re.escape(name)}\b"), f"the {person}"))
    return tuple(found)


def _is_code(word: str) -> bool:
    return bool(re.fullmatch(r"[a-z]{1,2}\d{0,3}|\d{1,4}", word))


def _stands_alone(code: str, printed: Iterable[str]) -> bool:
    """True where sentences speak of the child by the bare letters of its label ("K never was")."""
    alone = re.compile(rf"(?<![\w(.'’-]){code.upper()}(?:['’]s)? {_TOLD['after_letter'].words}\b")
    aged = re.compile(
        rf"(?<![\w(.'’-]){code.upper()}(?:, (?:aged )?\d{{1,2}},| \((?:aged )?\d{{1,2}}\))"
    )
    if any(aged.search(sentence) for sentence in printed):
        return True
    return sum(bool(alone.search(sentence)) for sentence in printed) >= _LETTERS


def _named_each(printed: Sequence[str]) -> list[str]:
    """The names that sentences give to children by their label alone and use again ("Baby Ash was a girl... Ash's parents")."""
    names = dict.fromkeys(name for one in printed for name in _LABEL_AND_NAME.findall(one))
    return [
        name.lower()
        for name in names
        if not _COMPOUNDS.match(name.lower())
        and sum(bool(re.search(rf"\b{name}\b", one)) for one in printed) > 1
    ]


def _pseudonyms(printed: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Names that sentences give to the child ("called Iolo here"), and to others with the word for them ("mother, here called Kirsty")."""
    mine, others = dict[str, None](), dict[str, str]()
    for sentence in printed:
        for match in _CALLED.find(sentence):
            people = list(_MENTION.finditer(fold(sentence[: match.start()])))
            if match["alias"]:
                mine[match["alias"].lower()] = None
                continue
            name = match["name"].lower()
            if _NO_NAME.match(name) or not people:
                continue
            if people[-1]["other"]:
                others[name] = people[-1]["other"]
            elif not people[-1]["they"]:
                mine[name] = None
    return list(mine), others


def names_beside_labels(titles: Iterable[str]) -> tuple[str, ...]:
    """Names that titles give beside a label: Fergus of "Child C (Fergus)"."""
    found = (match["alias"] for title in titles for match in _CALLED.find(title))
    return tuple(dict.fromkeys(name for name in found if name))


def mentions(
    sentences: Sequence[str], numbers: Sequence[int], cast: Cast, telling: Sequence[int]
) -> list[tuple[Mention, ...]]:
    """The mentions of each folded sentence of a text, in order.

    `numbers` are the places of the sentences in the text, so that a pronoun does not look back over what was left out;
    `telling` is 2 where a sentence may introduce the child in any words ("The death of a baby"), 1 where it may in words that are not
    those of the law too ("The death of a baby boy"), 0 where it may not, -1 where the sentence tells of another matter: no pronoun of the next
    sentence looks back at it.
    """
    found: list[tuple[Mention, ...]] = []
    before: tuple[Mention, ...] = ()
    earlier: tuple[Mention, ...] = ()
    last = -_REACH
    for folded, number, may in zip(sentences, numbers, telling, strict=True):
        if number - last > _REACH:
            before = earlier = ()
        here = _of_sentence(folded, cast, may, (before, earlier))
        found.append(here)
        named = tuple(one for one in here if not one.possessor or one.whose == SUBJECT)
        if named and may >= 0:
            before, earlier, last = named, before, number
    return found


def _of_sentence(
    folded: str,
    cast: Cast,
    telling: int,
    nearby: tuple[tuple[Mention, ...], tuple[Mention, ...]],
) -> tuple[Mention, ...]:
    here: list[Mention] = []
    before, _ = nearby
    for match in _MENTION.finditer(folded):
        kind = match.lastgroup
        if match["they"]:
            here.append(_they(match, here, before))
        elif match["he"] or match["she"]:
            here.append(_meant(match, (here, *nearby), cast))
        elif match["label"]:
            here.append(_labelled(match, folded, cast, here))
        elif match["other"]:
            here.append(_itself(match, folded, here) or _noun(match, folded, OTHER))
        else:
            assert kind
            here.append(_child_noun(match, folded, cast, here, before, telling))
    return tuple(here)


def _noun(match: re.Match[str], folded: str, whose: str) -> Mention:
    words = match[0]
    sex = "boy" if _MALE.search(words) else "girl" if _FEMALE.search(words) else ""
    if not sex and words == "partner":
        of = _PARTNER_OF.search(folded, max(0, match.start() - 12), match.start())
        sex = "" if of is None else "boy" if of["hers"] else "girl"
    possessor = bool(_POSSESSES.match(folded, match.end()))
    plural = bool(_PLURAL.search(words))
    return Mention(
        match.start(),
        match.end(),
        whose,
        sex,
        plural=plural,
        possessor=possessor,
        noun=words.split()[-1],
    )


def _itself(match: re.Match[str], folded: str, here: Sequence[Mention]) -> Mention | None:
    """The child where a word for kin says who it is: "Child Q was a brother to two girls"; None where it is another."""
    child = here[-1] if here else None
    if child is None or child.whose != SUBJECT or child.possessor or child.plural:
        return None
    kin = _TOLD["kin_itself"].pattern.match(folded, child.end)
    if kin is None or kin.end() != match.end():
        return None
    return replace(_noun(match, folded, SUBJECT), introduced=True, key=child.key)


def _labelled(match: re.Match[str], folded: str, cast: Cast, here: Sequence[Mention]) -> Mention:
    code = match["code"]
    if match["label"].startswith("adult") or (
        cast.labelled and code not in cast.codes and not _NAMED_CODE.fullmatch(code)
    ):
        whose = OTHER
    else:
        whose = SUBJECT
    mention = _noun(match, folded, whose)
    sex = mention.sex or (cast.sex if whose == SUBJECT else "")
    kin = here[-1] if here else None
    if whose == SUBJECT and kin and folded[kin.end : match.start()] in (", ", " "):
        sex = sex or kin.sex  # "her brother, Child B", "the boy, Child B"
    return replace(mention, sex=sex, key=code if cast.several and whose == SUBJECT else "")


def _child_noun(
    match: re.Match[str],
    folded: str,
    cast: Cast,
    here: Sequence[Mention],
    before: Sequence[Mention],
    telling: int,
) -> Mention:
    """A word for a child: the child of the case, or another."""
    mention = _noun(match, folded, SUBJECT)
    lead = folded[: match.start()]
    child = next((one for one in reversed(here) if one.whose == SUBJECT and not one.pronoun), None)
    between = _BESIDE.sub("", folded[child.end : match.start()]) if child else ""
    apposed = child and not child.possessor and _APPOSED.fullmatch(between)
    if apposed and child and between.startswith(" "):  # "Child Q was their second son"
        return replace(mention, introduced=True, key=child.key)
    if _OF_ANOTHER.search(lead):
        return replace(mention, whose=OTHER)
    if cast.labelled and not cast.several and mention.plural:
        first = telling > 1 and _COUNTED.fullmatch(lead) and _TOLD["event"].fits(folded)
        return replace(mention, whose=SUBJECT if first else OTHER, introduced=bool(first))
    nearest = here[-1] if here else None
    between = folded[nearest.end : match.start()] if nearest else ""
    other = nearest is not None and nearest.whose == OTHER and not nearest.plural
    if other and between.startswith(" ") and between.strip() and _APPOSED.fullmatch(between):
        return replace(mention, whose=OTHER)  # "her brother is a boy of two"
    if nearest and nearest.introduced and not mention.plural and _JOINED.fullmatch(between):
        return replace(mention, introduced=True)
    if nearest and _TOLD["named_next"].fits(between) and _IS_CHILD.fullmatch(nearest.noun):
        return replace(mention, introduced=True, sex=nearest.sex)  # "to a girl, Child Q"
    if apposed and child:
        return replace(mention, introduced=True, key=child.key)
    if _is_told_before(match, here, before):
        return replace(mention, whose=OTHER)
    if _POSSESSED.search(lead):
        kin = _TOLD["own_child"].fits(match[0])
        of = nearest.whose if nearest else UNCLEAR
        if not kin or (of == SUBJECT and nearest and nearest.sure):
            return replace(mention, whose=OTHER)
        return replace(mention, sure=of == OTHER)
    if _INDEFINITE.search(lead) or (mention.plural and not lead.endswith(("the ", "these "))):
        first = not any(one.whose == SUBJECT for one in here)
        if first and telling > 0 and _is_introduced(match, folded, cast, mention.plural, telling):
            return replace(mention, introduced=True)
        return replace(mention, whose=OTHER)
    return replace(mention, sex=mention.sex or ("" if mention.plural else cast.sex))


def _is_introduced(
    match: re.Match[str], folded: str, cast: Cast, plural: bool, telling: int
) -> bool:
    """True when the first word for a child in a telling sentence says who the child of the review is: "The death of a baby boy"."""
    lead = folded[: match.start()]
    known = _TOLD["named_after"].pattern.match(folded, match.end())
    of_review = OF_THIS_REVIEW.fits(lead)
    if not (known and not plural) and not of_review and not _TOLD["event"].fits(folded):
        return False
    if plural:
        return bool(
            _COUNTED.search(lead)
            or of_review
            or (telling > 1 and lead.endswith(" of "))
            or (not lead.strip() and (not cast.labelled or telling > 1))
        )
    bare = match[0] in ("child", "baby", "infant")
    return bool(known) or of_review or not bare or not cast.labelled or telling > 1


def _is_told_before(
    match: re.Match[str], here: Sequence[Mention], before: Sequence[Mention]
) -> bool:
    """True for "the pupil" after "another pupil": the same noun, nobody of the case."""
    noun = match[0].split()[-1]
    return any(one.whose == OTHER and one.noun == noun for one in (*here, *before))


def _fits(one: Mention, sex: str) -> bool:
    return not one.plural and one.sex in ("", sex)


def _meant(
    match: re.Match[str],
    nearby: Sequence[Sequence[Mention]],
    cast: Cast,
) -> Mention:
    """Whom a "he" or "she" means."""
    sex = "boy" if match["he"] else "girl"
    at = Mention(match.start(), match.end(), UNCLEAR, sex, pronoun=True, sure=False)
    here = nearby[0]
    for people in nearby:
        fitting = [one for one in people if _fits(one, sex) and one.noun not in _MAKERS]
        if not fitting:
            continue
        if match[0].endswith("self") and people is here:
            last = fitting[-1]
            return replace(at, whose=last.whose, key=last.key, sure=last.sure)
        children = [one for one in fitting if one.whose == SUBJECT]
        adults = [one for one in fitting if one.whose == OTHER]
        said = [one for one in adults if one.sex == sex]
        if cast.sex == sex and not said:
            # of a worker of either sex a "he" that fits the child seldom speaks
            return replace(at, whose=SUBJECT)
        if (cast.sex and cast.sex != sex) or (not cast.several and _is_other(people, sex)):
            children = []
        if children and not adults:
            best = children[-1] if people is here else children[0]
            return replace(at, whose=SUBJECT, key=best.key, sure=best.sure or people is here)
        if adults and not children:
            if said or people is here or cast.sex != sex:
                return replace(at, whose=OTHER, sure=bool(said))
            continue
        if children and adults:
            first = next(one for one in fitting if not one.possessor or len(fitting) == 1)
            if not said:  # a nurse or a teacher may be either
                sure = first.whose == SUBJECT
                return replace(at, whose=SUBJECT, key=children[-1].key, sure=sure)
            return replace(at, whose=first.whose, key=first.key, sure=False)
    return at


def _is_other(people: Sequence[Mention], sex: str) -> bool:
    """True when a pronoun of a sentence surely gives the one child the other sex."""
    mine = (one for one in people if one.pronoun and one.sure and one.whose == SUBJECT)
    return any(one.sex not in ("", sex) for one in mine)


def _they(match: re.Match[str], here: Sequence[Mention], before: Sequence[Mention]) -> Mention:
    at = Mention(match.start(), match.end(), UNCLEAR, "", plural=True, sure=False, pronoun=True)
    for people in (here, before):
        fitting = [one for one in people if one.plural and not one.pronoun]
        if fitting:
            whose = {one.whose for one in fitting}
            return at if whose == {OTHER, SUBJECT} else replace(at, whose=fitting[0].whose)
        if len({one.key for one in people if one.whose == SUBJECT and one.key}) > 1:
            return replace(at, whose=SUBJECT)
    return at


def grammatical_subject(people: Sequence[Mention], folded: str, at: int) -> Mention | None:
    """Who does or suffers what a verb at folded[at:] says: the nearest person before it that no preposition leads to; None for nobody."""
    earlier = [one for one in people if one.end <= at and not one.possessor]
    earlier = [one for one in earlier if not _is_determiner(one, people, folded)]
    clause = folded.rfind(";", 0, at)
    earlier = [one for one in earlier if one.start > clause]
    for place in range(len(earlier) - 1, -1, -1):
        one = earlier[place]
        if not _TOLD["led_by"].pattern.search(folded, max(0, one.start - 40), one.start):
            return _joined(earlier, place, folded)
    return earlier[-1] if earlier else None


def _joined(earlier: Sequence[Mention], place: int, folded: str) -> Mention:
    """Of people joined by "and" before a verb the child, if it is one of them."""
    one = earlier[place]
    while (
        one.whose != SUBJECT
        and place
        and _JOINED.fullmatch(folded[earlier[place - 1].end : earlier[place].start])
    ):
        place -= 1
        if earlier[place].whose == SUBJECT:
            return earlier[place]
    return one


def _is_determiner(one: Mention, people: Sequence[Mention], folded: str) -> bool:
    """True for a "his" or "her" that leads to a noun."""
    word = folded[one.start : one.end]
    if word in ("his", "their"):
        return True
    return word == "her" and bool(_TOLD["noun_follows"].pattern.match(folded, one.end))
