"""Ligatures that a PDF's font maps to no letters or to wrong ones ("informaƟon", "commi&ee"), repaired where words prove it.

Calibri and its kin print "ti", "tt", "ft" as one glyph; converters that lose its meaning leave another letter, a sign, U+FFFD or
nothing. Which letters a glyph stands for is told by the words that they make: those of an English word list (pyspellchecker's, MIT)
and those that the document spells right elsewhere. A ligature that left no trace is put back only where most unknown words become
known ones by it. What nothing proves stays, and is counted, so that the page can be recognised from its picture.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

LIGATURES = (
    "ti",
    "tt",
    "ft",
    "fi",
    "ff",
    "fl",
    "ffi",
    "tti",
    "ffl",
    "th",
    "st",
    "ct",
    "fj",
    "fft",
    "tf",
)
"""What fonts print as one glyph, the commonest first."""
_FOREIGN = "\u0100-\u0173\u0178-\u024f\ufffd\ue000-\uf8ff\x01-\x08\x0b\x0e-\x1f\x7f-\x90\x98-\x9f"  # Welsh has \u0174 to \u0177
_SMALL = "a-z\xdf-\xff\u0175\u0177"
_SIGN = 'A-Z0-9!"#$%&()*+<=>?\\[\\\\\\]^`{|}~'
# The glyph comes first and what stands around it after it: so the search goes from glyph to glyph, not from letter to letter.
_ODD = re.compile(
    rf"[{_SIGN}{_FOREIGN}](?:(?<=[{_SMALL}][{_SIGN}])(?=[{_SMALL}])"
    rf"|(?<=[^\W\d_][{_FOREIGN}])|(?<=[{_FOREIGN}])(?=[^\W\d_]))"
)
_LOST = re.compile(
    "[\ufffd\ue000-\uf8ff\u0180-\u0217\u021c-\u024f\x00-\x08\x0b\x0e-\x1f\x7f-\x90\x98-\x9f]"
)
"""Characters that no word of English, Welsh or a neighbour's name has."""
_CORE = re.compile(r"(?:[^\s\-‐‑–—/]|[\x1c-\x1f])+")  # Python takes \x1c to \x1f for blanks
_EDGES = ".,;:!?()[]{}\"'“”‘’…•"
_TRACELESS = ("ti", "tt", "ft", "tti", "fi", "ff")
"""Those that converters lose without a trace."""
_F_ALONE = (
    "frst",
    "fnding",
    "ofce",
    "ofered",
    "confrm",
    "specifc",
    "signifcant",
    "identifed",
    "difcult",
    "diferen",
    "sufcient",
)
"""Parts of frequent words as they look where a font tells "fi", "ff", "ffi" as "f"."""
_AFTER_F = ("i", "l", "f", "fi", "fl")
_RARE = frozenset(["th", "st", "ct", "fj", "fft", "tf"])
"""Ligatures that few fonts have: they explain a word that no other does, or many words."""
_MIXED = 3  # signs in one word that may stand for different ligatures
_PROVES = 2  # words that must agree on what a glyph stands for
_AGREE = 0.8
_MEND_MOST = 0.6  # share of unknown words that traceless ligatures must explain
_LEAST = 400  # characters of English in which "ti" cannot be missing by chance
_BIT = re.compile(r"(?<![\w'’.&/-])[a-z]{1,2}(?![\w'’.&/-])")
_SHORT_WORDS = frozenset(
    """
    a i o y am an as at be by do eg ex go he hi ie if in is it me mr ms my no of oh ok on or pm re so to uk up us vs we
    ac ag ai ar da dy ei er eu fe fi ff gw hi ia iw ll ni na os ti un wn wy ym yn yr yw
    """.split()  # noqa: SIM905 - readable
)
_ANY_WORD = re.compile(r"\b[A-Z]?[a-z]{2,}\b")
_PLAIN_WORD = re.compile(r"\b[a-z]{4,}\b")


class Mender:
    """What a document's odd glyphs stand for, and the words that lost one; `mend` repairs a line, `unproven` counts what it cannot."""

    def __init__(self, glyphs: Mapping[str, str], words: Mapping[str, str]) -> None:
        self._glyphs = dict(glyphs)
        self._words = dict(words)

    def __bool__(self) -> bool:
        return bool(self._glyphs or self._words)

    def mend(self, text: str) -> str:
        """The line with its words repaired."""
        return _CORE.sub(self._mended, text) if self else text

    def _mended(self, match: re.Match[str]) -> str:
        whole = match.group()
        word = whole.strip(_EDGES)
        if whole in self._words:
            return self._words[whole]
        fixed = self._words.get(word)
        if fixed is None:
            fixed = _ODD.sub(lambda found: self._glyphs.get(found.group(), found.group()), word)
        return whole.replace(word, fixed, 1) if fixed != word else whole


def unproven(text: str) -> int:
    """How many words of a text hold a character that no word has, or fell apart where a ligature left a gap ("con rmed")."""
    lost = sum(bool(_LOST.search(word)) for word in text.split()) if _LOST.search(text) else 0
    return lost + _fallen_apart(text)


def _fallen_apart(text: str) -> int:
    """How many neighbours, of which one is no word, are a word with a ligature between them; looked for where "fi" is missing."""
    if len(text) < _LEAST or "fi" in text:
        return 0
    bits = {bit for bit in _BIT.findall(text) if bit not in _SHORT_WORDS}
    if len(bits) < _PROVES + 1:
        return 0
    known = _word_list()
    words = [core.strip(_EDGES).lower() for core in _CORE.findall(text)]
    return sum(
        not (one in known and other in known)
        and any(f"{one}{letters}{other}" in known for letters in LIGATURES[:7])
        for one, other in itertools.pairwise(words)
        if one.isalpha() and other.isalpha()
    )


def mender_of(texts: Iterable[str]) -> Mender:
    """What can be repaired in the lines of a document; costs one look through its letters where nothing is odd."""
    text = "\n".join(texts)
    odd: dict[str, set[str]] = defaultdict(set)
    for hit in _ODD.finditer(text):
        odd[hit.group()].add(_around(text, hit.start()))
    suspects = {
        sign: words for sign, words in odd.items() if len(words) >= _PROVES or _LOST.match(sign)
    }
    for word in _CORE.findall(text) if _LOST.search(text) else ():
        for sign in _LOST.findall(word):
            suspects.setdefault(sign, set()).add(word.strip(_EDGES))
    traceless = (
        len(text) >= _LEAST
        and " the " in text
        and ("ti" not in text or sum(each in text for each in _F_ALONE) >= _PROVES)
    )
    if not suspects and not traceless:
        return Mender({}, {})
    known = _Known(text)
    glyphs: dict[str, str] = {}
    words: dict[str, str] = {}
    for sign, holders in suspects.items():
        read = {word: found for word in holders if (found := known.with_sign(word, sign))}
        if len(read) < min(_PROVES, len(holders)):
            continue
        explains = Counter(letters for spelt in read.values() for letters in spelt)
        (best, count) = max(explains.items(), key=lambda one: (one[1], one[0] not in _RARE))
        if count >= _AGREE * len(read) and count >= _PROVES:
            glyphs[sign] = best
        else:
            words |= {word: known.likeliest(spelt, explains) for word, spelt in read.items()}
    if glyphs:
        words |= known.with_proven(text, glyphs)
    if traceless:
        words |= known.without_trace(text)
    return Mender(glyphs, words)


def _around(text: str, at: int) -> str:
    start = at
    while start and not _breaks(text[start - 1]):
        start -= 1
    end = at
    while end < len(text) and not _breaks(text[end]):
        end += 1
    return text[start:end].strip(_EDGES)


def _breaks(letter: str) -> bool:
    return letter in "-‐‑–—/" or (letter.isspace() and not "\x1c" <= letter <= "\x1f")


class _Known:
    """The words that prove a spelling: how often they are used (0: unknown)."""

    def __init__(self, text: str) -> None:
        self._common = _word_list()
        self._own = {core.strip(_EDGES).lower() for core in _CORE.findall(text)}

    def use(self, word: str) -> int:
        folded = word.lower()
        for ending in ("", "'s", "’s"):
            if ending and not folded.endswith(ending):
                continue
            if count := self._common.get(folded.removesuffix(ending), 0):
                return count
        return 0

    def with_sign(self, word: str, sign: str) -> dict[str, str]:
        """Ligature -> word, for every ligature for which a sign makes a known word; several in a word may differ ("ti tt")."""
        if not any(letter.islower() for letter in word):
            return {}
        tried = {letters: word.replace(sign, letters) for letters in LIGATURES}
        found = {letters: spelt for letters, spelt in tried.items() if self._is_word(spelt)}
        count = word.count(sign)
        if found or not 1 < count <= _MIXED:
            return found
        parts = word.split(sign)
        common = [letters for letters in LIGATURES if letters not in _RARE]
        for mixed in itertools.product(common, repeat=count):
            spelt = "".join(map("".join, zip(parts, (*mixed, ""), strict=True)))
            if self.use(spelt):
                found[" ".join(mixed)] = spelt
        return found

    def _is_word(self, spelt: str) -> bool:
        """True for a word of the language, or one that the document spells so elsewhere."""
        return bool(self.use(spelt)) or (len(spelt) > 3 and spelt.lower() in self._own)

    def likeliest(self, spelt: Mapping[str, str], explains: Mapping[str, int]) -> str:
        """Of the words that a sign could make, the one whose ligature explains most words, and is used most."""
        return max(
            (explains[one], one not in _RARE, self.use(word), word) for one, word in spelt.items()
        )[-1]

    def with_proven(self, text: str, glyphs: Mapping[str, str]) -> dict[str, str]:
        """Words with a proven glyph at their edge or beside another, which are known when it is read as what it stands for."""
        fixed: dict[str, str] = {}
        table = str.maketrans(dict(glyphs))
        for core in set(_CORE.findall(text)):
            word = core.strip(_EDGES)
            for held in (core, word):
                spelt = held.translate(table)
                if spelt != held and any(map(str.islower, held)) and self.use(spelt.strip(_EDGES)):
                    fixed[held] = spelt
        return fixed

    def without_trace(self, text: str) -> dict[str, str]:
        """Words that are known when one ligature is put back, if that explains most of the unknown ones."""
        unknown = {word for word in _PLAIN_WORD.findall(text) if not self.use(word)}
        fixed = {word: spelt for word in unknown if (spelt := self._put_back(word))}
        if len(fixed) < _PROVES or len(fixed) < _MEND_MOST * len(unknown):
            return {}
        for word in {*_ANY_WORD.findall(text)} - unknown:
            if not self.use(word) and (spelt := self._put_back(word.lower())):
                fixed[word] = spelt.capitalize() if word[0].isupper() else spelt
        return fixed

    def _put_back(self, word: str) -> str | None:
        """The commonest known word that one ligature put back makes, else two."""
        once = [*_with_one_more(word)]
        return self._commonest(once) or self._commonest(
            twice for spelt in once for twice in _with_one_more(spelt)
        )

    def _commonest(self, words: Iterable[str]) -> str | None:
        best, spelt = max(((self.use(word), word) for word in words), default=(0, ""))
        return spelt if best else None


def _with_one_more(word: str) -> Iterator[str]:
    for letters in _TRACELESS:
        for at in range(len(word) + 1):
            yield word[:at] + letters + word[at:]
    for at, letter in enumerate(word):  # the glyph of several letters was told as its first
        for letters in _AFTER_F if letter == "f" else ():
            yield word[: at + 1] + letters + word[at + 1 :]


@cache
def _word_list() -> dict[str, int]:
    from spellchecker import SpellChecker

    return {"multi": 1000, **SpellChecker(language="en").word_frequency.dictionary}
