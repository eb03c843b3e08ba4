"""Only under its own names: a name that another site lets point here is refused (DNS rebinding)."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request

from casereviews.web.guard.refusals import Refusal

_REFUSAL = Refusal(
    421,
    "This address is not served here",
    "Use the address that `casereviews serve` printed. Whoever runs it adds a name that people use with --name.",
)


class Hosts:
    """The names and ports under which the page is asked for, as a browser writes them: `127.0.0.1:8000`."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)

    def refusal(self, request: Request) -> Refusal | None:
        """421 (RFC 9110, 15.5.20) for every other host, for none and for two."""
        said = request.headers.getlist("host")
        return None if len(said) == 1 and said[0].lower() in self._hosts else _REFUSAL
