"""The search page over the small home."""

from starlette.testclient import TestClient


def test_a_hit_stands_with_its_pages_and_their_words_marked(page: TestClient) -> None:
    found = page.get("/", params={"q": "neglect"})
    assert found.status_code == 200
    print(found.text)
    assert "<mark>" in found.text
