"""Nothing is done, and nothing is embedded, at the wish of another site or of another port of this machine.

A port is another origin but the same site: a SameSite cookie is sent there, so that the browser's own word of where a request comes
from must be read (Fetch Metadata, https://www.w3.org/TR/fetch-metadata/). Browsers send `Sec-Fetch-Site` to https and loopback only; to other
hosts they send `Origin` with every POST, because the page's referrer policy is same-origin (with no-referrer it would be "null").
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from casereviews.web.guard.refusals import Refusal

_REFUSAL = Refusal(
    403,
    "This was not sent from these pages",
    "Another site or program sent it. Open the page itself, and send it from there.",
)
READING = ("GET", "HEAD")


class Origins:
    """What changes or carries text comes from our own pages; what reads may come by a link from anywhere, but is never embedded."""

    def refusal(self, request: Request) -> Refusal | None:
        """403 for what another origin sends, or has a browser embed."""
        site = request.headers.get("sec-fetch-site")
        if request.method in READING:
            led_here = request.headers.get("sec-fetch-mode") == "navigate" and (
                request.headers.get("sec-fetch-dest") == "document"
            )
            ours = site in (None, "same-origin", "none") or led_here
        else:
            ours = site in (None, "same-origin") and _is_own(request)
        return None if ours else _REFUSAL


def _is_own(request: Request) -> bool:
    """True when the one `Origin` is the host that is asked: which hosts that may be, `Hosts` knows."""
    said = request.headers.getlist("origin")
    if len(said) != 1:
        return False
    try:
        origin = urlsplit(said[0])
    except ValueError:
        return False
    host = request.headers.get("host", "").lower()
    return origin.scheme in ("http", "https") and origin.netloc.lower() == host
