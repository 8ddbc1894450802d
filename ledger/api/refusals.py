"""What each refusal of a service is over HTTP, and who is calling."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from flask import Flask, Response, g, request
from sqlalchemy import Connection

from ledger.api.pointers import FieldError
from ledger.api.problems import Problem
from ledger.domain.role import Right
from ledger.services.authenticate import refusal_of
from ledger.services.context import Context
from ledger.services.reading import reading
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.see import Reader
from ledger.store.append import Caller, ClosedError, ContendedError, Credential
from ledger.store.party import NotHeldError

_PROBLEM: Final = {
    "not_authenticated": "unauthenticated",
    "scope_missing": "forbidden",
    "role_missing": "forbidden",
    "foreign_form": "forbidden",
    "not_audited_here": "unavailable",
    "receipts_not_here": "unavailable",
    "webhooks_not_here": "unavailable",
    "webhook_url_refused": "invalid",
    "webhook_stands": "conflict",
    "webhook_rotated_often": "conflict",
    "not_sealed_yet": "conflict",
    "author_is_another": "invalid",
    "child_not_known": "invalid",
    "event_id_reused": "event_id_reused",
    "content_erased": "erased",
    "observed_in_future": "invalid",
    "number_held_elsewhere": "conflict",
    "reference_taken": "conflict",
    "already_withdrawn": "conflict",
    "other_child_not_known": "invalid",
    "adult_not_known": "invalid",
    "linked_already": "conflict",
    "said_to_be_two": "conflict",
    "take_back_first": "conflict",
    "not_of_an_adult": "invalid",
    "taken_back_already": "conflict",
    "adult_proposals_not_here": "unavailable",
    "entry_not_yours": "invalid",
    "lead_stands": "conflict",
    "person_left": "invalid",
    "left_already": "conflict",
    "not_left": "conflict",
    "not_away": "conflict",
    "bad_address": "invalid",
    "bad_reference": "invalid",
    "under_themselves": "invalid",
    "person_not_there": "invalid",
    "covers_for_self": "invalid",
    "deputy_elsewhere": "invalid",
    "absence_runs_back": "invalid",
    "offer_not_yours": "invalid",
    "offer_overtaken": "conflict",
    "offer_answered": "conflict",
    "lead_unnamed": "invalid",
    "not_the_one_offered": "conflict",
    "not_yours_to_offer": "conflict",
    "marking_not_yours": "invalid",
    "no_such_claim": "invalid",
    "finding_closed": "conflict",
    "not_for_an_outcome": "conflict",
    "not_in_line": "not_in_line",
    "rule_always_live": "conflict",
    "rule_is_so": "conflict",
    "rule_brings_others": "conflict",
    "has_left": "has_left",
    "alert_ended": "conflict",
    "snoozed_already": "conflict",
    "snoozed_before": "conflict",
    "cover_elsewhere": "invalid",
    "no_clock_runs": "conflict",
    "snooze_in_past": "invalid",
    "snooze_too_long": "invalid",
    "owner_not_in_line": "invalid",
    "author_needed": "invalid",
    "same_person": "conflict",
    "agency_not_known": "invalid",
    "asked_itself": "invalid",
    "entry_not_known": "invalid",
    "rectification_not_yours": "invalid",
    "decided_already": "conflict",
    "correction_not_known": "invalid",
    "second_not_known": "invalid",
    "second_unnamed": "invalid",
    "second_is_first": "invalid",
    "no_such_decision": "invalid",
    "stands_already": "conflict",
    "not_yours_to_override": "forbidden",
    "decision_ended": "conflict",
    "relied_on_not_known": "invalid",
    "summary_not_known": "invalid",
    "own_summary": "conflict",
    "disagrees_with_itself": "invalid",
    "no_part_in_it": "invalid",
    "about_not_known": "invalid",
    "others_must_see": "invalid",
    "disagreement_not_yours": "invalid",
    "not_asked": "conflict",
    "settled_already": "conflict",
    "last_stage": "conflict",
    "not_yours_to_withdraw": "conflict",
    "assessor_unnamed": "invalid",
    "assessment_not_known": "invalid",
    "not_yours_to_ask": "conflict",
    "asked_already": "conflict",
    "asked_must_see": "invalid",
    "assessment_never_asked": "invalid",
    "not_yours_to_sign": "conflict",
    "signer_unnamed": "invalid",
    "signer_elsewhere": "invalid",
    "signs_own_assessment": "conflict",
    "history_not_opened": "conflict",
    "signed_already": "conflict",
    "judgement_not_known": "invalid",
    "topic_not_known": "invalid",
    "concern_not_known": "invalid",
    "not_yours_to_take_back": "conflict",
    "goes_less_deep": "invalid",
    "never_asked": "invalid",
    "agency_elsewhere": "invalid",
    "not_yours_to_settle": "conflict",
    "answered_finally": "conflict",
    "offer_lapsed": "conflict",
    "agency_ended": "conflict",
    "offered_to_itself": "invalid",
    "not_work": "invalid",
    "lead_not_offered": "conflict",
    "desk_stays": "conflict",
    "ended_already": "conflict",
    "request_not_yours": "invalid",
    "claim_not_known": "invalid",
    "names_no_claim": "invalid",
    "needs_bears": "invalid",
    "asker_must_see": "invalid",
    "consent_not_known": "invalid",
    "say_who_may_see": "invalid",
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
    "log_size_not_reached": "conflict",
    "log_size_for_auditors": "forbidden",
    "known_by_others": "forbidden",
    "points_run_back": "invalid",
    "record_too_long": "invalid",
    "media_type_not_taken": "invalid",
    "media_type_differs": "invalid",
    "attachment_broken": "invalid",
    "attachment_differs": "invalid",
    "photograph_has_location": "invalid",
    "no_location_kept": "invalid",
    "photograph_policy_differs": "invalid",
    "not_known": "not_found",
    "glass_not_needed": "conflict",
    "not_a_breaking": "invalid",
    "never_marked": "invalid",
    "own_breaking": "conflict",
    "glass_reviewed": "conflict",
    "not_the_lead": "forbidden",
    "review_too_early": "invalid",
    "hold_not_known": "invalid",
    "hold_lifted": "conflict",
    "hold_not_yours": "conflict",
    "counted_before_birth": "invalid",
    "second_agency_needed": "conflict",
    "held": "conflict",
    "not_your_entries": "invalid",
    "whole_not_on_this_ground": "invalid",
    "still_kept": "conflict",
    "order_not_known": "invalid",
    "order_answered": "conflict",
    "not_what_was_ordered": "conflict",
    "too_many_children": "too_many_children",
}


def problem_of(refusal: Refusal) -> Problem:
    """The problem details of a service's refusal; a code that this table lacks is a bad request."""
    pointers = (refusal.pointer, *refusal.more) if refusal.pointer else ()
    errors = [FieldError(pointer, refusal.detail, refusal.code) for pointer in pointers]
    headers = {} if refusal.retry_after_s is None else {"Retry-After": str(refusal.retry_after_s)}
    return Problem(_PROBLEM.get(refusal.code, "bad_request"), refusal.detail, errors=errors, headers=headers)


def calling() -> Credential | Caller:
    """Who calls, as the gate found (`ledger.api.rights`): a person whose session was checked, or a credential.

    Whether a credential holds is asked of the database, with the request's work.
    """
    caller: Credential | Caller = g.caller
    return caller


@contextmanager
def reads(context: Context, right: Right = Right.READ) -> Iterator[tuple[Connection, Reader]]:
    """One transaction in which the caller reads, and as whom: why comes from a header, for no reason belongs in an
    address.
    """
    purpose, request_id = _header("Access-Purpose", 200), _header("X-Request-Id", 64) or "-"
    with reading(context, calling(), right, purpose=purpose, request_id=request_id) as opened:
        yield opened


def opening(
    context: Context, right: Right = Right.READ
) -> Callable[[], AbstractContextManager[tuple[Connection, Reader]]]:
    """The same for what reads in more than one transaction, also once the request itself is over."""
    who, purpose, request_id = calling(), _header("Access-Purpose", 200), _header("X-Request-Id", 64) or "-"
    return lambda: reading(context, who, right, purpose=purpose, request_id=request_id)


def _challenged(problem: Problem) -> Problem:
    """With what RFC 6750 has clients of a key or token told; where none was sent, only that one is wanted."""
    error = {"unauthenticated": "invalid_token", "forbidden": "insufficient_scope"}.get(problem.code)
    if error is not None and isinstance(g.get("caller"), Credential):
        problem.headers["WWW-Authenticate"] = f'Bearer error="{error}"'
    return problem


def _header(name: str, most: int) -> str | None:
    given = request.headers.get(name, "").strip()
    return given if given.isprintable() and 0 < len(given) <= most else None


def register_refusal_handlers(app: Flask) -> None:
    """Answer services' refusals as problem details."""

    def on_refused(error: RefusedError) -> Response:
        return _challenged(problem_of(error.refusal)).as_response()

    def on_not_held(error: NotHeldError) -> Response:
        return _challenged(problem_of(refusal_of(error))).as_response()

    def on_contended(_error: ContendedError) -> Response:
        return Problem("unavailable", "Another writer holds this record; nothing was stored.").as_response()

    def on_closed(_error: ClosedError) -> Response:
        return Problem(
            "ledger_closed",
            "The ledger takes nothing for now: its database does not hold what was signed. Its operator has been told.",
        ).as_response()

    app.register_error_handler(RefusedError, on_refused)
    app.register_error_handler(NotHeldError, on_not_held)
    app.register_error_handler(ContendedError, on_contended)
    app.register_error_handler(ClosedError, on_closed)
