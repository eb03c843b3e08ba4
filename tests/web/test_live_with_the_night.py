"""The page while the collection changes: nothing of what was taken out comes again, no answer is a defect, no old file stays open."""

import shutil
import sys
import threading
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from casereviews import Collection
from casereviews.repository.home import Home
from casereviews.web.application import Access, application
from casereviews.web.guard.sessions import ENTER, Sessions
from tests.web.conftest import HOST, TOKEN

pytestmark = pytest.mark.slow
READERS = 20


def deleted_files(home: Home) -> list[str]:
    """Files of a home that this process holds open although they are gone."""
    links = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(link.readlink()))
        except FileNotFoundError:
            continue
    return [one for one in links if one.endswith(" (deleted)") and str(home.index) in one]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="open files are told by /proc")
def test_a_withdrawal_a_correction_and_a_rebuild_under_twenty_readers(
    built: Home, tmp_path: Path
) -> None:
    shutil.copytree(built.root, tmp_path / "home")
    home = Home(tmp_path / "home")
    collection = Collection(home, warn=lambda _: None)
    hit = collection.search("sofa OR sleep").hits[0]
    other = next(one for one in collection.search("*").hits if one.review_id != hit.review_id)
    collection.close()
    people = Sessions(TOKEN, once=True, name="session")
    app = application(Collection(home, warn=lambda _: None), Access([HOST], people))
    statuses: set[int] = set()
    over = threading.Event()

    with TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False) as client:
        client.get(ENTER, params={"token": TOKEN})

        def read() -> None:
            while not over.is_set():
                statuses.add(client.get("/", params={"q": "*"}).status_code)

        threads = [threading.Thread(target=read) for _ in range(READERS)]
        for thread in threads:
            thread.start()
        try:
            collection.withdraw(hit.review_id, reason="in a test")
            after = client.get("/", params={"q": "*"})
            collection.correct(other.review_id, "outcome", "other", note="in a test")
            collection.rebuild(index=True)
        finally:
            over.set()
            for thread in threads:
                thread.join()
        assert after.status_code == 200
        assert hit.review_id not in after.text
        assert statuses <= {200, 503}
        collection.rebuild(index=True)  # every reader has the last one open, and one is asked
        collection.close()
        last = client.get("/", params={"q": "*"})
        assert last.status_code == 200
        assert hit.review_id not in last.text
        assert deleted_files(home) == []
