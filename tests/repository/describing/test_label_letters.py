"""Letters and codes that are labels without a noun or a type, and what else letters mean; numbers and dates beside them."""

from __future__ import annotations

import pytest

from casereviews.repository.describing.titles import TitleFacts, read_title


def read(title: str, nation: str = "England") -> TitleFacts:
    return read_title(title, publisher="Pear Vale Safeguarding Children Partnership", nation=nation)


@pytest.mark.parametrize(
    ("title", "labels"),
    [
        # Alone, with a number.
        ("AB3", "AB3"),
        ("MP3", ""),
        ("KS2", ""),
        ("Q3", ""),
        # After a bare "review".
        ("Review K", "K"),
        ("Case review – DM2", "DM2"),
        ("Review of BR: 7 minute briefing", "BR"),
        ("Review K and L", "K|L"),
        ("Review of IT", ""),
        ("Peer review B", ""),
        ("Review A-Z", ""),
        ("Policy review C", ""),
        # Beside a role.
        ("AB3 – briefing", "AB3"),
        ("RB Overview Report May 2017", "RB"),
        ("H: summary of learning", "H"),
        ("K3 overview report", "K3"),
        ("Baby J - overview", "Baby J"),
        ("K3 briefing", ""),
        ("Q1 report", ""),
        ("UK briefing", ""),
        ("CSE briefing", ""),
        ("HR action plan", ""),
        ("PV key messages from the annual report 2020", ""),
        # Beside a type.
        ("X and Y – Serious Case Review", "X|Y"),
        ("Serious Case Review Q and A", ""),
        ("Tobias (LCSPR)", "Tobias"),
    ],
)
def test_letters_are_a_label_where_only_a_label_can_stand(title: str, labels: str) -> None:
    assert "|".join(read(title).subject_labels) == labels


@pytest.mark.parametrize(
    ("title", "labels"),
    [
        ("Half-brother D and Child E SCR", "Half-brother D|Child E"),
        ("Step-siblings A and B LCSPR", "Step-sibling A|Step-sibling B"),
        ("Children 1-3 Serious Case Review", "Child 1|Child 2|Child 3"),
        ("Family Q (Siblings 1 to 3) overview report", "Family Q|Sibling 1|Sibling 2|Sibling 3"),
        ("Children 5-11: learning from SCRs", ""),
        ("Children 1-4 years: learning from SCRs", ""),
        ("Plentyn C a Phlentyn D: Adolygiad Ymarfer Plant", "Plentyn C|Plentyn D"),
        ("Progress against the Leo and Tilly LCSPR recommendations", "Leo|Tilly"),
        ("The Lark and Oakes families LCSPR", "Lark Family|Oakes Family"),
        ("WHEN CHILDREN DIE", ""),
        ("scr-family-gold-report.pdf", "Family Gold"),
        ("scr-family-court-proceedings.pdf", ""),
        ("Alfie, who died aged 4 months in 2016 – overview report", "Alfie"),
        ("SCR Y", "Y"),
        ("Rapid Review Learning Summary Case 14/22", "Case 14/22"),
        ("Slides: the review of Noor and Tilly", "Noor|Tilly"),
        ("The review of Prevent", ""),
        ("Serious Case Review, Little Harbour Day Nursery", "Little Harbour Day Nursery"),
        ("SCR at Larkmoor Children's Home", "Larkmoor Children's Home"),
        ("Day Nursery SCR", ""),
        ("High School SCR", ""),
    ],
)
def test_labels_of_several_children_are_read_one_by_one(title: str, labels: str) -> None:
    assert "|".join(read(title).subject_labels) == labels


@pytest.mark.parametrize(
    ("title", "published"),
    [
        ("Child-ZK-learning-brief-160519.pdf", "2019-05-16"),
        ("SCR_Child_R_210630.pdf", "2021-06-30"),
        ("SCR-Child-R-123456.pdf", None),
        ("Child R 160519", None),
        ("lcspr-baby-elm-v3-14.03.2023.pdf", "2023-03-14"),
        ("Learning event on LCSPRs: book now for 12 May 2024", None),
        ("LCSPR Noor, report date 4 July 2023, publication date 12 May 2024", "2024-05-12"),
    ],
)
def test_six_digits_of_a_files_name_are_a_date_day_first(title: str, published: str | None) -> None:
    assert read(title).published == published


@pytest.mark.parametrize(
    ("title", "reference"),
    [
        ("SCR 04", "04"),
        ("SCR-04-report.pdf", "04"),
        ("SCR 04 – Child K", "04"),
        ("Serious Case Review No. 7: executive summary", "7"),
        ("LCSPR – 11 – action plan", "11"),
        ("LCSPR 3", None),
        ("LCSPR-2.pdf", None),
        ("LCSPR 10 minute briefing", None),
        ("LCSPR 10 key findings", None),
        ("SCR 14 March 2012", None),
        ("SCR 2014", None),
        ("SCRs 01", None),
        ("HSCB SCR 08-2013 summary", "HSCB SCR 08-2013"),
    ],
)
def test_a_number_after_a_type_is_the_number_of_the_case(title: str, reference: str | None) -> None:
    assert read(title).case_ref == reference


@pytest.mark.parametrize(
    ("title", "review_type", "role"),
    [
        ("HSCB SCR 08-2013 summary", "scr", "executive_summary"),
        ("Initial and Significant Case Reviews: lessons", "icr|scr_scotland", "learning_summary"),
        ("SCR Child M – Learning Paper", "scr", "learning_summary"),
        ("LCSPR Child M – Learning", "lcspr", "learning_summary"),
        ("Action plan progress report – SCR Child B", "scr", "response"),
        ("SCR Child B – Action Plan Update", "scr", "response"),
        ("Local and national reviews: learning digest", None, "learning_summary"),
    ],
)
def test_what_stands_beside_a_number_or_a_label_is_read_too(
    title: str, review_type: str | None, role: str
) -> None:
    nation = "Scotland" if "Significant" in title else "England"
    assert (read(title, nation).review_type, read(title, nation).document_role) == (
        review_type,
        role,
    )


@pytest.mark.parametrize(
    ("title", "labels"),
    [
        ("Child Ab12", ("Child Ab12",)),
        ("Child Ab13 overview report", ("Child Ab13",)),
        ("Children Ab1 and Ab2", ("Child Ab1", "Child Ab2")),
        ("Serious Case Review: Baby Wren2", ("Baby Wren2",)),
        ("child-wren3-report.pdf", ("Child Wren3",)),
        ("Child Wren2019", ("Child Wren",)),
    ],
)
def test_a_number_at_a_label_s_end_is_a_part_of_it(title: str, labels: tuple[str, ...]) -> None:
    """Child Ab12 and Child Ab13 are two children; only a year may have lost its space."""
    assert read_title(title).subject_labels == labels
