"""The names that a case fills into the texts of its documents, and the words of its cover."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from casereviews.demo.cases import MONTHS, Case

KINDS = {
    "lcspr": "Local Child Safeguarding Practice Review",
    "scr": "Serious Case Review",
    "learning_review": "Learning Review",
    "thematic_review": "Thematic Review",
    "cpr_extended": "Extended Child Practice Review",
    "cpr_concise": "Concise Child Practice Review",
    "apr": "Adult Practice Review",
    "sar": "Safeguarding Adults Review",
    "dhr": "Domestic Homicide Review",
}
ROLE_WORDS = {
    "overview_report": "Overview Report",
    "executive_summary": "Executive Summary",
    "briefing": "7 Minute Briefing",
    "learning_summary": "Key messages for practitioners",
    "response": "Response of the partnership",
    "action_plan": "Action Plan",
    "statement": "Press Statement",
    "poster": "Key messages",
    "easy_read": "Easy read version",
}
_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
]
_PRONOUNS = {
    "girl": ("she", "her", "her"),
    "woman": ("she", "her", "her"),
    "boy": ("he", "him", "his"),
    "man": ("he", "him", "his"),
}


def slots_of(case: Case, place: Mapping[str, Any], authors: list[str]) -> dict[str, str]:
    """Every `{name}` that a text of this case may use, the same for all its documents."""
    chance = Random(f"names/{case.site}/{case.id}")
    he, him, his = _PRONOUNS.get(case.sex, ("they", "them", "their"))
    subject = subject_of(case)
    board = str(place["old_board"] if case.type.startswith("scr") else place["board"])
    if case.partnership:
        board = f"{case.partnership} {board}"
    year = int((case.death or case.published)[-4:] if case.death else case.published[:4]) - 2
    return {
        "subject": subject,
        "he": he,
        "him": him,
        "his": his,
        "was": "were" if case.plural else "was",
        "has": "have" if case.plural else "has",
        "age_text": age_text(case.months, case.sex),
        "kind": KINDS[case.type],
        "outcome": "death" if case.outcome == "death" else "harm",
        "harmed": f"the death of {subject}" if case.outcome == "death" else f"harm to {subject}",
        "board": _the(board),
        "partnership": "the Board" if "Board" in board else "the Partnership",
        "council": str(place["council"]),
        "police": str(place["police"]),
        "trust": str(place["trust"]),
        "hospital": str(place["hospital"]),
        "school": str(place["school"]),
        "surgery": str(place["surgery"]),
        "town": str(chance.choice(place["towns"])),
        "mother": chance.choice(["Mother", "the mother", "Ms A", "the children's mother"]),
        "father": chance.choice(["Father", "the father", "Mr B"]),
        "partner": chance.choice(["her former partner", "her husband", "a man she had lived with"]),
        "author": chance.choice(authors),
        "rapid": f"{chance.randint(2, 27)} {chance.choice(MONTHS)} {year + 1}",
        "from": f"{chance.choice(MONTHS)} {year - 1}",
        "to": f"{chance.choice(MONTHS)} {year + 1}",
        "month1": f"{chance.choice(MONTHS)} {year + 2}",
        "month2": f"{chance.choice(MONTHS)} {year + 3}",
        "subject_cy": subject.replace("Child ", "Plentyn "),
        "board_cy": str(place.get("board_cy", board)),
    }


def _the(board: str) -> str:
    return board if board.startswith("The ") else f"the {board}"


def subject_of(case: Case) -> str:
    """How the texts name whom the review is about."""
    if not case.labels:
        return "the babies" if case.plural else "the young person"
    first = case.labels[0]
    if first.startswith(("Family", "Two", "Setting", "Operation")):
        return "the children"
    if first.startswith("Case "):
        return "the child"
    if case.plural or case.type == "dhr":
        return " and ".join(case.labels)
    return first


def age_text(months: int, sex: str) -> str:
    """An age as a report words it: "a five-month-old boy", "a girl of fourteen", "a woman in her fifties"."""
    if sex in ("mixed", "girls"):
        return f"the youngest of whom was {_plain_age(months)}"
    noun = sex
    if sex in ("woman", "man"):
        decade = ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties"]
        return f"a {noun} in {_PRONOUNS[sex][2]} {decade[min(months // 120, 8) - 2]}"
    if months < 24:
        word = _WORDS[months] if months < 18 else str(months)
        article = "an" if word.startswith(("e", "18")) else "a"
        return f"{article} {word}-month-old {noun}"
    return f"a {noun} of {_WORDS[months // 12]}"


def _plain_age(months: int) -> str:
    return f"{_WORDS[months]} months old" if months < 18 else f"{_WORDS[months // 12]} years old"


def printed_date(published: str, chance: Random) -> str:
    """A date as covers print it: many forms, day first, as exact as `published` is."""
    parts = [int(part) for part in published.split("-")]
    if len(parts) == 1:
        return str(parts[0])
    month = MONTHS[parts[1] - 1]
    if len(parts) == 2:
        return chance.choice([f"{month} {parts[0]}", f"{month[:3]} {parts[0]}"])
    day, year = parts[2], parts[0]
    return chance.choice(
        [
            f"{day} {month} {year}",
            f"{day}{ordinal(day)} {month} {year}",
            f"{day:02d}.{parts[1]:02d}.{year % 100:02d}",
            f"{day} {month}, {year}",
        ]
    )


def ordinal(day: int) -> str:
    """The letters after a day's number: st, nd, rd or th."""
    if 11 <= day % 100 <= 13:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
