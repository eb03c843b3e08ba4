"""Who may ask: whoever holds the token, which a browser exchanges for a cookie that only this page gets.

The token of a run is printed, and good for one exchange. That of a file is typed by several people, and stays good. A cookie is
a random name and its seal by a key that this run alone has: nothing is kept of it, and it ends with the run or the browser.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from casereviews.web.guard.refusals import Refusal

ENTER = "/enter"
OPEN_PATHS = (ENTER, "/static/")
"""What is shown to whoever has no session: it holds nothing of the collection."""

_CLOSED = Refusal(
    403,
    "You need the address that was printed",
    "These pages open with the address that `casereviews serve` prints, which is good once, in one browser. Where it was used already, "
    "stop `casereviews serve` and start it again.",
)
_TO_ENTER = Refusal(
    403, "You need to enter first", "Open /enter and type the access token that you were given."
)


class Sessions:
    """The token, and the cookies that were given for it.

    `once`: the token is good for one exchange. `name` is the cookie's; a port has one of its own, because browsers send all cookies of a
    host to all its ports. `key` seals the cookies: those who share it know each other's. `secure`: browsers are told to send it over https alone.
    """

    def __init__(
        self,
        token: str,
        *,
        once: bool,
        name: str,
        key: bytes | None = None,
        secure: bool = False,
    ) -> None:
        self.once = once
        self._token = token.encode()
        self._key = key or secrets.token_bytes(32)
        self._name = name
        self._secure = secure
        self._lock = threading.Lock()
        self._used = False

    def exchange(self, token: str) -> str | None:
        """A new cookie's value for the token; None when it is another one, or was used."""
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self._token):
            return None
        with self._lock:
            if self.once and self._used:
                return None
            self._used = True
        name = secrets.token_urlsafe(24)
        return f"{name}.{self._seal(name)}"

    def give(self, response: Response, cookie: str) -> None:
        """Set the cookie: for this host only, sent with no request that another site begins, unseen by scripts."""
        response.set_cookie(
            self._name, cookie, path="/", httponly=True, samesite="strict", secure=self._secure
        )

    def holds(self, request: Request) -> bool:
        """True when the request has a cookie of this run."""
        name, _, seal = request.cookies.get(self._name, "").partition(".")
        return hmac.compare_digest(seal.encode("utf-8", "replace"), self._seal(name).encode())

    def person(self, request: Request) -> str:
        """Which session it is: a random name that says nothing of who holds it."""
        return request.cookies.get(self._name, "").partition(".")[0]

    def named(self, request: Request) -> str:
        """What the person is called: "", for a token is anybody's."""
        return ""

    def refusal(self, request: Request) -> Refusal | None:
        """403 without a session, but for the way in."""
        if request.url.path.startswith(OPEN_PATHS) or self.holds(request):
            return None
        return _CLOSED if self.once else _TO_ENTER

    def _seal(self, name: str) -> str:
        return hmac.new(self._key, name.encode("utf-8", "replace"), sha256).hexdigest()
