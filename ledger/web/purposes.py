"""Why an auditor looks: said once for a session, and recorded with every record that they open in it."""

from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.glass import says_why
from ledger.services.sign_in import say_purpose
from ledger.web.sessions import acting, check_form, session_token

PURPOSE_CHARS_MAX: Final = 200
_NOT_WHY: Final = "Say why you look, in two words or more"
_LONG: Final = f"Why you look must be {PURPOSE_CHARS_MAX} characters or fewer, on one line"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/audit/purpose", endpoint="purpose")(ask_purpose)
    blueprint.post("/audit/purpose", endpoint="say_purpose")(press_purpose)


def ask_purpose() -> str:
    """The form that asks for it, with what was said before."""
    with acting() as (_, person):
        pass
    return _page(person.purpose or "", request.args.get("to", ""), {})


def press_purpose() -> Response | tuple[str, int]:
    """Keep it for the session, and go on to where the auditor was going."""
    sent, to = request.form.get("purpose", "").strip(), request.form.get("to", "")
    with acting() as (connection, person):
        check_form(person)
        if wrong := _wrong(sent):
            return _page(sent, to, {"purpose": wrong}), 400
        say_purpose(connection, session_token(), sent)
    return redirect(to if is_own_path(to) else url_for("web.audit"), 303)


def is_own_path(to: str) -> bool:
    """Whether this is an address of these pages, and of no other site: browsers read a backslash as a slash."""
    parts = urlsplit(to)
    is_path = to.startswith("/") and not to.startswith("//") and not parts.netloc and not parts.scheme
    return is_path and "\\" not in to and to.isprintable()


def _wrong(sent: str) -> str | None:
    if len(sent) > PURPOSE_CHARS_MAX or not sent.isprintable():
        return _LONG
    return None if says_why(sent) else _NOT_WHY


def _page(sent: str, to: str, errors: dict[str, str]) -> str:
    return render_template("purpose.html", sent=sent, to=to if is_own_path(to) else "", errors=errors)
