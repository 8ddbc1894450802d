"""Your account: how one signs in, what one is signed in on, one's password and one's second factor."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from ledger.domain.password import LEAST, MOST
from ledger.services.passwords import BusyError
from ledger.services.second_factor import (
    NoOfferError,
    NoSecretKeyError,
    WrongCodeError,
    can_be_read,
    in_groups,
    offer_factor,
    set_own_factor,
)
from ledger.services.sign_in import SessionEndedError, SignedIn, own_sessions, sign_out_everywhere
from ledger.services.sign_in_password import (
    RefusedPasswordError,
    WrongError,
    check_own_password,
    is_fresh,
    set_password,
)
from ledger.services.sign_in_wait import WaitError
from ledger.store.subjects import is_tied
from ledger.store.ways_in import Account, account_of
from ledger.web.devices import let_in, this_device
from ledger.web.pictures import picture_of
from ledger.web.sessions import NotSignedInError, acting, check_form, forget_session, session_token
from ledger.web.sign_ins import wait_words
from ledger.web.words import context

_Page = Response | str | tuple[str, int]

_WRONG = "This is not your password"
_WRONG_CODE = "This code is not right, or is too old. Enter the one that the app shows now"
_BUSY = "Too many people are signing in at this moment. Try again in a few seconds"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/account", endpoint="account")(show_account)
    blueprint.get("/account/password", endpoint="password")(ask_password)
    blueprint.post("/account/password", endpoint="set_password")(press_password)
    blueprint.get("/account/second-factor", endpoint="second_factor")(ask_factor)
    blueprint.post("/account/second-factor", endpoint="set_second_factor")(press_factor)
    blueprint.post("/account/sign-out-everywhere", endpoint="leave_everywhere")(press_everywhere)


def show_account() -> str:
    """How the person signs in, and where they are signed in now."""
    given = context()
    with acting() as (connection, person):
        account = account_of(connection, person.person_id)
        provider = given.sign_in.provider
        return render_template(
            "account.html",
            account=account,
            rules=given.sign_in,
            is_readable=can_be_read(connection, given, person.person_id),
            is_tied=provider is not None and is_tied(connection, provider.issuer, person.person_id),
            sessions=own_sessions(connection, person.person_id, session_token(), given.real_now()),
            said=request.args.get("said"),
        )


def ask_password() -> str:
    """The form that sets a password."""
    return _password_page({})


def press_password() -> _Page:
    """Set a password: all other sessions end."""
    given = context()
    with acting() as (connection, person):
        check_form(person)
        account = account_of(connection, person.person_id)
    new, again = request.form.get("new", ""), request.form.get("again", "")
    try:
        _prove(person, account)
        begun = set_password(given, person, new, again, session_token())
    except _ProofError as error:
        return _password_page({error.field: error.words}), error.status
    except RefusedPasswordError as error:
        return _password_page({error.field: error.words}), 400
    except BusyError:
        return _password_page({"new": _BUSY}), 503
    except SessionEndedError as error:
        raise NotSignedInError from error
    if given.sign_in.sealer is not None and account.factor_confirmed_at is None:
        return let_in(begun, make_response(redirect(url_for("web.second_factor"), 303)))
    return let_in(begun, make_response(redirect(url_for("web.account", said="password"), 303)))


def ask_factor() -> str:
    """The picture to scan, and the form that confirms it."""
    return _factor_page({})


def press_factor() -> _Page:
    """Keep the second factor; the recovery codes are shown this once."""
    given = context()
    with acting() as (connection, person):
        check_form(person)
        account = account_of(connection, person.person_id)
    try:
        _prove(person, account)
        begun, codes = set_own_factor(given, person.person_id, session_token(), request.form.get("code", ""))
    except _ProofError as error:
        return _factor_page({error.field: error.words}), error.status
    except WrongCodeError:
        return _factor_page({"code": _WRONG_CODE}), 400
    except (NoOfferError, NoSecretKeyError):
        return redirect(url_for("web.second_factor"), 303)  # type: ignore[return-value]
    except SessionEndedError as error:
        raise NotSignedInError from error
    return let_in(begun, make_response(render_template("recovery_codes.html", codes=[in_groups(one) for one in codes])))


def press_everywhere() -> Response:
    """End every session of the person, this one too."""
    with acting() as (connection, person):
        check_form(person)
        sign_out_everywhere(connection, person.person_id, context().real_now())
    response = make_response(redirect(url_for("web.how_to_sign_in"), 303))
    forget_session(response)
    return response


class _ProofError(Exception):
    """The person has not shown anew that it is they."""

    def __init__(self, words: str, status: int, field: str = "current") -> None:
        super().__init__()
        self.words, self.status, self.field = words, status, field


def must_prove(person: SignedIn, account: Account) -> bool:
    """Whether a change of the ways in asks for the password again: not just after a link, which stands for it."""
    return account.password_set_at is not None and not is_fresh(context(), person)


def may_change(person: SignedIn, account: Account) -> bool:
    """Whether this session may change the ways in at all: one without a password to show must have begun by a link."""
    return account.password_set_at is not None or is_fresh(context(), person)


def _prove(person: SignedIn, account: Account) -> None:
    if not may_change(person, account):
        raise _ProofError("Sign in with a new one-time link first", 403, "new")
    if not must_prove(person, account):
        return
    try:
        check_own_password(context(), person, request.form.get("current", ""), this_device())
    except WrongError:
        raise _ProofError(_WRONG, 400) from None
    except WaitError as error:
        raise _ProofError(wait_words(error), 429) from None
    except BusyError:
        raise _ProofError(_BUSY, 503) from None


def _password_page(errors: dict[str, str]) -> str:
    with acting() as (connection, person):
        told = _told(person, account_of(connection, person.person_id))
    return render_template("password.html", errors=errors, least=LEAST, most=MOST, rules=context().sign_in, **told)


def _factor_page(errors: dict[str, str]) -> str:
    given = context()
    offer = None
    with acting() as (connection, person):
        account = account_of(connection, person.person_id)
        if given.sign_in.sealer is not None and may_change(person, account):
            name = f"{person.agency} {person.ref}"
            offer = offer_factor(connection, given, person.person_id, session_token(), account=name)
        told = _told(person, account)
    return render_template(
        "second_factor.html",
        errors=errors,
        rules=given.sign_in,
        secret=in_groups(offer.secret) if offer else None,
        picture=picture_of(offer.address) if offer else None,
        **told,
    )


def _told(person: SignedIn, account: Account) -> dict[str, Any]:
    return {
        "account": account,
        "may_change": may_change(person, account),
        "must_prove": must_prove(person, account),
    }
