"""What each refusal of a service is over HTTP, and who is calling."""

from typing import Final

from flask import Flask, Response, g, request

from ledger.api.pointers import FieldError
from ledger.api.problems import Problem
from ledger.services.authenticate import read_bearer
from ledger.services.refusal import Refusal, RefusedError
from ledger.store.append import ContendedError, Credential

_PROBLEM: Final = {
    "not_authenticated": "unauthenticated",
    "scope_missing": "forbidden",
    "child_not_known": "invalid",
    "event_id_reused": "event_id_reused",
    "content_erased": "erased",
    "observed_in_future": "invalid",
    "number_held_elsewhere": "conflict",
    "reference_taken": "conflict",
    "already_withdrawn": "conflict",
    "entry_not_yours": "invalid",
    "finding_closed": "conflict",
    "not_for_an_outcome": "conflict",
    "author_needed": "invalid",
    "same_person": "conflict",
    "agency_not_known": "invalid",
    "person_not_known": "invalid",
    "linked_not_known": "invalid",
    "link_of_one": "conflict",
    "parent_of_self": "invalid",
    "two_parents_in_one": "invalid",
    "born_in_future": "invalid",
    "two_points": "invalid",
    "limit_out_of_range": "invalid",
    "bad_cursor": "invalid",
    "as_of_not_reached": "conflict",
    "as_of_differs": "conflict",
    "not_known": "not_found",
}


def problem_of(refusal: Refusal) -> Problem:
    """The problem details of a service's refusal; a code that this table lacks is a bad request."""
    pointers = (refusal.pointer, *refusal.more) if refusal.pointer else ()
    errors = [FieldError(pointer, refusal.detail, refusal.code) for pointer in pointers]
    return Problem(_PROBLEM.get(refusal.code, "bad_request"), refusal.detail, errors=errors)


def ask_for_key() -> None:
    """Before a body is looked at: refuse a request that carries no key of our form."""
    g.credential = read_bearer(request.headers.get("Authorization"))


def calling() -> Credential:
    """The credential that this request carries; whether it holds is asked of the database, with the request's work."""
    credential: Credential = g.credential
    return credential


def register_refusal_handlers(app: Flask) -> None:
    """Answer services' refusals as problem details."""

    def on_refused(error: RefusedError) -> Response:
        return problem_of(error.refusal).as_response()

    def on_contended(_error: ContendedError) -> Response:
        return Problem("unavailable", "Another writer holds this record; nothing was stored.").as_response()

    app.register_error_handler(RefusedError, on_refused)
    app.register_error_handler(ContendedError, on_contended)
