"""Titles that someone wrote who had not read the rules, and others of their kinds: files' names, quotations, families, dates of lives."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from casereviews.repository.describing.titles import read_title

# The second: without three rows whose gold goes against that of the other sets (FINAL of a file, the year of a toolkit, an overview's role).
UNSEEN = [Path(__file__).with_name(name) for name in ("titles_unseen.csv", "titles_unseen_2.csv")]
PEAR_VALE = "Pear Vale Safeguarding Children Partnership"


def rows() -> list[dict[str, str]]:
    texts = [unseen.read_text("utf-8").splitlines() for unseen in UNSEEN]
    return [row for lines in texts for row in csv.DictReader(lines)]


def read(
    title: str, publisher: str = PEAR_VALE, nation: str = "England"
) -> tuple[str, str, str, str]:
    facts = read_title(title, publisher=publisher, nation=nation or None)
    return (
        facts.review_type or "",
        "|".join(facts.subject_labels),
        facts.document_role or "",
        facts.published or "",
    )


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["raw_title"])
def test_a_title_of_the_unseen_sixty_is_read_wholly_right(row: dict[str, str]) -> None:
    wanted = tuple(
        row[name] for name in ("review_type", "subject_labels", "document_role", "published")
    )
    facts = read_title(row["raw_title"], publisher=row["publisher"], nation=row["nation"] or None)
    role = facts.document_role or (row["document_role"] and facts.other_role)
    assert wanted == (
        facts.review_type or "",
        "|".join(facts.subject_labels),
        role or "",
        facts.published or "",
    )


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("CHSCB-Local-Review-X-FINAL.pdf", ("learning_review", "X", "overview_report", "")),
        ("Lapwing-SCR-report", ("scr", "Lapwing", "overview_report", "")),
        ("lapwing-scr-report.pdf", ("scr", "Lapwing", "overview_report", "")),
        ("child-q scr report (2).pdf", ("scr", "Child Q", "overview_report", "")),
        ("LCSPR-report-child-ivy-(1).pdf", ("lcspr", "Child Ivy", "overview_report", "")),
        ("BvSCP-CSPR-Otter-final.pdf", ("lcspr", "Otter", "overview_report", "")),
        ("BMSCP-rapid-review-briefing-baby-g.pdf", ("rapid_review", "Baby G", "briefing", "")),
        ("scr_overview_childx_nov13.pdf", ("scr", "Child X", "overview_report", "2013-11")),
        ("Final-version-of-the-LCSPR-for-Theo-and-Lily-2.pdf", ("lcspr", "Theo|Lily", "overview_report", "")),
        ("LCSPR-Final-Report-Child-Finch-Pear-Vale-Mar-24.pdf", ("lcspr", "Child Finch", "overview_report", "2024-03")),
        ("Child%20K%20LCSPR%20-%20exec%20sum.pdf", ("lcspr", "Child K", "executive_summary", "")),
        ("PVSCB-SCR-M-Family-Final-Report-2016.pdf", ("scr", "M Family", "overview_report", "2016")),
        ("oak-family-scr-report.pdf", ("scr", "Oak Family", "overview_report", "")),
        ("bkscp2020-02-learning-review-report.pdf", ("learning_review", "", "overview_report", "")),
        ("CN-SCR-report.pdf", ("scr", "CN", "overview_report", "")),
        ("SCR2013 Child P", ("scr", "Child P", "", "2013")),
        ("SCR Child A(2019)", ("scr", "Child A", "", "2019")),
        ("Serious-case-review-child-t.pdf", ("scr", "Child T", "", "")),
        ("SCRbabyT.pdf", ("scr", "Baby T", "", "")),
        ("S.C.R. Child B", ("scr", "Child B", "", "")),
    ],
)  # fmt: skip
def test_a_files_name_is_read_as_a_title(title: str, wanted: tuple[str, ...]) -> None:
    assert read(title) == wanted


@pytest.mark.parametrize(
    ("title", "labels"),
    [
        ("Ruby and Child Q – Multi-Agency Learning Review", "Ruby|Child Q"),
        ("Child A, Bella and Chris – SCR", "Child A|Bella|Chris"),
        ("Child A and Bella: LCSPR", "Child A|Bella"),
        ("LCSPR: Neglect (Otis, Harley and Rae)", "Otis|Harley|Rae"),
        ("Sisters Ivy and Fern – LCSPR", "Ivy|Fern"),
        ("Brothers A and B LCSPR", "Brother A|Brother B"),
        ("Sibling Group B – LCSPR", "Sibling Group B"),
        ("SCRs A and B", "A|B"),
        ("Children K1 to K3 SCR", "Child K1|Child K2|Child K3"),
        ("Babies One and Two LCSPR", "Baby One|Baby Two"),
        ("Child C1/19 LCSPR", "Child C1"),
        ("YP-A LCSPR", "YP A"),
        ("SCR – “Child T and Child M”", "Child T|Child M"),
        ("“Where were you when I was six?” SCR", ""),
        ("LCSPR in relation to Tilly", "Tilly"),
        ("Statement on behalf of the partnership about the Tilly review", "Tilly"),
        ("LCSPR into the Ferris family (Amy, Ben and Cal)", "Ferris Family|Amy|Ben|Cal"),
        ("Child Z (aka Tilly) LCSPR", "Child Z|Tilly"),
        ("Child Z, also known as Tilly – LCSPR", "Child Z|Tilly"),
        ("Tilly, 14: local child safeguarding practice review", "Tilly"),
        ("Local Child Safeguarding Practice Review (LCSPR) – Juniper", "Juniper"),
        ("LCSPR 3 – Thistle", "Thistle"),
        ("Hearing Tilly: a local child safeguarding practice review", "Tilly"),
        ("Response from the Partnership to the Tilly LCSPR", "Tilly"),
        ("SCR – Mr and Mrs T's children", "Mrs T"),
        ("Child P and Police Response – SCR", "Child P"),
        ("Northmoor, Child C – SCR", "Child C"),
        ("SCR Mapping: three cases", ""),
    ],
)  # fmt: skip
def test_names_stand_in_lists_with_and_without_child(title: str, labels: str) -> None:
    assert read(title)[1] == labels


@pytest.mark.parametrize(
    ("title", "labels", "kind"),
    [
        ("The Manning Family", "Manning Family", "family"),
        ("Manning Family – Serious Case Review", "Manning Family", "family"),
        ("SERIOUS CASE REVIEW THE MANNING FAMILY EXECUTIVE SUMMARY", "Manning Family", "family"),
        ("SCR on the Manning family, overview report", "Manning Family", "family"),
        ("‘The Harding Family’ LCSPR", "Harding Family", "family"),
        ("The “Harding” family LCSPR", "Harding Family", "family"),
        ("The White Family: LCSPR", "White Family", "family"),
        ("SCR Harding Family – Children A and B", "Harding Family|Child A|Child B", "group"),
        ("LCSPR: The Pike Siblings", "Pike Siblings", "siblings"),
        ("The Oak Family Centre: SCR", "", "none"),
        ("The Foster Family: LCSPR", "", "none"),
        ("Think Family: learning from SCRs", "", "none"),
        ("‘A family of secrets’ – LCSPR regarding Child Y and her sisters", "Child Y", "letter"),
    ],
)  # fmt: skip
def test_a_family_is_a_label_with_and_without_an_article(
    title: str, labels: str, kind: str
) -> None:
    facts = read_title(title, publisher=PEAR_VALE, nation="England")
    assert ("|".join(facts.subject_labels), facts.label_kind) == (labels, kind)


@pytest.mark.parametrize(
    ("title", "published"),
    [
        ("Child P SCR (b. 03/05/2012, d. 04/06/2013) July 2014", "2014-07"),
        ("Child P died 4 June 2013 – Serious Case Review", ""),
        ("SCR Child P – deceased 4 June 2013", ""),
        ("SCR Child P (injured March 2015)", ""),
        ("SCR Child P (significant incident: March 2015)", ""),
        ("SCR Child P, date of serious injury 3 March 2015, completed April 2016", "2016-04"),
        ("SCR Child P year of birth 2012", ""),
        ("SCR Child T Birth 03/2010 Death 07/2012", ""),
        ("Baby R; born January 2017 and died February 2017. LCSPR", ""),
        ("SCR Child P (May 2013, updated June 2014)", "2013-05"),
        ("SCR Child P, updated June 2014", "2014-06"),
        ("Learning Review – Child Skye – 2022/03", "2022-03"),
        ("Learning Reviews – 2011/12", ""),
        ("LCSPR – Tilly (D.O.B: 3/3/2003; D.O.D. 1/1/2021) – March 2023", "2023-03"),
    ],
)  # fmt: skip
def test_dates_of_birth_death_and_harm_are_no_dates_of_publication(
    title: str, published: str
) -> None:
    assert read(title)[3] == published


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Board’s reply to the SCR: Child P", "response"),
        ("Child P: progress against recommendations", "response"),
        ("Child P: what has changed since?", "response"),
        ("Child P LCSPR – impact report", "response"),
        ("Statement in response to the publication of the LCSPR on Tilly", ""),
        ("New learning from serious case reviews: a two year report for 2009-2011", "learning_summary"),
        ("A study of recommendations arising from serious case reviews 2009-2010", "learning_summary"),
        ("Suicide and self-harm in SCRs: a qualitative study", "learning_summary"),
        ("Neglect and Serious Case Reviews: a report from the University of Barnmoor", "learning_summary"),
        ("Rapid reviews: what we found", "learning_summary"),
        ("Trends in child deaths and SCRs, 2012", "learning_summary"),
        ("Serious Case Reviews 2010-2015", ""),
        ("SCR Child P, Date Report Completed: June 2015", ""),
        ("CPR-PVSB-3-2019-Final.pdf", "overview_report"),
    ],
)  # fmt: skip
def test_responses_and_papers_over_many_reviews_have_their_roles(title: str, role: str) -> None:
    nation = "Wales" if title.startswith("CPR") else "England"
    assert read(title, nation=nation)[2] == role


@pytest.mark.parametrize(
    ("title", "review_type"),
    [
        ("Serious and significant case reviews: a review of the literature", "scr|scr_scotland"),
        ("Domestic homicide and safeguarding adult reviews: shared themes", "dhr|sar"),
        ("Child safeguarding practice and rapid reviews: annual overview", "lcspr|rapid_review"),
        ("Themed LCSPR – Neglect", "lcspr|thematic_review"),
        ("Reflective Review – Otis", "learning_review"),
        ("Local Review: Child X", "learning_review"),
        ("Learning from local reviews", ""),
        ("Serious Case Reveiw – Child T", "scr"),
        ("Local Child Safegaurding Practice Review – Tilly", "lcspr"),
        ("child t lcspr overview", "lcspr"),
        ("the sars outbreak", ""),
    ],
)
def test_types_are_told_by_shared_words_slips_and_small_letters(
    title: str, review_type: str
) -> None:
    assert read(title)[0] == review_type
