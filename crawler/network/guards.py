"""Which hosts and addresses may be asked: pure rules, used by the middlewares and the resolver."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping

from scrapy.exceptions import IgnoreRequest

from casereviews.crawler.sources.hosts import allowed_host as allowed_host
from casereviews.crawler.sources.hosts import host_name as host_name


class Refused(IgnoreRequest):
    """A request that is not made. `name` is the error class of the result, the message says why.

    `leads_to` is the address on a foreign host that something led to, `seconds` the wait that was asked for.
    """

    def __init__(
        self, name: str, message: str, *, leads_to: str | None = None, seconds: float | None = None
    ) -> None:
        super().__init__(message)
        self.name = name
        self.leads_to = leads_to
        self.seconds = seconds


class AddressPolicy:
    """Which addresses a name may lead to.

    Public addresses are allowed. Loopback is allowed for names that `resolve` maps to it (exact or "*.suffix") and for
    hosts that an entry names as loopback itself ("127.0.0.1:8080", "localhost:8080"). Everything else
    that is not public (private, link-local, multicast, reserved) is refused, whatever the name says. The
    proxies' own hosts (`trusted`) are where the operator's network says, private or not.
    """

    def __init__(
        self,
        resolve: Mapping[str, str] | None = None,
        hosts: Iterable[str] = (),
        trusted: Iterable[str] = (),
    ) -> None:
        self.resolve = {name.lower(): target for name, target in (resolve or {}).items()}
        self.loopback = {host_name(host) for host in hosts if is_loopback_name(host_name(host))}
        self.trusted = {name.lower() for name in trusted}
        self.refused: set[str] = set()

    def mapped(self, name: str) -> tuple[str, int | None] | None:
        """The (ip, port or None) that `name` is mapped to, or None. Raises ValueError for a target that is not loopback."""
        name = name.lower()
        target = self.resolve.get(name)
        if target is None:
            for pattern, candidate in self.resolve.items():
                if pattern.startswith("*.") and name.endswith(pattern[1:]):
                    target = candidate
                    break
        if target is None:
            return None
        ip, _, port = target.partition(":")
        if not ipaddress.ip_address(ip).is_loopback:
            raise ValueError(
                f"{name} is mapped to {target}: names may be mapped to loopback addresses only"
            )
        return ip, int(port) if port else None

    def is_local(self, name: str) -> bool:
        """True for hosts on this machine: mapped names and loopback addresses that an entry names."""
        return self.mapped(name) is not None or name.lower() in self.loopback

    def allows(self, name: str, address: str) -> bool:
        """True when `name` may lead to `address`; refusals are remembered in `refused`."""
        ip = ipaddress.ip_address(address.partition("%")[0])
        if name.lower() in self.trusted:
            return True
        if ip.is_loopback and name.lower() in self.loopback:
            return True
        if _is_public(ip):
            return True
        self.refused.add(name.lower())
        return False


def _is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped is not None:
        return _is_public(mapped)
    return ip.is_global and not ip.is_multicast


def is_loopback_name(name: str) -> bool:
    """True for "localhost" and loopback addresses."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def all_local(hosts: Iterable[str], policy: AddressPolicy) -> bool:
    """True when every one of `hosts` is on this machine: such a crawl needs no contact and no patience."""
    names = [host_name(host) for host in hosts]
    return bool(names) and all(policy.is_local(name) for name in names)
