"""The pages kept aside say what is true of them, and the judge sees what is wrong."""

from collections import Counter
from dataclasses import replace
from html import unescape
from urllib.parse import unquote, urlsplit

import pytest

from benchmarks.pages import COLUMNS, PAGES, HeldOut, judge, load, table

HELD_OUT = [load(path) for path in sorted(PAGES.glob("*.html"))]


def test_every_kind_has_four_pages() -> None:
    assert len(HELD_OUT) > 80
    assert min(Counter(page.kind for page in HELD_OUT).values()) >= 4


@pytest.mark.parametrize("page", HELD_OUT, ids=lambda page: page.name)
def test_what_is_true_of_a_page_stands_on_it(page: HeldOut) -> None:
    html = unquote(unescape(page.html))
    for address in (*(item.url for item in page.items), *page.decoys, *(page.next_pages or ())):
        parts = urlsplit(address)
        last = unquote(parts.query or parts.path.rstrip("/").rpartition("/")[2])
        assert last in html, address


def test_the_judge_sees_a_lost_file_a_wrong_child_and_a_wrong_date() -> None:
    page = next(page for page in HELD_OUT if page.name == "date_words")
    first, *others = page.items
    wrong = replace(first, labels=("Child Nobody",), date="1999")
    lost = replace(first, url="https://www.skerrowdale-scp.example/nowhere.pdf")
    score = judge(replace(page, items=(wrong, lost, *others)))
    judged = {what: (score.right[what], score.tried[what]) for what in ("recall", "label", "date")}
    assert judged == {"recall": (4, 5), "label": (3, 4), "date": (3, 4)}
    assert score.right["pages"] == 0


def test_the_judge_sees_files_of_two_children_under_one_key() -> None:
    page = next(page for page in HELD_OUT if page.name == "accordion_details")
    score = judge(replace(page, items=tuple(replace(i, group=i.url) for i in page.items)))
    assert (score.right["group"], score.tried["group"]) == (1, 3)


def test_the_table_has_a_row_a_kind() -> None:
    head, row = table({"tabs": judge(HELD_OUT[0])})
    assert head.split() == ["kind", *COLUMNS]
    assert row.startswith("tabs")
