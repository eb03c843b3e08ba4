"""A registry entry: everything that is known of one publisher's list, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from casereviews.repository.model import SourceInfo

FAMILIES = ("listing", "wordpress", "govuk", "nspcc", "dhr_library", "sar_library", "none")
STATUSES = ("unverified", "verified", "list_unknown", "not_public", "pointer_only", "off")
SCOPES = ("child", "adult", "both")
ROLES = ("list", "detail", "file")
# Settings of a family beyond what every entry has.
FAMILY_OPTIONS = {
    "govuk": {"document_types": "types of publication that a search follows, separated by spaces"},
    "nspcc": {"library": "on: the pages are records of the library's catalogue"},
    "dhr_library": {"page_size": "records a page"},
}
# How the publisher lists its reviews. The last ones are no lists of reports and are never crawled.
KINDS = {
    "single-page": "one page, many links",
    "rolling-page": "lists whose content is replaced: what leaves them was not taken off",
    "list-detail": "a list, then a page for each review",
    "resource-library": "paginated cards",
    "posts": "news posts or a content type of its own",
    "accordion-table": "tables, accordions, headings by year or month",
    "govuk": "GOV.UK publications",
    "catalogue": "a library catalogue",
    "time-limited": "listed for a stated time, then taken down",
    "empty-placeholder": "the page exists and held no report when it was seen",
    "catalogue-login": "a catalogue for registered users only",
    "pointer-only": "sends the reader to another list",
    "not-public": "reviews are collected and not published",
    "procedures-only": "a chapter of a procedures manual, not a list of reports",
    "reference-only": "guidance or a description of the process, no reports",
    "discovery-feed": "announces what other bodies have published",
}
NO_LIST_KINDS = frozenset(
    {
        "catalogue-login",
        "pointer-only",
        "not-public",
        "procedures-only",
        "reference-only",
        "discovery-feed",
    }
)


@dataclass(frozen=True, slots=True)
class FollowRule:
    """Which links of which pages are followed.

    `text` and `href` are regular expressions (case ignored) searched in a link's text and in its address; a
    link is followed when all the given ones match. `on` restricts the rule to pages whose address it matches.
    `role` says what the target is: "list" (guidance to list, pages of a list), "detail" (one review) or
    "file" (a download handler whose response headers tell what it is).
    """

    text: str | None = None
    href: str | None = None
    on: str | None = None
    role: str = "list"


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher's list: what `[[source]]` in a TOML file says.

    `areas` are GSS codes (the file may give names of councils). `hosts` are the only hosts that are asked ("name" or "name:port"), start hosts
    included. `start_urls` stand newest generation first. `same_as` holds pairs (pattern, replacement) that turn an
    address into its twin's (rules of identity of this source, such as `?contrast=1`). `skip` are regular expressions of
    addresses never followed. `options` are a family's own settings (page size, post types, collections...).
    `status` stays "unverified" until a user has checked the site; "list_unknown" and the like are never crawled.
    `kind` is one of KINDS, empty when not known. `home_url` is where a person would start looking.
    """

    id: str
    publisher: str
    nation: str | None
    family: str
    start_urls: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    scope: str = "child"
    follow: tuple[FollowRule, ...] = ()
    skip: tuple[str, ...] = ()
    same_as: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    max_depth: int = 3
    max_pages: int = 200
    policy_months: int | None = None
    policy_note: str = ""
    national: bool = False
    status: str = "unverified"
    kind: str = ""
    home_url: str = ""
    evidence: str = ""
    notes: str = ""

    @property
    def host(self) -> str:
        """The host of the first start URL: sources that share it are never crawled in parallel."""
        return urlsplit(self.start_urls[0]).netloc.lower() if self.start_urls else ""

    @property
    def crawled(self) -> bool:
        """True when a refresh visits this source."""
        return (
            bool(self.start_urls)
            and self.family != "none"
            and self.status in ("unverified", "verified")
        )

    def option(self, name: str, default: str = "") -> str:
        """A setting of the source's family, as text."""
        return dict(self.options).get(name, default)

    @property
    def info(self) -> SourceInfo:
        """What the repository keeps of this entry."""
        return SourceInfo(
            id=self.id,
            publisher=self.publisher,
            nation=self.nation,
            areas=self.areas,
            scope=self.scope,
            family=self.family,
            policy_months=self.policy_months,
            national=self.national,
            rolling=self.kind == "rolling-page",
            start_urls=self.start_urls,
        )


# The whole registry: id to entry, in registry order.
Sources = Mapping[str, Source]
