"""Whose a file is: every structure that pages are made of, with the heading that each file stands under and the files of one review.

Truth is what a person reads off the page in a browser. `A1: "Ash"` says that file A1 stands under the heading "Ash"; files of one
letter are of one review, those of different letters are not.
"""

from __future__ import annotations

import pytest

from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources import Source

URL = "https://www.pearvale.test/reviews/"
SOURCE = Source("pear-vale", "Pear Vale", "England", "listing", (URL,), ("www.pearvale.test",))


def read(body: str, role: str | None = None) -> Parsed:
    html = f"<!doctype html><title>Reviews</title><body>{body}</body>"
    return parse_listing(html, URL, SOURCE, link=Link(URL, role) if role else None)


def main(body: str) -> str:
    return f"<main><h1>Published reviews</h1>{body}</main>"


def file(name: str, words: str = "Overview report") -> str:
    return f'<a href="/f/{name}.pdf">{words}</a>'


def files(*names: str) -> str:
    words = ["Overview report", "7 minute briefing", "Action plan"]
    return "".join(f"<p>{file(*pair)}</p>" for pair in zip(names, words, strict=False))


A, B, C = files("A1", "A2"), files("B1", "B2"), files("C1")
ASH, BIRCH = "Child Ash – May 2022", "Child Birch – June 2023"
TWO = {"A1": ASH, "A2": ASH, "B1": BIRCH, "B2": BIRCH}
THREE = {**TWO, "C1": "Cedar"}

TABS = {
    "aria_tabs": (
        f'<div role="tablist"><button role="tab" id="t1" aria-controls="p1">{ASH}</button>'
        f'<button role="tab" id="t2" aria-controls="p2">{BIRCH}</button></div>'
        f'<div role="tabpanel" id="p1" aria-labelledby="t1">{A}</div><div role="tabpanel" id="p2" aria-labelledby="t2">{B}</div>'
    ),
    "panels_stand_before_their_tabs": (
        f'<div id="p2" role="tabpanel">{B}</div><div id="p1" role="tabpanel">{A}</div>'
        f'<p>Choose a review.</p><div role="tablist"><button role="tab" aria-controls="p1">{ASH}</button>'
        f'<button role="tab" aria-controls="p2">{BIRCH}</button></div>'
    ),
    "only_the_panels_say_by_what_they_are_named": (
        f'<ul><li id="n1">{ASH}</li><li id="n2">{BIRCH}</li></ul><h2>Documents</h2>'
        f'<section aria-labelledby="n2">{B}</section><section aria-labelledby="n1">{A}</section>'
    ),
    "panels_in_another_order": (
        f'<ul class="nav nav-tabs"><li><a data-toggle="tab" href="#a">{ASH}</a></li><li><a data-toggle="tab" href="#b">{BIRCH}</a></li></ul>'
        f'<div class="tab-content"><div class="tab-pane" id="b">{B}</div><div class="tab-pane" id="a">{A}</div></div>'
    ),
    "bootstrap_5_in_nav": (
        f'<nav><div class="nav nav-tabs" role="tablist"><button class="nav-link active" data-bs-toggle="tab" data-bs-target="#a">{ASH}</button>'
        f'<button class="nav-link" data-bs-toggle="tab" data-bs-target="#b">{BIRCH}</button></div></nav>'
        f'<div class="tab-content"><div class="tab-pane show active" id="a">{A}</div><div class="tab-pane" id="b">{B}</div></div>'
    ),
    "bootstrap_vertical_pills": (
        f'<div class="row"><div class="col-3"><div class="nav flex-column nav-pills"><a class="nav-link" data-toggle="pill" href="#a">{ASH}</a>'
        f'<a class="nav-link" data-toggle="pill" href="#b">{BIRCH}</a></div></div><div class="col-9"><div class="tab-content">'
        f'<div class="tab-pane" id="a">{A}</div><div class="tab-pane" id="b">{B}</div></div></div></div>'
    ),
    "divi": (
        f'<div class="et_pb_tabs"><ul class="et_pb_tabs_controls"><li class="et_pb_tab_0 et_pb_tab_active"><a href="#">{ASH}</a></li>'
        f'<li class="et_pb_tab_1"><a href="#">{BIRCH}</a></li></ul><div class="et_pb_all_tabs">'
        f'<div class="et_pb_tab et_pb_tab_0 et_pb_active_content"><div class="et_pb_tab_content">{A}</div></div>'
        f'<div class="et_pb_tab et_pb_tab_1"><div class="et_pb_tab_content">{B}</div></div></div></div>'
    ),
    "uikit_switcher": (
        f'<ul uk-tab class="uk-tab"><li><a href="#">{ASH}</a></li><li><a href="#">{BIRCH}</a></li></ul>'
        f'<ul class="uk-switcher"><li>{A}</li><li>{B}</li></ul>'
    ),
    "words_of_a_list_and_boxes": (
        f'<div class="review-tabs"><ul class="tabs"><li class="active">{ASH}</li><li>{BIRCH}</li></ul>'
        f'<div class="panel">{A}</div><div class="panel">{B}</div></div>'
    ),
    "the_same_number_in_another_order": (
        f'<div class="tabs"><div class="tab" data-tab="1">{ASH}</div><div class="tab" data-tab="2">{BIRCH}</div></div>'
        f'<div class="pane" data-tab="2">{B}</div><div class="pane" data-tab="1">{A}</div>'
    ),
    "a_word_of_data_that_is_an_id": (
        f'<ul class="tabs"><li class="tab-link" data-tab="tab-1">{ASH}</li><li class="tab-link" data-tab="tab-2">{BIRCH}</li></ul>'
        f'<div id="tab-2" class="tab-content">{B}</div><div id="tab-1" class="tab-content">{A}</div>'
    ),
    "radio_tabs": (
        f'<div class="tabs"><input type="radio" name="t" id="r1"><label for="r1">{ASH}</label><input type="radio" name="t" id="r2">'
        f'<label for="r2">{BIRCH}</label><div class="tab-panel">{A}</div><div class="tab-panel">{B}</div></div>'
    ),
    "elementor_tabs_with_titles_for_small_screens": (
        f'<div class="elementor-tabs-wrapper" role="tablist"><div id="e1" class="elementor-tab-title" role="tab" aria-controls="c1" aria-expanded="false">{ASH}</div>'
        f'<div id="e2" class="elementor-tab-title" role="tab" aria-controls="c2" aria-expanded="false">{BIRCH}</div></div><div role="tablist">'
        f'<div class="elementor-tab-title elementor-tab-mobile-title" role="tab" aria-controls="c1">{ASH}</div><div id="c1" role="tabpanel" aria-labelledby="e1">{A}</div>'
        f'<div class="elementor-tab-title elementor-tab-mobile-title" role="tab" aria-controls="c2">{BIRCH}</div><div id="c2" role="tabpanel" aria-labelledby="e2">{B}</div></div>'
    ),
    "avada_headings_in_tabs": (
        f'<div class="fusion-tabs"><div class="nav"><ul class="nav-tabs"><li><a class="tab-link" data-toggle="tab" href="#a"><h4>{ASH}</h4></a></li>'
        f'<li><a class="tab-link" data-toggle="tab" href="#b"><h4>{BIRCH}</h4></a></li></ul></div><div class="tab-content">'
        f'<div class="tab-pane" id="a">{A}</div><div class="tab-pane" id="b">{B}</div></div></div>'
    ),
    "wpbakery_titles_twice": (
        f'<div class="vc_tta-tabs-container"><ul class="vc_tta-tabs-list"><li class="vc_tta-tab"><a href="#a1" data-vc-tabs><span>{ASH}</span></a></li>'
        f'<li class="vc_tta-tab"><a href="#b1" data-vc-tabs><span>{BIRCH}</span></a></li></ul></div><div class="vc_tta-panels">'
        f'<div class="vc_tta-panel" id="a1"><div class="vc_tta-panel-heading"><h4 class="vc_tta-panel-title"><a href="#a1"><span>{ASH}</span></a></h4></div><div class="vc_tta-panel-body">{A}</div></div>'
        f'<div class="vc_tta-panel" id="b1"><div class="vc_tta-panel-heading"><h4 class="vc_tta-panel-title"><a href="#b1"><span>{BIRCH}</span></a></h4></div><div class="vc_tta-panel-body">{B}</div></div></div>'
    ),
    "ids_that_an_editor_copied": (
        f'<div class="item"><h3 id="h"><button data-bs-toggle="collapse" data-bs-target="#c" aria-controls="c">{ASH}</button></h3>'
        f'<div id="c" class="collapse" aria-labelledby="h">{A}</div></div><div class="item"><h3 id="h"><button data-bs-toggle="collapse" data-bs-target="#c" '
        f'aria-controls="c">{BIRCH}</button></h3><div id="c" class="collapse" aria-labelledby="h">{B}</div></div>'
    ),
    "panels_that_all_claim_the_first_tab": (
        f'<div role="tablist"><button role="tab" id="t1" aria-controls="p1">{ASH}</button><button role="tab" id="t2" aria-controls="p2">{BIRCH}</button></div>'
        f'<div role="tabpanel" id="p1" aria-labelledby="t1">{A}</div><div role="tabpanel" id="p2" aria-labelledby="t1">{B}</div>'
    ),
    "headings_of_papers_in_panels": (
        f'<ul class="tabs"><li><a href="#a">{ASH}</a></li><li><a href="#b">{BIRCH}</a></li></ul><div class="panels">'
        f'<div id="a" class="tab-panel"><div>{A}</div></div><div id="b" class="tab-panel"><div>{B}</div></div></div>'
    ),
}


def nearest(parsed: Parsed) -> dict[str, str]:
    return {
        (one.file_url or "").rpartition("/")[2].removesuffix(".pdf"): one.headings[-1]
        for one in parsed.sightings
    }


def groups_are_right(parsed: Parsed) -> bool:
    """True when files of one letter share their group and no others do."""
    found: dict[str, set[str | None]] = {}
    for one in parsed.sightings:
        letter = (one.file_url or "").rpartition("/")[2][0]
        found.setdefault(letter, set()).add(one.group)
    many = [letter for letter, keys in found.items() if len(keys) > 1]
    keys = [key for values in found.values() for key in values if key is not None]
    return not many and len(keys) == len(set(keys))


@pytest.mark.parametrize("kind", TABS)
def test_a_file_stands_under_the_tab_that_names_its_panel(kind: str) -> None:
    parsed = read(main(TABS[kind]))
    assert nearest(parsed) == TWO
    assert groups_are_right(parsed)
    assert {one.dates for one in parsed.sightings if "Ash" in one.headings[-1]} == {("May 2022",)}
