"""Whence somebody tries to sign in: the token of a browser in which somebody has before, and the network's address."""

from flask import Response, make_response, redirect, request, url_for

from ledger.services.complete_sign_in import Begun
from ledger.services.rates import address_behind
from ledger.services.sign_in import Stage
from ledger.services.sign_in_wait import DEVICE_LASTS, Device
from ledger.web.sessions import set_cookie, set_session
from ledger.web.words import context

_NAMES = ("__Host-ledger-device", "ledger_device")
_PAGES = {Stage.FULL: "web.alerts", Stage.CODE: "web.ask_code", Stage.ENROL: "web.ask_enrolment"}


def this_device() -> Device:
    """The device that this request comes from."""
    token = next((sent for name in _NAMES if (sent := request.cookies.get(name))), "")
    forwarded = request.headers.get("X-Forwarded-For", "")
    return Device(token, address_behind(request.remote_addr or "", forwarded, context().sign_in.proxies))


def let_in(begun: Begun, response: Response | None = None) -> Response:
    """Give the browser the session that began and send it on to what follows, or to the page that is given."""
    answer = response or make_response(redirect(url_for(_PAGES[begun.stage]), 303))
    set_session(answer, begun.session)
    if begun.device is not None:
        set_cookie(answer, _NAMES, begun.device, DEVICE_LASTS)
    return answer
