"""The page over the small home, asked without a server."""

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
