"""What leaves for reference managers, screening tools and a review's paper; abstracts, addresses, the flow."""

import dataclasses
import json
from itertools import pairwise
from xml.etree import ElementTree

import bibtexparser
import pytest
import rispy

from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.mark_files import marks_of_file
from casereviews.collection.keeping.marks import Mark
from casereviews.collection.keeping.prisma import Identified, Screened, flow_of
from casereviews.collection.output import Answer, abstracts
from casereviews.collection.output.abstracts import LONGEST, abstract_of
from casereviews.collection.output.citations import cited
from casereviews.collection.output.flow_diagram import WORDS, FlowBox, flow_svg
from casereviews.collection.output.forms import bibtex, csl_json, endnote_xml, ris
from casereviews.collection.output.withholding import exported
from casereviews.repository.model import Fact, Page, Section
from casereviews.repository.published_documents import Review, ReviewDocument

RECORD = {
    "review_id": "pear-vale-7k3f9q",
    "title": "Child K & the quiet house",
    "publisher": "Pear Vale and Barnmoor Partnership, North",
    "published": "2021-03-17",
    "review_type": "lcspr",
    "subjects": ["Child K"],
    "central_themes": ["harm_neglect"],
    "themes": ["practice_good", "harm_neglect"],
    "landing_url": "http://pear-vale.test/reviews",
    "file_url": "http://pear-vale.test/get/k",
    "media_type": "application/pdf",
    "availability": "available",
    "abstract": 'Child K was two. "Nobody asked" was said; 100% of it. (p. 3)',
    "language": "en",
}


def answer(*records):
    return Answer(payload=None, records=records, accessed="2026-03-02")


def text_of(form, *records):
    end = "" if form.FORM.ends_lines else "\n"
    return "".join(piece + end for piece in form.render(answer(*records)))


def test_ris_has_abstract_own_address_whole_date_key_and_a_file_that_is_no_page():
    (entry,) = rispy.loads(text_of(ris, RECORD).replace("\r\n", "\n"))
    assert entry["abstract"] == RECORD["abstract"]
    assert entry["urls"] == [RECORD["file_url"], RECORD["landing_url"]]
    assert entry["file_attachments1"] == RECORD["file_url"]
    assert entry["date"] == "2021/03/17/"
    assert entry["accession_number"] == RECORD["review_id"]
    assert entry["keywords"] == ["Child K", "Neglect", "Good practice noted"]
    assert entry["notes"] == ["casereviews:pear-vale-7k3f9q"]


@pytest.mark.parametrize(
    ("change", "url", "attachment"),
    [
        ({"media_type": "text/html"}, "http://pear-vale.test/get/k", ""),
        ({"media_type": None}, "http://pear-vale.test/get/k", ""),
        (
            {"media_type": None, "file_url": "http://a.test/k.PDF?v=2"},
            "http://a.test/k.PDF?v=2",
            "http://a.test/k.PDF?v=2",
        ),
        ({"file_url": None}, "http://pear-vale.test/reviews", ""),
        (
            {"availability": "not_had"},
            "http://pear-vale.test/reviews",
            "http://pear-vale.test/get/k",
        ),
        (
            {"landing_url": None, "availability": "removed"},
            "http://pear-vale.test/get/k",
            "http://pear-vale.test/get/k",
        ),
    ],
)
def test_the_address_is_the_reports_own_and_a_page_is_no_attachment(change, url, attachment):
    found = cited({**RECORD, **change}, "")
    assert (found.url, found.attachment) == (url, attachment)


def test_bibtex_keeps_a_body_whole_and_has_day_and_abstract():
    (entry,) = bibtexparser.parse_string(text_of(bibtex, RECORD)).entries
    assert entry["institution"] == "{Pear Vale and Barnmoor Partnership, North}"
    assert (entry["year"], entry["date"]) == ("2021", "2021-03-17")
    assert entry["abstract"].startswith("Child K was two.")
    assert r"100\%" in entry["abstract"]
    assert entry["url"] == RECORD["file_url"]
    (month,) = bibtexparser.parse_string(
        text_of(bibtex, {**RECORD, "published": "2021-03"})
    ).entries
    assert "date" not in month


@pytest.mark.parametrize("number", [0, 1, 2])
def test_csl_json_is_one_list_of_reports(number):
    items = json.loads(text_of(csl_json, *[RECORD] * number))
    assert len(items) == number
    for item in items:
        assert item["type"] == "report"
        assert item["author"] == [{"literal": RECORD["publisher"]}]
        assert item["issued"] == {"date-parts": [[2021, 3, 17]]}
        assert item["accessed"] == {"date-parts": [[2026, 3, 2]]}
        assert item["URL"] == RECORD["file_url"]
        assert item["abstract"] == RECORD["abstract"]
        assert item["id"] == RECORD["review_id"]


def test_endnote_xml_is_a_report_with_body_key_abstract_and_addresses():
    hostile = {**RECORD, "title": "a<b>\x00&\ufffe c"}
    root = ElementTree.fromstring(text_of(endnote_xml, RECORD, hostile).encode())
    first, second = root.findall("records/record")
    assert (first.find("ref-type").text, first.find("ref-type").get("name")) == ("27", "Report")
    assert first.findtext("contributors/authors/author") == (
        "Pear Vale and Barnmoor Partnership North,"
    )
    assert first.findtext("accession-num") == RECORD["review_id"]
    assert first.findtext("abstract") == RECORD["abstract"]
    assert first.findtext("dates/pub-dates/date") == "2021-03-17"
    assert [one.text for one in first.iter("url")] == [
        RECORD["file_url"],
        RECORD["landing_url"],
        RECORD["file_url"],
    ]
    assert [one.text for one in first.iter("keyword")][1] == "Neglect"
    assert second.findtext("titles/title") == "a<b>& c"


# ---------------------------------------------------------------- abstracts

PAGES = (
    Page(
        number=3,
        label="1",
        text="Contents\n\nSummary\n\nChild K, Robin Example, was two years old. Robin's aunt had asked for help.",
    ),
    Page(
        number=4,
        label="2",
        text="1.2 Nobody came to see him in the winter. The end",
    ),
)
SUMMARY = Section("summary", "Summary", 3, PAGES[0].text.index("Summary"), 4, len(PAGES[1].text))


def test_an_abstract_is_the_reports_own_whole_sentences_with_their_page():
    assert abstract_of([SUMMARY], PAGES) == (
        "Child K, Robin Example, was two years old. Robin's aunt had asked for help. "
        "Nobody came to see him in the winter. (p. 1 (file page 3))"
    )


def test_a_withheld_name_is_withheld_in_the_abstract_each_word_of_it():
    told = abstract_of([SUMMARY], PAGES, ["Robin Example"])
    assert "Robin" not in told
    assert "Example" not in told
    assert told.count("[name withheld]") == 2


@pytest.mark.parametrize(
    ("kind", "record", "withheld"),
    [
        ("real_name", {"subjects": []}, ("Robin Example",)),
        ("real_name", {"subjects": ["Robin Example"]}, ()),
        (
            "real_name",
            {"subjects": ["Robin Example"], "subjects_withheld": True},
            ("Robin Example",),
        ),
        ("letter", {"subjects": []}, ()),
    ],
)
def test_whose_name_is_left_out_of_a_record_is_left_out_of_its_abstract(
    monkeypatch, kind, record, withheld
):
    seen = []
    monkeypatch.setattr(abstracts, "_abstract", lambda _h, _r, names, _l: seen.append(names) or "")
    document = ReviewDocument(
        "d", "T", None, None, None, None, None, None, "text/html", 1, None, None, "crawl", "", 1
    )
    review = Review("a-1", (), {"label_kind": kind, "subjects": ("Robin Example",)}, (document,))
    told = abstracts._told(None, {"review_id": "a-1", **record}, review, ())
    assert seen == [withheld]
    assert told["media_type"] == "text/html"


def test_each_word_of_a_withheld_name_is_left_out_of_what_is_exported():
    """Not the whole name alone: its first name says whose child it is."""
    fact = Fact("narrative", "Robin's day", "Robin", "text", 0.9, 2, "Robin was seen at nursery.")
    address = "http://pear-vale.test/files/robin-2021.pdf"
    document = ReviewDocument(
        "d", "Robin's story", address, None, None, None, None, None, "application/pdf", 3, "ok", None, "crawl", "", 1,
        facts=(fact,),
    )  # fmt: skip
    fields = {
        "label_kind": "real_name", "subjects": ("Robin Example",), "title": "Robin's story", "file_url": address,
        "landing_url": "http://pear-vale.test/reviews", "publisher": "Robin Hood Bay Partnership",
    }  # fmt: skip
    review = Review("a-1", (), fields, (document,))
    kept = json.dumps(exported(review, abstract=False, names=True).to_json())
    told = json.dumps(exported(review, abstract=False, names=False).to_json())
    assert kept.lower().count("robin") > 6
    assert told.lower().count("robin") == told.count("Robin Hood Bay Partnership") == 1
    assert "http://pear-vale.test/reviews" in told


def test_an_abstract_is_bounded_and_of_the_summary_before_the_facts():
    long = Page(number=1, label=None, text="Nobody asked the child what it wanted. " * 100)
    told = abstract_of([Section("summary", "", 1, 0, 1, len(long.text))], [long])
    assert len(told) <= LONGEST + 20
    assert told.endswith("wanted. (p. 1)")
    facts = Section("facts", "", 4, 0, 4, len(PAGES[1].text))
    assert abstract_of([facts, SUMMARY], PAGES) == abstract_of([SUMMARY], PAGES)
    other = Section("appendix", "", 4, 0, 4, 40)
    assert abstract_of([other], PAGES) == ""


# ---------------------------------------------------------------- the flow

SCREENED = (
    Screened("a", full="include"),
    Screened("b", full="exclude", full_reason="no infant"),
    Screened("c", title="exclude", title_reason="no child"),
    Screened("d", title="include"),
    Screened("e", title="include"),
    Screened("f", title="conflict"),
    Screened("g", title="include", full="maybe"),
    Screened("h", title="exclude", full="include"),
)


def totals(boxes):
    found = {}
    for one in boxes:
        if not one.reason or one.box == "excluded":
            found[one.box] = found.get(one.box, 0) + one.count
    return found


def test_every_box_of_the_flow_follows_from_the_one_above():
    searches = [
        Identified("search 1: neglect", 4, frozenset("abcx")),
        Identified("search 2: infant", 3, frozenset("bcd")),
    ]
    found = totals(flow_of(SCREENED, {"e", "a"}, searches))
    assert found == {
        "identified": 7,
        "duplicates": 2,
        "unscreened": 1,
        "identified_otherwise": 4,
        "screened": 8,
        "screened_out": 1,
        "sought": 6,
        "not_retrieved": 1,
        "assessed": 5,
        "excluded": 1,
        "undecided": 3,
        "included": 2,
    }
    assert set(found) == set(WORDS)


def test_a_log_of_before_gives_no_count_of_duplicates():
    found = totals(
        flow_of(SCREENED, (), [Identified("1", 4), Identified("2", 3, frozenset("abc"))])
    )
    assert found["identified"] == 7
    assert "duplicates" not in found


def test_the_diagram_is_xml_with_every_number_and_hostile_reasons_are_words():
    boxes = [*flow_of(SCREENED, {"e"}, [Identified("s", 4, frozenset("abcx"))])]
    boxes.append(FlowBox("excluded", "<script>&\x00 " + "long reason " * 40, 12_345))
    drawn = flow_svg(boxes, said="a & b")
    root = ElementTree.fromstring(drawn)
    told = " ".join(
        "".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")
    )
    assert "Records screened (n = 8)" in told
    assert "Reviews included (n = 2)" in told
    assert "no infant (n = 1)" in told
    assert "<script>&" in told
    assert "(n = 12,345)" in told
    assert told.index("readers differ on title") < told.index("Reports sought")
    height = float(root.get("height"))
    boxes_drawn = list(root.iter("{http://www.w3.org/2000/svg}rect"))[1:]
    assert all(float(one.get("y")) + float(one.get("height")) <= height for one in boxes_drawn)
    by_side = {}
    for one in boxes_drawn:
        by_side.setdefault(one.get("x"), []).append((float(one.get("y")), float(one.get("height"))))
    for side in by_side.values():
        for (y, size), (next_y, _) in pairwise(side):
            assert y + size <= next_y


# ---------------------------------------------------------------- files of marks

LIKE = Mark("", "include", note="pilot", reader="Ash")


@pytest.mark.parametrize(
    "text",
    [
        "pear-1\n# a remark\nbarn-2\n",
        "\ufeffreview_id;title\r\npear-1;x\r\nbarn-2;y\r\n",
        "TY  - RPRT\r\nID  - other\r\nAN  - pear-1\r\nER  - \r\n\r\nTY  - RPRT\r\nID  - barn-2\r\nER  - \r\n",
        '{"review_id": "pear-1"}\n{"review_id": "barn-2"}\n',
        '{"hits": [{"review_id": "pear-1"}, {"review_id": "barn-2"}]}',
        '[{"review_id": "pear-1"}, {"review_id": "barn-2"}]',
    ],
)
def test_every_file_that_names_reviews_marks_them_all_alike(text):
    found = marks_of_file(text, "f", LIKE)
    assert found.marks == tuple(
        dataclasses.replace(LIKE, review_id=one) for one in ("pear-1", "barn-2")
    )


def test_rows_say_their_own_decision_the_last_counts_and_those_without_are_counted():
    text = (
        "review_id,decision,reason,stage,reader\n"
        "a,include,,,\nb,exclude,no infant,full_text,Ben\na,exclude,adult,,\nc,,,,\nd,maybe,,,\nd,clear,,,\n"
    )
    found = marks_of_file(text, "f", Mark("", "", stage="", reader=""))
    assert [(m.review_id, m.decision, m.reason, m.stage, m.reader) for m in found.marks] == [
        ("a", "exclude", "adult", "", ""),
        ("b", "exclude", "no infant", "full_text", "Ben"),
    ]
    assert found.undecided == 1


@pytest.mark.parametrize("column", ["included", "asreview_label"])
def test_asreviews_labels_are_decisions_on_title_and_abstract(column):
    found = marks_of_file(f"review_id,{column}\na,1\nb,0\nc,\n", "f", Mark("", ""))
    assert [(m.review_id, m.decision, m.stage) for m in found.marks] == [
        ("a", "include", "title_abstract"),
        ("b", "exclude", "title_abstract"),
    ]
    assert found.undecided == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no review"),
        ("not an id here\n", "line 1"),
        ('{"title": "x"}', "record 1"),
        ('{"review_id": "a"}\n{broken\n', "line 2"),
        ("TY  - RPRT\nER  - \n", "neither AN nor ID"),
        ("review_id,title\n,x\n", "line 2"),
    ],
)
def test_a_file_that_names_no_review_is_refused_with_its_line(text, said):
    with pytest.raises(RequestError, match=said):
        marks_of_file(text, "f", LIKE)


def test_a_file_without_any_decision_says_what_to_type():
    with pytest.raises(RequestError, match="mark include --from f"):
        marks_of_file("a\nb\n", "f", Mark("", ""))
