"""How a source ended its run, judged from what its crawl met. Pure.

The record has the last word where its own knowledge counts: it turns "ok" into unchanged, empty, never_yielded, or into broken
where there was something and now there is nothing.
"""

from __future__ import annotations

from casereviews.crawler.outcome import CrawlOutcome

BLOCKED = {
    "robots": "robots.txt asks not to read its list",
    "robots_unreadable": "robots.txt cannot be read, which asks to wait",
    "robots_elsewhere": "its robots.txt stands on a host that is not the source's",
    "crawl_delay": "robots.txt asks for more time between two requests (Crawl-delay) than a night has: ask the publisher, and `add` what they send",
    "bot_wall": "a bot wall stands before its list",
    "login": "its list asks for a login",
    "http_401": "its list asks for a login",
    "http_403": "the site refuses to show its list",
    "asked_to_wait": "the site asked to come back later (Retry-After)",
}
WORDS = {
    "dns": "its host name does not exist any more",
    "connection": "its server refuses or drops the connection",
    "timeout": "its server does not answer in time",
    "slow": "its server sends too slowly",
    "tls": "its certificate is not valid",
    "incomplete": "its pages break off",
    "too_large": "its page is larger than any list",
    "too_large_unpacked": "its page unpacks to more than any list",
    "redirect_loop": "it redirects in a circle",
    "off_site": "it redirects to a host that is not the source's",
    "private_address": "its name leads to a private address",
    "empty_page": "its list answers with an empty page",
    "not_a_document": "its list is no page",
    "badly_encoded": "its page is not compressed as it says",
    "odd": "its list answers with what no browser shows: a redirect to no web address, broken data, a status that is none",
    "page_too_slow": "reading its list takes too long, so it was left unread; the next run tries again",
}


def judge(outcome: CrawlOutcome) -> tuple[str, str]:
    """(result, reason in words) of one source's crawl; result is ok, partial, needs_javascript, blocked, moved or broken."""
    if outcome.ended == "crashed":
        return "broken", outcome.detail or "its spider stopped with an error: see the log"
    if outcome.ended == "not_started" or not outcome.asked:
        return "partial", "it was not begun: the run ended before its turn"
    if outcome.moved_to and not outcome.sighted:
        return "moved", f"its list now answers at {outcome.moved_to}"
    if outcome.start_pages and len(outcome.start_errors) >= outcome.start_pages:
        return _no_start(outcome)
    if not outcome.sighted and outcome.page_kinds.get("needs_javascript"):
        return "needs_javascript", "its list is filled by JavaScript: only a browser sees it"
    if not outcome.sighted and outcome.page_kinds.get("login"):
        return "blocked", BLOCKED["login"]
    if not outcome.all_found:
        found = outcome.sighted if outcome.reached is None else outcome.reached
        return "partial", f"{found} of {outcome.announced} announced records were found"
    if outcome.ended in ("budget", "stopped"):
        why = "its budget was used up" if outcome.ended == "budget" else "the run was stopped"
        return "partial", f"{why}; the next run goes on"
    if not outcome.complete:
        return "partial", outcome.detail or _errors(outcome) or "not all of its list was read"
    return "ok", ""


def _no_start(outcome: CrawlOutcome) -> tuple[str, str]:
    """No start page could be read: the gentlest name that holds for all of them."""
    names = list(dict.fromkeys(outcome.start_errors))
    for name in names:
        if name in BLOCKED:
            return "blocked", BLOCKED[name]
    if "budget" in names:
        return "partial", "its budget was used up before its list was read; the next run goes on"
    if "page_too_slow" in names:
        return "partial", WORDS["page_too_slow"]
    if outcome.moved_to or "off_site" in names:
        return "moved", f"its list now answers at {outcome.moved_to or 'another host'}"
    return "broken", "; ".join(_worded(name) for name in names)


def _worded(name: str) -> str:
    if name.startswith("http_"):
        return f"its list answers with status {name.removeprefix('http_')}"
    return WORDS.get(name, name.replace("_", " "))


def _errors(outcome: CrawlOutcome) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} ({count})" for name, count in outcome.errors.items()
    )
