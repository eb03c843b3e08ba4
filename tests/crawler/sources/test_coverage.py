"""Coverage: every authority has a level, gaps have names."""

from casereviews.crawler.sources import coverage, read_sources


def entry(name: str, gss: str, more: str) -> str:
    return f"""
[[source]]
id = "{name}"
publisher = "{name}"
nation = "Wales"
areas = ["{gss}"]
{more}
"""


LISTED = 'family = "listing"\nstart_urls = ["https://{}.example/"]\n'
CARDIFF, SWANSEA, NEWPORT, POWYS = "W06000015", "W06000011", "W06000022", "W06000023"
TEXT = (
    entry("cardiff-old", CARDIFF, 'family = "none"\nstatus = "list_unknown"')
    + entry("cardiff", CARDIFF, LISTED.format("cardiff"))
    + entry("swansea", SWANSEA, LISTED.format("swansea") + 'kind = "empty-placeholder"')
    + entry("newport", NEWPORT, 'family = "none"\nstatus = "pointer_only"')
    + entry("powys-adults", POWYS, LISTED.format("powys") + 'scope = "adult"')
)


def test_each_authority_has_its_best_level_and_everyone_who_covers_it() -> None:
    wales = coverage(read_sources([("wales.toml", TEXT)])).of_nation("Wales")
    told = {
        row.area.name: (row.level, [source.id for source in row.sources])
        for row in wales.rows
        if row.area.gss in (CARDIFF, SWANSEA, NEWPORT, POWYS)
    }
    assert told == {
        "Cardiff": ("listed", ["cardiff", "cardiff-old"]),
        "Swansea": ("not_published", ["swansea"]),
        "Newport": ("pointer", ["newport"]),
        "Powys": ("gap", []),
    }


def test_counts_name_every_level() -> None:
    wales = coverage(read_sources([("wales.toml", TEXT)])).of_nation("Wales")
    assert wales.counts == {
        "listed": 1,
        "not_published": 1,
        "pointer": 1,
        "list_unknown": 0,
        "gap": 19,
    }


def test_every_upper_tier_or_unitary_authority_of_the_uk_has_a_row() -> None:
    rows = coverage({}).rows
    # 152 children's services authorities and the Isles of Scilly in England.
    assert {
        nation: sum(row.area.nation == nation for row in rows)
        for nation in ("England", "Scotland", "Wales", "Northern Ireland")
    } == {"England": 153, "Scotland": 32, "Wales": 22, "Northern Ireland": 11}


def test_a_row_can_be_printed_as_json() -> None:
    row = coverage(read_sources([("wales.toml", TEXT)])).of_nation("Wales").rows
    cardiff = next(r for r in row if r.area.gss == CARDIFF)
    assert cardiff.as_json() == {
        "gss": "W06000015",
        "area": "Cardiff",
        "nation": "Wales",
        "region": "Wales",
        "level": "listed",
        "sources": ["cardiff", "cardiff-old"],
    }
