"""What derived.db and record.db hold of records: read as earlier versions wrote it, and written the same."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping

from casereviews.repository.describing.grouping import GroupingInput
from casereviews.repository.model import (
    Description,
    Fact,
    Heading,
    Page,
    Recommendation,
    Section,
    Sighting,
)
from casereviews.repository.record import packing
from casereviews.repository.record.sightings import payload_of, sighting_from


def packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


PAGES = {
    '{"headings":[{"level":1,"start":0,"text":"Môn"}],"label":"i","language":"cy","method":"ocr","number":2,'
    '"confidence":0.5,"raw":"Môn 2","status":"ok","text":"Môn"}': Page(
        2, "Môn", "i", "Môn 2", "ocr", "ok", 0.5, "cy", (Heading(0, "Môn", 1),)
    ),
    '{"method":"native","number":1,"status":"needs_ocr"}': Page(1, "", status="needs_ocr"),
    '{"method":"native","number":1,"status":"ok","text":"half \ud800 a character"}': Page(
        1, "half \ud800 a character"
    ),
}
DESCRIPTION = (
    '{"facts":[{"confidence":1,"evidence":"","field":"outcome","origin":"title","page":null,"raw":"died","rule":"","standing":"","value":"death","weight":""}],'
    '"recommendations":[{"addressee":null,"number":"3.2","page":7,"text":"Ask."}],'
    '"sections":[{"end":9,"end_page":2,"kind":"summary","start":0,"start_page":1,"title":"Summary"}]}'
)
DESCRIBED = Description(
    (Fact("outcome", "death", "died", "title", 1.0),),
    (Section("summary", "Summary", 1, 0, 2, 9),),
    (Recommendation("3.2", "Ask.", None, 7),),
)


def test_pages_come_back_as_they_were_written_halves_of_characters_too() -> None:
    for text, page in PAGES.items():
        assert packing.unpack_page(packed(text)) == page
        assert json.loads(zlib.decompress(packing.pack_page(page)).decode("utf-8", "surrogatepass")) == json.loads(text)  # fmt: skip


def test_a_description_comes_back_and_one_of_before_that_knew_no_standing_is_read() -> None:
    before = DESCRIPTION.replace('"standing":"",', "").replace(',"weight":""', "")
    assert packing.unpack(packed(DESCRIPTION), Description) == DESCRIBED
    assert packing.unpack(packed(before), Description) == DESCRIBED
    assert json.loads(zlib.decompress(packing.pack(DESCRIBED))) == json.loads(DESCRIPTION)


def test_fields_and_what_grouping_needs_keep_their_tuples() -> None:
    fields: Mapping[str, object] = {"title": "Child A", "year": 2021, "themes": ("neglect", "sudi")}
    kind = dict[str, str | int | tuple[str, ...]]
    assert packing.unpack(packing.pack(fields), kind) == fields
    one = GroupingInput("d1", "a", keys=("a card 1",), sketch=(3, 2**40), not_a_review=True)
    assert packing.unpack(packing.pack(one), GroupingInput) == one


def test_a_saying_has_the_text_that_its_digest_was_made_of() -> None:
    seen = Sighting("a", "https://a.example/", None, dates=("May 2020",), extra={"b": "Môn"})
    text = (
        '{"anonymous": false, "card_text": "", "dates": ["May 2020"], "detail_url": null, "edition": null, "extra": '
        '{"b": "Môn"}, "file_url": null, "group": null, "headings": [], "kind": "file", "link_text": "", "listing_url": '
        '"https://a.example/", "source_id": "a", "status_words": []}'
    )
    assert payload_of(seen) == text
    assert sighting_from(text) == seen
