"""Why a source gives what it gives, and what may mend it: a `CheckReport` in, a cause, a sentence and proposals out. Pure.

The proposals are no more than that: `casereviews.crawler.mending` tries them before one is offered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from casereviews.crawler.check_report import (
    CheckReport,
    Diagnosis,
    Failure,
    LookedAt,
    Proposal,
    TriedFile,
)
from casereviews.crawler.network.guards import allowed_host, host_name
from casereviews.crawler.network.walls import is_login_address
from casereviews.crawler.parsing.html.sniff import claims_document
from casereviews.crawler.parsing.links.wording import (
    LINK_WORDS,
    decoy_reason,
    is_reviewish,
    words_of,
)
from casereviews.crawler.parsing.looked import is_home
from casereviews.crawler.sources.source import Source
from casereviews.crawler.sources.validate import is_private, refused_hosts

NOT_CRAWLED = {
    "list_unknown": "its list is not known: find it and give start_urls in your sources.toml",
    "not_public": "its reviews are not public",
    "pointer_only": "it sends the reader to another list",
    "off": "it is switched off: set status in your sources.toml to turn it on",
}
CAUSES: dict[str, str] = {
    "works": "documents come, and the files that were tried can be had",
    "moved_path": "documents come, after a redirect to another address of the same site",
    "part_of_start": "documents come, but a start page cannot be read",
    "deeper": "documents come from further down only",
    "files_elsewhere": "files stand on a host that is not the entry's",
    "files_robots": "robots.txt asks not to read files",
    "files_refused": "the site refuses files",
    "files_gone": "files that the list links are not there",
    "files_are_pages": "a page comes where a file should",
    "files_fail": "files cannot be had for another reason",
    "not_crawled": "the entry is never crawled",
    "crashed": "the look itself failed",
    "moved_host": "the list redirects to another host",
    "moved_notice": "a page says that the site has moved, or sends on by a script",
    "pages_fail": "the list is read, and the pages that it leads to cannot be",
    "pages_elsewhere": "links that speak of reviews lead to a host that is not the entry's",
    "moved_home": "the list redirects to a home page",
    "gone": "the list's address answers that there is nothing",
    "soft_404": "the list's address shows an error page with a good status",
    "parked": "the domain is parked, for sale or empty",
    "being_rebuilt": "the site says that it is being rebuilt",
    "login": "a login stands before the list",
    "cookie_wall": "the list is shown only to those who keep cookies",
    "redirect_loop": "the list redirects in a circle",
    "bot_wall": "a bot wall stands before the list",
    "refused": "the site refuses to show the list",
    "robots": "robots.txt asks not to read the list",
    "robots_unreadable": "robots.txt cannot be read",
    "robots_elsewhere": "robots.txt redirects to a host that is not the entry's",
    "asked_to_wait": "the site asks to come back later (429, Retry-After)",
    "says_none": "the list says that there is no review now",
    "crawl_delay": "robots.txt asks for a long pause between two requests",
    "tls": "the certificate is not valid",
    "timeout": "the server does not answer in time",
    "dns": "the host name does not exist",
    "connection": "the server refuses or drops the connection",
    "server_error": "the server answers with an error",
    "unreadable": "what comes is no page",
    "needs_javascript": "only a browser sees the list",
    "framed": "the list stands in a frame of another address",
    "family": "the entry names another family of sites than the page's",
    "no_rule": "links speak of reviews, and none was followed",
    "nothing": "nothing looks like a review",
}
"""Every cause, in the words of the documentation."""

READABLE_DELAY = 3600.0
"""Seconds: with a longer pause between two requests no list can be read in a night (`CrawlOptions.seconds_per_source`)."""

_REACHED = {"dns", "connection", "timeout", "tls"}
_PAGE_ERRORS = {
    "robots": (
        "robots",
        "robots.txt of {host} asks not to read its list",
        "robots.txt is always obeyed: ask the publisher, or save the reports in a browser and add them (`casereviews add`)",
    ),
    "robots_unreadable": (
        "robots_unreadable",
        "robots.txt of {host} answers with an error, which asks to wait",
        "nothing to change: the next refresh asks again; when it stays so, tell the publisher",
    ),
    "asked_to_wait": (
        "asked_to_wait",
        "{host} asks to come back in {wait} (Retry-After)",
        "nothing to change: do not ask before then; the next refresh goes on. When it stays so, refresh it less often",
    ),
    "http_429": (
        "asked_to_wait",
        "{host} says that there were too many requests (429)",
        "nothing to change: do not ask again today; the next refresh goes on. When it stays so, refresh it less often",
    ),
    "bot_wall": (
        "bot_wall",
        "a bot wall stands before its list on {host}: the entry is right, the site lets browsers in only",
        "no setting helps: ask the publisher to let this program in, or save the reports in a browser and add them (`casereviews add`)",
    ),
    "login": (
        "login",
        "its list asks for a login (at {final})",
        'look in a browser without logging in: if the list is public elsewhere, give that address in start_urls; if not, set status = "not_public"',
    ),
    "http_403": (
        "refused",
        "{host} refuses to show its list (403)",
        "open the address in a browser: if it shows, the site refuses programs, so ask the publisher or add the reports by hand (`casereviews add`)",
    ),
    "cookie_wall": (
        "cookie_wall",
        "its list redirects to itself until a cookie is kept, and this program keeps none",
        "no setting helps: look for an address that needs no cookie (a print view, a sitemap, an API), or add the reports by hand (`casereviews add`)",
    ),
    "redirect_loop": (
        "redirect_loop",
        "its list redirects in a circle (at {final})",
        "open the address in a browser and give the address where it ends in start_urls; when that circles too, the site is broken: the next refresh asks again",
    ),
    "tls": (
        "tls",
        "the certificate of {host} is not valid",
        "nothing is read without a valid certificate: look whether the site has another name now; behind an institution's proxy set SSL_CERT_FILE; else tell the publisher",
    ),
    "timeout": (
        "timeout",
        "{host} does not answer in time",
        "nothing to change yet: the next refresh asks again; when it stays so, look whether the site has moved",
    ),
    "slow": (
        "timeout",
        "{host} sends too slowly",
        "nothing to change yet: the next refresh asks again; when it stays so, tell the publisher",
    ),
    "dns": (
        "dns",
        "the host name {host} does not exist",
        "search for the publisher's new site and give its list in start_urls and its host in hosts (`casereviews sources probe URL` writes an entry)",
    ),
    "connection": (
        "connection",
        "{host} refuses or drops the connection",
        "nothing to change yet: the next refresh asks again; when it stays so, search for the publisher's new site (`casereviews sources probe URL`)",
    ),
    "private_address": (
        "dns",
        "the name {host} leads to a private address",
        "it is never asked: search for the publisher's public site",
    ),
    "budget": (
        "asked_to_wait",
        "today's number of requests to {host} is used up",
        "nothing to change: check again tomorrow",
    ),
    "not_a_document": (
        "unreadable",
        "what comes from {final} is neither a page nor a document",
        "open the address in a browser and give the address of the list in start_urls",
    ),
    "empty_page": (
        "unreadable",
        "{final} answers with an empty page",
        "nothing to change yet: the next refresh asks again; when it stays so, look for the list's new address",
    ),
    "incomplete": (
        "timeout",
        "its pages break off",
        "nothing to change yet: the next refresh asks again; when it stays so, tell the publisher",
    ),
    "too_large": (
        "unreadable",
        "{final} is larger than any list",
        "give the address of a smaller page of the list (a year, a category) in start_urls",
    ),
}
_FILE_ERRORS = {
    "robots": (
        "files_robots",
        "robots.txt of {host} asks not to read {count} of its {all} files",
        "robots.txt is always obeyed: these reports are kept as known, without text; save them in a browser and add them (`casereviews add`), or ask the publisher",
    ),
    "robots_unreadable": (
        "files_robots",
        "robots.txt of {host}, where files stand, answers with an error, which asks to wait",
        "nothing to change: the next refresh asks again",
    ),
    "crawl_delay": (
        "files_robots",
        "robots.txt of {host}, where files stand, asks for a long pause between two requests",
        "nothing to change: a refresh keeps to it where a night is long enough, and takes some files each night",
    ),
    "asked_to_wait": (
        "files_fail",
        "{host}, where files stand, asks to come back later (Retry-After)",
        "nothing to change: the next refresh goes on",
    ),
    "http_401": ("files_refused", "{host} asks for a login for its files", ""),
    "http_403": ("files_refused", "{host} refuses its files (403)", ""),
    "login": ("files_refused", "{host} asks for a login for its files", ""),
    "bot_wall": ("files_refused", "a bot wall stands before the files of {host}", ""),
    "http_404": (
        "files_gone",
        "files that are not there (404): {count} of {tried} tried, such as {url}",
        "",
    ),
    "http_410": (
        "files_gone",
        "files that are gone (410): {count} of {tried} tried, such as {url}",
        "",
    ),
    "html_for_file": ("files_are_pages", "{url} gives a page where a file should come", ""),
}
_FILE_ADVICE = {
    "files_refused": "open one in a browser: if it shows, the site refuses programs, so ask the publisher or add the reports by hand (`casereviews add`)",
    "files_gone": "nothing to change: these reports are kept as known, without text; tell the publisher of the dead links",
    "files_are_pages": 'open it in a browser: when the file is a click away, give its links in follow with role = "file"',
    "files_fail": "nothing to change yet: the next refresh asks again",
}


@dataclass(frozen=True)
class _Seen:
    """What the tests for causes look at. `others` are hosts of start pages of other entries."""

    source: Source
    report: CheckReport
    others: Collection[str]

    @property
    def starts(self) -> list[LookedAt]:
        return [one for one in self.report.looked_at if one.start]

    @property
    def start_failures(self) -> list[Failure]:
        return [one for one in self.report.failures if one.start]


def diagnose(source: Source, report: CheckReport, others: Collection[str] = ()) -> Diagnosis:
    """The cause of what `report` shows of `source`; `others` are hosts of other entries' start pages, never proposed as hosts of this one."""
    seen = _Seen(source, report, others)
    return next(found for cause in _IN_ORDER if (found := cause(seen)) is not None)


def can_be_had(source: Source, report: CheckReport) -> int:
    """How many of the documents that a report names a night would get, as far as it shows."""
    failed = {one.url for one in report.files if not one.had}
    return sum(
        one.url is None or (allowed_host(one.url, source.hosts) and one.url not in failed)
        for one in report.collected
    )


# ---------------------------------------------------------------- nothing to look at


def _not_crawled(seen: _Seen) -> Diagnosis | None:
    if seen.source.crawled:
        return None
    why = NOT_CRAWLED.get(seen.source.status, "it has no start page of a known family")
    return Diagnosis("not_crawled", f"is not crawled: {why}", person=why)


def _crashed(seen: _Seen) -> Diagnosis | None:
    outcome = seen.report.outcome
    if outcome is not None and outcome.ended != "crashed":
        return None
    detail = outcome.detail if outcome is not None else "the looking process ended"
    return Diagnosis(
        "crashed",
        f"could not be read: {detail}",
        person="this is a fault of the program: report it with the address of the page",
    )


# ---------------------------------------------------------------- documents come


def _files(seen: _Seen) -> Diagnosis | None:
    """Documents were seen whose files stand elsewhere, or cannot be had."""
    count = len(seen.report.collected)
    elsewhere = _files_elsewhere(seen)
    hosts = Counter(urlsplit(url).netloc.lower() for url in elsewhere)
    ours = {host: n for host, n in hosts.items() if _may_be_ours(host, seen)}
    if ours:
        named = " and ".join(f"{n} on {host}" for host, n in ours.items())
        files = "file stands" if sum(ours.values()) == 1 else "files stand"
        says = f"{sum(ours.values())} {files} on a host that is not among its hosts: {named}"
        proposal = Proposal(
            f"ask {' and '.join(ours)} too", {"hosts": _with_hosts(seen.source, ours)}, certain=True
        )
        return Diagnosis(
            "files_elsewhere",
            _and(count, says),
            can_be_had(seen.source, seen.report) > 0,
            (proposal,),
            "look at the files' host",
        )
    failed = [one for one in seen.report.files if not one.had]
    if not failed or not count:
        return None
    return _files_in_vain(seen, failed)


def _files_in_vain(seen: _Seen, failed: list[TriedFile]) -> Diagnosis:
    errors = Counter(one.error or "" for one in failed)
    error, number = errors.most_common(1)[0]
    one = next(one for one in failed if one.error == error)
    cause, says, advice = _FILE_ERRORS.get(
        error, ("files_fail", "a file cannot be had ({error}): {url}", "")
    )
    text = says.format(
        host=urlsplit(one.final).netloc,
        count=number,
        all=sum(1 for doc in seen.report.collected if doc.url),
        tried=len(seen.report.files),
        url=one.url,
        error=_named(error),
    )
    return Diagnosis(
        cause,
        _and(len(seen.report.collected), text),
        works=number < len(seen.report.files),
        person=advice or _FILE_ADVICE[cause],
    )


def _files_elsewhere(seen: _Seen) -> list[str]:
    """Files of reviews on hosts that are not the entry's: named as documents, left as another's, or at the end of a redirect."""
    found = [
        one.url
        for one in seen.report.collected
        if one.url and one.kind == "file" and not allowed_host(one.url, seen.source.hosts)
    ]
    found += [
        url
        for url, text, reason in seen.report.left_alone
        if reason == "other_publisher"
        and claims_document(url)
        and is_reviewish(words := words_of(text, url))
        and not decoy_reason(words)
        and not LINK_WORDS["national"].fits(words)
    ]
    found += [
        one.final for one in seen.report.files if one.error in ("off_site", "robots_elsewhere")
    ]
    return list(dict.fromkeys(found))


def _start_failed_in_part(seen: _Seen) -> Diagnosis | None:
    if not seen.report.collected or not seen.start_failures:
        return None
    failure = seen.start_failures[0]
    found = _of_failure(failure, seen)
    says = _and(len(seen.report.collected), f"but of {failure.asked}: {found.says}")
    return Diagnosis("part_of_start", says, True, found.proposals, found.person)


def _works(seen: _Seen) -> Diagnosis | None:
    count = len(seen.report.collected)
    if not count:
        return None
    moved = {
        one.asked: one.url
        for one in seen.starts
        if one.asked in seen.source.start_urls and one.url != one.asked
    }
    if not moved:
        return Diagnosis("works", _counted(count), True)
    new = _new_starts(seen.source, moved)
    says = "; ".join(f"{old} now answers at {at}" for old, at in moved.items())
    return Diagnosis(
        "moved_path",
        f"{_counted(count)}; {says}",
        True,
        (Proposal("start at the new address", {"start_urls": new}),),
    )


# ---------------------------------------------------------------- no start page


def _no_start(seen: _Seen) -> Diagnosis | None:
    if seen.report.collected or not seen.start_failures or seen.report.further:
        return None
    return _of_failure(seen.start_failures[0], seen)


def _pages_fail(seen: _Seen) -> Diagnosis | None:
    """Nothing came because what the list leads to could not be read."""
    below = [one for one in seen.report.failures if not one.start]
    if seen.report.collected or not below or not seen.report.pages:
        return None
    error, count = Counter(one.error for one in below).most_common(1)[0]
    failure = next(one for one in below if one.error == error)
    if error in ("off_site", "robots_elsewhere"):
        host = urlsplit(failure.leads_to or failure.final).netloc.lower()
        change = {"hosts": _with_hosts(seen.source, [host])}
        proposals = (Proposal(f"ask {host} too", change),) if _may_be_ours(host, seen) else ()
        says, person = f"they redirect to {host}", "look in a browser whether its reviews are there"
    else:
        found = _of_failure(failure, seen)
        says, person, proposals = found.says, found.person, ()
    return Diagnosis(
        "pages_fail",
        f"its list is read, and {'a page' if count == 1 else f'{count} pages'} that it leads to cannot be ({failure.asked}): {says}",
        False,
        proposals,
        person,
    )


def _pages_elsewhere(seen: _Seen) -> Diagnosis | None:
    """A list whose reviews have their pages on another host."""
    links = [
        (url, text)
        for url, text, reason in seen.report.left_alone
        if reason == "other_publisher" and not claims_document(url)
    ]
    if seen.report.collected or seen.report.further or not links:
        return None
    hosts = dict.fromkeys(urlsplit(url).netloc.lower() for url, _ in links)
    ours = [host for host in hosts if _may_be_ours(host, seen)]
    change = {"hosts": _with_hosts(seen.source, ours)}
    return Diagnosis(
        "pages_elsewhere",
        f"links that speak of reviews lead to {', '.join(hosts)}, which is not among its hosts: {_quoted(links)}",
        False,
        (Proposal(f"ask {' and '.join(ours)} too", change),) if ours else (),
        "if these are the publisher's own reviews, add the host to hosts; if another publisher's (a national repository), set status = \"pointer_only\"",
    )


def _of_failure(failure: Failure, seen: _Seen) -> Diagnosis:
    error = failure.error
    host = urlsplit(failure.final).netloc
    if error in ("off_site", "robots_elsewhere"):
        return _of_foreign(failure, seen)
    if error == "redirect_loop" and failure.cookies:
        error = "cookie_wall"
    if error == "crawl_delay":
        return _of_delay(failure)
    if error in ("http_404", "http_410"):
        return _gone("gone", f"its list is not there any more ({error[5:]})", seen)
    if error == "http_401":
        error = "login"
    if error == "login":
        found = _gone("login", "", seen)
        _, says, person = _PAGE_ERRORS["login"]
        return Diagnosis("login", says.format(final=failure.final), False, found.proposals, person)
    if error.startswith("http_5"):
        return Diagnosis(
            "server_error",
            f"{host} answers with an error ({error[5:]})",
            person="nothing to change yet: the next refresh asks again; when it stays so, look whether the site has moved",
        )
    cause, says, person = _PAGE_ERRORS.get(
        error,
        (
            "refused" if error.startswith("http_4") else "unreadable",
            "no page could be read ({error})",
            "open the address in a browser and give the address of the list in start_urls",
        ),
    )
    text = says.format(
        host=host, final=failure.final, wait=_period(failure.seconds or 0), error=_named(error)
    )
    twins = tuple(_twins(failure, seen)) if error in _REACHED else ()
    return Diagnosis(cause, text, False, twins, person)


def _of_foreign(failure: Failure, seen: _Seen) -> Diagnosis:
    """It, or its robots.txt, redirects to a host that is not the entry's."""
    there = failure.leads_to or failure.final
    if is_login_address(there):
        _, says, person = _PAGE_ERRORS["login"]
        return Diagnosis("login", says.format(final=there), person=person)
    host = urlsplit(there).netloc.lower()
    if failure.error == "robots_elsewhere":
        cause, says = "robots_elsewhere", f"its robots.txt redirects to {there}"
        change: dict[str, object] = {"hosts": _with_hosts(seen.source, [host])}
        proposals = [Proposal(f"ask {host} too", change)]
    else:
        cause, says = "moved_host", f"moved to {there}"
        change = {
            "start_urls": _new_starts(seen.source, {failure.asked: there}),
            "hosts": _with_hosts(seen.source, [host]),
        }
        proposals = [Proposal(f"start at {there}", change)]
    if not _may_be_ours(host, seen):
        return Diagnosis(
            cause, f"{says}, which is another entry's host or is never asked", False, (),
            "look in a browser whether its list is there; give start_urls and hosts in your sources.toml",
        )  # fmt: skip
    person = "look in a browser where its list is now, and give its address in start_urls and its host in hosts"
    return Diagnosis(cause, says, False, tuple(proposals), person)


def _of_delay(failure: Failure) -> Diagnosis:
    seconds = failure.seconds or 0
    host = urlsplit(failure.final).netloc
    says = f"robots.txt of {host} asks for {_period(seconds)} between two requests"
    if seconds <= READABLE_DELAY:
        pages = int(READABLE_DELAY // seconds)
        return Diagnosis(
            "crawl_delay",
            f"{says}: a refresh keeps to it and reads some {pages} pages and files a night; this look did not wait",
            person="nothing to change: `casereviews refresh` has the patience; look at its report after some nights",
        )
    return Diagnosis(
        "crawl_delay",
        f"{says}: its list cannot be read in a night",
        person='robots.txt is always obeyed: ask the publisher, or add the reports by hand (`casereviews add`) and set status = "off"',
    )


def _twins(failure: Failure, seen: _Seen) -> Iterator[Proposal]:
    """The same address with or without www., and by https where http does not answer."""
    parts = urlsplit(failure.asked)
    if failure.asked not in seen.source.start_urls:
        return
    twins = []
    if not is_private(host_name(parts.netloc)):
        bare = parts.netloc.removeprefix("www.")
        twins.append(parts._replace(netloc=bare if bare != parts.netloc else f"www.{bare}"))
    if parts.scheme == "http" and ":" not in parts.netloc:
        twins.append(parts._replace(scheme="https"))
    for twin in twins:
        at = twin.geturl()
        yield Proposal(
            f"start at {at}",
            {
                "start_urls": _new_starts(seen.source, {failure.asked: at}),
                "hosts": _with_hosts(seen.source, [twin.netloc]),
            },
        )


# ---------------------------------------------------------------- something else stands there


def _stands_for(seen: _Seen) -> Diagnosis | None:
    if seen.report.collected:
        return None
    for one in seen.starts:
        what = one.look.stands_for
        if what == "not_found":
            says = f"its list's address shows an error page (“{one.look.title}”) instead of a list"
            return _gone("soft_404", says, seen)
        if what == "parked":
            return Diagnosis(
                "parked",
                f"no site stands there: its domain is parked, for sale or empty (“{one.look.title}” at {one.url})",
                person='search for the publisher\'s new site; until then set status = "list_unknown" (`casereviews sources probe URL` writes an entry)',
            )
        if what == "cookie_wall":
            _, _, person = _PAGE_ERRORS["cookie_wall"]
            return Diagnosis(
                "cookie_wall",
                f"{one.url} shows its list only to those who accept cookies",
                person=person,
            )
        if what == "login":
            _, says, person = _PAGE_ERRORS["login"]
            found = _gone("login", "", seen)
            return Diagnosis("login", says.format(final=one.url), False, found.proposals, person)
        if what == "being_rebuilt":
            found = _gone("being_rebuilt", "", seen)
            return Diagnosis(
                "being_rebuilt",
                f"its site says that it is being rebuilt (“{one.look.title}”)",
                False,
                found.proposals,
                "nothing to change yet: what was collected stays; the next refresh asks again",
            )
    return None


def _moved_home(seen: _Seen) -> Diagnosis | None:
    for one in seen.starts:
        if not is_home(one.url) or is_home(one.asked) or seen.report.collected:
            continue
        says = f"its list's address leads to a home page, {one.url} (“{one.look.title}”)"
        return _gone("moved_home", says, seen)
    return None


def _moved_notice(seen: _Seen) -> Diagnosis | None:
    found = [(one, at) for one in seen.starts for at in one.look.sends_to]
    ours = [(one, at) for one, at in found if _may_be_ours(urlsplit(at).netloc.lower(), seen)]
    if seen.report.collected or not ours:
        return None
    proposals = tuple(
        Proposal(
            f"start at {at}",
            {
                "start_urls": _new_starts(seen.source, {one.asked: at}),
                "hosts": _with_hosts(seen.source, [urlsplit(at).netloc.lower()]),
            },
        )
        for one, at in ours[:3]
    )
    return Diagnosis(
        "moved_notice",
        f"its page sends its reader on to {ours[0][1]}",
        False,
        proposals,
        "look there for its list, and give its address in start_urls and its host in hosts",
    )


def _gone(cause: str, says: str, seen: _Seen) -> Diagnosis:
    """No list at its address: start where links speak of reviews; a family's API that is not there may be another family's page."""
    leads = _leads(seen)
    proposals = list(_families(seen))
    if leads:
        onward = Proposal(
            "start at the pages whose links speak of reviews",
            {"start_urls": [url for url, _ in leads][:5]},
            narrow=True,
        )
        pages = seen.source.family in ("listing", "wordpress")
        proposals = [onward, *proposals] if pages else [*proposals, onward]
        says += f"; links that speak of reviews: {_quoted(leads)}"
        person = "look at these links in a browser, and give the address of the list in start_urls"
    else:
        says += "; no link of its home page speaks of reviews"
        person = "search for the publisher's list, and give its address in start_urls (`casereviews sources probe URL` writes an entry)"
    return Diagnosis(cause, says, False, tuple(proposals), person)


# ---------------------------------------------------------------- a page without reviews


def _needs_javascript(seen: _Seen) -> Diagnosis | None:
    if seen.report.collected or not any(
        page.kind == "needs_javascript" for page in seen.report.pages
    ):
        return None
    return Diagnosis(
        "needs_javascript",
        "its pages are filled by JavaScript: only a browser sees the list",
        False,
        tuple(_families(seen)),
        "look for an address behind it (an API, a print view, a sitemap) and give it in start_urls, or add the reports by hand (`casereviews add`)",
    )


def _family(seen: _Seen) -> Diagnosis | None:
    proposals = tuple(_families(seen))
    if seen.report.collected or not proposals:
        return None
    signs = next((one.look.family for one in seen.starts if one.look.family), "none of it")
    return Diagnosis(
        "family",
        f"nothing was found as '{seen.source.family}', and its page shows signs of {signs}",
        False,
        (*proposals, *_deeper_or_ruled(seen)),
        "look whether the page lists reviews; `casereviews sources probe URL` says which family fits",
    )


def _families(seen: _Seen) -> Iterator[Proposal]:
    """The family that a page shows signs of, where it is not the entry's; a plain list where its own family finds nothing."""
    for one in seen.report.looked_at:
        if one.asked not in seen.source.start_urls:
            continue
        family = one.look.family or "listing"
        # A WordPress entry whose API is closed is read as a list by itself.
        if (seen.source.family, family) != ("wordpress", "listing") and (
            family != seen.source.family
        ):
            yield Proposal(f"read it as '{family}'", {"family": family})
        return


def _framed(seen: _Seen) -> Diagnosis | None:
    frames = [(one, at) for one in seen.starts for at in one.look.frames]
    if seen.report.collected or seen.report.further or not frames:
        return None
    proposals = tuple(
        Proposal(
            f"start at {at}",
            {
                "start_urls": _new_starts(seen.source, {one.asked: at}),
                "hosts": _with_hosts(seen.source, [urlsplit(at).netloc.lower()]),
            },
        )
        for one, at in frames[:2]
        if _may_be_ours(urlsplit(at).netloc.lower(), seen)
    )
    return Diagnosis(
        "framed",
        f"its page shows no list of its own, only a frame from {frames[0][1]}",
        False,
        (*proposals, *_deeper_or_ruled(seen)),
        "open the frame's address in a browser: if the list is the publisher's own, give it in start_urls; if it is another publisher's (a national repository), set status = \"pointer_only\"",
    )


def _no_rule(seen: _Seen) -> Diagnosis | None:
    leads = _leads(seen)
    if seen.report.collected or not leads:
        return None
    return Diagnosis(
        "no_rule",
        f"no review was found, and these links speak of reviews: {_quoted(leads)}",
        False,
        tuple(_deeper_or_ruled(seen)),
        "look at these links in a browser; give the address of the list in start_urls, or a follow rule that leads to it",
    )


def _says_none(seen: _Seen) -> Diagnosis | None:
    if seen.report.collected or not any(one.look.says_none for one in seen.starts):
        return None
    return Diagnosis("says_none", "its list says that there is no review now", True)


def _nothing(seen: _Seen) -> Diagnosis | None:
    if seen.report.further:
        return Diagnosis(
            "deeper",
            "nothing within one level; a night would go on to further pages",
            False,
            (Proposal("nothing: a night goes on to them"),),
            "look at the pages that it would go on to, and give the address of the list in start_urls",
        )
    if not seen.report.pages:
        return Diagnosis(
            "unreadable",
            "no page could be read (no answer)",
            person="open the address in a browser and give the address of the list in start_urls",
        )
    return Diagnosis(
        "nothing",
        "nothing that looks like a review",
        person="look whether the page lists reviews now: a list may be empty for a time; if it is elsewhere, give its address in start_urls",
    )


def _deeper_or_ruled(seen: _Seen) -> Iterator[Proposal]:
    """What brings in links that were not followed: a deeper look, a rule for their words, or starting at them."""
    if seen.report.further:
        yield Proposal("nothing: a night goes on to further pages")
    leads = _leads(seen)
    if not leads:
        return
    told = {"text": _rule_of(text for _, text in leads[:5]), "role": "list"}
    rules: list[dict[str, str]] = [
        {
            key: value
            for key, value in (("text", r.text), ("href", r.href), ("on", r.on), ("role", r.role))
            if value
        }
        for r in seen.source.follow
    ]
    yield Proposal("follow the links that speak of reviews", {"follow": [*rules, told]})
    yield Proposal(
        "start at the pages whose links speak of reviews",
        {"start_urls": [url for url, _ in leads][:5]},
        narrow=True,
    )


def _rule_of(texts: Iterable[str]) -> str:
    """A pattern for links of these very words."""
    words = sorted({re.escape(text).replace(r"\ ", " ") for text in texts})
    return f"^({'|'.join(words)})$" if len(words) > 1 else f"^{words[0]}$"


# ---------------------------------------------------------------- parts of sentences and changes


def _leads(seen: _Seen) -> list[tuple[str, str]]:
    """Links that speak of reviews and that were neither read nor are to be, the surest first."""
    known = {page.url.rstrip("/") for page in seen.report.pages}
    known |= {url.rstrip("/") for url, _, _ in seen.report.further}
    known |= {failure.asked.rstrip("/") for failure in seen.report.failures}
    found: dict[str, str] = {}
    for one in seen.report.looked_at:
        for url, text in one.look.leads:
            if url.rstrip("/") not in known:
                found.setdefault(url, text)
    return list(found.items())


def _may_be_ours(host: str, seen: _Seen) -> bool:
    """False for hosts that are never asked, for those of another entry, for private ones that a public site leads to, and for names
    without a dot, which no host on the web has: a page wrote a path as its own computer does."""
    name = host_name(host)
    if "." not in name and ":" not in name and name != "localhost":
        return False
    if is_private(name) and not any(is_private(host_name(one)) for one in seen.source.hosts):
        return False
    if any(name == refused or name.endswith("." + refused) for refused in refused_hosts()):
        return False
    return (
        name.removeprefix("www.")
        not in {host_name(other).removeprefix("www.") for other in seen.others if ":" not in other}
        and host not in seen.others
    )


def _with_hosts(source: Source, more: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*source.hosts, *more]))


def _new_starts(source: Source, moved: dict[str, str]) -> list[str]:
    """The start pages with those that moved in their new place; one that an API stood for is the only one."""
    if not set(moved) & set(source.start_urls):
        return list(moved.values())
    return list(dict.fromkeys(moved.get(url, url) for url in source.start_urls))


def _counted(count: int) -> str:
    what = "document or entry" if count == 1 else "documents or entries"
    return f"{count} {what} would be collected"


def _and(count: int, says: str) -> str:
    return f"{_counted(count)}; {says}" if count else says


def _quoted(leads: list[tuple[str, str]]) -> str:
    return ", ".join(f"“{text}” ({url})" for url, text in leads[:5])


def _period(seconds: float) -> str:
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            number = round(seconds / size, 1)
            return f"{number:g} {unit}{'' if number == 1 else 's'}"
    return f"{seconds:g} seconds"


def _named(error: str) -> str:
    return error.replace("http_", "status ").replace("_", " ")


_IN_ORDER: tuple[Callable[[_Seen], Diagnosis | None], ...] = (
    _not_crawled,
    _crashed,
    _files,
    _start_failed_in_part,
    _works,
    _no_start,
    _pages_fail,
    _stands_for,
    _moved_home,
    _moved_notice,
    _needs_javascript,
    _family,
    _framed,
    _pages_elsewhere,
    _says_none,
    _no_rule,
    _nothing,
)
