"""Who is not answered, and what every answer says to the browser."""

from starlette.testclient import TestClient


def test_a_page_opens_with_the_token(page: TestClient) -> None:
    assert page.get("/").status_code == 200
