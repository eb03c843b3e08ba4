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
    "onclick_names_the_id": (
        f'<div class="tab"><button class="tablinks" onclick="show(event, \'a\')">{ASH}</button><button class="tablinks" onclick="show(event, \'b\')">{BIRCH}</button></div>'
        f'<div id="b" class="tabcontent">{B}</div><div id="a" class="tabcontent">{A}</div>'
    ),
    "panels_named_by_list_and_tab": (
        f'<h2 id="all">Reviews</h2><ul><li><a id="t1" href="#" role="tab">{ASH}</a></li><li><a id="t2" href="#" role="tab">{BIRCH}</a></li></ul>'
        f'<section role="tabpanel" aria-labelledby="all t2">{B}</section><section role="tabpanel" aria-labelledby="all t1">{A}</section>'
    ),
    "panels_by_role_far_from_their_row": (
        f'<div><div><div role="tablist"><span role="tab">{ASH}</span><span role="tab">{BIRCH}</span></div></div></div><div class="text"><p>Choose.</p></div>'
        f'<div class="text"><p>A review.</p></div><div><div class="one"><div role="tabpanel">{A}</div></div><div class="two"><div role="tabpanel">{B}</div></div></div>'
    ),
    "one_tab_for_two_panels": (
        f'<div role="tablist"><button role="tab" aria-controls="a1 a2">{ASH}</button><button role="tab" aria-controls="b1 b2">{BIRCH}</button></div>'
        f'<div id="b1">{files("B1")}</div><div id="a1">{files("A1")}</div><div id="b2">{files("B2")}</div><div id="a2">{files("A2")}</div>'
    ),
    "addresses_of_the_page_itself": (
        f'<ul role="tablist"><li><a role="tab" href="/reviews/#a">{ASH}</a></li><li><a role="tab" href="/reviews/#b">{BIRCH}</a></li></ul>'
        f'<div id="b">{B}</div><div id="a">{A}</div>'
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


OPENED = {
    "details": (
        f"<details><summary>{ASH}</summary><h3>Documents</h3>{A}</details><details><summary>{BIRCH}</summary>{B}</details>"
        f"<details><summary>Cedar</summary>{C}</details>",
        {**TWO, "A1": "Documents", "A2": "Documents", "C1": "Cedar"},
    ),
    "buttons_in_headings": (
        f'<div class="acc"><h3><button aria-expanded="false" aria-controls="p1">{ASH}</button></h3><div id="p1">{A}</div>'
        f'<h3><button aria-expanded="false" aria-controls="p2">{BIRCH}</button></h3><div id="p2">{B}</div></div><p>{file("C1", "Cedar: overview report")}</p>',
        {**TWO, "C1": "Published reviews"},
    ),
    "buttons_that_refer_to_nothing": (
        f'<button class="accordion">{ASH}</button><div class="panel">{A}</div><button class="accordion">{BIRCH}</button><div class="panel">{B}</div>'
        f'<div class="after">{file("C1", "Cedar: overview report")}</div>',
        {**TWO, "C1": "Published reviews"},
    ),
    "titles_that_are_boxes": (
        f'<div class="accordion"><div class="accordion-item"><div class="accordion-title">{ASH}</div><div class="accordion-content">{A}</div></div>'
        f'<div class="accordion-item"><div class="accordion-title">{BIRCH}</div><div class="accordion-content">{B}</div></div>'
        f'<div class="accordion-item"><div class="accordion-title">Cedar</div><div class="accordion-content">{C}</div></div></div>',
        THREE,
    ),
    "toggles_of_divi": (
        f'<div class="et_pb_toggle et_pb_accordion_item_0 et_pb_toggle_open"><h5 class="et_pb_toggle_title">{ASH}</h5><div class="et_pb_toggle_content">{A}</div></div>'
        f'<div class="et_pb_toggle et_pb_accordion_item_1"><h5 class="et_pb_toggle_title">{BIRCH}</h5><div class="et_pb_toggle_content">{B}</div></div>',
        TWO,
    ),
    "links_that_open": (
        f'<div class="panel-group"><div class="panel"><div class="panel-heading"><h4 class="panel-title"><a data-toggle="collapse" href="#c1">{ASH}</a></h4></div>'
        f'<div id="c1" class="panel-collapse collapse">{A}</div></div><div class="panel"><div class="panel-heading"><h4 class="panel-title"><a data-toggle="collapse" href="#c2">{BIRCH}</a></h4>'
        f'</div><div id="c2" class="panel-collapse collapse">{B}</div></div></div>',
        TWO,
    ),
    "role_heading": (
        f'<div role="heading" aria-level="3">{ASH}</div><div>{A}</div><div role="heading" aria-level="3">{BIRCH}</div><div>{B}</div>',
        TWO,
    ),
    "plain_buttons": (
        f'<div><button type="button">{ASH}</button><div hidden>{A}</div></div><div><button type="button">{BIRCH}</button><div hidden>{B}</div></div>',
        TWO,
    ),
    "links_to_nowhere_in_items": (
        f'<ul class="acc"><li><a href="javascript:void(0)">{ASH}</a><div class="inner">{A}</div></li><li><a href="#">{BIRCH}</a><div class="inner">{B}</div></li></ul>',
        TWO,
    ),
    "choices_that_open": (
        f'<input type="checkbox" id="k1"><label for="k1">{ASH}</label><div class="c">{A}</div><input type="checkbox" id="k2"><label for="k2">{BIRCH}</label><div class="c">{B}</div>',
        TWO,
    ),
    "lines_and_parts_take_turns": (
        f'<div class="faq"><div class="q">{ASH}</div><div class="a">{A}</div><div class="q">Cedar</div><div class="a">{C}</div></div>',
        {"A1": ASH, "A2": ASH, "C1": "Cedar"},
    ),
    "a_list_of_terms_that_open": (
        f'<dl class="accordion"><dt><a href="#">{ASH}</a></dt><dd>{files("A1")}</dd><dd>{file("A2", "Briefing")}</dd><dt><a href="#">{BIRCH}</a></dt><dd>{B}</dd></dl>',
        TWO,
    ),
    "years_over_children_in_headings_of_one_level": (
        f'<h3><button aria-expanded="true" aria-controls="y1">2022</button></h3><div id="y1"><h3><button aria-controls="n1">{ASH}</button></h3><div id="n1">{A}</div></div>'
        f'<h3><button aria-expanded="true" aria-controls="y2">2023</button></h3><div id="y2"><h3><button aria-controls="n2">{BIRCH}</button></h3><div id="n2">{B}</div></div>',
        TWO,
    ),
    "accordion_in_tabs": (
        '<ul class="tabs" role="tablist"><li><a role="tab" href="#y22">2022</a></li><li><a role="tab" href="#y23">2023</a></li></ul>'
        f'<div id="y23" role="tabpanel"><details><summary>{BIRCH}</summary>{B}</details></div>'
        f'<div id="y22" role="tabpanel"><details><summary>{ASH}</summary>{A}</details><details><summary>Cedar</summary>{C}</details></div>',
        THREE,
    ),
    "tabs_in_tabs": (
        f'<div role="tablist"><button role="tab" aria-controls="o1">Children</button><button role="tab" aria-controls="o2">Adults</button></div>'
        f'<div id="o1" role="tabpanel"><ul class="nav-tabs"><li><a data-bs-toggle="tab" href="#a">{ASH}</a></li><li><a data-bs-toggle="tab" href="#b">{BIRCH}</a></li></ul>'
        f'<div id="a">{A}</div><div id="b">{B}</div></div><div id="o2" role="tabpanel"><h3>Cedar</h3>{C}</div>',
        THREE,
    ),
    "an_empty_panel_between": (
        f'<div class="tabs"><ul class="tabs-nav"><li><a href="#">{ASH}</a></li><li><a href="#">Rowan</a></li><li><a href="#">{BIRCH}</a></li></ul>'
        f'<div class="tabs-content"><div class="item">{A}</div><div class="item"></div><div class="item">{B}</div></div></div>',
        TWO,
    ),
    "tabs_that_cannot_be_paired": (
        f'<ul class="tabs"><li><a href="#">{ASH}</a></li><li><a href="#">{BIRCH}</a></li></ul><div class="panes"><div>{A}</div><div>{B}</div><div>{C}</div></div>',
        dict.fromkeys(("A1", "A2", "B1", "B2", "C1"), "Published reviews"),
    ),
    "what_follows_the_last_tab": (
        f'<div role="tablist"><button role="tab" aria-controls="p1">{ASH}</button><button role="tab" aria-controls="p2">{BIRCH}</button></div>'
        f'<div id="p1">{A}</div><div id="p2">{B}</div><h2>Other reviews</h2><p>{file("C1", "Cedar: overview report")}</p>',
        {**TWO, "C1": "Other reviews"},
    ),
    "a_dialog_for_each": (
        f'<button data-bs-toggle="modal" data-bs-target="#m1">{ASH}</button><button data-bs-toggle="modal" data-bs-target="#m2">{BIRCH}</button>'
        f'<div class="modal" id="m1" role="dialog">{A}</div><div class="modal" id="m2" role="dialog">{B}</div>',
        TWO,
    ),
}

NAMED = {
    "bold_names_before_breaks": (
        f"<p><strong>{ASH}</strong><br>{file('A1')}<br>{file('A2', 'Briefing')}</p><p><strong>{BIRCH}</strong><br>{file('B1')}<br>{file('B2', 'Briefing')}</p>",
        TWO,
    ),
    "bold_names_in_one_block": (
        f"<p><b>{ASH}</b><br>{file('A1')}<br>{file('A2', 'Briefing')}<br><br><b>{BIRCH}</b><br>{file('B1')}<br>{file('B2', 'Briefing')}</p>",
        TWO,
    ),
    "bold_names_with_a_date_behind": (
        f"<div><p><strong>Child Ash</strong> – May 2022<br>{file('A1')}<br>{file('A2', 'Briefing')}</p><p><strong>Child Birch</strong> – June 2023<br>{file('B1')}<br>{file('B2', 'Briefing')}</p></div>",
        TWO,
    ),
    "bold_names_end_with_their_block": (
        f"<p><strong>{ASH}</strong><br>{file('A1')}<br>{file('A2', 'Briefing')}</p><p>{file('C1', 'Cedar: overview report')}</p>",
        {"A1": ASH, "A2": ASH, "C1": "Published reviews"},
    ),
    "bold_names_end_with_a_break": (
        f"<p><strong>{ASH}<br></strong>{file('A1')}<br>{file('A2', 'Briefing')}</p><p><b>{BIRCH}<br></b>{file('B1')}<br>{file('B2', 'Briefing')}</p>",
        TWO,
    ),
    "bold_by_style_and_in_pieces": (
        f'<p><span style="font-weight: 700">{ASH}</span><br>{file("A1")}<br>{file("A2", "Briefing")}</p>'
        f"<p><b>Child Birch</b><b> – June 2023</b><br>{file('B1')}<br>{file('B2', 'Briefing')}</p>",
        TWO,
    ),
    "bold_names_before_their_links": (
        f"<p><strong>Ash:</strong> {file('A1')} | {file('A2', 'Briefing')}</p><p><strong>Birch:</strong> {file('B1')} | {file('B2', 'Briefing')}</p>",
        {"A1": "Ash", "A2": "Ash", "B1": "Birch", "B2": "Birch"},
    ),
    "two_terms_for_one_review": (
        f"<dl><dt>Child Ash</dt><dt>12 May 2022</dt><dd>{file('A1')}</dd><dt>Child Birch</dt><dt>June 2023</dt><dd>{file('B1')}</dd></dl>",
        {"A1": "Child Ash", "B1": "Child Birch"},
    ),
    "fields_in_a_list_for_each": (
        f"<dl><dt>Name</dt><dd>Ash</dd><dt>Published</dt><dd>May 2022</dd><dt>Files</dt><dd>{file('A1')}</dd></dl>"
        f"<dl><dt>Name</dt><dd>Birch</dd><dt>Published</dt><dd>June 2023</dd><dt>Files</dt><dd>{file('B1')}</dd></dl>",
        {"A1": "Files", "B1": "Files"},
    ),
    "definition_list": (
        f"<dl><dt>{ASH}</dt><dd>{file('A1')}</dd><dd>{file('A2', 'Briefing')}</dd><dt>{BIRCH}</dt><dd>{file('B1')}</dd><dd>{file('B2', 'Briefing')}</dd></dl>",
        TWO,
    ),
    "definition_list_in_groups": (
        f"<dl><div><dt>{ASH}</dt><dd><h4>Papers</h4>{A}</dd></div><div><dt>{BIRCH}</dt><dd>{B}</dd></div></dl>",
        {**TWO, "A1": "Papers", "A2": "Papers"},
    ),
    "fields_of_a_card_in_a_list": (
        f'<div class="c"><h3>Ash</h3><dl><dt>Published</dt><dd>May 2022</dd><dt>Overview report</dt><dd>{file("A1", "Download")}</dd></dl></div>'
        f'<div class="c"><h3>Birch</h3><dl><dt>Published</dt><dd>June 2023</dd><dt>Overview report</dt><dd>{file("B1", "Download")}</dd></dl></div>',
        {"A1": "Overview report", "B1": "Overview report"},
    ),
    "lists_in_lists": (
        f"<ul><li>{ASH}<ul><li>{file('A1')}</li><li>{file('A2', 'Briefing')}</li></ul></li><li>{BIRCH}<ul><li>{file('B1')}</li><li>{file('B2', 'Briefing')}</li></ul></li></ul>",
        TWO,
    ),
    "one_heading_for_several_papers": (
        f"<h3>{ASH}</h3><p>A review.</p><ul><li>{file('A1')}</li></ul><p>And:</p><ul><li>{file('A2', 'Progress of the action plan')}</li></ul>"
        f"<h3>{BIRCH}</h3><p>{file('B1')}</p><div><p>{file('B2', 'Briefing')}</p></div>",
        TWO,
    ),
    "a_paragraph_over_a_list": (
        f"<p>{ASH}</p><ul><li>{file('A1')}</li><li>{file('A2', 'Briefing')}</li></ul><p>{BIRCH}</p><ul><li>{file('B1')}</li><li>{file('B2', 'Briefing')}</li></ul>",
        TWO,
    ),
    "a_row_over_rows": (
        f'<table><tr><th>Paper</th><th>File</th></tr><tr><td colspan="2">{ASH}</td></tr><tr><td>Report</td><td>{file("A1", "PDF")}</td></tr>'
        f'<tr><td colspan="2">{BIRCH}</td></tr><tr><td>Report</td><td>{file("B1", "PDF")}</td></tr></table>',
        {"A1": "Report", "B1": "Report"},
    ),
    "a_cell_over_rows": (
        f'<table><tr><th>Review</th><th>Paper</th></tr><tr><td rowspan="2">{ASH}</td><td>{file("A1")}</td></tr><tr><td>{file("A2", "Briefing")}</td></tr>'
        f'<tr><td rowspan="2">{BIRCH}</td><td>{file("B1")}</td></tr><tr><td>{file("B2", "Briefing")}</td></tr></table>',
        TWO,
    ),
    "rows_that_begin_with_numbers_and_dates": (
        f"<table><thead><tr><th>No.</th><th>Date</th><th>Review</th><th>Link</th></tr></thead><tr><td>7</td><td>May 2022</td><td>Ash</td><td>{file('A1', 'Download')}</td></tr>"
        f"<tr><td>8</td><td>May 2022</td><td>Birch</td><td>{file('B1', 'Download')}</td></tr></table>",
        {"A1": "Ash", "B1": "Birch"},
    ),
    "columns_of_a_page_builder": (
        f'<section><div><div class="col col-1"><div class="w w-heading"><h3>Ash</h3></div><div class="w"><p>May 2022</p></div><div class="w">{A}</div></div>'
        f'<div class="col col-2"><div class="w w-heading"><h3>Birch</h3></div><div class="w"><p>June 2023</p></div><div class="w">{B}</div></div></div></section>',
        {"A1": "Ash", "A2": "Ash", "B1": "Birch", "B2": "Birch"},
    ),
    "a_section_that_is_a_heading_only": (
        f"<section><div><h2>{ASH}</h2></div></section><section>{A}</section><section><div><h2>{BIRCH}</h2></div></section><section>{B}</section>",
        TWO,
    ),
    "a_picture_before_the_cards_heading": (
        '<div class="card"><a href="/f/A1.pdf"><img src="a.png" alt=""></a><h3>Ash</h3><p>May 2022</p></div>'
        '<div class="card"><a href="/f/B1.pdf"><img src="b.png" alt=""></a><h3>Birch</h3><p>June 2023</p></div>',
        {"A1": "Ash", "B1": "Birch"},
    ),
    "cards_without_headings": (
        f'<div class="card"><p>Ash</p><p>A baby.</p>{file("A1", "Download")}</div><div class="card"><p>Birch</p><p>A child.</p>{file("B1", "Download")}</div>',
        {"A1": "Ash", "B1": "Birch"},
    ),
    "a_review_and_then_the_others_in_an_accordion": (
        f'<h2>{ASH}</h2>{A}<div class="accordion"><details><summary>{BIRCH}</summary>{B}</details></div>',
        TWO,
    ),
}


@pytest.mark.parametrize("kind", [*OPENED, *NAMED])
def test_a_file_stands_under_what_names_its_review(kind: str) -> None:
    body, truth = (OPENED | NAMED)[kind]
    parsed = read(main(body))
    assert nearest(parsed) == truth
    if kind != "tabs_that_cannot_be_paired":
        assert groups_are_right(parsed)


def test_no_neighbours_heading_stands_in_a_path() -> None:
    body, _ = NAMED["a_review_and_then_the_others_in_an_accordion"]
    grid = '<div><a class="c" href="/reviews/dogwood/"><h3>Dogwood</h3></a><a class="c" href="/reviews/elder/"><h3>Elder</h3></a></div>'
    parsed = read(main(body + grid))
    assert {one.headings for one in parsed.sightings if "B" in (one.file_url or "")} == {
        ("Published reviews", BIRCH)
    }
    assert [one.sighting.headings for one in parsed.follow if one.sighting] == [
        ("Published reviews",),
        ("Published reviews",),
    ]


def card(name: str, inside: str) -> str:
    return inside.replace("NAME", name).replace("AT", f"/reviews/{name.lower()}/")


GRIDS = {
    "block_links": '<a class="tile" href="AT"><h3>NAME</h3><p>May 2022</p></a>',
    "block_links_without_headings": '<a class="tile" href="AT"><div class="words"><p>NAME</p><p>2 April 2018</p><p>Help for a family.</p></div></a>',
    "block_links_in_items": '<li><a href="AT"><img src="x.png" alt=""><h2>NAME</h2><p>A baby.</p></a></li>',
    "block_links_of_spans_without_names": '<a class="c" href="AT"><span class="x1">NAME</span><span class="x2">A baby.</span></a>',
    "links_to_topics_beside": '<article><p><a href="/topics/neglect/">Neglect</a></p><h3>NAME</h3><p>A baby.</p><a href="AT">Read more</a></article>',
    "block_links_of_spans": '<div class="c"><a href="AT"><span class="card-title">NAME</span><span class="when">June 2020</span></a></div>',
    "read_more": '<div class="card"><div class="card-body"><p class="card-title">NAME</p><p>A baby injured at home.</p><a class="btn" href="AT">Read more</a></div></div>',
    "read_more_without_classes": '<div class="box"><p>NAME</p><p>A baby injured at home.</p><p><a href="AT">Find out more</a></p></div>',
    "stretched_link": '<div class="card"><h5 class="card-title">NAME</h5><p>June 2023</p><a class="stretched-link" href="AT" aria-label="Go"></a></div>',
    "stretched_link_in_the_heading": '<div class="card"><h5><a class="stretched-link" href="AT">NAME</a></h5><p>June 2023</p></div>',
    "picture_and_button": '<article class="post-1"><a href="AT"><img src="x.png" alt=""></a><h3>NAME</h3><a class="more" href="AT">View details</a></article>',
    "button_before_the_name": '<div class="teaser"><a class="go" href="AT">Continue</a><h4>NAME</h4><p>A child.</p></div>',
}


@pytest.mark.parametrize("kind", GRIDS)
def test_every_card_of_a_grid_is_gone_on_to_by_its_own_name(kind: str) -> None:
    names = ["Ash", "Birch", "Cedar"]
    cards = "".join(card(name, GRIDS[kind]) for name in [*names, "Training"])
    parsed = read(main(f'<div class="grid">{cards}</div>'))
    gone_on = {
        one.url.rsplit("/", 2)[1]: [*one.sighting.headings, one.sighting.link_text]
        for one in parsed.follow
        if one.role == "detail" and one.sighting is not None
    }
    assert list(gone_on) == ["ash", "birch", "cedar"]
    for name in names:
        assert name in gone_on[name.lower()]
        assert not (set(names) - {name}) & set(gone_on[name.lower()])
        assert gone_on[name.lower()].count(name) == 1
    assert parsed.left_alone == {"training": 1}


def test_a_grid_of_files_names_each_by_its_own_card() -> None:
    cards = "".join(
        f'<a class="tile" href="/f/{name[0]}1.pdf"><div><p>{name}</p><p>{when}</p></div></a>'
        for name, when in [("Ash", "May 2022"), ("Birch", "June 2023")]
    )
    parsed = read(main(f"<h2>Latest reviews</h2><div>{cards}</div>"))
    assert [(one.link_text, one.headings, one.dates) for one in parsed.sightings] == [
        ("Ash", ("Published reviews", "Latest reviews"), ("May 2022",)),
        ("Birch", ("Published reviews", "Latest reviews"), ("June 2023",)),
    ]
    assert groups_are_right(parsed)


def test_a_table_has_no_headings_that_say_nothing() -> None:
    table = (
        "<table><thead><tr><th>ID</th><th>Title</th><th>Date</th><th>Link</th></tr></thead><tr><td>68</td><td>Child Fern</td><td>2 March 2023</td>"
        f"<td>{file('F1', 'Download')}</td></tr><tr><td>67</td><td>Child Elder</td><td>2 March 2023</td><td>{file('E1', 'Download')}</td></tr></table>"
    )
    parsed = read(main(table))
    assert [one.headings for one in parsed.sightings] == [
        ("Published reviews", "Child Fern"),
        ("Published reviews", "Child Elder"),
    ]
    assert groups_are_right(parsed)


def test_tables_under_their_children_are_grouped_by_child_and_not_by_paper() -> None:
    rows = "<tr><th>Paper</th><th>File</th></tr><tr><td>Overview report</td><td>{}</td></tr><tr><td>Action plan</td><td>{}</td></tr>"
    body = "".join(
        f"<h3>{name}</h3><table>{rows.format(file(name[0] + '1', 'PDF'), file(name[0] + '2', 'PDF'))}</table>"
        for name in ("Ash", "Birch")
    )
    assert groups_are_right(read(main(body)))


@pytest.mark.parametrize("words", ["Download our published SARs", "Download published reviews"])
def test_a_download_that_is_a_page_with_a_list_is_read_as_a_list(words: str) -> None:
    body = "<h1>Published SARs</h1>" + "".join(
        f'<p><a href="/f/{name[0]}1.pdf">SAR {name}</a></p>' for name in ("Ash", "Birch")
    )
    html = f"<body><main>{body}</main></body>"
    parsed = parse_listing(html, URL, SOURCE, link=Link(URL, "file", words))
    assert parsed.page_kind == "list"
    assert groups_are_right(parsed)
    parsed = parse_listing(html, URL, SOURCE, link=Link(URL, "file", "Download SAR Ash"))
    assert parsed.page_kind == "detail"


@pytest.mark.parametrize("words", ["is available on request", "is no longer published"])
@pytest.mark.parametrize("wrap", ["{}", "<section>{}</section>", "<div><div>{}</div></div>"])
def test_what_became_of_a_neighbour_is_not_said_of_a_file(words: str, wrap: str) -> None:
    body = (
        f"<h2>Child Ash</h2>{file('A1')} | {file('A2', 'Easy read')}"
        f"<h2>Child Birch</h2>The report {words}. <h2>Child Cedar</h2>{file('C1')} Published in 2020"
    )
    found = read(main(wrap.format(body))).sightings
    assert {one.file_url: one.status_words for one in found if one.file_url} == {
        f"https://www.pearvale.test/f/{name}.pdf": () for name in ("A1", "A2", "C1")
    }


def test_what_became_of_a_file_stands_under_the_heading_of_its_card() -> None:
    card = f"<div>{file('A1')}<h3>Child Ash</h3><p>It is no longer published.</p></div>"
    (found,) = [one for one in read(main(card)).sightings if one.kind == "file"]
    assert found.status_words == ("no longer published",)


@pytest.mark.parametrize(
    "body",
    [
        "<h2>Child Ash – published July 2020</h2>{}<h2>Child Birch – published May 2019</h2>{}",
        "<h2>Child Ash</h2>Published July 2020 {}<h2>Child Birch</h2>Published May 2019 {}",
        "<h2>Child Ash</h2>{} Published July 2020<h2>Child Birch</h2><span>{}</span> Published May 2019",
        "<section><h3>Child Ash</h3>{} (published July 2020)<h3>Child Birch</h3>{} (published May 2019)</section>",
    ],
)
def test_the_card_of_a_bare_link_between_headings_says_nothing_of_its_neighbour(body: str) -> None:
    ash, birch = read(main(body.format(file("A1"), file("B1")))).sightings
    assert (ash.dates, birch.dates) == (("July 2020",), ("May 2019",))
    assert "2019" not in ash.card_text
    assert "2020" not in birch.card_text
