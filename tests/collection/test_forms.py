"""Every form reads back, by its format's own library, as what went in."""

import csv
import dataclasses
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import bibtexparser
import feedparser
import pytest
import rispy

from casereviews.collection.output import RECORDS, ROWS, Answer, Column, forms, in_words
from casereviews.collection.output.citations import page_citation
from casereviews.collection.output.forms import atom, bibtex, jsonl, markdown, ris
from casereviews.collection.output.forms import csv as csv_form
from casereviews.collection.output.forms import json as json_form
from casereviews.collection.output.hostile import (
    for_cell,
    for_json,
    for_line,
    for_snippet,
    for_terminal,
)
from casereviews.repository.fields import PUBLISHED_AS
from casereviews.repository.vocabulary import PACKAGED, Theme, Vocabulary
from casereviews.search_cli.output import FORMS, table

CODED = ("review_type", "themes", "age_bands", "plan_status", "outcome", "trouble")
HIT = {
    "rank": 1,
    "review_id": "wychmere-7k3f9q",
    "document_id": "d1",
    "title": 'Child K & "the quiet house": Overview Report {final} 100%',
    "subjects": ["Child K"],
    "review_type": "lcspr",
    "role": "overview_report",
    "publisher": "Wychmere Safeguarding Children Partnership",
    "nation": "England",
    "areas": ["Wychmere"],
    "published": "2021-03",
    "precision": "month",
    "themes": ["harm_neglect"],
    "language": "en",
    "availability": "removed",
    "landing_url": "http://wychmere.casereviews.test/child-k",
    "file_url": "http://wychmere.casereviews.test/child_k~1.pdf",
    "pages": [{"page": 12, "label": "11", "snippet": "was not brought", "matches": [[0, 3]]}],
    "at": "2026-03-01T02:00:00Z",
    "kind": "new",
    "summary": "new (Wychmere)",
}
ANSWER = Answer(
    payload={"hits": [HIT]},
    columns=(
        Column("review_id", "Review"),
        Column("title", "Title"),
        Column("areas", "Areas", wide=True),
    ),
    rows=[HIT],
    records=[HIT],
    title="News",
    accessed="2026-03-02",
)


def text_of(form, answer=ANSWER):
    return "\n".join(form.render(answer))


def test_ris_reads_back_with_key_body_date_pages_and_access_date():
    (entry,) = rispy.loads(text_of(ris).replace("\r\n", "\n"))
    assert entry["type_of_reference"] == "RPRT"
    assert entry["id"] == "wychmere-7k3f9q"
    assert entry["title"] == HIT["title"]
    assert [name.rstrip(",") for name in entry["authors"]] == [HIT["publisher"]]
    assert entry["year"] == "2021"
    assert entry["date"] == "2021/03//"
    assert entry["access_date"] == "2026/03/02/"
    assert entry["urls"] == [HIT["landing_url"]]
    assert entry["file_attachments1"] == HIT["file_url"]
    assert entry["keywords"] == ["Child K", "Wychmere", "Neglect"]
    assert entry["notes"] == [
        "casereviews:wychmere-7k3f9q",
        "p. 11 (file page 12)",
        "Availability: removed.",
    ]


def test_bibtex_reads_back_and_latex_characters_are_escaped():
    database = bibtexparser.parse_string(text_of(bibtex))
    (entry,) = database.entries
    assert not database.failed_blocks
    assert entry["ENTRYTYPE"] == "techreport"
    assert entry["ID"] == "wychmere-7k3f9q"
    assert entry[
        "title"
    ] == r"{Child K \& \"the quiet house\": Overview Report \{final\} 100\%}".replace(r"\"", '"')
    assert entry["institution"] == f"{{{HIT['publisher']}}}"
    assert entry["year"] == "2021"
    assert entry["month"] in ("mar", "March")
    assert entry["urldate"] == "2026-03-02"
    assert entry["url"] == HIT["landing_url"]
    assert entry["note"].startswith("p. 11 (file page 12)")


def test_csv_opens_as_utf8_and_no_cell_is_a_formula():
    hostile = {
        "review_id": "=HYPERLINK(1)",
        "title": '@cmd, \x1b[2Jwith "quotes"',
        "areas": ["-1", "b"],
    }
    text = text_of(csv_form, Answer(payload=None, columns=ANSWER.columns, rows=[hostile]))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert rows == [
        ["review_id", "title", "areas"],
        ["'=HYPERLINK(1)", '\'@cmd, [2Jwith "quotes"', "'-1; b"],
    ]


def test_csv_headings_that_are_values_are_no_formulas_and_what_was_accessed_is_a_column():
    columns = (Column("type", "Type"), Column("=1+1", "=1+1"))
    answer = Answer(
        payload=None,
        columns=columns,
        rows=[{"type": "scr", "=1+1": 2}],
        accessed="2026-03-02",
        caution="Counts, with a comma",
    )
    rows = list(csv.reader(io.StringIO(text_of(csv_form, answer).removeprefix("\ufeff"))))
    assert rows == [
        ["type", "'=1+1", "accessed", "caution"],
        ["scr", "2", "2026-03-02", "Counts, with a comma"],
    ]


def test_headings_from_the_web_break_neither_markdown_nor_a_table():
    columns = (Column("a", "A|B"), Column("b", "[bold]x\x1b[2J"))
    answer = Answer(payload=None, columns=columns, rows=[{"a": 1, "b": 2}], title="[red]t")
    assert text_of(markdown, answer).splitlines()[2] == r"| A\|B | \[bold\]x\[2J |"
    lines = text_of(table, answer).splitlines()
    assert lines[0] == "[red]t"
    assert lines[1].split() == ["A|B", "[bold]x[2J"]


def test_an_address_stays_a_link_in_markdown():
    columns = (Column("url", "File"), Column("title", "Title"))
    row = {"url": "http://a.test/child_q|1.pdf", "title": "AT&amp;T ~~x~~ & y"}
    answer = Answer(payload=None, columns=columns, rows=[row], accessed="2026-03-02")
    lines = text_of(markdown, answer).splitlines()
    assert lines[2] == r"| <http://a.test/child_q%7C1.pdf> | AT\&amp;T \~\~x\~\~ & y |"
    assert lines[-1] == "Accessed 2026-03-02."


def test_ris_lines_all_end_alike_and_the_kind_is_in_words():
    text = "".join(ris.render(dataclasses.replace(ANSWER, records=[HIT, HIT])))
    assert "\n" not in text.replace("\r\n", "")
    assert text.count("ER  - \r\n\r\n") == 2
    assert "M3  - Local Child Safeguarding Practice Review\r\n" in text


def test_bibtex_survives_braces_that_do_not_pair_and_keywords_with_commas():
    hit = {
        **HIT,
        "review_id": "wychmere-5d2k8m",
        "title": "Child {A } } and back",
        "themes": ["practice_thresholds", "mine"],
        "review_type": "scr|thematic_review",
    }
    text = text_of(bibtex, dataclasses.replace(ANSWER, records=[hit, HIT]))
    first, second = bibtexparser.parse_string(text).entries
    assert second["ID"] == HIT["review_id"]
    assert r"Child \textbraceleft{}A \textbraceright{} \textbraceright{} and back" in first["title"]
    assert first["keywords"].split(", ") == [
        "Child K",
        "Wychmere",
        "Thresholds / referrals and step-down",
        "mine",
    ]
    assert first["type"] == "Serious Case Review, Thematic review"
    depth = 0
    for letter in text.partition("\n\n@")[0]:
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0
    assert depth == 0


def test_labels_with_commas_slashes_and_semicolons_stay_one_keyword_each():
    own = Theme("child_odd", "child_factor", "Dogs; cats/pets, all \\ any", ("odd",))
    record = {**HIT, "themes": ["family_housing_poverty", "practice_thresholds", "child_odd"]}
    answer = dataclasses.replace(
        ANSWER, records=[record], vocabulary=Vocabulary((*PACKAGED.themes, own))
    )
    (reference,) = rispy.loads(text_of(ris, answer).replace("\r\n", "\n"))
    told = [word for line in reference["keywords"] for word in re.split(r"[;\\]", line)]
    assert told == [
        "Child K",
        "Wychmere",
        "Housing, homelessness and poverty",
        "Thresholds, referrals and step-down",
        "Dogs / cats/pets, all / any",
    ]
    (entry,) = bibtexparser.parse_string(text_of(bibtex, answer)).entries
    assert re.split(r"\s*[,;]\s*", entry["keywords"]) == [
        "Child K",
        "Wychmere",
        "Housing / homelessness and poverty",
        "Thresholds / referrals and step-down",
        r"Dogs / cats/pets / all \textbackslash{} any",
    ]


def test_where_people_read_a_column_has_labels_and_csv_has_codes():
    columns = (
        Column("review_id", "Review"),
        *(Column(key, key, words=in_words(PUBLISHED_AS[key], key)) for key in CODED),
    )
    row = {
        "review_id": "a-1",
        "review_type": "scr|thematic_review",
        "themes": ["harm_neglect", "practice_good"],
        "age_bands": ["1_5"],
        "plan_status": ["child_in_need"],
        "outcome": None,
        "trouble": "http_404",
        "trouble_host": "docs.test",
    }
    answer = Answer(payload=None, columns=columns, rows=[row])
    read = [
        "a-1",
        "Serious Case Review, Thematic review",
        "Neglect; Good practice noted",
        "1–5",
        "child in need",
        "",
        "docs.test answers with status 404",
    ]
    assert text_of(markdown, answer).splitlines()[-1] == f"| {' | '.join(read)} |"
    line = text_of(table, answer).splitlines()[-1]
    assert [cell for cell in re.split(r" {2,}", line) if cell] == [one for one in read if one]
    (codes,) = list(csv.reader(io.StringIO(text_of(csv_form, answer).removeprefix("\ufeff"))))[1:]
    assert codes == [
        "a-1",
        "scr|thematic_review",
        "harm_neglect; practice_good",
        "1_5",
        "child_in_need",
        "",
        "http_404",
    ]


def test_a_feed_names_what_happened_by_its_code_and_in_words():
    feed = feedparser.parse(
        text_of(atom, dataclasses.replace(ANSWER, records=[{**HIT, "kind": "file_arrived"}]))
    )
    (tag,) = feed.entries[0].tags
    assert (tag.term, tag.label) == ("file_arrived", "file arrived")


def test_a_page_of_another_document_names_it():
    assert page_citation({"page": 3, "label": "2", "of": "Child K:\nbriefing"}) == (
        "p. 2 (file page 3) of Child K: briefing"
    )


def test_a_feed_survives_what_no_xml_may_hold_and_its_ids_outlive_a_hold():
    hostile = {
        **HIT,
        "title": "a\x00\ufffe\x0b<b>\u202e",
        "landing_url": "http://a.test/\x01x",
        "publisher": "P\x08",
    }
    feed = feedparser.parse(text_of(atom, dataclasses.replace(ANSWER, records=[hostile])))
    assert not feed.bozo
    assert feed.entries[0].link == "http://a.test/x"
    event = {**HIT, "id": 7}
    shown, hidden, other = (
        feedparser.parse(text_of(atom, dataclasses.replace(ANSWER, records=[one]))).entries[0]
        for one in (event, {**event, "review_id": None, "title": "(not shown)"}, {**event, "id": 8})
    )
    assert (shown.id == hidden.id, shown.id == other.id) == (True, False)
    again = {**HIT, "document_id": "d2", "at": "2026-04-01T02:00:00Z"}
    first, later = (
        feedparser.parse(text_of(atom, dataclasses.replace(ANSWER, records=[one]))).entries[0]
        for one in (HIT, again)
    )
    assert first.id == later.id


def test_json_and_json_lines_hold_the_contract():
    assert json.loads(text_of(json_form)) == {"hits": [HIT]}
    assert [json.loads(line) for line in jsonl.render(ANSWER)] == [HIT]


def test_markdown_cells_cannot_break_the_table():
    row = {"review_id": "a|b", "title": "line\nbreak <script> [x](y)", "areas": []}
    lines = text_of(markdown, Answer(payload=None, columns=ANSWER.columns, rows=[row])).splitlines()
    assert lines[0] == "| Review | Title | Areas |"
    assert lines[2] == r"| a\|b | line break \<script\> \[x\](y) |  |"


def test_atom_is_a_feed_with_stable_ids():
    feed = feedparser.parse(text_of(atom))
    assert not feed.bozo
    assert feed.feed.title == "News"
    (entry,) = feed.entries
    assert entry.title == HIT["title"]
    assert entry.link == HIT["landing_url"]
    assert entry.updated == HIT["at"]
    assert entry.id == feedparser.parse(text_of(atom)).entries[0].id


def test_a_table_shows_narrow_columns_and_no_control_characters():
    row = {"review_id": "a", "title": "red\x1b[31m\u202eevil", "areas": ["x"]}
    text = text_of(table, Answer(payload=None, columns=ANSWER.columns, rows=[row]))
    assert "Areas" not in text
    assert "red[31mevil" in text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "yes"),
        (-3, "-3"),
        ("-3", "'-3"),
        ("\u200b=1", "'=1"),
        ("＝1", "'＝1"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\t=1", "'\t=1"),
        (["a", None, "b"], "a; ; b"),
    ],
)
def test_cells(value, cell):
    assert for_cell(value) == cell


def test_hostile_text_keeps_its_length_only_as_a_snippet():
    text = "a\x07b\u202ec\nd"
    assert for_terminal(text) == "abc\nd"
    assert for_line(text) == "abc d"
    assert for_line("a\x0cb\rc\x85d \x07 e") == "a b c d e"
    assert for_terminal("\u061ca\ufffe") == "a"
    assert for_snippet(text) == "a b c d"
    assert len(for_snippet(text)) == len(text)


def test_forms_are_found_by_themselves_and_sorted_by_what_they_say_of_themselves():
    modules = {one.stem for one in Path(forms.__path__[0]).glob("*.py")} - {"__init__"}
    assert set(FORMS) == {name.replace("_", "-") for name in modules} | {"table"}
    ours = {
        "atom": ("", False, False),
        "bibtex": ("records", True, True),
        "csv": ("rows", True, True),
        "json": ("rows", False, False),
        "jsonl": ("records", True, False),
        "markdown": ("rows", True, True),
        "ris": ("records", True, True),
        "table": ("", False, False),
    }
    said = {name: (form.of, form.streamed, form.cites) for name, form in FORMS.items()}
    assert {name: said[name] for name in ours} == ours
    assert tuple(name for name in RECORDS if name in ours) == ("bibtex", "csv", "json", "jsonl", "markdown", "ris")  # fmt: skip
    assert tuple(name for name in ROWS if name in ours) == ("csv", "json", "markdown")


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_a_form_as_a_file_ends_with_its_last_line(form):
    text = form.text(ANSWER)
    assert text.endswith("\n")
    assert not text.endswith("\n\n") or form.name == "bibtex"


def test_finding_the_forms_loads_nothing_heavy():
    code = (
        "import sys, casereviews.search_cli.output\n"
        "print(sorted({'xml.etree.ElementTree', 'uuid', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


UNSEEN = "\x9b\u202e\u2066\u061c\u200e\u200f\u2028\u2029\u115f\u3164\ufff9\ud800\U000e0041\U000e0101\x7f\x85"


@pytest.mark.parametrize("sign", UNSEEN)
@pytest.mark.parametrize("form", [json_form, jsonl])
def test_json_says_what_nobody_sees_as_escapes_and_reads_back_as_it_was(form, sign):
    record = {**HIT, "title": f"Child{sign}A"}
    answer = dataclasses.replace(ANSWER, payload={"hits": [record]}, records=[record])
    text = text_of(form, answer)
    assert sign not in text
    assert f"\\u{sign.encode('utf-16-be', 'surrogatepass').hex()[:4]}" in text
    told = json.loads(text) if form is jsonl else json.loads(text)["hits"][0]
    assert told["title"].encode("utf-16", "surrogatepass") == record["title"].encode(
        "utf-16", "surrogatepass"
    )


@pytest.mark.parametrize("sign", UNSEEN)
@pytest.mark.parametrize("form", [csv_form, markdown, ris, bibtex, atom, table])
def test_what_nobody_sees_is_in_no_other_form(form, sign):
    record = {**HIT, "title": f"Child{sign}A", "publisher": f"Trust{sign}", "summary": sign}
    text = text_of(form, dataclasses.replace(ANSWER, rows=[record], records=[record]))
    assert sign not in text


@pytest.mark.parametrize("lead", [" ", "  ", "\u00a0", "\n", "\u200b", "\u3164 "])
def test_a_formula_behind_blanks_is_none(lead):
    assert for_cell(f"{lead}=1+1").startswith("'")


def test_json_that_holds_nothing_unseen_is_left_as_it_is():
    assert for_json('{"a": "café 👩\u200d👧\\n"}') == '{"a": "café 👩\u200d👧\\n"}'
