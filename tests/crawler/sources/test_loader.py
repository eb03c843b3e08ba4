"""Loading the registry: packaged files, the home's overlay, and what it says when something is wrong."""

from pathlib import Path
from typing import cast

import pytest

from casereviews.crawler.sources import (
    FollowRule,
    RegistryError,
    Source,
    load_sources,
    read_sources,
)
from casereviews.crawler.sources.loader import make_source

GOOD = """
[[source]]
id = "kestrel-vale"
publisher = "Kestrel Vale Safeguarding Children Partnership"
nation = "England"
areas = ["E10000014"]
family = "listing"
start_urls = ["https://www.kestrelvale.example/learning/"]
follow = [{ text = "published reviews", role = "list" }]
same_as = [['[?&]contrast=1$', ""]]
"""


def messages(*packaged: str, own: str = "") -> list[str]:
    with pytest.raises(RegistryError) as caught:
        read_sources(
            [("england.toml", text) for text in packaged],
            [("sources.toml", own)] if own else [],
        )
    return [str(problem) for problem in cast(RegistryError, caught.value).problems]


def test_an_entry_becomes_a_source_with_its_start_host_allowed() -> None:
    assert dict(read_sources([("england.toml", GOOD)])) == {
        "kestrel-vale": Source(
            id="kestrel-vale",
            publisher="Kestrel Vale Safeguarding Children Partnership",
            nation="England",
            family="listing",
            areas=("E10000014",),
            start_urls=("https://www.kestrelvale.example/learning/",),
            hosts=("www.kestrelvale.example",),
            follow=(FollowRule(text="published reviews", role="list"),),
            same_as=(("[?&]contrast=1$", ""),),
        )
    }


def test_options_are_kept_as_text() -> None:
    made = make_source(
        {
            "id": "a",
            "publisher": "A",
            "nation": "England",
            "family": "govuk",
            "options": {"page_size": 50, "library": True, "document_types": ["research", "map"]},
        }
    )
    assert made.options == (
        ("page_size", "50"),
        ("library", "on"),
        ("document_types", "research map"),
    )


def test_the_overlay_changes_the_fields_it_gives_and_keeps_the_others() -> None:
    own = 'source = [{ id = "kestrel-vale", status = "verified", max_pages = 20 }]'
    changed = read_sources([("england.toml", GOOD)], [("sources.toml", own)])["kestrel-vale"]
    assert (changed.status, changed.max_pages, changed.start_urls) == (
        "verified",
        20,
        ("https://www.kestrelvale.example/learning/",),
    )


def test_the_overlay_adds_an_entry_at_the_end() -> None:
    own = GOOD.replace("kestrel-vale", "osprey-moor").replace("kestrelvale.", "ospreymoor.")
    sources = read_sources([("england.toml", GOOD)], [("sources.toml", own)])
    assert list(sources) == ["kestrel-vale", "osprey-moor"]


def test_a_missing_overlay_is_no_error(tmp_path: Path) -> None:
    assert load_sources(tmp_path / "sources.toml") == load_sources()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("family =", "famly ="),
            "field 'famly': unknown field; did you mean 'family'?",
        ),
        (
            ('"listing"', '"lising"'),
            "field 'family': 'lising' is not known; did you mean 'listing'?",
        ),
        (
            ('"England"', '"Englnd"'),
            "field 'nation': 'Englnd' is not known; did you mean 'England'?",
        ),
        (
            ('areas = ["E10000014"]', 'areas = ["Hampshyre"]'),
            "field 'areas': 'Hampshyre' is no council area of the UK; the nearest names are 'Hampshire', 'East "
            "Hampshire', 'Shropshire'. A list of a whole nation has national = true; an invented place has no areas, and hosts under .test",
        ),
        (
            ('areas = ["E10000014"]', 'areas = ["Qwxzk"]'),
            "field 'areas': 'Qwxzk' is no council area of the UK; no name is near it. A list of a whole nation has "
            "national = true; an invented place has no areas, and hosts under .test",
        ),
        (
            ('areas = ["E10000014"]', 'areas = ["Cardiff"]'),
            "field 'areas': 'W06000015' (Cardiff) is in Wales, not England",
        ),
        (
            ("E10000014", "E1000014"),
            "field 'areas': 'E1000014' is not a GSS code; did you mean 'E10000014'?",
        ),
        (
            ('role = "list"', 'role = "lists"'),
            "field 'follow': role 'lists' is not known; did you mean 'list'?",
        ),
        (
            ("published reviews", "published (reviews"),
            "field 'follow': 'published (reviews' is not a regular expression: "
            "missing ), unterminated subpattern at position 10",
        ),
        (
            ('{ text = "published reviews", role = "list" }', '{ role = "list" }'),
            "field 'follow': a rule needs text or href, else it would follow every link",
        ),
        (
            ("https://www", "ftp://www"),
            "field 'start_urls': 'ftp://www.kestrelvale.example/learning/' is not an address that "
            "starts with http:// or https://",
        ),
        (
            ("www.kestrelvale.example", "stg-kestrelvale.kinsta.cloud"),
            "field 'hosts': 'stg-kestrelvale.kinsta.cloud' is refused: staging copies of a hosting "
            "company; use the publisher's own site",
        ),
        (
            ("www.kestrelvale.example", "127.0.0.1:8080"),
            "field 'hosts': '127.0.0.1:8080' is a private address; name it in hosts if you mean it",
        ),
        (
            ("E10000014", "E10000006"),
            "field 'areas': 'E10000006' (Cumbria) has been replaced; use 'E06000063' (Cumberland), "
            "'E06000064' (Westmorland and Furness)",
        ),
        (
            ("E10000014", "W06000015"),
            "field 'areas': 'W06000015' (Cardiff) is in Wales, not England",
        ),
        (
            ('areas = ["E10000014"]', ""),
            "field 'areas': is missing; give names or GSS codes of councils, or national = true for a national list",
        ),
        (
            ('start_urls = ["https://www.kestrelvale.example/learning/"]', ""),
            "field 'start_urls': is missing; without a list use status = 'list_unknown'",
        ),
        (
            ('family = "listing"', 'family = "listing"\nkind = "procedures-only"'),
            "field 'status': a 'procedures-only' is no list of reports; use 'off' or "
            "'list_unknown'",
        ),
        (
            ('family = "listing"', 'family = "listing"\nmax_pages = "many"'),
            "field 'max_pages': must be a whole number, not 'many'",
        ),
        (
            ('family = "listing"', 'family = "nspcc"\noptions = { libary = "on" }'),
            "field 'options': unknown option 'libary'; did you mean 'library'?",
        ),
        (
            ('family = "listing"', 'family = "listing"\noptions = { page_size = "50" }'),
            "field 'options': unknown option 'page_size'; family 'listing' has no options",
        ),
        (
            ('"kestrel-vale"', '"Kestrel Vale"'),
            "field 'id': 'Kestrel Vale' must be lower-case words joined by hyphens, such as "
            "'north-yorkshire'",
        ),
    ],
)
def test_an_error_names_file_entry_field_and_the_nearest_right_value(
    change: tuple[str, str], message: str
) -> None:
    entry = "Kestrel Vale" if '"Kestrel Vale"' in change else "kestrel-vale"
    found = messages(GOOD.replace(*change))
    assert f"england.toml, entry '{entry}', {message}" in found


def test_every_problem_is_told_at_once() -> None:
    assert messages('[[source]]\nid = "kestrel-vale"\nhots = []\n') == [
        "england.toml, entry 'kestrel-vale', field 'hots': unknown field; did you mean 'hosts'?",
        "england.toml, entry 'kestrel-vale', field 'publisher': is missing",
        "england.toml, entry 'kestrel-vale', field 'nation': is missing",
        "england.toml, entry 'kestrel-vale', field 'family': is missing",
    ]


def test_a_mistyped_id_in_the_overlay_is_told_with_the_nearest_one() -> None:
    assert messages(GOOD, own='[[source]]\nid = "kestrelvale"\nstatus = "verified"\n')[0] == (
        "sources.toml, entry 'kestrelvale', field 'id': 'kestrelvale' is no entry of the registry; "
        "did you mean 'kestrel-vale'?"
    )


def test_two_entries_never_crawl_the_same_list() -> None:
    twin = GOOD.replace("kestrel-vale", "osprey-moor").replace("https://www.", "http://")
    assert messages(GOOD, twin) == [
        "england.toml, entry 'osprey-moor', field 'start_urls': "
        "'http://kestrelvale.example/learning/' is already the list of entry 'kestrel-vale'"
    ]


def test_an_id_is_used_once() -> None:
    assert messages(GOOD, GOOD) == [
        "england.toml, entry 'kestrel-vale', field 'id': is already used in england.toml"
    ]


def test_a_file_that_is_not_toml_is_named() -> None:
    assert messages("[[source]\n")[0].startswith("england.toml: is not valid TOML: ")


def test_loopback_is_allowed_for_an_entry_that_names_it() -> None:
    named = GOOD.replace("https://www.kestrelvale.example", "http://127.0.0.1:8080").replace(
        "areas =", 'hosts = ["127.0.0.1:8080"]\nareas ='
    )
    assert read_sources([("sources.toml", named)])["kestrel-vale"].hosts == ("127.0.0.1:8080",)


@pytest.mark.parametrize(
    ("named", "codes"),
    [
        ("Hampshire", ("E10000014",)),
        ("hampshire county council", ("E10000014",)),
        ("Hull", ("E06000010",)),
        ("Pan-Dorset", ("E06000059", "E06000058")),
    ],
)
def test_areas_may_be_given_by_name(named: str, codes: tuple[str, ...]) -> None:
    entry = GOOD.replace('areas = ["E10000014"]', f'areas = ["{named}", "E10000014"]')
    (source,) = read_sources([("england.toml", entry)]).values()
    assert source.areas == tuple(dict.fromkeys([*codes, "E10000014"]))
