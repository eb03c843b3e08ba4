"""What was withdrawn is known again by digests: near-copies are, another child's report by the same board is not, no word is kept."""

from __future__ import annotations

import random

import pytest

from casereviews.repository import likeness

KEY = "00112233445566778899aabbccddeeff"
STATUTE = (
    "Working together is the statutory guidance that every partner of the board follows when a child dies or is seriously harmed "
    "and abuse or neglect is known or suspected. The board commissions a review so that professionals learn from what happened. "
) * 3
WORDS = [
    "lapwing",
    "mill",
    "lane",
    "teacher",
    "aunt",
    "bruise",
    "kettle",
    "visit",
    "letter",
    "meeting",
    "home",
    "river",
    "winter",
    "father",
    "call",
    "police",
    "nurse",
    "early",
    "often",
    "never",
]


def story(seed: int, length: int = 160) -> str:
    chosen = random.Random(seed)
    return " ".join(chosen.choice(WORDS) for _ in range(length))


def sketch(text: str, *others: str) -> str:
    common: set[str] = set()
    for other in others:
        common |= likeness.runs_of(other, KEY)
    return likeness.sketch_of(likeness.runs_of(text, KEY), common)


def is_near_copy(text: str, of: str, *others: str) -> bool:
    return likeness.is_near_copy(sketch(of, *others), likeness.runs_of(text, KEY))


def one_line_changed(text: str) -> str:
    words = text.split(" ")
    return " ".join([*words[:60], "the", "name", "was", "taken", "out", *words[72:]])


@pytest.mark.parametrize(
    "changed",
    [
        one_line_changed,
        lambda text: f"Skip to content Home About us Contact {text} Copyright Cookies",
        lambda text: text.upper(),
        lambda text: text.replace(" ", "\n"),
        lambda text: f"{story(77)} {text} {story(78)}",
        lambda text: text.replace("kettle", "pan"),
    ],
    ids=["line", "page", "capitals", "breaks", "among-others", "names"],
)
def test_a_near_copy_is_known_again(changed) -> None:  # type: ignore[no-untyped-def]
    text = STATUTE + story(1)
    assert is_near_copy(changed(text), text, STATUTE + story(2))


def test_another_childs_report_by_the_same_board_is_none() -> None:
    text, other = STATUTE + story(1), STATUTE + story(2)
    assert not is_near_copy(STATUTE + story(3), text, other)
    assert not is_near_copy(other, text, other)
    assert not is_near_copy(STATUTE + story(3, 90), STATUTE + story(1, 90))  # nothing else is held
    assert is_near_copy(one_line_changed(text), text)


@pytest.mark.parametrize("length", [40, 160, 900], ids=["whole-sketch", "short", "long"])
def test_a_part_of_a_text_is_known_where_nothing_else_of_its_board_is_held(length: int) -> None:
    text = story(1, length) + " " + STATUTE
    part = " ".join(text.split(" ")[: len(text.split(" ")) * 3 // 4])
    assert is_near_copy(part, text)
    assert is_near_copy(text, part)
    assert not is_near_copy(story(3, length) + " " + STATUTE, text)
    assert not is_near_copy(STATUTE, text)


@pytest.mark.parametrize("share", [(0, 2), (1, 2), (1, 3), (1, 4)], ids=str)
def test_a_part_that_comes_in_a_file_of_its_own_is_known(share: tuple[int, int]) -> None:
    begin, parts = share
    words = story(1, 900).split(" ")
    piece = " ".join(words[len(words) * begin // parts :][: len(words) // parts])
    common = likeness.runs_of(STATUTE + story(2), KEY)
    kept = sketch(STATUTE + " ".join(words), STATUTE + story(2))
    assert not likeness.is_near_copy(kept, likeness.runs_of(piece, KEY))
    for text in (piece, STATUTE + piece, f"{piece} {story(2)}"):
        assert likeness.is_part(kept, likeness.runs_of(text, KEY) - common)
    quoted = f"{' '.join(words[200:230])} {story(3, 900)}"
    for text in (STATUTE + story(3), quoted, f"{piece} {story(3, 900)}"):
        assert not likeness.is_part(kept, likeness.runs_of(text, KEY) - common)


def test_a_part_is_known_where_nothing_else_of_its_board_is_held_by_all_of_its_words() -> None:
    kept = sketch(STATUTE + story(1, 900))
    part = " ".join(story(1, 900).split(" ")[300:600])
    assert likeness.is_part(kept, likeness.runs_of(part, KEY))
    assert not likeness.is_part(kept, likeness.runs_of(STATUTE + story(3, 300), KEY))


@pytest.mark.parametrize(
    ("page", "titled"),
    [
        ("Serious Case Review\nRosalind\nQuillfeather", True),
        ("A learning review. The case of Quillfeather, R. (Rosalind)", True),
        ("Rosalind lived in Pear Vale. " + "The board met and spoke of it. " * 9 + "Quillfeather", False),
        ("The board met and spoke of it. " * 60 + "Rosalind Quillfeather", False),
        ("Rosalind Barnmoor", False),
        ("", False),
    ],
)  # fmt: skip
def test_a_first_page_is_titled_by_a_case_when_it_has_its_names_side_by_side(
    page: str, titled: bool
) -> None:
    case = likeness.case_names(["Rosalind", "Quillfeather"], KEY)
    assert likeness.is_titled(page, {case}, KEY) is titled
    assert not likeness.is_titled(page, {likeness.case_names(["Rosalind"], KEY)}, KEY)


def test_what_a_board_always_says_is_in_no_sketch_and_a_short_text_has_none() -> None:
    kept = set(sketch(STATUTE + story(1), STATUTE).split(" "))
    assert not kept & likeness.runs_of(STATUTE, KEY)
    assert len(kept) == likeness.SKETCH
    assert sketch("A short note says nothing of its own.") == ""


def test_another_homes_key_gives_other_digests() -> None:
    other = likeness.new_key()
    assert not likeness.runs_of(story(1), KEY) & likeness.runs_of(story(1), other)
    assert likeness.case_names(["Rosalind"], KEY) != likeness.case_names(["Rosalind"], other)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Rosalind Quillfeather (no longer published)", True),
        ("quillfeather-rosalind-scr.pdf", True),
        ("ROSALIND QUÍLLFEATHER", True),
        ("Rosalind Barnmoor", False),
        ("Quillfeather Lane Surgery", False),
        ("", False),
    ],
)
def test_a_text_names_a_case_when_it_has_all_of_its_names(text: str, named: bool) -> None:
    case = likeness.case_names(["Rosalind", "Quillfeather"], KEY)
    assert likeness.names_case(text, {case}, KEY) is named
    assert "osalind" not in case


@pytest.mark.parametrize(
    ("labels", "years", "is_case"),
    [
        ({"child q"}, (), True),
        ({"child q"}, ("2026",), True),
        ({"child q"}, ("2011", "2026"), True),
        ({"child q"}, ("2011",), False),
        ({"child q", "child r"}, (), False),
        ({"child r"}, (), False),
        ((), ("2026",), False),
    ],
)
def test_a_label_is_a_cases_alone_and_in_its_year(
    labels: set[str], years: tuple[str, ...], is_case: bool
) -> None:
    case = likeness.case_labels({"child q"}, {"2026"}, KEY)
    assert likeness.is_case(labels, years, case, KEY) is is_case
    assert "child" not in case
    assert likeness.case_labels((), {"2026"}, KEY) == ""


NAMED = [
    f"{who} of {where} was {did} by the {WORDS[at % 20]} who had {WORDS[at * 7 % 20]} {WORDS[at * 3 % 19]} notes about the {word} and told {who} nothing more of {WORDS[at * 11 % 18]} plans."
    for at, (who, where, did, word) in enumerate(
        (name, place, verb, word)
        for verb in ("visited", "telephoned", "questioned")
        for word in ("bruising", "caravan", "kitchen", "absences", "medicine", "landlord", "guardian", "swimming")
        for name, place in (("Rosalind", "Pear Vale"),)
    )
]  # fmt: skip


@pytest.mark.parametrize(
    "instead", ["the child", "X", "Maurice", "this young person", "[redacted]"]
)
@pytest.mark.parametrize("begin", [0, 12], ids=["first-half", "second-half"])
def test_a_half_is_known_with_other_words_in_place_of_its_names(instead: str, begin: int) -> None:
    common = STATUTE + story(2)
    text = "\n".join(NAMED)
    half = "\n".join(NAMED[begin : begin + 12])
    half = half.replace("Rosalind", instead).replace("Pear Vale", "the town")
    known = likeness.runs_of(common, KEY)
    plain = likeness.runs_of(half, KEY) - known
    assert not likeness.is_part(likeness.sketch_of(likeness.runs_of(text, KEY), known), plain)
    others = likeness.nameless_runs_of(common, KEY)
    kept = likeness.sketch_of(likeness.nameless_runs_of(text, KEY), others)
    for cover in ("", "A paper of the partnership, laid out anew for schools. "):
        own = likeness.nameless_runs_of(cover + half, KEY) - others
        assert likeness.is_part(kept, own, nameless=True)
    for other in (story(3, 400), STATUTE + story(4)):
        assert not likeness.is_part(
            kept, likeness.nameless_runs_of(other, KEY) - others, nameless=True
        )


def test_runs_without_names_have_no_names_numbers_or_words_that_stand_for_them() -> None:
    said = "Rosalind, 7, the child of Pear Vale, often missed swimming lessons after winter."
    other = "Maurice 12 this young person of the town often missed swimming lessons after winter"
    assert likeness.nameless_runs_of(said, KEY) == likeness.nameless_runs_of(other, KEY)
    assert (
        len(likeness.nameless_runs_of(said, KEY)) == 3
    )  # often missed swimming lessons after winter
    assert not likeness.nameless_runs_of(said, KEY) & likeness.runs_of(said, KEY)
