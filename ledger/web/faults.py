"""What goes wrong on a page, as a page: not signed in, not found, refused, away."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import PathConverter
from werkzeug.wrappers import Response

from ledger.domain.role import Role
from ledger.services.refusal import NOT_KNOWN, TOO_MANY_CHILDREN, RefusedError
from ledger.store.append import ClosedError, ContendedError
from ledger.web.sessions import NoPurposeError, NotSignedInError, NotYoursError

_Answer = tuple[str, int]

_WORDS = {
    400: ("This address cannot be read", "Go back to your alerts and follow a link from there."),
    403: ("This was not done", "The form did not come from a page of your own session. Reload the page and try again."),
    404: (
        "Page not found",
        "There is nothing here that you may know of. Your agency has to be recorded as involved with a child first.",
    ),
    405: ("This was not done", "Go back to your alerts and try again from there."),
    429: ("That was too often", "Nothing was recorded. Wait a minute and try again."),
    503: ("The ledger cannot be reached for now", "Nothing was lost and nothing was recorded. Try again in a moment."),
}


_NOT_YOURS = (
    "This page is not part of your role",
    "You are signed in, but your role does not include it. An administrator can say which roles you have.",
)


_CLOSED = (
    "Nothing can be recorded for now",
    "What there is can be read. Nothing of what you sent was recorded. The operator has to put the ledger right first.",
)
_TOO_MANY = "You have opened as many children’s records as may be for now"


class PagePath(PathConverter):
    """Any address that is not the interface's: a wrong one there is answered as the interface answers."""

    regex = r"(?!(?:api|health|assets|oauth|log)(?:/|\Z)).+"


def register(blueprint: Blueprint) -> None:
    """Answer errors of the pages, and addresses that nothing else answers, with a page."""
    blueprint.get("/<elsewhere:path>", endpoint="elsewhere")(nothing_here)
    blueprint.register_error_handler(NotSignedInError, _sign_in)
    blueprint.register_error_handler(NotYoursError, _on_not_yours)
    blueprint.register_error_handler(NoPurposeError, _ask_purpose)
    blueprint.register_error_handler(HTTPException, _on_http)
    blueprint.register_error_handler(RefusedError, _on_refused)
    for kind in (OperationalError, PoolTimeoutError, ContendedError):
        blueprint.register_error_handler(kind, _on_away)
    blueprint.register_error_handler(ClosedError, _on_closed)


def nothing_here(path: str) -> str:  # noqa: ARG001 - the route hands it over
    """No page has this address."""
    raise NotFound


def _sign_in(_error: Exception) -> Response:
    return redirect(url_for("web.how_to_sign_in"), 303)


def _ask_purpose(_error: Exception) -> Response:
    """An auditor says why they look, and goes on to where they were going; a form begins anew."""
    to = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("web.purpose", to=to), 303)


def _on_http(error: HTTPException) -> _Answer | HTTPException:
    if error.code is None or error.code < 400 or request.endpoint == "web.static":
        return error
    return _page(error.code)


def _on_not_yours(_error: Exception) -> _Answer | Response:
    if request.endpoint == "web.alerts" and Role.AUDITOR in getattr(g.get("person"), "roles", ()):
        return redirect(url_for("web.audit"), 303)
    if request.endpoint == "web.alerts" and Role.OPERATOR in getattr(g.get("person"), "roles", ()):
        return redirect(url_for("web.operation"), 303)
    if request.endpoint == "web.alerts" and Role.ADMINISTRATOR in getattr(g.get("person"), "roles", ()):
        return redirect(url_for("web.administration"), 303)
    title, advice = _NOT_YOURS
    return render_template("fault.html", title=title, advice=advice), 403


def _on_refused(error: RefusedError) -> _Answer:
    if error.refusal.code == TOO_MANY_CHILDREN.code:
        return render_template("fault.html", title=_TOO_MANY, advice=error.refusal.detail), 429
    return _page(404 if error.refusal.code == NOT_KNOWN.code else 400)


def _on_away(_error: Exception) -> _Answer:
    return _page(503)


def _on_closed(_error: Exception) -> _Answer:
    title, advice = _CLOSED
    return render_template("fault.html", title=title, advice=advice), 503


def _page(status: int) -> _Answer:
    title, advice = _WORDS.get(status, _WORDS[400])
    return render_template("fault.html", title=title, advice=advice), status
