"""Marks in the page: by forms, once however often they are sent, taken back through the history; progress, flow, and what is taken away."""

import contextlib
import csv
import io
import json
import os
import re
import threading
import types

import pytest
from starlette.testclient import TestClient

from casereviews import Collection
from casereviews.collection.keeping import marks as keeping
from casereviews.collection.keeping import sharing
from casereviews.collection.keeping.sharing import changing_alone
from casereviews.repository.home import Home
from casereviews.web.agreed import AgreedLines
from casereviews.web.application import Access, application
from casereviews.web.guard.proxy import Proxy
from casereviews.web.marking import MOST_LETTERS, _is_ours
from tests.web.conftest import HOST, of
from tests.web.test_pages import FORM, OURS, Outline


def send(page: TestClient, path: str, **said: str):
    """A form of these pages, without going where its answer leads."""
    return page.post(path, data=said, headers=FORM | OURS, follow_redirects=False)


def rows(home: Home) -> list[tuple[str, str, str, str]]:
    with Collection(home) as collection:
        return [
            (one.decision, one.reason, one.stage, one.reader) for one in collection.marks.history()
        ]


def test_a_button_marks_once_and_leads_back_by_get(
    changing: tuple[TestClient, Home], baby: str
) -> None:
    page, home = changing
    for _ in range(2):  # sent twice
        answer = send(
            page,
            f"/mark/{baby}",
            decision="include",
            stage="title_abstract",
            reader="Ash",
            reason="a baby",
            back="/?q=baby#next",
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/?q=baby#next")
    assert rows(home) == [("include", "a baby", "title_abstract", "Ash")]
    for path in ("/?q=baby", f"/review/{baby}", f"/mark/{baby}", "/marks"):
        assert "Included on title and abstract by Ash" in page.get(path).text


def test_enter_in_a_field_decides_nothing(page: TestClient, baby: str) -> None:
    """A browser presses the first button of a form, and nothing where that is disabled."""
    for path in ("/?q=baby", f"/review/{baby}", f"/mark/{baby}"):
        form = page.get(path).text.partition(f'action="/mark/{baby}"')[2].partition("</form>")[0]
        assert re.findall(r"<button[^>]*>", form)[0] == "<button disabled hidden>"


def test_two_clicks_at_once_are_one_mark(changing: tuple[TestClient, Home], baby: str) -> None:
    _, home = changing
    with Collection(home) as collection:
        every = collection.marks
        threads = [
            threading.Thread(target=every.put, args=(baby, "maybe"), kwargs={"once": True})
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert rows(home) == [("maybe", "", "", "")]


def test_an_exclusion_says_why_but_on_title_and_abstract(
    changing: tuple[TestClient, Home], baby: str
) -> None:
    page, home = changing
    for stage, reason, status in (
        ("", "", 400),
        ("full_text", "  ", 400),
        ("full_text", "no infant", 303),
        ("title_abstract", "", 303),
    ):
        before = len(rows(home))
        answer = send(
            page,
            f"/mark/{baby}",
            decision="exclude",
            stage=stage,
            reason=reason,
            reader="Bo",
            back="/?q=a",
        )
        assert answer.status_code == status
        assert len(rows(home)) == before + (status == 303)
        if status == 400:
            assert 'href="#reason"' in answer.text
            assert 'aria-invalid="true"' in answer.text
            assert 'value="Bo"' in answer.text  # who marks, and the way back, stand there again
            assert 'value="/?q=a"' in answer.text


def test_what_is_taken_back_lets_stand_what_stood_before(
    changing: tuple[TestClient, Home], baby: str
) -> None:
    page, home = changing
    for decision in ("maybe", "exclude"):
        send(page, f"/mark/{baby}", decision=decision, reason="why not", reader="Ash")
    with Collection(home) as collection:
        (standing,) = collection.marks.standing()
    meant = {"decision": "exclude", "at": standing.at, "stage": "", "reader": "Ash"}
    assert "then stands: Maybe in one step by Ash" in page.get(f"/mark/{baby}").text
    for _ in range(2):  # the second finds that it stands no longer
        assert send(page, f"/mark/{baby}/undo", **meant).status_code == 303
    assert [one[0] for one in rows(home)] == ["maybe", "exclude", "maybe"]


def test_the_only_mark_taken_back_leaves_none(changing: tuple[TestClient, Home], baby: str) -> None:
    page, home = changing
    send(page, f"/mark/{baby}", decision="include", note="read twice")
    with Collection(home) as collection:
        (standing,) = collection.marks.standing()
        collection.marks.undo(standing)
        with pytest.raises(Exception, match="has changed since"):
            collection.marks.undo(standing)
        assert collection.marks.standing() == ()
    text = page.get(f"/mark/{baby}").text
    assert "Mark taken away" in text
    assert "read twice" in text
    assert "Take back" not in text


def test_as_whom_one_marks_is_the_session_s_and_stands_in_every_form(
    changing: tuple[TestClient, Home], baby: str
) -> None:
    page, _ = changing
    said = {"stage": "full_text", "reader": "Ash & <b>Bo</b>"}
    assert send(page, "/marks/as", **said).headers["location"] == "/marks"
    for path in (f"/review/{baby}", f"/read/{baby}", "/?q=baby", f"/mark/{baby}"):
        text = page.get(path).text
        assert 'name="stage" value="full_text"' in text
        assert 'name="reader" value="Ash &amp; &lt;b&gt;Bo&lt;/b&gt;"' in text
    assert send(page, "/marks/as", stage="third").status_code == 400
    assert send(page, "/marks/as", reader="x" * (MOST_LETTERS + 1)).status_code == 400


def test_behind_a_proxy_one_marks_as_who_is_signed_in(built: Home, baby: str) -> None:
    app = application(Collection(built), Access([HOST], Proxy("10.0.0.5", "X-User")), readers=1)
    with TestClient(app, base_url=f"http://{HOST}", client=("10.0.0.5", 5000)) as client:
        for name in ("ana", "bo"):
            text = client.get(f"/review/{baby}", headers={"x-user": name}).text
            assert f'name="reader" value="{name}"' in text


def test_the_keys_are_of_the_first_hit_that_is_not_decided(
    changing: tuple[TestClient, Home],
) -> None:
    page, _ = changing
    text = page.get("/?q=*&scope=all").text
    assert text.count('accesskey="x"') == 1
    first = text.partition('id="next"')[2].partition('action="/mark/')[2].partition('"')[0]
    send(page, f"/mark/{first}", decision="include")
    text = page.get("/?q=*&scope=all").text
    then = text.partition('id="next"')[2].partition('action="/mark/')[2].partition('"')[0]
    assert then not in ("", first)
    assert f'id="mark-{first}"' in text


def test_progress_is_that_of_the_search(changing: tuple[TestClient, Home], baby: str) -> None:
    page, home = changing
    with Collection(home) as collection:
        collection.saved.add("english", "*", filters={"nation": ["England"]})
        total = collection.search("*", filters={"nation": ["England"]}).total
    send(page, f"/mark/{baby}", decision="include", reader="Ash")
    send(page, "/marks/as", reader="Ash")
    text = page.get("/marks?saved=english").text
    assert f"<strong>1 of {total} reviews</strong> in one step as Ash" in text
    assert f'<progress max="{total}" value="1"' in text
    unmarked = (
        text.partition("Those that nobody marked yet")[0].rpartition('href="')[2].partition('"')[0]
    )
    assert baby not in page.get(unmarked.replace("&amp;", "&")).text
    assert f"<strong>0 of {total} reviews</strong> on the full text" in (
        send(page, "/marks/as", stage="full_text", reader="Bo")
        and page.get("/marks?saved=english").text
    )


@pytest.mark.slow
def test_what_is_included_is_taken_away_without_real_names(
    changing: tuple[TestClient, Home], ids: dict[str, str]
) -> None:
    page, _ = changing
    named, adult = of(ids, "Brackenfield"), of(ids, "Ms T")
    for one in (named, adult):
        send(page, f"/mark/{one}", decision="include")
    for form in ("ris", "csv", "bibtex", "csl-json", "endnote-xml", "json", "markdown"):
        answer = page.get(f"/marks/included/{form}")
        assert answer.headers["content-disposition"].startswith('attachment; filename="included.')
        assert named in answer.text
        assert adult in answer.text
        assert "Brackenfield" not in answer.text
    assert page.get("/marks/included/exe").status_code == 404
    table = csv.DictReader(io.StringIO(page.get("/marks/marks.csv").text.lstrip("\ufeff")))
    assert {row["review_id"] for row in table} == {named, adult}


def test_the_flow_is_drawn_with_its_table(changing: tuple[TestClient, Home], baby: str) -> None:
    page, _ = changing
    send(page, f"/mark/{baby}", decision="exclude", reason="<script>no</script>")
    drawn = page.get("/marks/flow.svg")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert "Reports excluded (n = 1)" in drawn.text
    assert "<script>" not in drawn.text
    table = page.get("/marks/flow").text
    assert "&lt;script&gt;no&lt;/script&gt;" in table
    assert not Outline(table).running


def test_the_flow_has_what_a_pasted_log_found_and_keeps_nothing_of_it(
    changing: tuple[TestClient, Home], baby: str
) -> None:
    page, home = changing
    with Collection(home) as collection:
        found = collection.search("neglect")
        logged = json.dumps(collection.record_of_search(found).to_json())
    send(page, f"/mark/{baby}", decision="include")
    before = {one.name: one.stat().st_size for one in home.root.iterdir()}
    answer = page.post("/marks/flow", data={"log": f"{logged}\r\n"}, headers=OURS)
    assert answer.status_code == 200
    assert "Records identified by logged searches" in answer.text
    assert "<svg" in answer.text
    row = r"identified by logged searches</th><td></td><td class=\"number\">(\d+)<"
    assert re.findall(row, answer.text) == [str(found.total)]
    assert {one.name: one.stat().st_size for one in home.root.iterdir()} == before
    for wrong in ("", "not a line of it", "[1]"):
        answer = page.post("/marks/flow", data={"log": wrong}, headers=OURS)
        assert answer.status_code == 400
        assert "The log cannot be read" in answer.text
    assert "identified by logged" not in page.get("/marks/flow").text


def test_similar_reviews_are_marked_where_they_stand_and_the_description_is_in_no_address(
    changing: tuple[TestClient, Home], baby: str
) -> None:
    page, home = changing
    asked = {"text": "a baby with bruises\nand a mother who drinks", "scope": "all"}
    first = page.post("/similar", data=asked, headers=OURS)
    assert f'value="include {baby}"' in first.text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', first.text))
    assert hidden["text"] == asked["text"]
    assert re.findall(r'<form id="marks".*?<button[^>]*>', first.text, re.DOTALL)[0].endswith(
        "<button disabled hidden>"
    )
    wanted = {**hidden, "mark": f"exclude {baby}"}
    refused = page.post("/similar", data=wanted, headers=OURS)
    assert refused.status_code == 400
    assert "Say why it is excluded" in refused.text
    assert rows(home) == []
    for _ in range(2):
        done = page.post("/similar", data={**wanted, f"why-{baby}": "no infant"}, headers=OURS)
    assert rows(home) == [("exclude", "no infant", "", "")]
    assert "Excluded in one step" in done.text
    addresses = re.findall(r'(?:href|action|formaction)="([^"]*)"', done.text)
    assert len(addresses) > 10
    assert not [one for one in addresses if "bruises" in one]


def test_reviews_like_a_review_are_marked_in_their_list(
    page: TestClient, ids: dict[str, str]
) -> None:
    backs = {
        path: re.findall(r'name="back" value="([^"#]*)', page.get(path).text)
        for path in (f"/review/{one}/similar" for one in ids.values())
    }
    assert any(backs.values())
    assert all(each == path for path, found in backs.items() for each in found)


def test_workers_agree_as_whom_one_marks(built: Home, baby: str) -> None:
    """Each has the file open for itself, as one that was begun after a word was said."""
    first = AgreedLines()
    second = pickled(first)
    proxy = Proxy("127.0.0.1/32", "x-user")
    people = {"x-user": "Birch"} | OURS
    with contextlib.ExitStack() as ends:
        clients = []
        for agreed in (first, second):
            app = application(Collection(built), Access([HOST], proxy), readers=1, agreed=agreed)
            client = TestClient(app, base_url=f"http://{HOST}", client=("127.0.0.1", 1))
            clients.append(ends.enter_context(client))
        one, other = clients
        said = {"stage": "title_abstract", "reader": "Ash"}
        one.post("/marks/as", data=said, headers=people, follow_redirects=False)
        for client in clients:
            text = client.get(f"/mark/{baby}", headers=people).text
            assert "on title and abstract, as Ash" in text
        other.post("/marks/as", data={"stage": "", "reader": "Elm"}, headers=people)
        later = pickled(second)
        text = one.get(f"/mark/{baby}", headers=people).text
        assert "in one step, as Elm" in text
        assert [json.loads(line)[2] for line in later.new()] == ["Ash", "Elm"]
    for each in (first, second, later):
        each.close()


def pickled(agreed: AgreedLines) -> AgreedLines:
    """As it comes to another worker: its own descriptor of the same file."""
    other = AgreedLines.__new__(AgreedLines)
    other.__setstate__(types.SimpleNamespace(detach=lambda: os.dup(agreed._fd)))
    return other


def test_another_site_marks_nothing(changing: tuple[TestClient, Home], baby: str) -> None:
    page, home = changing
    elsewhere = {"origin": "http://127.0.0.1:9999", "sec-fetch-site": "same-site"}
    for path in (f"/mark/{baby}", f"/mark/{baby}/undo", "/marks/as"):
        for headers in ({}, elsewhere):
            answer = page.post(path, data={"decision": "include"}, headers=FORM | headers)
            assert answer.status_code == 403
    assert page.get(f"/mark/{baby}?decision=include").status_code == 200
    page.cookies.clear()
    assert send(page, f"/mark/{baby}", decision="include").status_code == 403
    assert rows(home) == []


@pytest.mark.parametrize(
    ("back", "ours"),
    [
        ("/?q=a b#next", True),
        ("/review/x", True),
        ("//evil.test", False),
        ("/\\evil.test", False),
        ("https://evil.test/", False),
        ("javascript:alert(1)", False),
        ("/a\r\nset-cookie: x=1", False),
        ("/\t/evil.test", False),
        ("", False),
        ("/" + "x" * 60_000, False),
    ],
)
def test_the_way_back_is_a_page_of_ours(back: str, ours: bool) -> None:
    assert _is_ours(back) is ours


def test_while_another_changes_the_marks_it_is_said_and_nothing_is_told_of_the_machine(
    changing: tuple[TestClient, Home],
    baby: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page, home = changing
    monkeypatch.setattr(sharing, "SECONDS", 0)
    with changing_alone(home.marks_csv):
        answer = send(page, f"/mark/{baby}", decision="exclude", reason="Quenchworthy lane")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "send it again in a minute" in answer.text
    assert str(home.root) not in answer.text
    assert "Quenchworthy" not in capsys.readouterr().err
    assert rows(home) == []


def test_a_cell_that_no_reader_of_csv_takes_is_refused(
    changing: tuple[TestClient, Home], baby: str
) -> None:
    page, home = changing
    assert send(page, f"/mark/{baby}", decision="include", reason="x" * 200_000).status_code == 400
    with Collection(home) as collection, pytest.raises(Exception, match="write at most"):
        collection.marks.put(baby, "include", note="x" * (keeping.MOST_LETTERS + 1))
    assert rows(home) == []


@pytest.mark.slow
def test_marks_of_a_withdrawn_review_are_shown_no_more(
    changing: tuple[TestClient, Home], ids: dict[str, str]
) -> None:
    page, home = changing
    gone = of(ids, "Child R")
    send(page, f"/mark/{gone}", decision="include", reason="Quenchworthy lane")
    assert "Quenchworthy" in page.get("/marks").text
    with Collection(home, warn=lambda _: None) as collection:
        collection.withdraw(gone, reason="in a test")
    assert "Quenchworthy" not in page.get("/marks").text + page.get("/marks/marks.csv").text
    assert page.get(f"/mark/{gone}").status_code == 404
