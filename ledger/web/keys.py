"""Administrators' pages about agencies' keys: which there are, issuing one, replacing one, and revoking it."""

from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.entry import written_time
from ledger.domain.glass import says_why
from ledger.services.administer import LIMIT_MAX, read_keys, revoke
from ledger.services.authenticate import ALL_SCOPES, SCOPES
from ledger.services.give import KEY_DAYS_MAX, OVERLAP_DAYS_MAX, can_give, give_key, replace_key
from ledger.services.issue_key import IssuedKey
from ledger.services.read_administration import SOON, read_agencies, read_key
from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.services.sign_in import SignedIn
from ledger.web.sessions import acting, check_form
from ledger.web.words import context

_REASON_CHARS_MAX: Final = 500
_NO_AGENCY: Final = "Choose the agency"
_NO_SCOPE: Final = "Choose at least one thing that it may do"
_NO_DAYS: Final = f"Enter a number of days from 1 to {KEY_DAYS_MAX}"
_NO_OVERLAP: Final = f"Enter a number of days from 0 to {OVERLAP_DAYS_MAX}"
_NOT_WHY: Final = f"Say why, in two words or more and at most {_REASON_CHARS_MAX} characters"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/administration/keys", endpoint="keys")(show_keys)
    blueprint.post("/administration/keys", endpoint="issue_key")(press_issue)
    blueprint.get("/administration/keys/<key_id>", endpoint="key")(show_key)
    blueprint.post("/administration/keys/<key_id>/rotations", endpoint="rotate_key")(press_rotate)
    blueprint.post("/administration/keys/<key_id>/revocations", endpoint="revoke_key")(press_revoke)


def show_keys() -> str:
    """Every key, and the form that issues one."""
    with acting() as (_, person):
        pass
    return _keys_page(person, {"days": "365"}, list(SCOPES), {})


def press_issue() -> tuple[str, int] | str:
    """Issue a key, and show it this once."""
    with acting() as (_, person):
        check_form(person)
    sent = {name: request.form.get(name, "").strip() for name in ("agency", "days")}
    scopes = [one for one in request.form.getlist("scopes") if one in ALL_SCOPES]
    days, errors = _number(sent["days"], 1, KEY_DAYS_MAX), dict[str, str]()
    if not sent["agency"]:
        errors["agency"] = _NO_AGENCY
    if not scopes:
        errors["scopes"] = _NO_SCOPE
    if days is None:
        errors["days"] = _NO_DAYS
    if errors or days is None:
        return _keys_page(person, sent, scopes, errors), 400
    try:
        issued = give_key(context(), person.caller, agency=sent["agency"], scopes=scopes, days=days)
    except RefusedError as error:
        field = "agency" if error.refusal.pointer == "/agency" else "form"
        return _keys_page(person, sent, scopes, {field: error.refusal.detail}), 409
    return _once(issued)


def show_key(key_id: str) -> str:
    """One key, with what replacing it and what revoking it would do."""
    return _key_page(key_id, {"overlap": "7"}, {})


def press_rotate(key_id: str) -> tuple[str, int] | str:
    """Issue another like it, and show that this once."""
    with acting() as (_, person):
        check_form(person)
    sent = {"overlap": request.form.get("overlap", "").strip()}
    overlap = _number(sent["overlap"], 0, OVERLAP_DAYS_MAX)
    if overlap is None:
        return _key_page(key_id, sent, {"overlap": _NO_OVERLAP}), 400
    try:
        return _once(replace_key(context(), person.caller, key_id, timedelta(days=overlap)))
    except RefusedError as error:
        return _refused(key_id, error, sent)


def press_revoke(key_id: str) -> Response | tuple[str, int]:
    """Revoke it: its next use is refused. There is no way back."""
    with acting() as (_, person):
        check_form(person)
    sent = {"overlap": "7", "reason": request.form.get("reason", "").strip()}
    if not says_why(sent["reason"]) or len(sent["reason"]) > _REASON_CHARS_MAX:
        return _key_page(key_id, sent, {"reason": _NOT_WHY}), 400
    try:
        revoke(context(), person.caller, key_id, sent["reason"])
    except RefusedError as error:
        return _refused(key_id, error, sent)
    return redirect(url_for("web.keys", said="revoked"), 303)


def _refused(key_id: str, error: RefusedError, sent: dict[str, str]) -> tuple[str, int]:
    if error.refusal.code == NOT_KNOWN.code:
        raise error
    return _key_page(key_id, sent, {"form": error.refusal.detail}), 409


def _once(issued: IssuedKey) -> str:
    ends = None if issued.ends is None else written_time(issued.ends)
    return render_template("key_once.html", issued=issued, expires_at=written_time(issued.expires_at), ends=ends)


def _keys_page(person: SignedIn, sent: dict[str, str], scopes: list[str], errors: dict[str, str]) -> str:
    given = context()
    found, now = read_keys(given, person.caller, after=None, limit=LIMIT_MAX), given.real_now()
    keys = sorted((_listed(key, now) for key in found["keys"]), key=lambda one: (one["order"], one["key"]))
    return render_template(
        "keys.html",
        keys=keys,
        more=found["next"],
        agencies=[one for one in read_agencies(given, person.caller)["agencies"] if not one["has_ended"]],
        every=ALL_SCOPES,
        scopes=scopes,
        sent=sent,
        errors=errors,
        can_give=can_give(given),
        said=request.args.get("said"),
    )


def _listed(key: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A key with how it stands, those that need a look first."""
    ends = datetime.fromisoformat(key["expires_at"])
    if key["revoked_at"]:
        standing, order = "revoked", 3
    elif ends <= now:
        standing, order = "ended", 2
    else:
        standing, order = ("ends soon", 0) if ends - now < SOON else ("in use", 1)
    return {**key, "standing": standing, "order": order}


def _key_page(key_id: str, sent: dict[str, str], errors: dict[str, str]) -> str:
    with acting() as (_, person):
        pass
    given = context()
    one = read_key(given, person.caller, key_id)
    return render_template("key.html", one=one, sent=sent, errors=errors, can_give=can_give(given))


def _number(text: str, least: int, most: int) -> int | None:
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        return None
    return int(text) if least <= int(text) <= most else None
