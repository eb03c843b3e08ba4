"""What is sent of a document, without a cluster: its words and weights, its places, its row letter by letter."""

from __future__ import annotations

import base64
import json

import pytest
from made import document

from casereviews.index.opensearch import documents, mapping
from casereviews.index.opensearch.places import Bucket, bucket_of, packed
from casereviews.index.positions import position
from casereviews.repository.model import Section

ODD = "A\ud800 page: naïve “words”, tabs\tand \x00 too."


def sent(*pages: str, **fields: object) -> documents.Taken:
    return documents.taken(4, document("d", *pages, **fields))  # type: ignore[arg-type]


def test_words_are_sent_with_their_weights_and_families_with_theirs() -> None:
    source = sent("Visits by the CP team. A visit.", title="Visit").kept[0].source
    weights = dict(one.split("|") for one in source["w"].split())
    families = dict(one.split("|") for one in source["k"].split())
    assert weights["visits"] == weights["^CP"] == weights["by_the"] == "4"
    assert int(families["visit"]) == int(weights["visit"]) + int(weights["visits"])
    assert "*vis" in weights
    assert "^CP" not in families


def test_the_line_of_words_has_a_value_wherever_the_next_word_is_not_side_by_side() -> None:
    parts = [Section("findings", "F", 1, 0, 1, 11), Section("findings", "F", 2, 0, 2, 3)]
    source = (
        sent("One two, three", "four", title="Child Q", subjects=("A b", "C"), sections=parts)
        .kept[0]
        .source
    )
    assert source["p"] == ["child q", "a b", "c", "one two three four"]
    assert source["z_subject"] == ["a b", "c"]
    assert source["z_findings"] == ["one two three", "four"]


def test_rows_and_pages_come_back_letter_by_letter() -> None:
    row, page = sent(ODD, title=ODD).kept
    assert json.loads(row.source["row"])[2]["title"] == ODD
    assert json.loads(page.source["page"]) == [1, None, ODD]
    assert row.source["row"].isascii()
    assert (row.id, page.id, row.routing) == ("4", "4-0", "r-d")


def test_the_places_of_a_word_are_read_back_from_its_bucket() -> None:
    one = document("d", "The child was seen. A child is a child: CP.", "Neglect, neglected.")
    terms = position(one).terms
    source = documents.taken(1, one).kept[0].source
    for term in ("child", "^CP", "cp", "neglected"):
        data = base64.b64decode(source[mapping.bucket_field(bucket_of(term))])
        assert Bucket(data).places((term,)) == [terms[term]]
        assert Bucket(data).places(("elsewhere",)) == []


def test_places_far_apart_need_more_room_and_come_back_too() -> None:
    places = {"word": [3, 70_000, 200_000], "words": [5]}
    [data] = packed(places).values()
    assert Bucket(data).places(("word", "words")) == [[3, 70_000, 200_000], [5]]


def test_forms_of_a_word_lie_in_one_bucket() -> None:
    assert bucket_of("children") == bucket_of("child")
    assert bucket_of("^CP") == bucket_of("cp")


def test_a_monstrous_word_is_sent_by_its_digest_and_listed_as_it_is() -> None:
    monster = "x" * 40_000
    taken = sent(monster)
    assert monster in taken.words
    assert monster not in taken.kept[0].source["w"]
    kept = documents.word(monster)
    assert kept.source["form"] == monster
    assert max(len(kept.id), len(kept.source["begins"]), len(kept.source["tail"])) <= 1_000


def test_the_lexicon_has_words_and_nothing_else() -> None:
    assert documents.words_of(document("d", "By the CP", title="X")) == {"by", "the", "cp", "x"}


def test_columns_know_every_document_and_grow_by_those_that_come() -> None:
    first, second = sent("One.", nation="Wales").row, documents.taken(5, document("e", "Two.")).row
    alone = {one.id: one.source for one in documents.columns([first], "1")}
    before = {
        name.partition(".")[2]: (json.loads(one["dictionary"]), base64.b64decode(one["data"]))
        for name, one in alone.items()
    }
    grown = {one.id: one.source for one in documents.columns([second], "2", before)}
    whole = {one.id: one.source for one in documents.columns([first, second], "2")}
    assert json.loads(grown["2.document"]["dictionary"]) == {"4": ["d", "r-d"], "5": ["e", "r-e"]}
    assert grown["2.live"] == whole["2.live"]
    assert not any("section:" in name for name in whole)


@pytest.mark.parametrize("name", mapping.indexes())
def test_every_index_answers_only_for_what_it_was_told_of(name: str) -> None:
    made = mapping.indexes(shards=3, replicas=2)[name]
    assert made["settings"]["number_of_replicas"] == 2
    assert made["mappings"].get("dynamic", made["mappings"].get("enabled")) is False


def test_another_mapping_is_another_version() -> None:
    before = mapping.made_with()
    assert before == mapping.made_with()
    assert before != mapping.digest_of("another")
