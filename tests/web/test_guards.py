"""Who is not answered, and what every answer says to the browser."""

import pytest
from starlette.testclient import TestClient

from casereviews import Collection
from casereviews.collection.errors import RequestError
from casereviews.repository.home import Home
from casereviews.web.application import Access, application
from casereviews.web.guard.limits import MOST_BYTES
from casereviews.web.guard.proxy import Proxy
from casereviews.web.guard.sessions import ENTER, Sessions
from casereviews.web.serving import Serving
from tests.web.conftest import HOST, TOKEN

LONG_TOKEN = "a-token-that-several-people-know"
ORIGIN = f"http://{HOST}"


def test_the_token_opens_once_and_its_cookie_is_strict_and_unseen_by_scripts(
    outside: TestClient,
) -> None:
    assert outside.get("/").status_code == 403
    entered = outside.get(ENTER, params={"token": TOKEN})
    assert entered.status_code == 200
    assert entered.headers["refresh"] == "0; url=/"
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert outside.get("/").status_code == 200
    outside.cookies.clear()
    assert outside.get(ENTER, params={"token": TOKEN}).status_code == 403
    assert outside.get("/").status_code == 403


def test_a_look_at_the_address_does_not_use_the_token_up(outside: TestClient) -> None:
    outside.head(ENTER, params={"token": TOKEN})
    assert outside.get(ENTER, params={"token": TOKEN}).status_code == 200


@pytest.mark.parametrize(
    "cookie",
    ["", "name", "name.", ".", "a.b.c", "name." + "0" * 64, "é.ö"],
)
def test_a_made_up_cookie_is_none(outside: TestClient, cookie: str) -> None:
    header = f"session-8000={cookie}".encode()
    assert outside.get("/", headers={"cookie": header}).status_code == 403


def test_a_cookie_of_another_run_is_none(page: TestClient, outside: TestClient) -> None:
    other = Sessions(TOKEN, once=True, name="session-8000").exchange(TOKEN)
    page.cookies.clear()
    assert page.get("/", headers={"cookie": f"session-8000={other}"}).status_code == 403


@pytest.mark.parametrize("token", ["", "the-token-of-this-ru", TOKEN.upper(), "tökén", "\udce9"])
def test_another_token_opens_nothing(outside: TestClient, token: str) -> None:
    said = token.encode("utf-8", "surrogateescape")
    assert outside.get(ENTER, params={"token": said}).status_code == 403
    assert "set-cookie" not in outside.get(ENTER, params={"token": said}).headers


@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "127.0.0.1",
        "127.0.0.1:8001",
        "localhost:8000",
        f"{HOST}.evil.test",
        f"evil@{HOST}",
    ],
)
def test_another_host_is_misdirected(page: TestClient, host: str) -> None:
    answer = page.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert host not in answer.text


def test_two_hosts_are_none(page: TestClient) -> None:
    answer = page.get("/", headers=[("host", HOST), ("host", "evil.test")])
    assert answer.status_code == 421


SENT = {"token": LONG_TOKEN}


@pytest.fixture
def typed(built: Home):
    """A browser that must type a token that several people know."""
    people = Sessions(LONG_TOKEN, once=False, name="session-8000")
    app = application(Collection(built), Access([HOST], people), readers=1)
    with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": ORIGIN, "sec-fetch-site": "same-origin"}, 200),
        (
            {"origin": ORIGIN},
            200,
        ),  # to what is neither https nor loopback browsers send no Sec-Fetch-Site
        ({}, 403),
        ({"sec-fetch-site": "same-origin"}, 403),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 403),
        ({"origin": "https://evil.test", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://127.0.0.1:9000", "sec-fetch-site": "same-site"}, 403),
        ({"origin": ORIGIN, "sec-fetch-site": "same-site"}, 403),
        ({"origin": f"{ORIGIN}.evil.test"}, 403),
        ({"origin": f"file://{HOST}"}, 403),
        ({"origin": "http://[", "sec-fetch-site": "same-origin"}, 403),
    ],
)
def test_only_our_own_pages_send(typed: TestClient, headers: dict[str, str], status: int) -> None:
    assert typed.post(ENTER, data=SENT, headers=headers).status_code == status


def test_the_token_of_a_file_is_typed_never_in_an_address_and_stays_good(typed: TestClient) -> None:
    assert "set-cookie" not in typed.get(ENTER, params=SENT).headers
    for _ in range(2):
        typed.cookies.clear()
        assert typed.get("/").status_code == 403
        assert typed.post(ENTER, data=SENT, headers={"origin": ORIGIN}).status_code == 200
        assert typed.get("/").status_code == 200


def test_a_wrong_token_is_told_beside_its_field_and_not_repeated(typed: TestClient) -> None:
    answer = typed.post(ENTER, data={"token": "wrong-token"}, headers={"origin": ORIGIN})
    assert answer.status_code == 403
    assert 'aria-describedby="token-hint token-error"' in answer.text
    assert "wrong-token" not in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (
            {
                "sec-fetch-site": "cross-site",
                "sec-fetch-mode": "navigate",
                "sec-fetch-dest": "document",
            },
            200,
        ),
        (
            {
                "sec-fetch-site": "cross-site",
                "sec-fetch-mode": "navigate",
                "sec-fetch-dest": "iframe",
            },
            403,
        ),
        (
            {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
            403,
        ),
        (
            {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
            403,
        ),
        ({"sec-fetch-site": "none"}, 200),
    ],
)
def test_other_sites_may_link_here_and_embed_nothing(
    page: TestClient, headers: dict[str, str], status: int
) -> None:
    assert page.get("/", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("peer", "named", "status"),
    [
        ("10.0.0.5", ["ana"], 200),
        ("10.0.0.6", ["ana"], 403),
        ("::1", ["ana"], 403),
        ("testclient", ["ana"], 403),
        ("10.0.0.5", [], 403),
        ("10.0.0.5", [" "], 403),
        ("10.0.0.5", ["ana", "bo"], 403),
    ],
)
def test_behind_a_proxy_only_it_is_answered_and_only_for_one_person(
    built: Home, peer: str, named: list[str], status: int
) -> None:
    app = application(Collection(built), Access([HOST], Proxy("10.0.0.5", "X-User")), readers=1)
    with TestClient(app, base_url=ORIGIN, client=(peer, 5000)) as client:
        headers = [("x-user", name) for name in named] + [("x-forwarded-for", "10.0.0.5")]
        assert client.get("/", headers=headers).status_code == status


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/x/y.css", ENTER, "/?q=(neglect+AND"])
def test_every_answer_tells_the_browser_to_run_load_and_keep_nothing(
    page: TestClient, path: str
) -> None:
    headers = page.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none';")
    assert "unsafe" not in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "server" not in headers


def test_a_refusal_has_the_same_headers(outside: TestClient) -> None:
    assert "default-src 'none'" in outside.get("/").headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../application.py",
        "/static/%2e%2e/application.py",
        "/static/{stamp}/../../application.py",
        "/static/{stamp}/..%2f..%2fapplication.py",
        "/static/{stamp}//etc/passwd",
        "/static/{stamp}/style.css%00",
        "/static/other/style.css",
    ],
)
def test_no_path_leads_to_a_file(outside: TestClient, path: str) -> None:
    from casereviews.web.style_files import STAMP

    assert outside.get(path.format(stamp=STAMP)).status_code in (403, 404)


def test_the_style_may_be_kept_and_is_shown_without_a_session(outside: TestClient) -> None:
    refused = outside.get("/").text
    address = refused.partition('rel="stylesheet" href="')[2].partition('"')[0]
    style = outside.get(address)
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in style.headers["cache-control"]


def test_what_is_too_long_or_no_form_is_refused(typed: TestClient) -> None:
    long = typed.post(ENTER, data={"token": "x" * MOST_BYTES}, headers={"origin": ORIGIN})
    assert long.status_code == 413
    other = typed.post(ENTER, json={"token": LONG_TOKEN}, headers={"origin": ORIGIN})
    assert other.status_code == 400
    many = typed.post(ENTER, data={f"f{n}": "1" for n in range(300)}, headers={"origin": ORIGIN})
    assert many.status_code == 400


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"host": "0.0.0.0"}, "--token-file"),
        ({"host": "192.0.2.7"}, "--token-file"),
        ({"proxy": "10.0.0.5"}, "give both"),
        ({"user_header": "X-User"}, "give both"),
        ({"proxy": "not an address", "user_header": "X-User"}, "give the proxy's address"),
        ({"workers": 2}, "--token-file"),
    ],
)
def test_what_would_let_anybody_in_is_not_served(said: dict[str, str], told: str) -> None:
    with pytest.raises(RequestError, match=told):
        Serving(**said).check()


@pytest.mark.parametrize(
    "said", [{}, {"host": "127.0.0.2"}, {"host": "::1"}, {"host": "localhost"}]
)
def test_loopback_needs_nothing_more(said: dict[str, str]) -> None:
    Serving(**said).check()


@pytest.mark.parametrize(
    ("text", "mode", "told"),
    [
        ("short", 0o600, "24 characters"),
        ("a b" * 20, 0o600, "one word"),
        (LONG_TOKEN, 0o644, "chmod 600"),
    ],
)
def test_a_token_that_can_be_guessed_or_read_by_others_is_refused(
    tmp_path, text: str, mode: int, told: str
) -> None:
    path = tmp_path / "token"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    with pytest.raises(RequestError, match=told):
        Serving("192.0.2.7", token_file=path).people(8000, b"key")
