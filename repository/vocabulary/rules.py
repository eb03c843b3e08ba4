"""Rules of words, as data: which words of a text mean which code.

A rule file of `repository/vocabulary/rules/` is TOML::

    reads = "printed"                 # or "folded": the text that `describing.text.running_text.fold` gives

    [parts]                           # names for what many rules share; `{child}` in words stands for it
    child = "child(?:ren)?"

    [[rule]]
    code = "cpr_extended"
    words = ['extended {child} practice reviews?']        # alternatives; regular expressions, a blank is any white space
    not_before = ['guidance on']      # none of these may stand right before the words
    not_after = ['panel', 'group']    # none of these may stand right after them
    examples = ["Extended Child Practice Review: Child A"]
    counter_examples = ["Extended hours at the practice"]

Words match in any case, unless `as_written = true`, and as whole words, unless `inside = true`. Other keys of a rule are kept in
`Rule.more` for its reader. The first rule of a file has precedence where two fit. Every example and counter-example is a
test (tests/repository/vocabulary/test_rules.py), so a rule that is changed says what it is for.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from casereviews.repository.errors import VocabularyError

FOLDER = files("casereviews.repository.vocabulary") / "rules"
READS = ("printed", "folded")
_KNOWN = frozenset({"code", "words", "not_before", "not_after", "examples", "counter_examples", "as_written", "inside"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """The words that mean `code`. `more` holds the keys that only this file's reader knows."""

    code: str
    pattern: re.Pattern[str]
    not_before: re.Pattern[str] | None
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    more: Mapping[str, Any] = field(default_factory=dict)

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Every place of the rule's words in `text`."""
        for match in self.pattern.finditer(text):
            if self.not_before is None or not self.not_before.search(text, 0, match.start()):
                yield match

    def search(self, text: str) -> re.Match[str] | None:
        """The first place of the rule's words in `text`, None when it has none."""
        return next(self.find(text), None)


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a text, from `start` to `end`, that mean `rule.code`."""

    rule: Rule
    match: re.Match[str]

    @property
    def code(self) -> str:
        return self.rule.code


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one file, in their order of precedence. `reads` says what text they are made for."""

    name: str
    reads: str
    rules: tuple[Rule, ...]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, each once, in order of precedence."""
        return tuple(dict.fromkeys(rule.code for rule in self.rules))

    def first(self, text: str) -> Hit | None:
        """The hit of the first rule that fits, whatever its place in the text."""
        for rule in self.rules:
            match = rule.search(text)
            if match:
                return Hit(rule, match)
        return None

    def hits(self, text: str) -> Iterator[Hit]:
        """Every hit of every rule, rule by rule."""
        for rule in self.rules:
            for match in rule.find(text):
                yield Hit(rule, match)

    def fits(self, text: str) -> bool:
        """Whether any rule fits."""
        return self.first(text) is not None

    def of(self, *codes: str) -> Rules:
        """The rules of these codes alone."""
        return Rules(self.name, self.reads, tuple(one for one in self.rules if one.code in codes))


@cache
def load_rules(name: str) -> Rules:
    """The packaged rule file `NAME.toml`; raises VocabularyError with the file, the rule and what to write."""
    return parse_rules((FOLDER / f"{name}.toml").read_text("utf-8"), name)


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
    """The rules that the TOML `text` of the file `name` holds."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise VocabularyError(f"{name}.toml: {error}; write TOML") from error
    reads = said.get("reads", "printed")
    if reads not in READS:
        raise VocabularyError(f"{name}.toml: reads = {reads!r}; write one of {', '.join(READS)}")
    parts = said.get("parts", {})
    rules = tuple(
        _rule(one, parts, f"{name}.toml, rule {at}") for at, one in enumerate(said["rule"], 1)
    )
    return Rules(name, reads, rules)


def _rule(said: Mapping[str, Any], parts: Mapping[str, str], where: str) -> Rule:
    for key in ("code", "words", "examples"):
        if not said.get(key):
            raise VocabularyError(
                f"{where}: has no {key}; every rule has a code, words and examples"
            )
    where = f"{where} ({said['code']})"
    flags = re.NOFLAG if said.get("as_written") else re.IGNORECASE
    edges = ("", "") if said.get("inside") else (r"(?<!\w)", r"(?!\w)")
    words = _any_of(said["words"], parts, where)
    after = said.get("not_after")
    unless = rf"(?!\W*(?:{_any_of(after, parts, where)})(?!\w))" if after else ""
    before = said.get("not_before")
    try:
        return Rule(
            code=said["code"],
            pattern=re.compile(f"{edges[0]}(?:{words}){edges[1]}{unless}", flags),
            not_before=re.compile(rf"(?<!\w)(?:{_any_of(before, parts, where)})\W*\Z", flags)
            if before
            else None,
            examples=tuple(said["examples"]),
            counter_examples=tuple(said.get("counter_examples", ())),
            more={key: value for key, value in said.items() if key not in _KNOWN},
        )
    except re.error as error:
        raise VocabularyError(
            f"{where}: {error}; write a regular expression of Python's `re`"
        ) from error


def _any_of(words: list[str], parts: Mapping[str, str], where: str) -> str:
    """Alternatives as one pattern: a blank is any white space, `{name}` a part of the file."""

    def part(found: re.Match[str]) -> str:
        if found[1] not in parts:
            raise VocabularyError(f"{where}: no part is called {found[1]!r}; name it in [parts]")
        return f"(?:{parts[found[1]]})"

    named = [re.sub(r"\{([a-z_]+)\}", part, one) for one in words]
    return "|".join(re.sub(r"(\[[^]]*\])| +(?![*+?{])", _blank, one) for one in named)


def _blank(found: re.Match[str]) -> str:
    return found[1] or r"\s+"
