"""Signing in at the agencies' own OpenID provider: there, and back. What comes back is never shown or repeated."""

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.exceptions import NotFound

from ledger.services.provider import Provider, ProviderAwayError, ProviderRefusedError
from ledger.services.sign_in_provider import (
    VISIT_LASTS,
    NobodyTiedError,
    NotOurVisitError,
    begin_visit,
    sign_in_by_code_of,
    take_back,
)
from ledger.web.devices import let_in, this_device
from ledger.web.sessions import check_same_site, session_token, set_cookie
from ledger.web.words import context

_NAMES = ("__Host-ledger-visit", "ledger_visit")
_CODE_CHARS_MOST = 4096


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/sign-in/provider", endpoint="visit_provider")(visit_provider)
    blueprint.get("/sign-in/provider/back", endpoint="come_back")(come_back)


def visit_provider() -> Response | tuple[str, int]:
    """Send the browser to the provider, with a token that it must bring back."""
    check_same_site()
    provider = _provider()
    try:
        address, browser = begin_visit(context(), provider)
    except ProviderAwayError:
        return _fault("away", provider)
    response = make_response(redirect(address, 303))
    set_cookie(response, _NAMES, browser, VISIT_LASTS)
    return response


def come_back() -> Response | tuple[str, int]:
    """Take what the provider answered, and sign its person in."""
    provider, given, sent = _provider(), context(), request.args
    browser = next((found for name in _NAMES if (found := request.cookies.get(name))), "")
    try:
        visit = take_back(given, sent.get("state", ""), browser)
        code = sent.get("code", "")
        if not 0 < len(code) <= _CODE_CHARS_MOST:
            return _fault("refused", provider)
        answer = (code, sent.get("iss"))
        return let_in(sign_in_by_code_of(given, provider, visit, answer, this_device(), session_token()))
    except ProviderAwayError:
        return _fault("away", provider)
    except NobodyTiedError:
        return _fault("nobody", provider)
    except (NotOurVisitError, ProviderRefusedError):
        return _fault("refused", provider)


def _provider() -> Provider:
    provider = context().sign_in.provider
    if provider is None:
        raise NotFound
    return provider


def _fault(what: str, provider: Provider) -> tuple[str, int]:
    status = {"away": 503, "nobody": 403, "refused": 401}[what]
    return render_template("sign_in_provider.html", what=what, provider=provider, rules=context().sign_in), status
