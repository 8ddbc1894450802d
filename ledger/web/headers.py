"""The security headers of every answer: a strict content policy, and nothing that a browser or a proxy may keep.

Nothing on a page comes from elsewhere, no style or script is written in one, and the template's single inline script is
allowed by its hash.
"""

from flask import Blueprint, Response, request

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self' 'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "manifest-src 'self'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: What is data for programs, and never a page.
_DATA = frozenset({"application/json", "application/problem+json"})


def register(blueprint: Blueprint) -> None:
    """Set the headers on every answer of the application; one that set its own policy keeps it."""
    blueprint.after_app_request(_protect)


def _protect(response: Response) -> Response:
    if response.mimetype in _DATA:
        # A program reads it and no browser renders it: on the path of every post only what matters there is set.
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "web.static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
