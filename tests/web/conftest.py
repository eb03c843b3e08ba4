"""The page over the small home, asked without a server."""

import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from casereviews import Collection
from casereviews.repository.home import Home
from casereviews.web.application import Access, application
from casereviews.web.guard.sessions import ENTER, Sessions

HOST = "127.0.0.1:8000"
TOKEN = "the-token-of-this-run"


@pytest.fixture
def sessions() -> Sessions:
    return Sessions(TOKEN, once=True, name="session-8000")


@pytest.fixture
def outside(built: Home, sessions: Sessions):
    """A browser without a session."""
    app = application(Collection(built), Access([HOST], sessions), readers=2)
    with TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def page(outside: TestClient) -> TestClient:
    """A browser with a session."""
    outside.get(ENTER, params={"token": TOKEN})
    return outside


@pytest.fixture(scope="module")
def ids(built: Home) -> dict[str, str]:
    """Review ids by title."""
    with Collection(built) as collection:
        return {str(review.title): review.review_id for review in collection.reviews()}


def of(ids: dict[str, str], words: str) -> str:
    return next(key for title, key in ids.items() if words in title)


@pytest.fixture
def baby(ids: dict[str, str]) -> str:
    return of(ids, "Serious Case Review: Child Q")


@pytest.fixture
def changing(built: Home, tmp_path: Path):
    """A browser with a session over a copy of the small home that may be changed, and the home."""
    shutil.copytree(built.root, tmp_path / "home")
    home = Home(tmp_path / "home")
    app = application(
        Collection(home), Access([HOST], Sessions(TOKEN, once=True, name="session-8000")), readers=1
    )
    with TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False) as client:
        client.get(ENTER, params={"token": TOKEN})
        yield client, home
