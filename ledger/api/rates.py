"""Too many requests: counted before anything else is done, told on every answer that was counted.

The headers are those of draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy` says how many a minute, `RateLimit`
how many are left and for how long. A key, token or session counts by the hash of what was sent, before it is
known to hold: whoever makes one up counts for themselves, and can use up nobody's but their own.
"""

import hashlib
from typing import Final

from flask import Flask, Response, g, request
from werkzeug.exceptions import TooManyRequests

from ledger.api.rights import PUBLIC
from ledger.services.rates import WINDOW_S, Rates, Standing, address_behind, network_of
from ledger.services.sign_in import SESSION_COOKIES

#: Open, and no way in: what they answer is the same for everybody. The pages that only ask how to sign in are among
#: them, for a whole hospital may have one address.
STILL: Final = frozenset(
    {
        "health.live",
        "health.ready",
        "api-docs.openapi_json",
        "api_docs_page.page",
        "api_docs_page.table",
        "api_docs_page.file",
        "web.static",
        "web.how_to_sign_in",
        "web.ask_code",
        "web.elsewhere",
    }
)

#: Open to anybody, and fetched by programs one after the other: counted apart from the ways in, so that whoever follows
#: the log from a hospital's one address keeps nobody there from signing in. Who sends a key has that key's quota.
FOLLOWED: Final = frozenset(
    {
        "log.get_checkpoint",
        "log.get_tile",
        "log.get_keys",
        "log.get_policy",
        "access_log.get_checkpoint",
        "access_log.get_tile",
    }
)


def add_rates(app: Flask, rates: Rates, *, proxies: int = 0) -> None:
    """Count the requests of an application. To be called before whatever else looks at a request."""
    policies = {
        sort: f'"{sort}";q={quota};w={WINDOW_S}'
        for sort in ("agency", "person", "address")
        if (quota := rates.quota(sort))
    }

    @app.before_request
    def count() -> None:
        counted = _caller(proxies)
        if counted is None:
            return
        standing = rates.count(*counted)
        if standing is None:
            return
        g.rate = counted[0], standing
        if not standing.is_within:
            raise TooManyRequests(retry_after=standing.reset_s)

    @app.after_request
    def tell(response: Response) -> Response:
        rate: tuple[str, Standing] | None = g.get("rate")
        if rate is not None:
            sort, standing = rate
            response.headers["RateLimit-Policy"] = policies[sort]
            if not standing.is_within:
                response.headers["Retry-After"] = str(standing.reset_s)
            response.headers["RateLimit"] = f'"{sort}";r={standing.left};t={standing.reset_s}'
        return response


def _caller(proxies: int) -> tuple[str, str] | None:
    """Of what sort the caller is, and by what they are told apart; None for what is not counted."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in STILL:
        return None
    header = request.headers.get("Authorization")
    if endpoint in PUBLIC and not (header and endpoint in FOLLOWED):
        forwarded = request.headers.get("X-Forwarded-For", "")
        network = network_of(address_behind(request.remote_addr or "", forwarded, proxies))
        return "address", f"log {network}" if endpoint in FOLLOWED else network
    if header is not None:
        return "agency", _told_apart(header)
    cookies = request.cookies
    session = next((sent for name in SESSION_COOKIES if (sent := cookies.get(name))), None)
    return None if session is None else ("person", _told_apart(session))


def _told_apart(secret: str) -> str:
    """A secret's digest, for no more than that is to be kept of it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
