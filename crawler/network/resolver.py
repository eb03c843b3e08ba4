"""Name resolution that refuses private addresses and knows the demo's names.

Scrapy resolves after every other check, so this is the one place that no redirect, no DNS answer
and no odd spelling of an address gets around.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from zope.interface import implementer, provider  # type: ignore[import-untyped]

from casereviews.crawler.network.guards import AddressPolicy

POLICY = AddressPolicy()
"""The policy of this process. A process has one reactor and so one resolver; `use_policy` replaces it before a crawl."""


def use_policy(policy: AddressPolicy) -> None:
    """Make `policy` the one that all name resolution of this process follows."""
    global POLICY
    POLICY = policy


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        raise NotImplementedError


@provider(IResolutionReceiver)
class _FilteringReceiver:
    """Passes on the addresses that the policy allows for this name."""

    def __init__(self, receiver: Any, name: str) -> None:
        self.receiver = receiver
        self.name = name

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        if POLICY.allows(self.name, address.host):
            self.receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self.receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Twisted's own resolver behind `AddressPolicy`."""

    def __init__(self, reactor: Any) -> None:
        self.reactor = reactor
        self.inner = reactor.nameResolver

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        return cls(reactor)

    def install_on_reactor(self) -> None:
        self.reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        mapped = POLICY.mapped(hostName)
        if mapped is not None:
            ip, port = mapped
            resolution = _Resolution(hostName)
            resolutionReceiver.resolutionBegan(resolution)
            resolutionReceiver.addressResolved(IPv4Address("TCP", ip, port or portNumber))
            resolutionReceiver.resolutionComplete()
            return resolution
        return self.inner.resolveHostName(
            _FilteringReceiver(resolutionReceiver, hostName),
            hostName,
            portNumber,
            addressTypes,
            transportSemantics,
        )
