"""The pages for lead professionals and duty desks: server-rendered, and whole without JavaScript.

Every page is read through the same services as the interface, by a person who acts as their agency.
"""

from flask import Blueprint, Flask
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from ledger.web import (
    accounts,
    administration,
    adults,
    alert_acts,
    alerts,
    asked_of_us,
    assessing,
    assessment_opening,
    attaching,
    attachments,
    audits,
    cares,
    child_history,
    child_pictures,
    children,
    chronologies,
    chronology_find,
    chronology_pdf,
    comparisons,
    concerns,
    copies,
    correct,
    deciding,
    decisions,
    differences,
    digests,
    disagreements,
    engagements,
    faults,
    gaps,
    glass,
    headers,
    imports,
    inbox,
    keys,
    leads,
    navigation,
    observe,
    observed,
    operation,
    oversight,
    packs,
    people,
    proofs,
    provider_sign_ins,
    purposes,
    reaches,
    registering,
    rules,
    sign_ins,
    staff,
    summaries,
    supervising,
    words,
    works,
)

_MACROS = "govuk_frontend_jinja"


def make_blueprint() -> Blueprint:
    """The pages, their templates and their static files; what they need is in `extensions["ledger"]`."""
    blueprint = Blueprint("web", __name__, static_folder="static", static_url_path="/assets")
    blueprint.jinja_loader = ChoiceLoader(
        [PackageLoader("ledger.web"), PrefixLoader({_MACROS: PackageLoader(_MACROS)})]
    )
    first = (words, navigation, headers, provider_sign_ins, sign_ins, accounts)
    then = (
        inbox,
        alerts,
        alert_acts,
        works,
        asked_of_us,
        leads,
        disagreements,
        attachments,
        chronologies,
        digests,
        glass,
    )
    over_all = (audits, oversight, proofs, comparisons, copies, purposes, operation, rules)
    given = (administration, staff, keys, packs)
    of_family = (people, adults, engagements, cares, summaries)
    weighed = (decisions, deciding, assessing, assessment_opening, child_history, concerns, supervising)
    of_child = (children, registering, child_pictures, reaches)
    observing = (observe, observed, correct, attaching, gaps, imports)
    in_order = (chronology_find, chronology_pdf, differences)
    for part in (*first, *in_order, *then, *over_all, *given, *of_child, *observing, *of_family, *weighed, faults):
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
    app.request_class = attaching.RequestInMemory
    app.register_blueprint(make_blueprint())
