"""The way in: a token becomes a session."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casereviews.web.failures import refused
from casereviews.web.guard.limits import form_of
from casereviews.web.guard.refusals import Refusal
from casereviews.web.guard.sessions import ENTER, Sessions
from casereviews.web.rendering import shown

_USED = Refusal(
    403,
    "This address was used, or is of another run",
    "It is good once. Stop `casereviews serve` and start it again: it prints a new one.",
)


async def enter(request: Request) -> Response:
    """With the run's token in the address a session begins; for that of a file there is a form to type it in."""
    people = request.app.state.access.people
    if not isinstance(people, Sessions) or people.holds(request):
        return _entered(request)
    if request.method == "POST":
        typed = (await form_of(request)).get("token", [""])[0].strip()
        cookie = people.exchange(typed)
    elif people.once and request.method == "GET":
        cookie = people.exchange(request.query_params.get("token", ""))
    else:
        return shown(request, "enter.html", wrong=False)
    if cookie is None:
        if people.once:
            return refused(request, _USED)
        return shown(request, "enter.html", 403, wrong=True)
    response = _entered(request)
    people.give(response, cookie)
    return response


def _entered(request: Request) -> Response:
    """A page that goes on by itself: a redirect would not carry the cookie where another site's link led here."""
    response = shown(request, "entered.html")
    response.headers["refresh"] = "0; url=/"
    return response


ROUTES = (Route(ENTER, enter, methods=["GET", "POST"]),)
