"""The pages of a review, of similar cases, of news, saved searches and coverage, over the small home."""

import logging
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient

from casereviews import Collection
from casereviews.collection.output.addresses import sentence_address
from casereviews.repository.home import Home
from casereviews.web.dates import date_in_words
from casereviews.web.evidence import sentence_marked
from tests.search_cli.small_home import ABSTRACT, RETRACTED
from tests.web.conftest import HOST, of

OURS = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
CASE = "A baby of four months died on a sofa. Quenchworthy: there was neglect and domestic abuse."
SECRET = "Quenchworthy"


class Outline(HTMLParser):
    """What stands in a page: its headings, tables, links, fields, ids and whatever would run or load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.tables = self.captions = 0
        self.unscoped: list[str | None] = []
        self.links: list[str] = []
        self.link_words: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: set[str] = set()
        self.running: list[str] = []
        self._words: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.tables += tag == "table"
        self.captions += tag == "caption"
        if tag == "th" and "scope" not in said:
            self.unscoped.append(said.get("class"))
        if tag == "a":
            self.links.append(said.get("href") or "")
            self._words = []
        if tag == "label":
            self.labelled.add(said.get("for") or "")
        if tag in ("input", "select", "textarea") and said.get("type") != "hidden":
            self.fields.add(said.get("id") or "")
        if said.get("id"):
            self.ids.append(str(said["id"]))
        if tag in ("script", "iframe", "object") or any(name.startswith("on") for name in said):
            self.running.append(tag)

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._words is not None:
            self.link_words.append("".join(self._words).strip())
            self._words = None


PAGES = (
    "/review/{baby}",
    "/review/{baby}/why",
    "/review/{baby}/similar",
    "/similar",
    "/new",
    "/new?since=2024-01-01",
    "/new?since=yesterday",
    "/saved",
    "/counts",
    "/counts?by=theme&and=year",
    "/counts?by=timeline",
    "/counts?by=map&q=neglect",
    "/counts?q=(",
    "/marks",
    "/marks?q=the",
    "/marks?q=(",
    "/marks/flow",
    "/mark/{baby}",
    "/coverage",
    "/coverage?nation=Wales",
    "/status",
    "/status?failing=1",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_in_order_and_runs_nothing(
    page: TestClient, baby: str, path: str
) -> None:
    answer = page.get(path.format(baby=baby))
    assert answer.status_code == (400 if path.endswith(("yesterday", "(")) else 200)
    seen = Outline(answer.text)
    assert seen.headings.count(1) == 1
    assert seen.headings[0] == 1
    assert all(b <= a + 1 for a, b in zip(seen.headings, seen.headings[1:], strict=False))
    assert seen.tables == seen.captions
    assert not seen.unscoped
    assert seen.fields <= seen.labelled
    assert len(seen.ids) == len(set(seen.ids))
    assert all(seen.link_words)
    assert not seen.running
    assert answer.headers["cache-control"] == "no-store"


def test_a_review_shows_its_facts_with_the_sentence_that_says_so(
    page: TestClient, baby: str
) -> None:
    text = page.get(f"/review/{baby}").text
    row = text[text.index(">Outcome</th>") :].partition("</tbody>")[0]
    assert "<td>death</td>" in row
    assert "who <mark>died</mark>" in row
    link = re.search(r'href="(/read/[^"]+/2\?[^"]+)"', row)
    assert link
    assert "Child+Q+was+a+baby+of+four+months" in link[1]
    assert "exact=1" in link[1]


def test_a_link_to_a_sentence_searches_for_it_as_a_phrase(built: Home, baby: str) -> None:
    with Collection(built) as collection:
        document = collection.review(baby).documents[0]
        facts = [one for one in document.facts if one.page and one.evidence]
        assert facts
        for fact in facts:
            href = unquote(sentence_address(document.document_id, fact.page or 0, fact.evidence))
            query = href.partition("?q=")[2].partition("&")[0].replace("+", " ")
            found = collection.search(query, exact=True, filters={"scope": ["all"]})
            assert baby in [hit.review_id for hit in found.hits], (fact.evidence, query)


def test_recommendations_stand_with_whom_they_address_and_their_page(
    page: TestClient, baby: str
) -> None:
    text = page.get(f"/review/{baby}").text
    table = text[text.index("Recommendations of ") :].partition("</table>")[0]
    assert "<td>Northmoor Council</td>" in table
    assert "The partnership should audit how safer sleep advice" in table
    assert "/3?q=" in table


def test_the_timeline_has_what_the_review_states_and_what_was_seen_of_it(
    page: TestClient, ids: dict[str, str]
) -> None:
    text = page.get(f"/review/{of(ids, 'Child R')}").text
    timeline = text[text.index('id="timeline-caption"') :]
    assert timeline.index("2019") < timeline.index("10 January 2024") < timeline.index("removed")
    assert "The publisher has removed this from its list." in text


def test_all_evidence_has_the_losers_and_what_was_not_counted(page: TestClient, baby: str) -> None:
    text = page.get(f"/review/{baby}/why").text
    assert "does not stand" in text
    assert "told of this case" in text


def test_a_review_is_found_by_the_id_of_its_document_and_none_by_another(
    page: TestClient, built: Home, baby: str
) -> None:
    with Collection(built) as collection:
        document = collection.review(baby).documents[-1].document_id
    assert page.get(f"/review/{document}").text == page.get(f"/review/{baby}").text
    assert page.get("/review/no-such-review").status_code == 404


def test_what_is_held_stands_on_no_page(page: TestClient, built: Home) -> None:
    with Collection(built) as collection:
        held = collection.held()[0].document_id
    assert page.get(f"/review/{held}").status_code == 404
    for path in ("/new?since=2024-01-01", "/status", "/coverage"):
        assert RETRACTED not in page.get(path).text
        assert "Child S" not in page.get(path).text


def similar(page: TestClient, text: str = CASE, **headers: str):
    return page.post("/similar", data={"text": text, "scope": "all"}, headers=OURS | headers)


def test_a_described_case_finds_reviews_with_the_reasons(page: TestClient, baby: str) -> None:
    answer = similar(page)
    assert answer.status_code == 200
    assert not answer.history
    assert f'href="/review/{baby}"' in answer.text
    assert "<dt>Same</dt>" in answer.text
    assert "does not assess risk" in answer.text or "caution" in answer.text
    assert SECRET in answer.text  # it stands in the field again, to be worded otherwise


def test_nothing_of_a_description_is_kept_or_carried_on(
    changing: tuple[TestClient, Home], caplog: pytest.LogCaptureFixture, capfd
) -> None:
    page, home = changing
    with caplog.at_level(logging.DEBUG):
        answer = similar(page)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert SECRET not in str(answer.url) + str(answer.headers) + str(answer.history)
    assert not any(SECRET in unquote(link) for link in Outline(answer.text).links)
    assert SECRET not in caplog.text + "".join(capfd.readouterr())
    for file in home.root.rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes(), file
    assert SECRET not in page.get("/similar").text


def test_a_description_is_taken_from_a_form_alone(page: TestClient) -> None:
    asked = page.get("/similar", params={"text": CASE})
    assert SECRET not in asked.text
    assert "Read as" not in asked.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://elsewhere.test", "sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:9999", "sec-fetch-site": "same-site"},
        {"origin": "null"},
        {"sec-fetch-site": "same-origin"},
    ],
)
def test_a_description_that_another_page_sends_is_refused(
    page: TestClient, headers: dict[str, str]
) -> None:
    answer = page.post("/similar", data={"text": CASE}, headers=headers)
    assert answer.status_code == 403
    assert SECRET not in answer.text


def test_without_a_session_nothing_is_compared(outside: TestClient) -> None:
    answer = outside.post("/similar", data={"text": CASE}, headers=OURS)
    assert answer.status_code in (401, 403)
    assert "Read as" not in answer.text


def test_an_empty_description_is_an_error_at_the_field(page: TestClient) -> None:
    answer = similar(page, " \n ")
    assert answer.status_code == 400
    assert 'href="#text"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_description_that_is_too_long_is_refused_whole(page: TestClient) -> None:
    answer = similar(page, "x" * 1_100_000)
    assert answer.status_code == 413


def test_what_is_typed_cannot_leave_its_field(page: TestClient) -> None:
    answer = similar(page, "</textarea><script>alert(1)</script> a baby died")
    assert not Outline(answer.text).running
    assert "&lt;/textarea&gt;" in answer.text


def test_news_stand_with_titles_and_lead_to_their_reviews(page: TestClient) -> None:
    text = page.get("/new?since=2024-01-01").text
    assert "(not shown)" in text  # Child S is held
    assert re.search(r'<th scope="row"><a href="/review/[^"]+">Serious Case Review: Child R', text)
    removed = page.get("/new?since=2024-01-01&kind=removed").text
    assert "2 changes since 1 January 2024" in removed
    assert removed.count("removed from the list, its file is gone") == 2


def test_a_day_that_is_none_is_an_error_at_its_field(page: TestClient) -> None:
    answer = page.get("/new", params={"since": '"><script>x</script>'})
    assert answer.status_code == 400
    assert not Outline(answer.text).running
    assert 'href="#since"' in answer.text


def test_feeds_are_those_that_a_refresh_wrote(changing: tuple[TestClient, Home]) -> None:
    page, home = changing
    assert page.get("/feeds/new.atom").status_code == 404
    (home.feeds / "saved").mkdir(parents=True, exist_ok=True)
    (home.feeds / "new.atom").write_text("<feed/>")
    (home.feeds / "saved" / "sleep.atom").write_text("<feed>sleep</feed>")
    (home.feeds / "saved" / "sleep.json").write_text("{}")
    answer = page.get("/feeds/new.atom")
    assert (answer.text, answer.headers["content-type"]) == ("<feed/>", "application/atom+xml")
    assert page.get("/feeds/saved/sleep.atom").text == "<feed>sleep</feed>"
    assert 'href="/feeds/new.atom"' in page.get("/new").text
    for path in ("saved/sleep.json", "saved/..%2Fnew.atom", "..%2Frecord.db", "saved/CON.atom"):
        assert page.get(f"/feeds/{path}").status_code == 404


def test_a_saved_search_is_run_from_its_page(changing: tuple[TestClient, Home]) -> None:
    page, home = changing
    with Collection(home) as collection:
        collection.saved.add("boys", "fictional", filters={"nation": ["England"]}, exact=True)
    listed = page.get("/saved").text
    assert "Nation: England" in listed
    assert "(exact words)" in listed
    assert "/?q=fictional&amp;nation=England&amp;sort=date&amp;exact=1" in listed.replace(
        "&amp;exact=1&amp;sort=date", "&amp;sort=date&amp;exact=1"
    )
    first = page.post("/saved/boys/new", data={}, headers=FORM | OURS)
    assert first.status_code == 200
    assert "Child Q" in first.text
    assert "Brackenfield" not in first.text  # as `saved run`, which withholds real names
    again = page.post("/saved/boys/new", data={}, headers=FORM | OURS)
    assert "Nothing is new since its last run." in again.text
    assert page.get("/saved/boys/new").status_code == 405
    assert page.post("/saved/boys/new", data={}, headers=FORM).status_code == 403


FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_coverage_and_status_say_it_in_words(page: TestClient) -> None:
    covered = page.get("/coverage?nation=Wales").text
    assert "<td>Wales</td>" in covered
    assert "<td>England</td>" not in covered
    status = page.get("/status").text
    assert "Northmoor Safeguarding Partnership" in status
    assert "Read in full" in status
    assert "never_yielded" not in status


def test_pages_of_places_show_no_path_of_the_machine(page: TestClient, built: Home) -> None:
    assert all(str(built.root) not in page.get(path).text for path in ("/status", "/coverage"))


HOSTILE = '<script>alert(1)</script>"onmouseover="x'


def test_hostile_titles_are_letters(
    page: TestClient, built: Home, baby: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    real = Collection.review

    def hostile(self: Collection, identifier: str):
        review = real(self, identifier)
        documents = tuple(
            replace(
                one,
                title=HOSTILE,
                url="javascript:alert(1)",
                link_reason=HOSTILE,
                recommendations=tuple(replace(r, text=HOSTILE) for r in one.recommendations),
                facts=tuple(replace(f, evidence=HOSTILE, raw="alert") for f in one.facts),
            )
            for one in review.documents
        )
        return replace(review, fields={**review.fields, "title": HOSTILE}, documents=documents)

    monkeypatch.setattr(Collection, "review", hostile)
    for path in (*(f"/review/{baby}{end}" for end in ("", "/why", "/similar")), f"/mark/{baby}"):
        answer = page.get(path)
        seen = Outline(answer.text)
        assert answer.status_code == 200
        assert not seen.running
        assert not any(link.startswith("javascript") for link in seen.links)
        assert "&lt;script&gt;" in answer.text


def test_an_abstract_is_shown_as_show_shows_it(page: TestClient, ids: dict[str, str]) -> None:
    assert ABSTRACT not in page.get("/new?since=2024-01-01").text
    assert page.get(f"/review/{of(ids, 'Child W')}").status_code == 200


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2021", "2021"),
        ("2021-03", "March 2021"),
        ("2021-06-08", "8 June 2021"),
        ("2026-01-20T02:00:00Z", "20 January 2026"),
        ("about 1999", "about 1999"),
        ("20", "20"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(iso: str | None, words: str) -> None:
    assert date_in_words(iso) == words


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("He said: “no” (twice), and left.", '"He said no twice and left"'),
        ("afeguarding Children Board met.", '"Children Board met"'),
        (" ".join(f"W{n}" for n in range(20)), '"' + " ".join(f"W{n}" for n in range(12)) + '"'),
        ("the child's own words", '"child\'s own words"'),
    ],
)
def test_a_sentence_is_asked_for_by_its_words(sentence: str, phrase: str) -> None:
    href = unquote(sentence_address("doc", 3, sentence)).replace("+", " ")
    assert href == f"/read/doc/3?q={phrase}&exact=1"


def test_a_page_without_a_sentence_is_linked_as_it_is() -> None:
    assert sentence_address("doc", 3, " … ") == "/read/doc/3"


def test_the_telling_words_of_a_sentence_are_marked() -> None:
    assert sentence_marked("She <b> DIED  there", "died") == "She &lt;b&gt; <mark>DIED</mark> there"
    assert sentence_marked("Child Q", "Child Q") == "Child Q"


def test_a_hit_says_how_close_it_is_and_nothing_close_says_so(page: TestClient) -> None:
    assert re.search(r'<span class="tag">(Strong|Fair|Weak)<', similar(page).text)
    nothing = similar(page, "The committee bought eleven new chairs for its meeting room.")
    assert nothing.status_code == 200
    assert "Nothing here is close" in nothing.text
