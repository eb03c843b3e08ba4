"""Who may ask, where a proxy has signed people in: only the proxy itself is answered, and only for somebody."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.requests import Request

from casereviews.web.guard.refusals import Refusal

_NOT_THE_PROXY = Refusal(
    403, "These pages are behind a proxy", "Use the address that your organisation gave you."
)
_NOBODY = Refusal(
    403,
    "Nobody is signed in",
    "The proxy did not say who is asking. Sign in again; if it stays so, tell whoever runs the proxy: its header must name one person.",
)


class Proxy:
    """`address` is the proxy's, or its network; `header` is the one in which it names who signed in, and which it takes out of what people send."""

    def __init__(self, address: str, header: str) -> None:
        self._network: IPv4Network | IPv6Network = ip_network(address)
        self._header = header

    def person(self, request: Request) -> str:
        """Who is signed in, as the proxy names them."""
        return request.headers.get(self._header, "").strip()

    def named(self, request: Request) -> str:
        """What the person is called."""
        return self.person(request)

    def refusal(self, request: Request) -> Refusal | None:
        """403 for every other peer, and without one name."""
        try:
            peer = ip_address(request.client.host if request.client else "")
        except ValueError:
            return _NOT_THE_PROXY
        if peer not in self._network:
            return _NOT_THE_PROXY
        named = request.headers.getlist(self._header)
        return None if len(named) == 1 and named[0].strip() else _NOBODY
