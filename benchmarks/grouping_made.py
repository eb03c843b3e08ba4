"""Made documents of fictional cases, with the case each belongs to: what grouping has to find again.

Every trap that real lists set is in it: one label in many areas and twice in one area years apart, briefings a year older
than the report, Welsh twins, a neighbour's copy of a text, joint reviews, national and anonymous entries, cards that hold one
case and lists that hold many, documents that name neither label nor date.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from casereviews.repository.describing.grouping import Group, GroupingInput
from casereviews.repository.describing.grouping.duplicates import signature

_LETTERS = "ABCDEFGHJKLMNPQRSTW"
_NAMES = (
    "Alfie",
    "Bea",
    "Cora",
    "Dylan",
    "Esme",
    "Finn",
    "Gwen",
    "Hari",
    "Isla",
    "Jude",
    "Kit",
    "Lena",
    "Milo",
    "Nia",
    "Otis",
    "Pia",
)
_ROLES = ("overview_report", "executive_summary", "briefing", "response")
_WORDS = [f"{a}{b}" for a in ("bor", "cal", "dun", "fen", "gil", "har", "kes", "lom", "mar", "nor", "pel", "ros", "sel", "tor", "ven", "wil") for b in ("ach", "beck", "den", "field", "ham", "ley", "mere", "ridge", "stow", "ton", "wick", "worth")]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """Documents to group and, by document id, the case each belongs to."""

    documents: tuple[GroupingInput, ...]
    case_of: Mapping[str, str]


def make(publishers: int = 12, cases: int = 8, *, seed: int = 1) -> Made:
    """`publishers` boards with `cases` cases each, one to four documents a case."""
    chance = random.Random(seed)
    documents: list[GroupingInput] = []
    case_of: dict[str, str] = {}
    for board in range(publishers):
        _board(chance, board, cases, publishers, documents, case_of)
    chance.shuffle(documents)
    return Made(tuple(documents), case_of)


def pairwise(groups: Iterable[Group], case_of: Mapping[str, str]) -> dict[str, float | int]:
    """Precision, recall and F1 over pairs of documents in one group; `wrong` counts pairs of different cases."""
    together = right = 0
    for group in groups:
        sizes = Counter(case_of[member] for member in group.members)
        together += _pairs(len(group.members))
        right += sum(_pairs(size) for size in sizes.values())
    wanted = sum(_pairs(size) for size in Counter(case_of.values()).values())
    precision = right / together if together else 1.0
    recall = right / wanted if wanted else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {
        "pairs": wanted,
        "wrong": together - right,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
    }


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _board(
    chance: random.Random,
    board: int,
    cases: int,
    publishers: int,
    documents: list[GroupingInput],
    case_of: dict[str, str],
) -> None:
    source, publisher, area = f"board{board}", f"Board {board} Partnership", f"Area {board}"
    welsh = board % 5 == 4
    labels = chance.sample([*(f"Child {letter}" for letter in _LETTERS), *_NAMES], cases)
    labels[-1] = labels[0]  # the same label again, years later
    for number, label in enumerate(labels):
        case = f"{source} case {number}"
        year = 2010 + (number * 13) // max(1, cases - 1)
        kind = ("cpr" if year > 2013 else "scr") if welsh else ("lcspr" if year > 2018 else "scr")
        text = _text(chance, 400)
        own_card = chance.random() < 0.5
        has_reference = welsh and chance.random() < 0.5
        roles = _ROLES[: chance.choice((1, 2, 2, 3, 4))]
        for place, role in enumerate(roles):
            month = chance.randint(1, 12)
            # a briefing can be a year older than its report
            stated = year - 1 if role == "briefing" and chance.random() < 0.3 else year
            bare = own_card and place > 0 and chance.random() < 0.4
            one = GroupingInput(
                document_id=f"{source}-{number}-{place}",
                source_id=source,
                publisher=publisher,
                first_seen=f"2026-01-{number + 1:02d}",
                keys=(f"{source} card {number}",) if own_card else (),
                labels=() if bare else (label,),
                review_type=None if chance.random() < 0.2 else kind,
                case_ref=f"{number}/{year}" if has_reference else None,
                role=role,
                published=f"{stated}-{month:02d}"
                if chance.random() < 0.85
                else (None if own_card else f"{stated}"),
                areas=(area,),
                language="en",
                sha256=f"{source}{number}{place}",
                sketch=signature(text if place == 0 else _text(chance, 150)),
            )
            _add(documents, case_of, one, case)
        first = documents[-len(roles)]
        if welsh and chance.random() < 0.5:
            twin = replace(
                first,
                document_id=f"{first.document_id}-cy",
                labels=(label.replace("Child", "Plentyn"),),
                language="cy",
                sha256=f"{first.sha256}cy",
                sketch=signature(_text(chance, 400)),
            )
            _add(documents, case_of, twin, case)
        if chance.random() < 0.2:
            _add(documents, case_of, _neighbours_copy(chance, first, text, board, publishers), case)
        if chance.random() < 0.3:
            _national(chance, first, number, year, documents, case_of, case)


def _neighbours_copy(
    chance: random.Random, first: GroupingInput, text: str, board: int, publishers: int
) -> GroupingInput:
    """The same report on another board's site, printed again with a few other words."""
    other = (board + 1) % publishers
    words = text.split()
    for at in chance.sample(range(len(words)), 5):
        words[at] = "revised"
    cover_read = chance.random() < 0.8  # most covers name the board whose report it is
    return replace(
        first,
        document_id=f"{first.document_id}-copy",
        source_id=f"board{other}",
        publisher=first.publisher if cover_read else f"Board {other} Partnership",
        areas=first.areas if cover_read else (f"Area {other}",),
        keys=(),
        sha256=f"{first.sha256}copy",
        sketch=signature(" ".join(words)),
    )


def _national(
    chance: random.Random,
    first: GroupingInput,
    number: int,
    year: int,
    documents: list[GroupingInput],
    case_of: dict[str, str],
    case: str,
) -> None:
    """An entry of the national list: named, or anonymous (which then is a case of its own: nobody may tell)."""
    anonymous = chance.random() < 0.4
    entry = replace(
        first,
        document_id=f"national-{first.document_id}",
        source_id="national",
        publisher="National list" if anonymous else first.publisher,
        anonymous=anonymous,
        areas=() if anonymous else first.areas,
        keys=(f"national card {first.source_id} {number}",),
        labels=first.labels,
        case_ref=None,
        role=None,
        published=str(year),
        sha256=None,
        sketch=(),
    )
    _add(documents, case_of, entry, f"{case} anonymous" if anonymous else case)


def _add(
    documents: list[GroupingInput], case_of: dict[str, str], one: GroupingInput, case: str
) -> None:
    documents.append(one)
    case_of[one.document_id] = case


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words))


def as_table(rows: Sequence[tuple[str, Mapping[str, float | int]]]) -> str:
    """Rows of figures as text."""
    head = f"{'made':<40}{'pairs':>8}{'wrong':>7}{'precision':>11}{'recall':>9}{'f1':>8}"
    lines = [
        f"{name:<40}{r['pairs']:>8}{r['wrong']:>7}{r['precision']:>11}{r['recall']:>9}{r['f1']:>8}"
        for name, r in rows
    ]
    return "\n".join([head, *lines])
