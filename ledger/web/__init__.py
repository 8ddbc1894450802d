"""The pages for lead professionals and duty desks: server-rendered, and whole without JavaScript.

Every page is read through the same services as the interface, by a person who acts as their agency.
"""

from flask import Blueprint, Flask
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from ledger.web import (
    accounts,
    alert_acts,
    alerts,
    attachments,
    audits,
    chronologies,
    digests,
    faults,
    glass,
    headers,
    operation,
    provider_sign_ins,
    rules,
    sign_ins,
    words,
)

_MACROS = "govuk_frontend_jinja"


def make_blueprint() -> Blueprint:
    """The pages, their templates and their static files; what they need is in `extensions["ledger"]`."""
    blueprint = Blueprint("web", __name__, static_folder="static", static_url_path="/assets")
    blueprint.jinja_loader = ChoiceLoader(
        [PackageLoader("ledger.web"), PrefixLoader({_MACROS: PackageLoader(_MACROS)})]
    )
    first = (words, headers, provider_sign_ins, sign_ins, accounts)
    then = (alerts, alert_acts, attachments, chronologies, digests, glass, audits, operation, rules)
    for part in (*first, *then, faults):
        part.register(blueprint)
    return blueprint


def add_pages(app: Flask, *, is_secure: bool = False, streams: str | None = None) -> None:
    """Add the pages to an application that has its context; addresses outside theirs are left to others.

    `is_secure`: people reach them by https alone, which browsers are told to keep to. `streams` is the origin where
    pages open streams, None where they open none.
    """
    app.config[headers.STREAMS] = streams
    app.config["HTTPS_ALONE"] = is_secure
    app.url_map.converters["elsewhere"] = faults.PagePath
    app.register_blueprint(make_blueprint())
