"""The nouns that lead a label, and the code of VOCABULARY 2.3 for the kind of a label."""

from __future__ import annotations

from collections.abc import Sequence

NOUNS: dict[str, str] = {
    **dict.fromkeys(("child", "children"), "Child"),
    **dict.fromkeys(("baby", "babies"), "Baby"),
    **dict.fromkeys(("infant", "infants"), "Infant"),
    **dict.fromkeys(("young person", "young people", "young persons"), "Young Person"),
    **dict.fromkeys(("young adult", "young adults"), "Young Adult"),
    **dict.fromkeys(("young man", "young men"), "Young Man"),
    **dict.fromkeys(("young woman", "young women"), "Young Woman"),
    **dict.fromkeys(("yp", "yps"), "YP"),
    **dict.fromkeys(("youth", "youths"), "Youth"),
    **dict.fromkeys(("boy", "boys"), "Boy"),
    **dict.fromkeys(("girl", "girls"), "Girl"),
    **dict.fromkeys(("twin", "twins"), "Twin"),
    **dict.fromkeys(("sibling", "siblings"), "Sibling"),
    **dict.fromkeys(("family", "families"), "Family"),
    **dict.fromkeys(("case", "cases"), "Case"),
    **dict.fromkeys(("subject", "subjects"), "Subject"),
    **dict.fromkeys(("adult", "adults"), "Adult"),
    **dict.fromkeys(("person", "persons"), "Person"),
    **dict.fromkeys(("patient", "patients"), "Patient"),
    **dict.fromkeys(("resident", "residents"), "Resident"),
    **dict.fromkeys(("student", "students"), "Student"),
    **dict.fromkeys(("pupil", "pupils"), "Pupil"),
    **dict.fromkeys(("teenager", "teenagers"), "Teenager"),
    **dict.fromkeys(("adolescent", "adolescents"), "Adolescent"),
    **dict.fromkeys(("victim",), "Victim"),
    **dict.fromkeys(("mother", "mothers"), "Mother"),
    **dict.fromkeys(("father", "fathers"), "Father"),
    **dict.fromkeys(("woman", "women"), "Woman"),
    **dict.fromkeys(("man", "men"), "Man"),
    "baby girl": "Baby Girl",
    "baby boy": "Baby Boy",
    "lady": "Lady",
    "mr": "Mr",
    "mrs": "Mrs",
    "ms": "Ms",
    "miss": "Miss",
    **dict.fromkeys(("nursery", "nurseries"), "Nursery"),
    **dict.fromkeys(("school", "schools"), "School"),
    "setting": "Setting",
    "hospital": "Hospital",
    "home": "Home",
    "operation": "Operation",
    **dict.fromkeys(("plentyn", "blentyn", "mhlentyn"), "Plentyn"),
    **dict.fromkeys(("plant", "blant"), "Plant"),
    **dict.fromkeys(("babi", "baban", "fabi"), "Babi"),
    **dict.fromkeys(("teulu", "deulu"), "Teulu"),
    "achos": "Achos",
    **dict.fromkeys(("oedolyn",), "Oedolyn"),
    **dict.fromkeys(("person ifanc", "berson ifanc"), "Person Ifanc"),
}
# Nouns that a letter or a number may follow, but an unlisted word must not be taken for a name ("Case Matthew", not "Home Fires").
STRICT = {"Case", "Subject", "Person", "Adult", "Mother", "Father", "Woman", "Man", "Patient", "Resident", "School", "Nursery", "Setting",
           "Hospital", "Home", "Student", "Pupil", "Teenager", "Adolescent", "Victim", "Young Adult", "Young Man", "Young Woman", "Plant",
           "Achos", "Youth", "Boy", "Girl", "Lady"}  # fmt: skip
TOLD = frozenset({"Teenager", "Boy", "Girl", "Pupil", "Student", "Mother", "Father", "Woman", "Man", "Patient", "Resident", "Victim", "Adolescent", "Youth"})  # fmt: skip
PLURALS = {
    noun
    for noun, one in NOUNS.items()
    if noun != one.lower() and noun.endswith(("s", "en", "people", "blant", "plant"))
}
_COUNTS = frozenset({"Two", "Three", "Four", "Five", "Six", "Seven"})
_SETTINGS = {"Nursery", "School", "Setting", "Hospital", "Home"}


def label_kind(labels: Sequence[str]) -> str:
    """The code of VOCABULARY 2.3 for the labels of one title."""
    if not labels:
        return "none"
    kinds = [kind_of(label) for label in labels]
    if "real_name" in kinds:
        return "real_name"
    if len(labels) == 2 and all(kind in ("letter", "code", "pseudonym") for kind in kinds):
        return "siblings"
    if len(labels) > 2:
        return "group"
    return kinds[0]


def kind_of(label: str) -> str:
    """The kind of one label: letter, code, pseudonym, real_name, family, setting or operation."""
    words = label.split()
    lowered = label.lower()
    if words[0] in ("Family", "Teulu") or words[-1] == "Family":
        return "family"
    if words[0] in _COUNTS:
        return "group"  # "Two Sisters"
    if words[0] in _SETTINGS:
        return "setting"
    if words[0] == "Operation":
        return "operation"
    last = words[-1]
    if any(letter.isdigit() for letter in last):
        return "code"
    if (len(last) <= 3 and last.isupper()) or len(last) <= 2:
        return "letter"
    has_noun = any(lowered.startswith(noun + " ") for noun in NOUNS)
    if words[0] in ("Mr", "Mrs", "Ms", "Miss") or (not has_noun and len(words) >= 2):
        return "real_name"
    if has_noun and len(words) - (2 if " ".join(words[:2]).lower() in NOUNS else 1) >= 2:
        return "real_name"
    return "pseudonym"
