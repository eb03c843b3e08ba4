"""Rules of words, as data: which words of a text mean which code.

A rule file of `repository/vocabulary/rules/` is TOML::

    reads = "printed"                 # or "folded": the text that `describing.text.running_text.fold` gives
    shares = ["people"]               # other files whose parts and rules may be named here

    [parts]                           # names for what many rules share; `{child}` in words stands for it
    child = "child(?:ren)?"

    [[rule]]
    code = "cpr_extended"
    words = ['extended {child} practice reviews?']        # alternatives; regular expressions, a blank is any white space
    not_before = ['guidance on']      # none of these may stand right before the words
    not_after = ['panel', 'group']    # none of these may stand right after them
    examples = ["Extended Child Practice Review: Child A"]
    counter_examples = ["Extended hours at the practice"]

`{code}` stands for the words of the rules of that code above it or in a shared file, as a part does. In folded text, which is
lower case with single blanks, a blank is one blank.

Words match in any case, unless `as_written = true`, and as whole words: `edges = "begins"` leaves their end open,
`edges = "inside"` both sides. `place` says where in the text they stand: "start", "end", "whole" (they are all of it), or
anywhere. `plain = true` takes them as phrases, not regular expressions: `Rules.phrases` finds hundreds in one pass. `acronym = true`
takes them in capitals only, with a small plural s, where no other letter joins them ("SCRs", "2019SCR_3"). What stands between the
words and their neighbours may be any signs, unless `gap = ' *'` says otherwise. These keys, `not_before` and `not_after` may stand
above the rules too, for all of them. Other keys of a rule are kept in `Rule.more` for its reader. The first rule of
a file has precedence where two fit. `signs` above the rules are small letters of which every text that fits has some, in any
case: `may_fit` is a cheap look before the patterns. Every example and counter-example is a test (tests/repository/vocabulary/test_rules.py), so a
rule that is changed says what it is for. docs/VOCABULARY.md tells it to newcomers.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from casereviews.repository.errors import VocabularyError

FOLDER = Path(__file__).parent / "rules"
READS = ("printed", "folded")
_EDGES = {"whole": (r"(?<!\w)", r"(?!\w)"), "begins": (r"(?<!\w)", ""), "inside": ("", "")}
_PLACES = {"anywhere": ("", ""), "start": (r"\A", ""), "end": ("", "$"), "whole": (r"\A", r"\Z")}
_NAMED = re.compile(r"\(\?P<\w+>")
_ACRONYM = (r"(?<![A-Za-z])", r"(?:'?[sS])?(?![A-Za-z])")
_NEIGHBOURS = ("not_before", "not_after")
_HOW = frozenset({"as_written", "edges", "place", "plain", "acronym", "gap"})
_KNOWN = _HOW | {"code", "words", *_NEIGHBOURS, "examples", "counter_examples"}
_MANY = 5  # rules from which on one look by all patterns as one is cheaper than a look by each
_NEIGHBOUR = 120  # characters before the words in which `not_before` may stand


@dataclass(frozen=True)
class Rule:
    """The words that mean `code`: `words` is them as one group, for the pattern of a reader that has a syntax around them.

    `whole` is them with their edges and what may not follow, `led_by` what may not stand before, for patterns that are compiled when
    they are first asked for: most processes ask for a part of the rules (VocabularyError, which says `where`, when one cannot be). `phrases` are plain words as they stand, `more` holds the keys
    that only this file's reader knows.
    """

    code: str
    words: str
    whole: str
    led_by: str
    flags: re.RegexFlag
    where: str
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    edges: str = "whole"
    more: Mapping[str, Any] = field(default_factory=dict)

    def find(self, text: str, start: int = 0) -> Iterator[re.Match[str]]:
        """Every place of the rule's words in `text`, from `start` on."""
        if not self.led_by:
            return self.pattern.finditer(text, start)
        return (match for match in self.pattern.finditer(text, start) if not self._led(text, match))

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The first place of the rule's words in `text` from `start` on, None when it has none."""
        if not self.led_by:
            return self.pattern.search(text, start)
        return next(self.find(text, start), None)

    def fits(self, text: str) -> bool:
        """Whether the rule's words stand in `text`."""
        return self.search(text) is not None

    def _led(self, text: str, match: re.Match[str]) -> bool:
        start = match.start()
        return bool(self._before.search(text, max(0, start - _NEIGHBOUR), start))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The rule's words with their edges, without what must not stand before them."""
        return self._compiled(self.whole)

    @cached_property
    def _before(self) -> re.Pattern[str]:
        return self._compiled(self.led_by)

    def _compiled(self, words: str) -> re.Pattern[str]:
        try:
            return re.compile(words, self.flags)
        except re.error as error:
            raise VocabularyError(
                f"{self.where}: {error}; write a regular expression of Python's `re`"
            ) from error


class Hit(NamedTuple):
    """Words of a text that mean `rule.code`."""

    rule: Rule
    match: re.Match[str]

    @property
    def code(self) -> str:
        return self.rule.code


class Phrase(NamedTuple):
    """Plain words at text[start:end] that mean `rule.code`; of phrases, the lower `order` has precedence."""

    order: int
    rule: Rule
    start: int
    end: int


@dataclass(frozen=True)
class Rules:
    """The rules of one file, in their order of precedence. `reads` says what text they are made for."""

    name: str
    reads: str
    rules: tuple[Rule, ...]
    parts: Mapping[str, str] = field(default_factory=dict)
    signs: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __getitem__(self, code: str) -> Rule:
        """The first rule of a code; KeyError when the file has none."""
        return self._by_code[code]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, each once, in order of precedence."""
        return tuple(dict.fromkeys(rule.code for rule in self.rules))

    def may_fit(self, text: str) -> bool:
        """False when `text` has none of the file's signs, so that no rule can fit."""
        if not self.signs:
            return True
        text = text if self.reads == "folded" else text.lower()
        return any(sign in text for sign in self.signs)

    def first(self, text: str) -> Hit | None:
        """The hit of the first rule that fits, whatever its place in the text."""
        for rule in self.rules:
            match = rule.search(text)
            if match:
                return Hit(rule, match)
        return None

    def hits(self, text: str) -> Iterator[Hit]:
        """Every hit of every rule, rule by rule."""
        if not self.may_fit(text):
            return
        start = 0
        if len(self.rules) >= _MANY:
            first = self._any[0].search(text)
            if first is None:
                return
            start = first.start()
        for rule, find in self._finders:
            for match in find(text, start):
                yield Hit(rule, match)

    def places(self, text: str) -> list[Hit]:
        """Hits in order of place, none over another; of two that begin together the first rule's stays."""
        found: list[Hit] = []
        for hit in sorted(self.hits(text), key=lambda hit: hit.match.start()):
            if not found or hit.match.start() >= found[-1].match.end():
                found.append(hit)
        return found

    def fits(self, text: str) -> bool:
        """Whether any rule fits."""
        place = self._any[0].search(text) if self.may_fit(text) else None
        if place is None:
            return False
        start = place.start()
        sure = not self._any[1][str(place.lastgroup)].led_by
        return sure or any(rule.search(text, start) for rule in self.rules)

    def phrases(self, text: str) -> Iterator[Phrase]:
        """The plain words of all rules in `text`, from left to right, none over another; `text` in the case of the rules."""
        owners, automaton = self._automaton
        for order, start, end in automaton.find_matches_as_indexes(text):
            rule = owners[order]
            if rule.edges != "inside" and start and text[start - 1].isalnum():
                continue
            if rule.edges == "whole" and text[end : end + 1].isalnum():
                continue
            yield Phrase(order, rule, start, end)

    def of(self, *codes: str) -> Rules:
        """The rules of these codes alone."""
        return self._kept(one for one in self.rules if one.code in codes)

    def having(self, key: str) -> Rules:
        """The rules that carry a key of their own, such as `alone = true`."""
        return self._kept(one for one in self.rules if one.more.get(key))

    def lacking(self, key: str) -> Rules:
        """The rules that `having` leaves out."""
        return self._kept(one for one in self.rules if not one.more.get(key))

    def _kept(self, rules: Iterable[Rule]) -> Rules:
        return Rules(self.name, self.reads, tuple(rules), self.parts, self.signs)

    @cached_property
    def _any(self) -> tuple[re.Pattern[str], Mapping[str, Rule]]:
        """All patterns as one, a look that most texts need only once, and the rules by the name of their group in it."""
        lefts = (_EDGES["whole"][0], _ACRONYM[0], "")  # looked at once, not by every rule
        within: dict[str, list[str]] = {left: [] for left in lefts}
        owners: dict[str, Rule] = {}
        for at, rule in enumerate(self.rules):
            owners[f"rule_{at}"] = rule
            left = next(left for left in lefts if rule.whole.startswith(left))
            case = "i" if rule.flags & re.IGNORECASE else ""
            bare = _NAMED.sub("(?:", rule.whole.removeprefix(left))
            within[left].append(f"(?P<rule_{at}>(?{case}:{bare}))")
        each = (f"{left}(?:{'|'.join(words)})" for left, words in within.items() if words)
        return re.compile("|".join(each) or "(?!)"), owners

    @cached_property
    def _finders(self) -> list[tuple[Rule, Callable[[str, int], Iterator[re.Match[str]]]]]:
        return [(rule, rule.find if rule.led_by else rule.pattern.finditer) for rule in self.rules]

    @cached_property
    def _by_code(self) -> Mapping[str, Rule]:
        return {rule.code: rule for rule in reversed(self.rules)}

    @cached_property
    def _automaton(self) -> tuple[list[Rule], AhoCorasick]:
        owners = [rule for rule in self.rules for _ in rule.phrases]
        return owners, AhoCorasick([phrase for rule in self.rules for phrase in rule.phrases])


@cache
def load_rules(name: str) -> Rules:
    """The packaged rule file `NAME.toml`; raises VocabularyError with the file, the rule and what to write."""
    return _read((FOLDER / f"{name}.toml").read_text("utf-8"), name)


@cache
def rule_files() -> tuple[str, ...]:
    """Names of the packaged rule files."""
    return tuple(
        sorted(
            one.name.removesuffix(".toml")
            for one in (FOLDER.iterdir() if FOLDER.is_dir() else ())
            if one.name.endswith(".toml")
        )
    )


@cache
def rules_digest() -> str:
    """A hash of every packaged rule: what was described by other rules is due again."""
    said = "\0".join((FOLDER / f"{name}.toml").read_text("utf-8") for name in rule_files())
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def parse_rules(text: str, name: str) -> Rules:
    """The rules that the TOML `text` of the file `name` holds, every pattern tried; raises VocabularyError as `load_rules`."""
    rules = _read(text, name)
    for rule in rules:
        _ = rule.pattern, rule.led_by and rule._before
    return rules


def _read(text: str, name: str) -> Rules:
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise VocabularyError(f"{name}.toml: {error}; write TOML") from error
    reads = said.get("reads", "printed")
    if reads not in READS:
        raise VocabularyError(f"{name}.toml: reads = {reads!r}; write one of {', '.join(READS)}")
    made = _Making(name, folded=reads == "folded")
    for other in said.get("shares", ()):
        made.parts |= load_rules(other).parts
    for part, words in said.get("parts", {}).items():
        made.parts[part] = made.any_of([words], f"{name}.toml, part {part}")
    how = {key: said[key] for key in _HOW & said.keys()}
    for one in said["rule"]:
        for key in _NEIGHBOURS:
            one[key] = [*one.get(key, ()), *said.get(key, ())]
    rules = tuple(
        made.rule(how | one, f"{name}.toml, rule {at}") for at, one in enumerate(said["rule"], 1)
    )
    return Rules(name, reads, rules, made.parts, tuple(said.get("signs", ())))


@dataclass(slots=True)
class _Making:
    """The rules of one file while they are made: `parts` are what `{name}` stands for so far."""

    name: str
    folded: bool
    parts: dict[str, str] = field(default_factory=dict)

    def rule(self, said: Mapping[str, Any], where: str) -> Rule:
        for key in ("code", "words", "examples", "counter_examples"):
            if not said.get(key):
                raise VocabularyError(
                    f"{where}: has no {key}; every rule has a code, words, examples and counter_examples"
                )
        code, edges = said["code"], said.get("edges", "whole")
        where = f"{where} ({code})"
        plain = bool(said.get("plain"))
        said_words = [re.sub(r"[^\w ]", r"\\\g<0>", one) if plain else one for one in said["words"]]
        words = self.any_of(said_words, where)
        try:
            left, right = _ACRONYM if said.get("acronym") else _EDGES[edges]
            first, last = _PLACES[said.get("place", "anywhere")]
        except KeyError as error:
            raise VocabularyError(
                f"{where}: no edges or place are called {error}; write edges = {', '.join(_EDGES)} or place = {', '.join(_PLACES)}"
            ) from error
        acronym = said.get("acronym")
        flags = re.NOFLAG if self.folded or acronym or said.get("as_written") else re.IGNORECASE
        gap = said.get("gap", " " if self.folded else r"\W*")
        case = "(?i:" if acronym else "(?:"  # the neighbours of an acronym match in any case
        after, before = said.get("not_after"), said.get("not_before")
        unless = rf"(?!{gap}{case}{self.any_of(after, where)})(?!\w))" if after else ""
        led = rf"(?<!\w){case}{self.any_of(before, where)}){gap}\Z" if before else ""
        self.parts[code] = f"{self.parts[code]}|{words}" if code in self.parts else words
        return Rule(
            code=code,
            words=f"(?:{words})",
            whole=f"{first}{left}(?:{words}){right}{unless}{last}",
            led_by=led,
            flags=flags,
            where=where,
            examples=tuple(said["examples"]),
            counter_examples=tuple(said["counter_examples"]),
            phrases=tuple(said["words"]) if plain else (),
            edges=edges,
            more={key: value for key, value in said.items() if key not in _KNOWN},
        )

    def any_of(self, words: Iterable[str], where: str) -> str:
        """Alternatives as one pattern: a blank is any white space (one blank in folded text), `{name}` a part."""

        def part(found: re.Match[str]) -> str:
            if found[1] not in self.parts:
                raise VocabularyError(
                    f"{where}: no part is called {found[1]!r}; name it in [parts]"
                )
            return f"(?:{self.parts[found[1]]})"

        blanks = [
            one if self.folded else re.sub(r"(\[[^]]*\])| +(?![*+?{])", _blank, one)
            for one in words
        ]
        return "|".join(re.sub(r"\{([a-z]\w*)\}", part, one) for one in blanks)


def _blank(found: re.Match[str]) -> str:
    return found[1] or r"\s+"
