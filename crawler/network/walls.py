"""Recognising pages that stand in for what was asked: bot walls, login walls, pages that only JavaScript fills."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scrapy.http import Response

_BOT_WALL = re.compile(
    rb"_Incapsula_Resource|Incapsula incident|/cdn-cgi/challenge-platform|cf-browser-verification|cf_chl_|"
    rb"Attention Required! \| Cloudflare|<title>Just a moment|Checking (?:if the site connection is secure|your browser)|"
    rb"DDoS protection by|sucuri\.net/|Sucuri WebSite Firewall|Access Denied - Sucuri|"
    rb"/_sec/cp_challenge|Pardon Our Interruption|px-captcha|distil_r_captcha|awsWafCookieDomainList|"
    rb"aws-waf-token|AwsWafIntegration|Request unsuccessful|The requested URL was rejected\. Please consult|"
    rb"g-recaptcha[^>]*>\s*</div>\s*<[^>]*>\s*(?:Verify|Please)|verify (?:that )?you are (?:a )?human|"
    rb"enable JavaScript and cookies to continue|unusual traffic from your",
    re.I,
)
_WALL_STATUS = frozenset({401, 403, 405, 406, 429, 503})
_WALL_SIZE = 60_000
"""Bytes. A challenge page is short; a page with more may well mention a firewall's script and still be the page."""

_PASSWORD_FIELD = re.compile(rb"<input[^>]+type\s*=\s*[\"']?password", re.I)
_LOGIN_WORDS = re.compile(
    rb"(?:log|sign)[ -]?(?:in|on)\b|members? only|authentication required|password[- ]protected",
    re.I,
)
_LOGIN_URL = re.compile(r"/(?:log-?in|sign-?in|wp-login\.php|account/login|auth|sso)\b", re.I)


_LOGIN_HOST = re.compile(
    r"^(?:log-?in|sign-?in|auth|sso|accounts?|idp?|adfs|identity)\.|microsoftonline", re.I
)
_LOGIN_PROTOCOL = re.compile(
    r"/(?:oauth2?|adfs|saml2?|openid)\b|[?&](?:ReturnUrl|SAMLRequest)=", re.I
)


def is_login_address(url: str) -> bool:
    """True for the address of a place where people log in, by its host and path."""
    parts = urlsplit(url)
    return bool(
        _LOGIN_URL.search(parts.path)
        or _LOGIN_HOST.search(parts.hostname or "")
        or _LOGIN_PROTOCOL.search(url)
    )


def is_bot_wall(response: Response) -> bool:
    """True for a challenge or block page of a firewall service."""
    if len(response.body) > _WALL_SIZE or not _is_text(response):
        return False
    headers = response.headers
    if headers.get("cf-mitigated") == b"challenge":
        return True
    found = _BOT_WALL.search(response.body)
    if not found:
        return False
    return response.status in _WALL_STATUS or _little_text(response.body)


def is_login(response: Response) -> bool:
    """True for a page that asks for a password instead of showing what was asked.

    A login box in the corner of a page that has content is none: the address must be a login's, or the page must hold little else.
    """
    if response.status == 401:
        return True
    if not _is_text(response) or not _PASSWORD_FIELD.search(response.body):
        return False
    if _LOGIN_URL.search(response.url) and not _LOGIN_URL.search(_asked(response)):
        return True
    return bool(_LOGIN_WORDS.search(response.body)) and _little_text(response.body)


def is_wall(response: Response) -> bool:
    """True for either: trying again would not help."""
    return is_bot_wall(response) or is_login(response)


def _asked(response: Response) -> str:
    request = response.request
    if request is None:
        return response.url
    urls = request.meta.get("redirect_urls") or [request.url]
    return str(urls[0])


def _is_text(response: Response) -> bool:
    kind = (response.headers.get("Content-Type") or b"text/html").lower()
    return b"html" in kind or kind.startswith(b"text/")


_MARKUP = re.compile(rb"<(script|style|noscript)\b.*?</\1\s*>|<[^>]*>", re.I | re.S)


def _little_text(body: bytes) -> bool:
    """True when fewer than 1,500 bytes of text stand between the tags."""
    text = _MARKUP.sub(b" ", body[:_WALL_SIZE])
    return len(b" ".join(text.split())) < 1500
