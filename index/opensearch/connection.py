"""Asking the nodes of a cluster: the next one when one is down, and never an answer that is not whole.

Everything that is asked of a cluster goes through `Servers.ask`: what timed out, what shards are missing from and what was refused raises.
No message and no log has a password, a query or a word of a document.
"""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from casereviews.index.errors import (
    IndexChanged,
    IndexRefused,
    IndexUnavailable,
    NeedsOpenSearch,
)
from casereviews.repository.stores import INDEX_PASSWORD, IndexServer

if TYPE_CHECKING:
    from opensearchpy import Transport

WRITING = 180.0
"""Seconds that a write may take: a cluster gives up a copy that does not answer after 90, and waits for it till then."""
_AWAY = 15.0  # seconds for which a node that did not answer is not asked first
_CONNECTIONS = 32  # at once to a node: as many threads of a process may search
_AGAIN = "try again, and look at the cluster's health (`casereviews status`) if it stays"
_BUSY = (429, 502, 503, 504)
_FULL = ("flood-stage", "No space left on device")

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Servers:
    """The nodes of a cluster, asked as one. Threads may share it; `close` lets go of its connections."""

    server: IndexServer
    transport: Transport

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        params: Mapping[str, object] | None = None,
        timeout: float | None = None,
        absent: bool = False,
    ) -> Answer:
        """The whole answer to one request; `body` is JSON, or the lines of several. {} with `absent` for what is not there.

        `timeout` is in seconds, that of the configuration when None. A request may be sent twice, when a node did not answer: what
        is asked must be the same when it is done twice. Raises IndexUnavailable, IndexRefused, and IndexChanged for an index,
        or a view of one, that is no more.
        """
        from opensearchpy import exceptions

        try:
            said = self.transport.perform_request(
                method,
                path,
                params={name: _told(value) for name, value in (params or {}).items()},
                body=body if body is None else _written(body),
                timeout=timeout or self.server.timeout,
            )
        except exceptions.NotFoundError as error:
            if absent:
                return {}
            raise IndexChanged(
                f"what was asked of {self.named()} is there no more ({_reason(error)}): the index was changed meanwhile, search again"
            ) from None
        except exceptions.TransportError as error:
            self._refuse(error, timeout or self.server.timeout)
        except exceptions.SerializationError:
            raise IndexUnavailable(
                f"{self.named()} did not answer in JSON: is there something else at this address?"
            ) from None
        if isinstance(said, bool):  # of HEAD
            return {"there": said}
        answer: Answer = said if isinstance(said, dict) else {"rows": said}
        self._refuse_partial(answer, timeout or self.server.timeout)
        return answer

    def search(
        self, index: str, body: Mapping[str, object], *, wait: float | None = None, **params: object
    ) -> Answer:
        """The whole answer of a search, within `wait` seconds (those of the configuration when None). Raises as `ask`."""
        wait = wait or self.server.timeout
        within = {"timeout": f"{int(wait * 900)}ms"}
        wanted = {"allow_partial_search_results": False, **params}
        path = f"/{index}/_search" if index else "/_search"
        return self.ask("POST", path, {**within, **body}, params=wanted, timeout=wait)

    def named(self) -> str:
        """The cluster in words: its nodes, without a user."""
        return (
            f"the index's server{'s'[: len(self.server.nodes) > 1]} {', '.join(self.server.nodes)}"
        )

    def no_room(self) -> str:
        """What is told when the cluster takes no writes for want of room."""
        return f"a node of {self.named()} has no room left and takes no writes: free space or add a node, then run the same again"

    def close(self) -> None:
        self.transport.close()

    def _refuse_partial(self, answer: Answer, wait: float) -> None:
        """Raise IndexUnavailable for an answer in which something is missing."""
        for one in answer.get("responses", (answer,)):
            if "error" in one:
                reason = one["error"].get("type", "") if isinstance(one["error"], dict) else ""
                raise IndexUnavailable(f"{self.named()} failed ({reason}): {_AGAIN}")
            if one.get("timed_out") is True:
                raise IndexUnavailable(
                    f"{self.named()} did not finish within {wait:g} s, and nothing is answered in part: "
                    f"ask for less, set index_timeout higher in config.toml, or {_AGAIN}"
                )
            shards = one.get("_shards")
            if not isinstance(shards, dict):
                continue
            read = "hits" in one or "count" in one or "pit_id" in one
            if shards.get("failed") or (read and shards["successful"] < shards["total"]):
                raise IndexUnavailable(
                    f"{shards.get('failed') or shards['total'] - shards['successful']} of {shards['total']} parts of the index did not "
                    f"answer, and nothing is answered in part: {_AGAIN}"
                )

    def _refuse(self, error: Any, wait: float) -> NoReturn:
        """Raise what a failed request means."""
        from opensearchpy import exceptions

        status, reason = error.status_code, _reason(error)
        if isinstance(error, exceptions.SSLError):
            raise IndexRefused(
                f"the certificate of {self.named()} is not trusted: name the file of the authority that signed it by index_ca in config.toml"
            ) from None
        if isinstance(error, exceptions.ConnectionTimeout):
            raise IndexUnavailable(
                f"{self.named()} did not answer within {wait:g} s: {_AGAIN}"
            ) from None
        if isinstance(error, exceptions.ConnectionError):
            raise IndexUnavailable(
                f"{self.named()} cannot be reached: start the cluster, or correct its addresses (`index` under [stores])"
            ) from None
        if is_full(reason):
            raise IndexUnavailable(self.no_room()) from None
        if status == 401:
            who = f"the user {self.server.user!r}" if self.server.user else "nobody in particular"
            raise IndexRefused(
                f"{self.named()} does not let in {who}: name the user in the addresses of config.toml, and give the password by {INDEX_PASSWORD}"
            ) from None
        if status == 403:
            raise IndexRefused(
                f"{self.named()} does not allow this to the user {self.server.user!r} ({reason}): it needs all rights on the indexes "
                f"{self.server.prefix}-*, and to see the cluster's health and nodes"
            ) from None
        if status in _BUSY:
            raise IndexUnavailable(
                f"{self.named()} cannot answer now ({status} {reason}): {_AGAIN}"
            ) from None
        raise IndexRefused(
            f"{self.named()} refused a request ({status} {reason}): is it an OpenSearch of another version?"
        ) from None


def connect(server: IndexServer) -> Servers:
    """The nodes that the configuration names; none is asked yet.

    Raises NeedsOpenSearch without the extra, IndexRefused when a user is named and no password given.
    """
    try:
        from opensearchpy import Transport
    except ImportError:
        raise NeedsOpenSearch from None
    password = server.password
    if server.user and not password:
        raise IndexRefused(
            f"no password is given for the user {server.user!r} of the index: set {INDEX_PASSWORD}"
        )
    for name in ("opensearch", "opensearchpy", "opensearchpy.trace"):
        # They would write addresses and whole questions to where warnings go.
        logging.getLogger(name).disabled = True
    more: dict[str, Any] = {}
    if any(node.startswith("https:") for node in server.nodes):
        more["ssl_context"] = _trusting(server)
    several = len(server.nodes) > 1
    transport = Transport(
        [_host(node) for node in server.nodes],
        headers=_signed(server.user, password) if server.user and password else None,
        timeout=server.timeout,
        max_retries=len(server.nodes) if several else 1,
        retry_on_timeout=several,
        retry_on_status=(502, 503, 504) if several else (),
        dead_timeout=_AWAY,
        pool_maxsize=_CONNECTIONS,
        **more,
    )
    return Servers(server, transport)


def _signed(user: str, password: str) -> dict[str, str]:
    """Who asks, in UTF-8 (RFC 7617); the client's own way knows western letters only."""
    return {"authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


def _trusting(server: IndexServer) -> Any:
    """TLS as Python has it by default (names and certificates are checked), with the authority of the configuration."""
    import ssl

    try:
        return ssl.create_default_context(cafile=str(server.ca) if server.ca else None)
    except (ssl.SSLError, OSError):
        raise IndexRefused(
            f"{server.ca} (index_ca in config.toml) has no certificate of an authority in PEM"
        ) from None


def _host(node: str) -> dict[str, Any]:
    from urllib.parse import urlsplit

    parts = urlsplit(node)
    secure = parts.scheme == "https"
    return {
        "host": parts.hostname,
        "port": parts.port or (443 if secure else 80),
        "use_ssl": secure,
        "url_prefix": parts.path.strip("/"),
    }


def _written(body: object) -> str:
    """JSON of one thing, or of each line; letters of no character set (a text may hold half a pair) as escapes."""
    if isinstance(body, Mapping):
        return one_line(body)
    if isinstance(body, str):
        return body
    assert isinstance(body, Iterable)
    return "".join(f"{one_line(line)}\n" for line in body)


def is_full(reason: str) -> bool:
    """Whether what a server says is that a disk is full, or that it closed an index to writes before it is."""
    return any(said in reason for said in _FULL)


def one_line(said: object) -> str:
    """As JSON that no text breaks."""
    return json.dumps(said, separators=(",", ":"))


def _told(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _reason(error: Any) -> str:
    """What kind of trouble a server names, in its own words where these are about the server and not about what was asked."""
    info = error.info if isinstance(error.info, dict) else {}
    said = info.get("error")
    if not isinstance(said, dict):
        return str(error.status_code)
    causes = said.get("root_cause") or [said]
    kind = str(causes[0].get("type", said.get("type", "")))
    if kind in ("cluster_block_exception", "index_not_found_exception", "i_o_exception"):
        return str(causes[0].get("reason", kind))
    return kind
