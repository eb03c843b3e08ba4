"""What stands in a file instead of a report is a named result; a report that says such words is a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from casereviews.repository.errors import RepositoryError
from casereviews.repository.model import Page
from casereviews.repository.reading import read_file
from casereviews.repository.reading.placeholders import (
    LONGEST,
    placeholder_of,
    refuse_placeholder,
)

PLACEHOLDERS = {
    "This PDF portfolio is best seen in Acrobat: open this PDF portfolio in Adobe Reader.": "portfolio",
    "For the best experience, open this PDF portfolio in\nAcrobat X.": "portfolio",
    "Please wait...\n\nIf this message is not eventually replaced by the proper contents": "form",
    "To view the full contents of this document, you need a later version of the PDF viewer.": "form",
    "Your browser does not support inline PDFs. Download the file to read it.": "browser",
    "This application does not currently support frames.": "browser",
    "Please enable JavaScript to continue.": "browser",
    "Sign in to your account. Forgotten your password?": "login",
    "Sorry, you don't have access to view this page": "login",
    "Your session has expired": "login",
    "The document you are trying to load requires Adobe Reader 8 or higher.": "viewer",
    "Checking your browser. Enable JavaScript and cookies to continue": "wall",
    "Please complete the security check to access barnmoor.example": "wall",
    "Page not found. Sorry, the page you are looking for does not exist or has been moved.": "missing",
    "404 Not Found": "missing",
}
REPORTS = [
    "The portfolio of evidence was opened in court.",
    "Please wait in the hall, the worker told the family.",
    "His key worker did not support the plan, and the family's browser of records was lost.",
    "Staff sign in at the desk of the Pear Vale centre; visitors log in by name.",
    "He had forgotten his lunch and his password to the school's room.",
    "Access to the child was denied by the step-father.",
    "The file was not found by the worker; the document that the court asked for was missing.",
    "The security check at the nursery was complete.",
]


@pytest.mark.parametrize(("text", "code"), PLACEHOLDERS.items())
def test_a_placeholder_is_known_by_what_it_says(text: str, code: str) -> None:
    assert placeholder_of([Page(1, text)]) == code
    assert placeholder_of([Page(1, "", raw=text)]) == code
    with pytest.raises(RepositoryError, match=r"casereviews add|ask the publisher"):
        refuse_placeholder([Page(1, text)])


@pytest.mark.parametrize("text", REPORTS)
def test_a_report_that_says_something_like_it_is_a_report(text: str) -> None:
    assert placeholder_of([Page(1, text)]) is None


def test_a_long_text_or_one_of_many_pages_says_more_than_a_placeholder() -> None:
    text = next(iter(PLACEHOLDERS))
    assert placeholder_of([Page(1, f"{text} {'It says more. ' * (LONGEST // 10)}")]) is None
    pages = [Page(number, "A page of words.") for number in range(2, 5)]
    assert placeholder_of([Page(1, text), *pages]) is None


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Sign in</h1><form><p>Sign in to your account to continue</p></form>",
        "<h1>Documents</h1><p>Access denied. You don't have permission to view this page.</p>",
        "<p>Your browser does not support iframes.</p>",
    ],
)
def test_a_page_that_stands_for_a_report_is_no_document(tmp_path: Path, body: str) -> None:
    (tmp_path / "a.html").write_text(f"<html><body><main>{body}</main></body></html>", "utf-8")
    reading = read_file(tmp_path / "a.html")
    assert (reading.status, reading.pages) == ("not_a_document", ())
    assert "report" in reading.detail
