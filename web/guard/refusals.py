"""A request that is not answered, and why: each guard gives one, or None."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is said instead of an answer. It repeats nothing of what was asked."""

    status: int
    heading: str
    text: str


class Guard(Protocol):
    """Looks at a request before anything of it is used."""

    def refusal(self, request: Request) -> Refusal | None:
        """Why it is not answered; None when it may be."""
