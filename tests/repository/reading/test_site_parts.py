"""What a site repeats on its pages is taken off, whatever it is made with; what its reviews share is theirs and stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casereviews.repository.model import WebText
from casereviews.repository.reading.content import Opening
from casereviews.repository.reading.formats.html import FORMAT
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.site_parts import repeated_parts, share_of, without

CASES = ("Child Ash", "Child Birch", "Child Cedar", "Child Damson")
LAW = "This review was carried out under section 16 of the Act and the statutory guidance of that year."
THANKS = "The partnership thanks the family for the courage with which they spoke to the reviewer."
METHOD = "Meetings were held in Barnmoor and everybody who came was asked the same six questions."
CONCERN = "Report a concern: ring 01632 960 001 at any hour, or 999 when a child is in danger now."
LETTERS = (
    "We want everybody to be able to read us: change the size of the letters or the colours here."
)
ABOUT = (
    "Pear Vale Together is a group of agencies that keeps children and adults safe in our valley."
)
NEWS = "Join our mailing list and hear about training for everyone who works with families."
OFFICE = "Looked after by the office of the board. Telephone 01632 960 888."
Site = Callable[[str], str]


def own(name: str) -> list[str]:
    return [
        f"{name} lived in Pear Vale and professionals first wrote about it in the spring of that year.",
        f"Nobody asked {name} what the days were like and no meeting wrote down who would act on it.",
    ]


def text(*sentences: str) -> str:
    return "".join(f"<p>{one}</p>" for one in sentences)


def in_content(name: str) -> str:
    """WordPress: a call-out between title and text, and the other reviews listed below."""
    others = "".join(f"<li><a href='/x'>{one}</a></li>" for one in CASES if one != name)
    return (
        f"<div class='entry-content'><h1>{name}</h1><div class='has-background'><p>{CONCERN}</p></div>{text(*own(name)[:1], LAW, *own(name)[1:])}"
        f"<div class='yarpp'><h3>Related pages</h3><ul>{others}</ul></div></div>"
    )


def in_fields(name: str) -> str:
    """Drupal: a wrapper around every field, the date of the last change after the text."""
    return (
        f"<div class='block block-a'><p>{LETTERS}</p></div><div class='node'><h1>{name}</h1><div class='field f-intro'><p>{LAW}</p></div>"
        f"<div class='field f-body'>{text(*own(name))}</div><div class='field f-date'>Updated {CASES.index(name)} May</div></div>"
        f"<div class='block block-b'><h2>Hear from us</h2><p>{NEWS}</p></div>"
    )


def in_widgets(name: str) -> str:
    """Elementor: each paragraph is a widget, those of the site in a section of their own."""

    def widget(words: str) -> str:
        return f"<div class='widget text'><div class='inner'><p>{words}</p></div></div>"

    body = "".join(map(widget, [own(name)[0], METHOD, own(name)[1], THANKS]))
    return f"<section class='top'><h2>{name}</h2>{body}</section><section class='last'><h2>Hear from us</h2>{widget(NEWS)}</section>"


def in_bare_divs(name: str) -> str:
    """A site builder: no class anywhere."""
    return (
        f"<div><div><p>{ABOUT}</p></div></div><div><div><h1>{name}</h1></div><div>{text(*own(name))}</div><div>{text(METHOD)}</div>"
        f"<div>{text(own(name)[1] + ' Again.')}</div></div><div><h4>Hear from us</h4><p>{NEWS}</p></div>"
    )


def by_hand(name: str) -> str:
    """Bare paragraphs and lines of links; sentences of law first and last."""
    links = "<p><a href='/'>Start</a> | <a href='/r'>All the reviews of our board</a></p>"
    return f"{links}<h1>{name}</h1>{text(LAW, *own(name), THANKS)}<p><i>{OFFICE}</i></p>"


def in_sections(name: str) -> str:
    """Sections of a report that all reports share: what a review is, how it was done, words."""
    return (
        f"<article><section><h2>What is a review?</h2><p>A review looks at how agencies worked together.</p></section>"
        f"<section><h2>{name}</h2>{text(*own(name))}</section><section><h2>Method</h2><p>{METHOD}</p></section></article>"
    )


def page(body: str) -> WebText:
    opening = Opening(Path(), data=f"<html><body>{body}</body></html>".encode())
    web = FORMAT.read(opening, Limits(), Deadline(60)).web
    assert web is not None
    return web


def said(pages: dict[str, WebText]) -> dict[str, str]:
    """Page -> what of it is its own, one blank between words."""
    goes = repeated_parts(pages)
    made = {key: without(one, goes[key], limit=99) for key, one in pages.items()}
    return {key: " ".join(" ".join(one.text for one in of).split()) for key, of in made.items()}


def site(design: Site, cases: tuple[str, ...] = CASES) -> dict[str, WebText]:
    return {name: page(design(name)) for name in cases}


@pytest.mark.parametrize(
    ("design", "goes", "stays"),
    [
        (in_content, [CONCERN, "Related pages"], [LAW]),
        (in_fields, [LETTERS, NEWS, "Hear from us"], [LAW]),
        (in_widgets, [NEWS, "Hear from us"], [METHOD, THANKS]),
        (in_bare_divs, [ABOUT, NEWS, "Hear from us"], [METHOD]),
        (by_hand, [OFFICE, "All the reviews"], [LAW, THANKS]),
        (in_sections, [], ["What is a review?", "how agencies worked together", METHOD]),
    ],
)
def test_what_a_site_repeats_goes_and_what_its_reviews_share_stays(
    design: Site, goes: list[str], stays: list[str]
) -> None:
    for name, words in said(site(design)).items():
        assert [one for one in goes if one in words] == []
        assert [one for one in (name, *own(name), *stays) if one not in words] == []


@pytest.mark.parametrize("cases", [CASES[:1], CASES[:2]])
def test_one_page_or_two_prove_nothing(cases: tuple[str, ...]) -> None:
    assert set(repeated_parts(site(in_content, cases)).values()) == {frozenset()}


def test_copies_and_versions_of_one_text_are_one_page() -> None:
    again = f"<div class='entry'><h1>Child Elder</h1>{text(*own('Child Elder'))}<div class='box'><p>{CONCERN}</p></div>"
    copies = {f"version {at}": page(f"{again}<p>Version {at}</p></div>") for at in range(4)}
    assert set(repeated_parts(copies).values()) == {frozenset()}
    with_two = copies | site(in_content, CASES[:2])
    assert all(CONCERN not in words for words in said(with_two).values())


def test_the_order_in_which_pages_are_looked_at_makes_no_difference() -> None:
    pages = site(in_fields) | {"copy": page(in_fields(CASES[0]))}
    back = dict(reversed(pages.items()))
    assert repeated_parts(pages) == repeated_parts(back)


def test_a_page_with_nothing_of_its_own_is_left_as_it_is() -> None:
    pages = site(in_content) | {"contact": page(f"<div class='has-background'><p>{CONCERN}</p></div>")}  # fmt: skip
    assert CONCERN in said(pages)["contact"]


def test_the_share_that_goes_is_counted_in_letters() -> None:
    pages = {name: page(f"<h1>{name}</h1><p>{'x ' * 150}{name}</p><div>{CONCERN}</div>") for name in CASES[:3]}  # fmt: skip
    goes = repeated_parts(pages)["Child Ash"]
    assert share_of(pages["Child Ash"], goes) == pytest.approx(0.21, abs=0.01)
