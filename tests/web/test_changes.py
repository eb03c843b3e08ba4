"""Corrections and what is held, in the page: only where the operator allows it, once however often sent, and nobody waits for ever."""

import asyncio
import re
import shutil
import threading
from html import unescape
from pathlib import Path

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from casereviews import Collection
from casereviews.collection.errors import FileBusy
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.web.application import Access, application
from casereviews.web.changes import MOST_WAITING, Changes
from casereviews.web.guard.sessions import ENTER, Sessions
from tests.web.conftest import HOST, TOKEN
from tests.web.test_marks import send
from tests.web.test_pages import FORM, Outline


@pytest.fixture
def allowed(built: Home, tmp_path: Path):
    """A browser with a session over a copy of the small home where changes are allowed, and the home."""
    shutil.copytree(built.root, tmp_path / "home")
    home = Home(tmp_path / "home")
    people = Sessions(TOKEN, once=True, name="session-8000")
    access = Access([HOST], people, allow_changes=True)
    app = application(Collection(home, warn=lambda _: None), access, readers=1)
    with TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False) as client:
        client.get(ENTER, params={"token": TOKEN})
        yield client, home


def once_of(text: str) -> str:
    return re.search(r'name="once" value="([^"]+)"', text)[1]


def corrected(home: Home) -> list[tuple[str, str, str]]:
    with Collection(home) as collection:
        return [(one.field, one.value, one.note) for one in collection.corrections()]


def test_without_the_option_there_is_no_such_page_and_no_way_to_it(
    page: TestClient, baby: str
) -> None:
    for path in ("/corrections", "/held", f"/correct/{baby}", f"/correct/{baby}/outcome"):
        assert page.get(path).status_code == 404
    for post in (
        "/corrections/undo",
        "/held/release",
        "/held/returned",
        f"/correct/{baby}/outcome",
    ):
        assert send(page, post, document=baby, value="death", note="x").status_code == 404
    text = page.get(f"/review/{baby}").text
    assert "/correct" not in text
    assert "/held" not in text


@pytest.mark.slow
def test_a_field_is_corrected_once_however_often_sent_and_taken_back(
    allowed: tuple[TestClient, Home], baby: str
) -> None:
    page, home = allowed
    assert f'href="/correct/{baby}"' in page.get(f"/review/{baby}").text
    form = page.get(f"/correct/{baby}/outcome").text
    said = {"value": "Serious harm", "note": "page <b>2</b>", "once": once_of(form)}
    with writing(home, "refresh"):
        assert send(page, f"/correct/{baby}/outcome", **said).status_code == 503
    for _ in range(2):
        answer = send(page, f"/correct/{baby}/outcome", **said)
        assert answer.headers["location"] == f"/correct/{baby}#said"
    assert corrected(home) == [("outcome", "serious_harm", "page <b>2</b>")]
    text = page.get(f"/correct/{baby}").text
    assert "page &lt;b&gt;2&lt;/b&gt;" in text
    assert "<td>serious harm</td>" in text
    row = page.get(f"/review/{baby}").text.partition(">Outcome</th>")[2].partition("</tbody>")[0]
    assert "<td>serious harm</td>" in row.lower()
    back = {
        "id": baby,
        "field": "outcome",
        "value": "serious_harm",
        "about": baby,
        "once": once_of(text),
    }
    for _ in range(2):
        assert send(page, "/corrections/undo", **back).headers["location"] == f"/correct/{baby}"
    assert corrected(home) == []


WRONG = [
    ("outcome", {"value": "deth", "note": "x"}, "it can be"),
    ("outcome", {"value": "death"}, "Say why"),
    ("published", {"value": "yesterday", "note": "x"}, "yesterday"),
    ("theme", {"value": "", "note": "x", "how": "+"}, "needs the value"),
    ("same_as", {"value": "nothing-123456", "note": "x"}, "nothing-123456"),
]


def test_what_cannot_be_is_told_at_the_field_with_what_can(
    allowed: tuple[TestClient, Home], baby: str
) -> None:
    page, home = allowed
    for field, said, told in WRONG:
        answer = send(page, f"/correct/{baby}/{field}", **said)
        assert answer.status_code in (400, 404)
        assert told in answer.text
        assert not Outline(answer.text).running
        if answer.status_code == 400:
            assert 'aria-invalid="true"' in answer.text
            assert f'value="{said["value"]}"' in answer.text
    assert corrected(home) == []


@pytest.mark.slow
def test_what_is_held_is_released(allowed: tuple[TestClient, Home]) -> None:
    page, home = allowed
    with Collection(home) as collection:
        (held, *_) = collection.held()
    text = page.get("/held").text
    assert held.reason in unescape(text)
    said = {"document": held.document_id, "version": "", "once": once_of(text)}
    for _ in range(2):
        assert send(page, "/held/release", **said).headers["location"] == "/held"
    with Collection(home) as collection:
        assert held.document_id not in {one.document_id for one in collection.held()}
    assert str(held.title) in page.get("/?q=*&scope=all").text
    assert send(page, "/held/release", document="").status_code == 400
    assert send(page, "/held/release", document="nothing-1").status_code == 404
    assert send(page, "/held/returned").headers["location"] == "/held"


def test_another_site_changes_nothing(allowed: tuple[TestClient, Home], baby: str) -> None:
    page, home = allowed
    for path in (
        "/corrections/undo",
        "/held/release",
        "/held/returned",
        f"/correct/{baby}/outcome",
    ):
        for headers in ({}, {"origin": "http://127.0.0.1:9999", "sec-fetch-site": "same-site"}):
            answer = page.post(path, data={"value": "death", "note": "x"}, headers=FORM | headers)
            assert answer.status_code == 403
    assert corrected(home) == []


def test_while_another_writes_it_is_said_at_once_and_readers_go_on(
    allowed: tuple[TestClient, Home], baby: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page, home = allowed
    form = page.get(f"/correct/{baby}/outcome").text
    said = {"value": "death", "note": "Quenchworthy lane", "once": once_of(form)}
    with writing(home, "refresh"):
        answer = send(page, f"/correct/{baby}/outcome", **said)
        assert page.get(f"/review/{baby}").status_code == 200
    assert answer.status_code == 503
    assert "send it again in a minute" in answer.text
    assert str(home.root) not in answer.text
    assert "Quenchworthy" not in capsys.readouterr().err
    assert corrected(home) == []


def test_readers_do_not_wait_for_a_change(
    allowed: tuple[TestClient, Home], baby: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = allowed
    begun, go = threading.Event(), threading.Event()

    def slow(self: Collection, *args: object, **kwargs: object) -> None:
        begun.set()
        go.wait(60)

    monkeypatch.setattr(Collection, "correct", slow)
    changing = threading.Thread(
        target=send,
        args=(page, f"/correct/{baby}/outcome"),
        kwargs={"value": "death", "note": "x"},
    )
    changing.start()
    try:
        assert begun.wait(60)
        assert page.get(f"/review/{baby}").status_code == 200
    finally:
        go.set()
        changing.join()


def test_no_change_waits_for_too_many(built: Home) -> None:
    go = threading.Event()

    def slow(_: Collection) -> Response:
        go.wait(60)
        return Response()

    async def crowd() -> int:
        changes = Changes(Collection(built))
        waiting = [asyncio.ensure_future(changes.do(slow)) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)  # each has taken its place
        with pytest.raises(FileBusy):
            await changes.do(slow)
        go.set()
        done = await asyncio.gather(*waiting)
        changes.close()
        return len(done)

    assert asyncio.run(crowd()) == MOST_WAITING


def test_these_pages_stand_in_order_too(allowed: tuple[TestClient, Home], baby: str) -> None:
    page, home = allowed
    said = 'field = "title"\nvalue = "<script>x</script>"\nnote = "<script>y</script>"\n'
    home.corrections_toml.write_text(f'[[correction]]\nid = "{baby}"\n{said}', "utf-8")
    for path in ("/corrections", "/held", *(f"/correct/{baby}{end}" for end in ENDS)):
        answer = page.get(path)
        assert answer.status_code == 200
        seen = Outline(answer.text)
        assert seen.headings[0] == 1
        assert seen.tables == seen.captions
        assert not seen.unscoped
        assert seen.fields <= seen.labelled
        assert len(seen.ids) == len(set(seen.ids))
        assert not seen.running
    # what would take the other values away is not what is offered first
    assert '<option value="+" selected>' in page.get(f"/correct/{baby}/theme").text
    assert page.get(f"/correct/{baby}/nothing").status_code == 404


ENDS = ("", "/theme", "/same_as")
