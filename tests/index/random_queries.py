"""Random small collections, and random queries of the whole grammar over their words."""

from made import document

from casereviews.repository.model import Section

WORDS = ["neglect", "neglected", "infant", "infants", "child", "sleep", "sleeping", "visit", "visits", "visited",
         "q", "mon", "7", "2020", "of", "the", "was", "of", "the", "haematoma", "worker", "wary", "warm", "ward"]  # fmt: skip
NATIONS = ["England", "Wales", None]
TYPES = ["scr", "lcspr", "scr|thematic_review", None]
YEARS = [2012, 2015, 2020, None]


def corpus(chance):
    """Documents as plain facts: pages of words, a title, sections, coded fields."""
    made = []
    for n in range(chance.randint(4, 14)):
        pages = [
            [chance.choice(WORDS) for _ in range(chance.randint(0, 14))]
            for _ in range(chance.randint(1, 3))
        ]
        cut = chance.randint(0, len(pages[0]))
        made.append(
            {
                "id": f"d{n}",
                "pages": pages,
                "title": [chance.choice(WORDS) for _ in range(chance.randint(1, 4))],
                "subjects": [["child", chance.choice("qk")]] if chance.random() < 0.4 else [],
                "nation": chance.choice(NATIONS),
                "type": chance.choice(TYPES),
                "year": chance.choice(YEARS),
                "scope": chance.choice(["child", "child", "both", "adult"]),
                "findings": (0, cut),  # words of the first page
            }
        )
    return made


def as_document(fact):
    pages = [" ".join(page) for page in fact["pages"]]
    start, end = fact["findings"]
    length = len(" ".join(fact["pages"][0][start:end]))
    fields = {"scope": fact["scope"]}
    for name, field in (("nation", "nation"), ("type", "review_type"), ("year", "year")):
        if fact[name] is not None:
            fields[field] = fact[name]
    if fact["year"]:
        fields["published"] = str(fact["year"])
    if fact["subjects"]:
        fields["subjects"] = tuple(" ".join(words) for words in fact["subjects"])
    sections = [Section("findings", "Findings", 1, 0, 1, length)] if length else []
    return document(fact["id"], *pages, title=" ".join(fact["title"]), sections=sections, **fields)


def query(chance, depth=0):
    """A random query of the whole grammar, as text."""
    kind = chance.random()
    word = chance.choice([*WORDS, "zebra"])
    if depth < 3 and kind < 0.16:
        return f"{query(chance, depth + 1)} AND {query(chance, depth + 1)}"
    if depth < 3 and kind < 0.30:
        return f"({query(chance, depth + 1)} OR {query(chance, depth + 1)})"
    if depth < 3 and kind < 0.36:
        return (
            f"(NOT {query(chance, depth + 1)})"
            if chance.random() < 0.5
            else f"({word} -{chance.choice(WORDS)})"
        )
    if kind < 0.50:
        return word
    if kind < 0.62:
        parts = [chance.choice(WORDS) for _ in range(chance.randint(1, 3))]
        if chance.random() < 0.2:
            parts[-1] = parts[-1][:2] + "*" if len(parts[-1]) > 2 else parts[-1]
        return '"' + " ".join(parts) + '"'
    if kind < 0.68:
        return chance.choice(["negl*", "vis*", "wa*", "sl*", "20*"])
    if kind < 0.73:
        return chance.choice(["wam~", "wrd~", "nglect~2", "haematona~", "slep~1"])
    if kind < 0.82:
        some = [chance.choice([w, f'"{w} {chance.choice(WORDS)}"', f"({w} OR {chance.choice(WORDS)})"]) for w in
                (chance.choice(WORDS) for _ in range(chance.choice([2, 2, 3])))]  # fmt: skip
        return (
            "(" + f" NEAR/{chance.randint(1, 5)} ".join(some) + ")"
            if len(some) == 2
            else _chain(chance, some)
        )
    if kind < 0.86:
        return f"{chance.choice(WORDS[:6])}-{chance.choice(WORDS[:6])}"
    if kind < 0.93:
        return chance.choice([
            "nation:wales", "nation:unknown", "type:scr", "type:thematic_review", "type:unknown", "year:2015",
            "year:2012..2015", "year:..2014", "year:2015..", "published:2015..2020", "year:unknown", "scope:all",
            "scope:adult", "scope:both",
        ])  # fmt: skip
    zone = chance.choice(["title", "subject", "in:findings"])
    inner = chance.choice([word, f'"{word} {chance.choice(WORDS)}"', f"({word} OR {chance.choice(WORDS)})",
                           f"({word} NEAR/2 {chance.choice(WORDS)})"])  # fmt: skip
    return f"{zone} {inner}" if zone.startswith("in:") else f"{zone}:{inner}"


def _chain(chance, some):
    distance = chance.randint(1, 5)
    return "(" + f" NEAR/{distance} ".join(some) + ")"
