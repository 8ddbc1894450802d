"""Who asks for a stream: by a key or token where one is sent, whatever else is; else by a session's cookie.

A session counts only from the ledger's own pages: a browser sends cookies for any page that asks, and says which.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from ledger.domain.position import PositionError, read_position
from ledger.services.authenticate import read_bearer
from ledger.services.refusal import FOREIGN_FORM, NOT_AUTHENTICATED, Refusal, RefusedError
from ledger.services.sign_in import SESSION_COOKIES
from ledger.store.append import Credential

#: Without an Origin a browser names the kind of site that asked; what is no browser names none.
_OWN: Final = frozenset({"same-origin", "none"})
_PARAMETER: Final = "last_event_id"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a stream was asked for with: a session's token or a credential, and the position to go on from."""

    by: str | Credential
    position: str | None


#: Reads a Client-Cert header: the certificate's thumbprint.
ReadCertificate = Callable[[str | None], bytes | None]


def read_asked(request: Request, origin: str, read_certificate: ReadCertificate) -> Asked:
    """What a request asks with; `origin` is that of the pages. Raises RefusedError."""
    return Asked(_by(request, origin, read_certificate), _position(request))


def origin_of(url: str) -> str:
    """A URL's scheme, host and port, as browsers write an origin."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{'' if parts.port in (None, default) else f':{parts.port}'}"


def _by(request: Request, origin: str, read_certificate: ReadCertificate) -> str | Credential:
    header = request.headers.get("Authorization")
    session = next((sent for name in SESSION_COOKIES if (sent := request.cookies.get(name))), None)
    if header is not None or session is None:
        return read_bearer(header, read_certificate(request.headers.get("Client-Cert")))
    came_from = request.headers.get("Origin")
    is_own = request.headers.get("Sec-Fetch-Site", "none") in _OWN
    if (came_from is not None and came_from != origin) or (came_from is None and not is_own):
        raise RefusedError(FOREIGN_FORM.code, "A session opens streams from the ledger's own pages alone.")
    return session


def _position(request: Request) -> str | None:
    """Where to go on: a browser sends it in a header when it comes back, a page in the address when it first comes."""
    name = request.headers.get("Last-Event-ID") or request.query_params.get(_PARAMETER) or None
    if name is not None:
        try:
            read_position(name)
        except PositionError:
            raise RefusedError(
                "bad_position", "Last-Event-ID is not the id of an event of this stream: leave it out to begin anew."
            ) from None
    return name


NOT_SIGNED_IN: Final = Refusal(
    NOT_AUTHENTICATED.code, "The session has ended, or still waits for its second factor: sign in again."
)
