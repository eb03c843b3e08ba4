"""Why a source gives what it gives, by cause: what was seen in, cause, sentence and proposals out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from casereviews.crawler.check_report import (
    CheckReport,
    Collected,
    Diagnosis,
    Failure,
    LookedAt,
    PreviewedPage,
    TriedFile,
)
from casereviews.crawler.diagnosis import CAUSES, can_be_had, diagnose
from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.parsing.looked import Look
from casereviews.crawler.sources import Source

HOST = "pearvale.example"
HOME = f"https://{HOST}/"
URL = f"{HOME}reviews/"
SOURCE = Source("pear-vale", "Pear Vale", "England", "listing", (URL,), (HOST,), national=True)
DONE = CrawlOutcome("pear-vale", "finished")
LEADS = ((f"{HOME}learn/", "Learning and improvement"), (f"{HOME}old/", "Case reviews (old)"))


def seen(**said: Any) -> CheckReport:
    return replace(CheckReport("pear-vale", "", outcome=DONE), **said)


def collected(*urls: str) -> tuple[Collected, ...]:
    return tuple(Collected(url, "Overview report", (), (), URL, "file") for url in urls)


def failed(error: str, final: str = URL, **more: Any) -> CheckReport:
    return seen(failures=(Failure(URL, final, error, start=True, **more),))


def start(url: str = URL, asked: str = URL, **look: Any) -> LookedAt:
    return LookedAt(asked, url, True, Look(**look))


def page(kind: str = "empty", follows: int = 0) -> tuple[PreviewedPage, ...]:
    return (PreviewedPage(URL, kind, "", 0, follows),)


def home(**look: Any) -> LookedAt:
    return LookedAt(HOME, HOME, False, Look(**look))


REPORT = collected(HOME + "a.pdf")
NEW = "https://vale.example/learning/reviews/"
CASES: list[tuple[str, CheckReport, str, list[dict[str, Any]]]] = [
    # documents come
    ("works", seen(collected=REPORT), "1 document or entry would be collected", []),
    (
        "moved_path",
        seen(collected=REPORT, looked_at=(start(HOME + "learning/"),)),
        f"{URL} now answers at {HOME}learning/",
        [{"start_urls": [HOME + "learning/"]}],
    ),
    (
        "moved_path",
        seen(collected=REPORT, looked_at=(start("http://pearvale.example/reviews/"),)),
        "now answers at http://pearvale.example/reviews/",
        [{"start_urls": ["http://pearvale.example/reviews/"]}],
    ),
    (
        "part_of_start",
        replace(failed("http_404"), collected=REPORT),
        "its list is not there any more (404)",
        [],
    ),
    (
        "files_elsewhere",
        seen(collected=collected(HOME + "a.pdf", "https://blob.example/b.pdf")),
        "1 file stands on a host that is not among its hosts: 1 on blob.example",
        [{"hosts": [HOST, "blob.example"]}],
    ),
    (
        "files_elsewhere",
        seen(left_alone=(("https://blob.example/a.pdf", "Child Ash overview report", "other_publisher"),)),
        "on blob.example",
        [{"hosts": [HOST, "blob.example"]}],
    ),
    (
        "files_elsewhere",
        seen(
            collected=REPORT,
            files=(TriedFile(HOME + "a.pdf", "https://cdn.example/a.pdf", "off_site"),),
        ),
        "1 on cdn.example",
        [{"hosts": [HOST, "cdn.example"]}],
    ),
    (
        "files_robots",
        seen(collected=REPORT, files=(TriedFile(HOME + "a.pdf", HOME + "a.pdf", "robots"),)),
        "robots.txt of pearvale.example asks not to read 1 of its 1 files",
        [],
    ),
    (
        "files_robots",
        seen(
            collected=REPORT,
            files=(TriedFile(HOME + "a.pdf", "https://blob.example/a.pdf", "robots"),),
        ),
        "robots.txt of blob.example asks",
        [],
    ),
    *(
        (
            "files_refused",
            seen(collected=REPORT, files=(TriedFile(HOME + "a.pdf", HOME + "a.pdf", error),)),
            says,
            [],
        )
        for error, says in (
            ("http_403", "refuses its files (403)"),
            ("login", "asks for a login for its files"),
            ("bot_wall", "a bot wall stands before the files"),
        )
    ),
    (
        "files_gone",
        seen(
            collected=collected(HOME + "a.pdf", HOME + "b/b.pdf"),
            files=(
                TriedFile(HOME + "a.pdf", HOME + "a.pdf"),
                TriedFile(HOME + "b/b.pdf", HOME + "b/b.pdf", "http_404"),
            ),
        ),
        f"files that are not there (404): 1 of 2 tried, such as {HOME}b/b.pdf",
        [],
    ),
    (
        "files_are_pages",
        seen(collected=REPORT, files=(TriedFile(HOME + "a.pdf", HOME, "html_for_file"),)),
        "gives a page where a file should come",
        [],
    ),
    (
        "files_fail",
        seen(collected=REPORT, files=(TriedFile(HOME + "a.pdf", HOME + "a.pdf", "timeout"),)),
        "a file cannot be had (timeout)",
        [],
    ),
    # the start page cannot be read
    (
        "moved_host",
        failed("off_site", NEW, leads_to=NEW),
        f"moved to {NEW}",
        [{"start_urls": [NEW], "hosts": [HOST, "vale.example"]}],
    ),
    (
        "robots_elsewhere",
        failed("robots_elsewhere", leads_to="https://vale.example/robots.txt"),
        "its robots.txt redirects to https://vale.example/robots.txt",
        [{"hosts": [HOST, "vale.example"]}],
    ),
    (
        "gone",
        replace(failed("http_404"), looked_at=(home(leads=LEADS),)),
        "links that speak of reviews: “Learning and improvement”",
        [{"start_urls": [url for url, _ in LEADS]}],
    ),
    ("gone", failed("http_410"), "no link of its home page speaks of reviews", []),
    ("login", failed("login", HOME + "login"), f"asks for a login (at {HOME}login)", []),
    *(
        ("login", failed("off_site", there, leads_to=there), f"asks for a login (at {there})", [])
        for there in (
            "https://login.cloud.example/common/oauth2",
            "https://sso.council.example/adfs/ls",
            "https://council.example/account/login?ReturnUrl=/reviews/",
        )
    ),
    ("login", failed("http_401"), "asks for a login", []),
    ("cookie_wall", failed("redirect_loop", cookies=True), "until a cookie is kept", []),
    ("redirect_loop", failed("redirect_loop"), "redirects in a circle", []),
    ("bot_wall", failed("bot_wall"), "a bot wall stands before its list", []),
    ("refused", failed("http_403"), "refuses to show its list (403)", []),
    ("refused", failed("http_451"), "status 451", []),
    ("robots", failed("robots"), "robots.txt of pearvale.example asks not to read its list", []),
    ("robots_unreadable", failed("robots_unreadable"), "answers with an error", []),
    ("asked_to_wait", failed("asked_to_wait", seconds=900), "asks to come back in 15 minutes", []),
    ("asked_to_wait", failed("http_429"), "too many requests (429)", []),
    ("asked_to_wait", failed("budget"), "today's number of requests", []),
    ("crawl_delay", failed("crawl_delay", seconds=86400), "asks for 1 day between", []),
    ("crawl_delay", failed("crawl_delay", seconds=300), "some 12 pages and files a night", []),
    ("server_error", failed("http_503"), "answers with an error (503)", []),
    ("unreadable", failed("empty_page"), "answers with an empty page", []),
    *(
        (
            cause,
            failed(cause),
            says,
            [{"start_urls": [f"https://www.{HOST}/reviews/"], "hosts": [HOST, f"www.{HOST}"]}],
        )
        for cause, says in (
            ("tls", "the certificate of pearvale.example is not valid"),
            ("timeout", "does not answer in time"),
            ("dns", "the host name pearvale.example does not exist"),
            ("connection", "refuses or drops the connection"),
        )
    ),
    *(
        (
            "pages_fail",
            seen(pages=page("list", 3), failures=(Failure(HOME + "r/1", final, error, leads_to=to),)),
            says,
            changes,
        )
        for error, final, to, says, changes in (
            ("http_403", HOME + "r/1", None, f"({HOME}r/1): pearvale.example refuses", []),
            ("robots", HOME + "r/1", None, "asks not to read", []),
            ("off_site", NEW, NEW, "redirect to vale.example", [{"hosts": [HOST, "vale.example"]}]),
        )
    ),
    (
        "pages_elsewhere",
        seen(pages=page(), left_alone=((NEW, "Serious case reviews", "other_publisher"),)),
        "lead to vale.example, which is not among its hosts: “Serious case reviews”",
        [{"hosts": [HOST, "vale.example"]}],
    ),
    # something else stands there
    (
        "soft_404",
        seen(pages=page(), looked_at=(start(title="Oops", stands_for="not_found", leads=LEADS),)),
        "shows an error page (“Oops”)",
        [{"start_urls": [url for url, _ in LEADS]}],
    ),
    (
        "parked",
        seen(pages=page(), looked_at=(start(title="vale", stands_for="parked"),)),
        "its domain is parked, for sale or empty",
        [],
    ),
    (
        "cookie_wall",
        seen(pages=page(), looked_at=(start(stands_for="cookie_wall"),)),
        "only to those who accept cookies",
        [],
    ),
    (
        "login",
        seen(pages=page(), looked_at=(start(HOME + "x", stands_for="login"),)),
        f"asks for a login (at {HOME}x)",
        [],
    ),
    (
        "being_rebuilt",
        seen(pages=page(), looked_at=(start(title="Soon", stands_for="being_rebuilt"),)),
        "says that it is being rebuilt (“Soon”)",
        [],
    ),
    (
        "moved_home",
        seen(pages=page(), looked_at=(start(HOME, title="Pear Vale", leads=LEADS),)),
        f"leads to a home page, {HOME} (“Pear Vale”)",
        [{"start_urls": [url for url, _ in LEADS]}],
    ),
    (
        "moved_notice",
        seen(pages=page(), looked_at=(start(sends_to=(NEW,)),)),
        f"sends its reader on to {NEW}",
        [{"start_urls": [NEW], "hosts": [HOST, "vale.example"]}],
    ),
    # a page without reviews
    ("needs_javascript", seen(pages=page("needs_javascript")), "filled by JavaScript", []),
    *(
        (
            "family",
            seen(pages=page(), looked_at=(start(family=family),)),
            f"signs of {family}",
            [{"family": family}],
        )
        for family in ("wordpress", "govuk", "dhr_library", "sar_library", "nspcc")
    ),
    (
        "framed",
        seen(pages=page(), looked_at=(start(frames=("https://frame.example/list",)),)),
        "only a frame from https://frame.example/list",
        [{"start_urls": ["https://frame.example/list"], "hosts": [HOST, "frame.example"]}],
    ),
    (
        "no_rule",
        seen(pages=page(), looked_at=(start(leads=LEADS),)),
        "these links speak of reviews: “Learning and improvement”",
        [
            {
                "follow": [
                    {"text": r"^(Case reviews \(old\)|Learning and improvement)$", "role": "list"}
                ]
            },
            {"start_urls": [url for url, _ in LEADS]},
        ],
    ),
    (
        "says_none",
        seen(pages=page(), looked_at=(start(says_none=True, leads=LEADS),)),
        "there is no review now",
        [],
    ),
    ("nothing", seen(pages=page(), looked_at=(start(),)), "nothing that looks like a review", []),
    (
        "deeper",
        seen(pages=page("list", 2), further=((HOME + "2019", "2019", "list"),)),
        "a night would go on to further pages",
        [{}],
    ),
    # no look at all
    ("crashed", seen(outcome=CrawlOutcome("pear-vale", "crashed", detail="ValueError: odd")), "odd", []),
    ("crashed", seen(outcome=None), "the looking process ended", []),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "report", "says", "changes"), CASES)
def test_a_cause_is_named_with_what_may_mend_it(
    cause: str, report: CheckReport, says: str, changes: list[dict[str, Any]]
) -> None:
    found = diagnose(SOURCE, report)
    assert (found.cause, says in found.says) == (cause, True), found.says
    assert [dict(one.change) for one in found.proposals] == changes
    assert (
        found.works == (cause in ("works", "moved_path", "part_of_start", "says_none"))
        or changes
        or report.files
    )
    assert found.person or found.works  # nothing is left without a word of what to do


def test_every_cause_is_tested() -> None:
    tested = {cause for cause, *_ in CASES} | {"not_crawled"}
    assert tested == set(CAUSES)


@pytest.mark.parametrize("status", ["list_unknown", "not_public", "pointer_only", "off"])
def test_an_entry_that_is_never_crawled_says_why(status: str) -> None:
    found = diagnose(replace(SOURCE, status=status), CheckReport("pear-vale", ""))
    assert (found.cause, found.proposals, bool(found.person)) == ("not_crawled", (), True)


@pytest.mark.parametrize("family", ["govuk", "nspcc", "dhr_library", "sar_library"])
def test_a_family_that_finds_nothing_may_be_a_plain_list(family: str) -> None:
    source = replace(SOURCE, family=family)
    api = Failure(
        HOME + "api/content/reviews", HOME + "api/content/reviews", "http_404", start=True
    )
    page_itself = LookedAt(URL, URL, False, Look(title="Reviews"))
    found = diagnose(source, seen(failures=(api,), looked_at=(page_itself,)))
    assert found.proposals[0].change == {"family": "listing"}


def test_of_a_list_that_is_gone_links_are_tried_before_another_family() -> None:
    gone = replace(failed("http_404"), looked_at=(start(family="wordpress", leads=LEADS),))
    assert [list(one.change) for one in diagnose(SOURCE, gone).proposals] == [
        ["start_urls"],
        ["family"],
    ]


def test_a_wordpress_entry_needs_no_change_of_family_for_a_closed_api() -> None:
    found = diagnose(replace(SOURCE, family="wordpress"), seen(pages=page(), looked_at=(start(),)))
    assert (found.cause, found.proposals) == ("nothing", ())


@pytest.mark.parametrize(
    ("report", "cause"),
    [
        (failed("off_site", NEW, leads_to=NEW), "moved_host"),
        (seen(collected=collected("https://vale.example/b.pdf")), "works"),
        (seen(pages=page(), looked_at=(start(sends_to=(NEW,)),)), "nothing"),
        (
            seen(pages=page(), left_alone=((NEW, "Case reviews", "other_publisher"),)),
            "pages_elsewhere",
        ),
    ],
)
def test_a_host_where_another_entry_has_its_list_is_never_proposed(
    report: CheckReport, cause: str
) -> None:
    found = diagnose(SOURCE, report, {"www.vale.example"})
    assert (found.cause, found.proposals) == (cause, ())


@pytest.mark.parametrize(
    "there", ["http://127.0.0.1:8080/", "http://10.0.0.7/r", "http://localhost/"]
)
def test_a_private_host_is_never_proposed_for_a_public_site(there: str) -> None:
    report = failed("off_site", there, leads_to=there)
    assert diagnose(SOURCE, report).proposals == ()
    local = replace(SOURCE, hosts=("127.0.0.1:9000",))
    assert len(diagnose(local, report).proposals) == 1


def test_a_name_without_a_dot_is_never_proposed() -> None:
    assert (
        diagnose(SOURCE, failed("off_site", "http://docs/r", leads_to="http://docs/r")).proposals
        == ()
    )
    assert diagnose(SOURCE, seen(collected=collected("http://docs/m.pdf"))).proposals == ()


@pytest.mark.parametrize(
    "link",
    [
        ("https://gov.example/a.pdf", "Information sharing guidance", "other_publisher"),
        ("https://gov.example/a.pdf", "Serious case review toolkit", "other_publisher"),
        ("https://gov.example/a.pdf", "National review of serious cases", "other_publisher"),
        ("https://gov.example/reviews/", "Serious case reviews", "other_publisher"),
        ("https://gov.example/a.pdf", "Child Ash overview report", "off_site"),
    ],
)
def test_no_host_is_proposed_for_what_is_no_file_of_a_review(link: tuple[str, str, str]) -> None:
    assert diagnose(SOURCE, seen(collected=REPORT, left_alone=(link,))) == Diagnosis(
        "works", "1 document or entry would be collected", True
    )


def test_what_can_be_had_is_counted_without_what_failed_and_what_stands_elsewhere() -> None:
    report = seen(
        collected=(
            *collected(HOME + "a.pdf", HOME + "b.pdf", "https://blob.example/c.pdf"),
            Collected(None, "Child Elm", (), (), URL, "entry"),
        ),
        files=(TriedFile(HOME + "a.pdf", HOME + "a.pdf", "http_403"),),
    )
    assert can_be_had(SOURCE, report) == 2
