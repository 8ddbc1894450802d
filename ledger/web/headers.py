"""The security headers of every answer: a strict content policy, and nothing that a browser or a proxy may keep.

Nothing on a page comes from elsewhere, no style or script is written in one, and the template's single inline script is
allowed by its hash. Chosen by OWASP's Secure Headers Project, as far as browsers still act on them.
"""

from flask import Blueprint, Response, current_app, request

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self' 'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "manifest-src 'self'"
)
#: Two years. Other names below this one are not the ledger's to speak for, so they are left out.
TRANSPORT = "max-age=63072000"
_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), "
        "geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), "
        "publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"
    ),
}
#: For answers that a program reads: should a browser open one all the same, nothing of it runs, frames it or stays.
_OF_DATA = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
#: What is data for programs, and never a page.
_DATA = frozenset({"application/json", "application/problem+json"})


#: Where a page's policy lets it open streams, besides where it came from itself: of the application's settings.
STREAMS = "STREAMS_AT"


def register(blueprint: Blueprint) -> None:
    """Set the headers on every answer of the application; one that set its own policy keeps it."""
    blueprint.after_app_request(_protect)


def policy_with(streams: str) -> str:
    """The content policy of pages that open streams at an origin of their own."""
    return CONTENT_POLICY.replace("connect-src 'self'", f"connect-src 'self' {streams}")


def _protect(response: Response) -> Response:
    headers = response.headers
    if current_app.config["HTTPS_ALONE"] or request.is_secure:
        headers["Strict-Transport-Security"] = TRANSPORT
    if response.mimetype in _DATA:
        # On the path of every post: what a browser would need for a page is left out.
        headers.update(_OF_DATA)
        return response
    streams = current_app.config.get(STREAMS)
    if streams is not None:
        headers.setdefault("Content-Security-Policy", policy_with(streams))
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if request.endpoint != "web.static":
        headers.setdefault("Cache-Control", "no-store")
    return response
