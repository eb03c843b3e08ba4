"""Titles of fictional reviews in the grammar of the field: type, labels, role and date, and nothing that is not said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.repository.describing.titles import TitleFacts, read_title
from casereviews.repository.vocabulary.codes import DOCUMENT_ROLES, REVIEW_TYPES


def said(
    title: str, nation: str | None = "England", publisher: str | None = None
) -> tuple[str | None, str, str | None, str | None]:
    facts = read_title(title, nation=nation, publisher=publisher)
    return (facts.review_type, "|".join(facts.subject_labels), facts.document_role, facts.published)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Serious Case Review – Child E (2013)", ("scr", "Child E", None, "2013")),
        ("SCR Overview Report: Child O, authored by Jane Smithers", ("scr", "Child O", "overview_report", None)),
        ("Child Rowan Safeguarding Practice Review", ("lcspr", "Child Rowan", None, None)),
        ("Serious Child T Case Review", ("scr", "Child T", None, None)),
        ("Local Safeguarding Child Practice Review: Baby W", ("lcspr", "Baby W", None, None)),
        ("LSCPR - Poppy and Jake", ("lcspr", "Poppy|Jake", None, None)),
        ("Local Child  Safeguarding Practice Review Serenity - Final Report 14.06.23", ("lcspr", "Serenity", "overview_report", "2023-06-14")),
        ("Safeguarding Practice Review – Archie & Elsie – July 2021", ("lcspr", "Archie|Elsie", None, "2021-07")),
        ("Multi-Agency Learning Review (MALR) – Harper", ("learning_review", "Harper", None, None)),
        ("Partnership Learning Review: Child Z – Briefing Note", ("learning_review", "Child Z", "briefing", None)),
        ("SILP Review Child Blue", ("learning_review", "Child Blue", None, None)),
        ("Appreciative Inquiry – Family M", ("learning_review", "Family M", None, None)),
        ("Neglect Revisited – Thematic Review", ("thematic_review", "", None, None)),
        ("Thematic LCSPR - Neglect", ("lcspr|thematic_review", "", None, None)),
        ("Thematic Review of Northmoor SCRs and Case Reviews", ("thematic_review", "", None, None)),
        ("Rapid Review learning briefing (Baby S)", ("rapid_review", "Baby S", "briefing", None)),
        ("National review into abuse in residential schools", ("national_review", "", None, None)),
        ("Part 8 Review: Child A", ("part8", "Child A", None, None)),
        ("Independent inquiry into the death of Mabel Thornley", ("inquiry", "Mabel Thornley", None, None)),
        ("Joint Serious Case Review and Domestic Homicide Review – Family Z", ("scr|dhr", "Family Z", None, None)),
        ("DHR/SAR Overview Report – Margaret", ("dhr|sar", "Margaret", "overview_report", None)),
        ("Domestic Abuse Related Death Review – Overview Report – ‘Jennifer’", ("dhr", "Jennifer", "overview_report", None)),
        ("Re-consideration of Serious Case Review LSCB: Northmoor Initials of Child KD Date of Death 11/03/05", ("scr", "KD", None, None)),
    ],
)  # fmt: skip
def test_types_stand_in_any_order_and_a_label_may_split_them(
    title: str, expected: tuple[str | None, ...]
) -> None:
    assert said(title) == expected


@pytest.mark.parametrize(
    ("title", "nation", "publisher", "review_type"),
    [
        ("SCR – Young Person B", None, "Glenmoor Child Protection Committee", "scr_scotland"),
        ("SCR – Young Person B", None, "Northmoor Safeguarding Children Partnership", "scr"),
        ("Learning Review – Amber", "Scotland", None, "learning_review_scotland"),
        ("Learning Review – Amber", "England", None, "learning_review"),
        ("Initial Case Review: Baby L", "Scotland", None, "icr"),
        ("CPR statistics", "Scotland", None, None),
        ("CPR: Child H", "Wales", None, "cpr"),
        ("Extended CPR: Child H", "Wales", None, "cpr_extended"),
        ("Child Practice Review (concise) ABCSB 01/2021", "Wales", None, "cpr_concise"),
        ("Adolygiad Ymarfer Plant Cryno: Plentyn B", "Wales", None, "cpr_concise"),
        ("AYP ABCSB 5/2019 – Briff 7 Munud", "Wales", None, "cpr"),
        ("Cyhoeddi Adroddiad Cryno: AYP Glan 2", "Wales", None, "cpr_concise"),
        ("Adolygiad Ymarfer Oedolion", "Wales", None, "apr"),
        ("Adolygiad Diogelu Unedig Sengl", "Wales", None, "susr"),
        ("Case Management Review: Family P", "Northern Ireland", None, "cmr"),
    ],
)  # fmt: skip
def test_shared_names_are_settled_by_the_nation(
    title: str, nation: str | None, publisher: str | None, review_type: str | None
) -> None:
    assert read_title(title, nation=nation, publisher=publisher).review_type == review_type


@pytest.mark.parametrize(
    ("title", "labels", "kind"),
    [
        ("Children F, G and H - Serious Case Review", ("Child F", "Child G", "Child H"), "group"),
        ("Children A-D SCR", ("Child A", "Child B", "Child C", "Child D"), "group"),
        ("SCR for Child D and E", ("Child D", "Child E"), "siblings"),
        ("AG / AI / Case R", ("AG", "AI", "Case R"), "group"),
        ("SCR S & SCR D", ("S", "D"), "siblings"),
        ("CSPR HH, II & JJ", ("HH", "II", "JJ"), "group"),
        ("SCR - J", ("J",), "letter"),
        ("FD17 Overview Report", ("FD17",), "code"),
        ("Serious Case Review Case No.XYZ12(1)", ("Case No.XYZ12(1)",), "code"),
        ("Case Number 14 Executive Summary", ("Case Number 14",), "code"),
        ("Child M ‘Heron’ LCSPR", ("Child M", "Heron"), "siblings"),
        ("Heron / Child M", ("Heron", "Child M"), "siblings"),
        ("'Emily' & 'Jack' Child Safeguarding Practice Review", ("Emily", "Jack"), "siblings"),
        ("Kestrel-SCR-report", ("Kestrel",), "pseudonym"),
        ("POLLY A SERIOUS CASE REVIEW September 2012", ("Polly",), "pseudonym"),
        ("Polly’s Story", ("Polly",), "pseudonym"),
        ("Child Safeguarding Practice Review Ash (EN14)", ("Ash", "EN14"), "pseudonym"),
        ("Summary of progress in respect of Ash (EN14)", ("Ash", "EN14"), "pseudonym"),
        ("SCR EN14 (Hazel) Overview Report", ("EN14", "Hazel"), "pseudonym"),
        ("Overview Report (EN14)", ("EN14",), "code"),
        ("Northmoor LCSPR EN14 (Final Version)", ("EN14",), "code"),
        ("Child Elmer and Baby Adam", ("Child Elmer", "Baby Adam"), "siblings"),
        ("Siblings W and X: CSPR", ("Sibling W", "Sibling X"), "siblings"),
        ("Nursery Q Serious Case Review", ("Nursery Q",), "setting"),
        ("Operation Maple Serious Case Review", ("Operation Maple",), "operation"),
        ("Serious Case Review: Mabel Thornley", ("Mabel Thornley",), "real_name"),
        ("Serious Case Review: Leyland-James Corvin", ("Leyland-James Corvin",), "real_name"),
        ("SCR Family B, Overview Report", ("Family B",), "family"),
        ("Case EN14:", ("EN14",), "code"),
        ("A Serious Case Review into the care of a child known as KB", ("KB",), "letter"),
        ("MABEL THORNLEY Independent Review Into the Circumstances Surrounding Her Death", ("Mabel Thornley",), "real_name"),
        ("response to ‘Mr A’ SAR", ("Mr A",), "letter"),
        ("Child T and Family: A multi-agency learning review", ("Child T",), "letter"),
        ("SCR into services provided for teenager Sam Thornley", ("Sam Thornley",), "real_name"),
        ("Child Sexual Exploitation Serious Case Review", (), "none"),
        ("Serious Case Review concerning sexual exploitation of children in Northmoor", (), "none"),
        ("SCR CHILD IN CARE", (), "none"),
        ("Peer on Peer Abuse", (), "none"),
        ("“Nobody asked me what I wanted”: LCSPR", (), "none"),
        ("A Serious Case Review", (), "none"),
    ],
)  # fmt: skip
def test_labels_are_read_as_printed_one_by_one(
    title: str, labels: tuple[str, ...], kind: str
) -> None:
    facts = read_title(title, nation="England")
    assert (facts.subject_labels, facts.label_kind) == (labels, kind)


@pytest.mark.parametrize(
    ("title", "labels"),
    [
        ("Overview Report – Independent reviewer: Ms N. Orchard – Published: May 2022", ()),
        ("Child Practice Review: Child H – Lead reviewer Mr J. Thornley", ("Child H",)),
        ("Serious Case Review: Baby W. Author: Mrs Jane Thornley", ("Baby W",)),
        ("Overview report by Miss A.K. Fell", ()),
        ("Report writer: Miss K. Bell", ()),
        ("Serious Case Review – Mr A and Mrs B", ("Mr A", "Mrs B")),
        ("Mr J. Serious Case Review", ("Mr J",)),
    ],
)
def test_who_wrote_a_report_is_nobody_whom_it_is_about(title: str, labels: tuple[str, ...]) -> None:
    assert read_title(title).subject_labels == labels


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Child D Serious Case Review Report", "overview_report"),
        ("Child D final report", "overview_report"),
        ("SCR Child D FINAL", "overview_report"),
        ("Overview Report Executive Summary", "executive_summary"),
        ("Appendices to the Overview Report.", "appendix"),
        ("SCR Summary - Child W", "executive_summary"),
        ("Summary: Baby N Local Learning Review", "learning_summary"),
        ("Child Y: Seven Point Briefing", "briefing"),
        ("LCSPR-Amelia-7MB.pdf", "briefing"),
        ("LCSPR on a page - Ezra", "briefing"),
        ("Teenage carers: learning from case reviews", "briefing"),
        ("Child T PowerPoint Presentation", "learning_summary"),
        ("Biennial analysis of serious case reviews 2005-2007", "learning_summary"),
        ("Government Office South - Final Report on Serious Case Reviews", "learning_summary"),
        ("Serious Case Reviews – Overview Reports", "overview_report"),
        ("Child N action plan", "action_plan"),
        ("Board response to Serious Case Review Child N", "response"),
        ("Learning from SCR Child P – poster", "poster"),
        ("Easy read: Child T Learning Review", "easy_read"),
        ("Overview report and action plan: Child T", "overview_report"),
        ("Adroddiad Adolygiad Ymarfer Plant", "overview_report"),
        ("Adolygiad Ymarfer Plant – Crynodeb Gweithredol", "executive_summary"),
        ("boys-death-was-not-foreseen-says-report", None),
        ("120 page report into case critical of how agencies failed to talk", None),
        ("Child N press release", None),
        ("Northmoor Safeguarding Board Response regarding Sam Thornley", None),
        ("Oakham Report: review of the functions of boards March 2016", None),
    ],
)  # fmt: skip
def test_roles_follow_their_precedence(title: str, role: str | None) -> None:
    assert read_title(title, nation="England").document_role == role


def test_a_press_statement_has_a_role_outside_the_contract() -> None:
    facts = read_title("SCR Child M – press statement", nation="England")
    assert (facts.review_type, facts.document_role, facts.other_role) == ("scr", None, "statement")


@pytest.mark.parametrize(
    ("title", "published", "precision", "case_ref"),
    [
        ("Date of Incident: July 2015 Date of Publication: January 2017", "2017-01", "month", None),
        ("12.10.2020 (revised for publication 05.01.2021) Final Learning Review Child B", "2021-01-05", "day", None),
        ("SCR Child A published on 12/05/2016", "2016-05-12", "day", None),
        ("Published: Tuesday, 07th Jun 2022 Child V LCSPR", "2022-06-07", "day", None),
        ("SCR_ChildK_Report_Dec2017.pdf", "2017-12", "month", None),
        ("Child K - Learning Brief - Feb 22", "2022-02", "month", None),
        ("SCR Child A 06/2015", "2015-06", "month", None),
        ("Review Panel: practice guidance April 2019", "2019-04", "month", None),
        ("Cyhoeddwyd 12 Mehefin 2023: Adolygiad Ymarfer Plant", "2023-06-12", "day", None),
        ("Vulnerable Adolescents Thematic Review 2019", "2019", "year", None),
        ("CPR ABCSB 8/2020 Final Report", None, None, "ABCSB 8/2020"),
        ("APR ABCSB 03-2022 7 Minute Briefing", None, None, "ABCSB 03-2022"),
        ("XSCP2020-21-01 Report", None, None, "XSCP2020-21-01"),
        ("Publication of ABCD 4 2019", None, None, "ABCD 4 2019"),
        ("Analysis of serious case reviews: 2014 to 2017", None, None, None),
        ("Data report for 1 September 2021 31 March 2023", None, None, None),
        ("Panel Annual Report 2020 key messages", None, None, None),
        ("Working Together 2018 and the review of Child B", None, None, None),
        ("SCR relating to the death of Child A in July 2014", None, None, None),
        ("Rosie Report Final 26.11", None, None, None),
    ],
)  # fmt: skip
def test_only_dates_of_publication_are_given(
    title: str, published: str | None, precision: str | None, case_ref: str | None
) -> None:
    facts = read_title(title)
    assert (facts.published, facts.precision, facts.case_ref) == (published, precision, case_ref)


@pytest.mark.parametrize(
    "title",
    [
        "Serious Case Review Toolkit",
        "CMR Policy and Procedures Practice Guidance",
        "LCSPR Subgroup Terms of Reference",
        "Local Child Safeguarding Practice Review Process Flowchart",
        "SCR Referral Form",
        "Learning Event: Child Safeguarding Practice Reviews",
        "Child Safeguarding Practice Review Panel annual report 2022 to 2023",
        "How we carry out child safeguarding practice reviews",
        "Learning from serious case reviews: multi-agency training",
        "National case review repository",
    ],
)
def test_papers_about_reviews_have_neither_type_nor_role(title: str) -> None:
    facts = read_title(title, nation="England")
    assert (facts.review_type, facts.document_role, facts.subject_labels, facts.not_a_review) == (
        None,
        None,
        (),
        True,
    )


@pytest.mark.parametrize(
    ("heading", "labels", "published", "area", "anonymous"),
    [
        ("December 2014 – Blackpool - Child XR", ("Child XR",), "2014-12", "Blackpool", False),
        ("2012Ceredigion – Child W", ("Child W",), "2012", "Ceredigion", False),
        ("2022 – Anonymous – Adam", ("Adam",), "2022", None, True),
        ("2017 – Anonymous-Child L and Child M", ("Child L", "Child M"), "2017", None, True),
        (
            "December 2014NSPCC on behalf of unnamed LSCB - Child C",
            ("Child C",),
            "2014-12",
            None,
            True,
        ),
    ],
)
def test_headings_of_the_national_list_have_three_slots(
    heading: str, labels: tuple[str, ...], published: str, area: str | None, anonymous: bool
) -> None:
    facts = read_title(heading, publisher="NSPCC")
    assert (facts.subject_labels, facts.published, facts.area, facts.anonymous) == (
        labels,
        published,
        area,
        anonymous,
    )


@pytest.mark.parametrize(
    "title",
    [
        "NXSCP-LCSPR-Child-AK-Overview-Report-Final-for-publication-18.07.2022.pdf",
        "NXSCP_LCSPR_Child_AK_Overview_Report_18_07_2022.docx",
        "LCSPR%20Child%20AK%20Overview%20Report%2018%20July%202022.pdf",
        "lcspr-child-ak-overview-report-2022-07-18",
        "Download LCSPR Child AK overview report 18/07/22 [PDF, 1.2MB] (opens in new window)",
    ],
)
def test_file_names_and_slugs_read_like_titles(title: str) -> None:
    assert said(title) == ("lcspr", "Child AK", "overview_report", "2022-07-18")


def test_a_heading_gives_what_the_title_does_not_say() -> None:
    facts = read_title(
        "Child B", nation="England", heading="Executive Summaries on Serious Case Reviews 2009"
    )
    assert (facts.review_type, facts.subject_labels, facts.document_role, facts.published) == (
        "scr",
        ("Child B",),
        "executive_summary",
        "2009",
    )


def test_an_empty_title_says_nothing() -> None:
    assert read_title(" \u200b ") == TitleFacts()


_PIECES = st.sampled_from(
    [
        "SCR",
        "Child",
        "Children",
        "Q",
        "A",
        "and",
        "–",
        "(",
        ")",
        "“",
        "”",
        "'",
        "Baby",
        "Serious Case Review",
        "2019",
        "31.2.2019",
        "05/2016",
        "Final",
        "Report",
        "Mr",
        "Family",
        "CTX 8/2020",
        "published",
        "Ŵyn",
        "\n",
        "%20",
        "_",
        "I",
        "Executive Summary",
        "of",
        "the death of",
        "Anonymous",
    ]
)


@given(
    st.one_of(
        st.text(max_size=120),
        st.lists(_PIECES, max_size=14).map(" ".join),
        st.lists(_PIECES, max_size=14).map("-".join),
    )
)
@pytest.mark.slow
def test_any_text_is_read_without_error_into_known_codes(title: str) -> None:
    facts = read_title(title)
    assert facts == read_title(title)
    for code in (facts.review_type or "").split("|"):
        assert code in ("", *REVIEW_TYPES)
    assert facts.document_role in (None, *DOCUMENT_ROLES)
    assert (
        facts.published is None
        or {4: "year", 7: "month", 10: "day"}[len(facts.published)] == facts.precision
    )


@given(st.lists(_PIECES, max_size=12).map(" ".join))
def test_no_label_is_invented(title: str) -> None:
    """Every word of a label but its noun stands in the title."""
    plain = title.replace("“", " ").replace("”", " ").lower()
    for label in read_title(title).subject_labels:
        last = label.split()[-1].strip("'").lower()
        assert last in plain


@given(
    st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ"),
    st.integers(2009, 2024),
    st.sampled_from(["SCR", "Serious Case Review", "LCSPR", "CSPR"]),
)
def test_parts_of_a_title_may_change_places(letter: str, year: int, review: str) -> None:
    orders = [
        f"{review} Child {letter} Overview Report {year}",
        f"Child {letter} – {review} – Overview Report – {year}",
        f"{year}: Overview Report, {review} (Child {letter})",
        f"Overview Report of the {review} on Child {letter} ({year})",
    ]
    assert len({said(title) for title in orders}) == 1
