"""Signing in by a one-time link or with a password and a code, and out. Only a link's button spends it."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from ledger.services.complete_sign_in import sign_in_by_link
from ledger.services.passwords import BusyError
from ledger.services.second_factor import (
    NoOfferError,
    NoSecretKeyError,
    WrongCodeError,
    in_groups,
    offer_factor,
    sign_in_by_code,
    sign_in_by_enrolment,
)
from ledger.services.sign_in import HalfIn, LinkSpentError, Stage, Way, can_be_used, find_half_in, sign_out
from ledger.services.sign_in_password import WrongError, sign_in_by_password
from ledger.services.sign_in_wait import WaitError
from ledger.store.database import transaction
from ledger.store.people import person as person_of
from ledger.web.devices import let_in, this_device
from ledger.web.pictures import picture_of
from ledger.web.sessions import (
    NotSignedInError,
    acting,
    check_form,
    check_same_site,
    forget_session,
    session_token,
)
from ledger.web.words import context

_Page = Response | str | tuple[str, int]

_WRONG = "These three do not belong together. Check each of them, or use a one-time link"
_MISSING = {
    "agency": "Enter your agency’s reference",
    "ref": "Enter your own reference",
    "password": "Enter your password",
}
_WRONG_CODE = "This code is not right, or has been used. Wait for the next one and enter that"
_BUSY = "Too many people are signing in at this moment. Try again in a few seconds"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/sign-in")(how_to_sign_in)
    blueprint.post("/sign-in")(press_sign_in)
    blueprint.get("/sign-in/code")(ask_code)
    blueprint.post("/sign-in/code")(press_code)
    blueprint.get("/sign-in/second-factor")(ask_enrolment)
    blueprint.post("/sign-in/second-factor")(press_enrolment)
    blueprint.get("/sign-in/<token>")(open_link)
    blueprint.post("/sign-in/<token>")(press_button)
    blueprint.post("/sign-out")(leave)


def how_to_sign_in() -> str:
    """The ways in that there are here."""
    return _sign_in_page({}, {})


def press_sign_in() -> _Page:
    """Sign in with agency, reference and password; a second factor may follow."""
    check_same_site()
    given = context()
    sent = {name: request.form.get(name, "") for name in ("agency", "ref", "password")}
    shown = {name: sent[name].strip() for name in ("agency", "ref")}
    errors = {name: words for name, words in _MISSING.items() if not sent[name].strip()}
    if errors or not given.sign_in.takes_passwords:
        return _sign_in_page(shown, errors), 400
    try:
        begun = sign_in_by_password(
            given, sent["agency"], sent["ref"], sent["password"], this_device(), session_token()
        )
    except WrongError:
        return _sign_in_page(shown, {"form": _WRONG}), 401
    except WaitError as error:
        return _sign_in_page(shown, {"form": wait_words(error)}), 429
    except BusyError:
        return _sign_in_page(shown, {"form": _BUSY}), 503
    return let_in(begun)


def ask_code() -> str:
    """The page that asks for the second factor's code."""
    return render_template("sign_in_code.html", half=_half_in(Stage.CODE), errors={})


def press_code() -> _Page:
    """Finish signing in with a code or a recovery code."""
    half = _half_in(Stage.CODE)
    check_form(half)
    try:
        return let_in(sign_in_by_code(context(), half, session_token(), request.form.get("code", ""), this_device()))
    except WrongCodeError:
        return render_template("sign_in_code.html", half=half, errors={"code": _WRONG_CODE}), 401
    except WaitError as error:
        return render_template("sign_in_code.html", half=half, errors={"code": wait_words(error)}), 429


def ask_enrolment() -> str:
    """The page on which somebody sets up the second factor without which their password opens nothing."""
    return _enrolment_page(_half_in(Stage.ENROL), {})


def press_enrolment() -> _Page:
    """Keep the second factor and finish signing in; the recovery codes are shown this once."""
    half = _half_in(Stage.ENROL)
    check_form(half)
    given = context()
    try:
        begun, codes = sign_in_by_enrolment(given, half, session_token(), request.form.get("code", ""), this_device())
    except WrongCodeError:
        return _enrolment_page(half, {"code": _WRONG_CODE}), 401
    except (NoOfferError, NoSecretKeyError):
        return redirect(url_for("web.how_to_sign_in"), 303)  # type: ignore[return-value]
    return let_in(begun, make_response(render_template("recovery_codes.html", codes=[in_groups(one) for one in codes])))


def open_link(token: str) -> str | tuple[str, int]:
    """The link's page, with its button."""
    given = context()
    with transaction(given.engine, party=None) as connection:
        is_good = can_be_used(connection, token, given.real_now())
    return render_template("sign_in_link.html", token=token) if is_good else _spent()


def press_button(token: str) -> Response | tuple[str, int]:
    """Spend the link and begin a session."""
    check_same_site()
    try:
        return let_in(sign_in_by_link(context(), token, this_device(), session_token()))
    except LinkSpentError:
        return _spent()


def leave() -> Response:
    """End the session, here and in the ledger; where it began at the provider, offer to leave that too."""
    given = context()
    with acting() as (connection, person):
        check_form(person)
        sign_out(connection, session_token(), given.real_now())
    there = "provider" if person.way is Way.PROVIDER else None
    response = make_response(redirect(url_for("web.how_to_sign_in", left=there), 303))
    forget_session(response)
    return response


def wait_words(error: WaitError) -> str:
    """How long to wait, and what to do instead; the same whoever it is."""
    minutes = "1 minute" if error.minutes == 1 else f"{error.minutes} minutes"
    return f"Too many tries. Wait {minutes}, sign in on a device where you have before, or use a one-time link"


def _sign_in_page(sent: dict[str, str], errors: dict[str, str]) -> str:
    rules = context().sign_in
    back = rules.base_url + url_for("web.how_to_sign_in")
    leaves = request.args.get("left") == "provider" and rules.provider is not None
    return render_template(
        "sign_in.html",
        rules=rules,
        sent=sent,
        errors=errors,
        leave_provider=rules.provider.end_session_address(back) if leaves and rules.provider else None,
    )


def _enrolment_page(half: HalfIn, errors: dict[str, str]) -> str:
    given = context()
    with transaction(given.engine, party=None) as connection:
        person = person_of(connection, half.person_id)
        if person is None:
            raise NotSignedInError
        account = f"{person.agency_id} {person.ref}"
        try:
            offer = offer_factor(connection, given, half.person_id, session_token(), account=account)
        except NoSecretKeyError as error:
            raise NotSignedInError from error
    return render_template(
        "sign_in_enrol.html",
        half=half,
        secret=in_groups(offer.secret),
        picture=picture_of(offer.address),
        errors=errors,
    )


def _half_in(stage: Stage) -> HalfIn:
    """The sign-in that waits for this; any other begins anew."""
    given = context()
    with transaction(given.engine, party=None) as connection:
        half = find_half_in(connection, session_token(), given.real_now())
    if half is None or half.stage is not stage:
        raise NotSignedInError
    return half


def _spent() -> tuple[str, int]:
    return render_template("sign_in_spent.html"), 410
