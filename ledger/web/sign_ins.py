"""Signing in by a one-time link, and out. Opening the link spends nothing: pressing its button does."""

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from ledger.services.sign_in import LinkSpentError, can_be_used, sign_out, use_link
from ledger.store.database import transaction
from ledger.web.sessions import acting, check_form, check_same_site, forget_session, session_token, set_session
from ledger.web.words import context


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/sign-in")(how_to_sign_in)
    blueprint.get("/sign-in/<token>")(open_link)
    blueprint.post("/sign-in/<token>")(press_button)
    blueprint.post("/sign-out")(leave)


def how_to_sign_in() -> str:
    """What to do for who is not signed in."""
    return render_template("sign_in.html")


def open_link(token: str) -> str | tuple[str, int]:
    """The link's page, with its button."""
    given = context()
    with transaction(given.engine, party=None) as connection:
        is_good = can_be_used(connection, token, given.real_now())
    return render_template("sign_in_link.html", token=token) if is_good else _spent()


def press_button(token: str) -> Response | tuple[str, int]:
    """Spend the link and begin a session."""
    check_same_site()
    given = context()
    try:
        with transaction(given.engine, party=None) as connection:
            session = use_link(connection, token, given.chance, given.real_now())
    except LinkSpentError:
        return _spent()
    response = make_response(redirect(url_for("web.alerts"), 303))
    set_session(response, session)
    return response


def leave() -> Response:
    """End the session, here and in the ledger."""
    with acting() as (connection, person):
        check_form(person)
        sign_out(connection, session_token(), context().real_now())
    response = make_response(redirect(url_for("web.how_to_sign_in"), 303))
    forget_session(response)
    return response


def _spent() -> tuple[str, int]:
    return render_template("sign_in_spent.html"), 410
