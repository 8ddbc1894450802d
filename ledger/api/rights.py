"""The one table of routes: what right each asks for, of the interface and of the pages.

A route that stands in neither `ROUTES` nor `PUBLIC` is refused, to everybody: forgetting it shows at the first call,
and in a test. The gate before every route finds out who calls; a key or token is checked by the database within the
request's own work, a person's session here.
"""

from collections.abc import Mapping
from typing import Final

from flask import Flask, Request, g, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from ledger.api.clients import certificate_of
from ledger.api.page_rights import PAGES
from ledger.api.schemas.kinds import OF_A_CHILD
from ledger.domain.role import Right
from ledger.services.authenticate import read_bearer
from ledger.services.context import Context
from ledger.services.reach import check_address
from ledger.services.refusal import FOREIGN_FORM, NOT_AUTHENTICATED, Refusal, RefusedError
from ledger.services.sign_in import SESSION_COOKIES, find_signed_in, is_csrf
from ledger.store.append import Caller, Credential
from ledger.store.party import act_for

#: Bodies about a child that ask for another right than `work`, by their collection.
_OTHER: Final[Mapping[str, Right]] = {
    "details": Right.REGISTER,
    "contacts": Right.OBSERVE,
    "corrections": Right.OBSERVE,
    "voids": Right.OBSERVE,
    "involvements": Right.INVOLVE,
    "glass-breakings": Right.GLASS,
    "glass-reviews": Right.REVIEW,
    "markings": Right.OBSERVE,
    "rectification-outcomes": Right.DISCLOSE,
    **dict.fromkeys(("retentions", "holds", "hold-liftings", "erasure-orders", "erasure-answers"), Right.RETAIN),
}

#: What each route asks for, by its endpoint.
ROUTES: Final[Mapping[str, Right]] = {
    "observations.post_observation": Right.OBSERVE,
    "observations.post_batch": Right.OBSERVE,
    "children.post_child": Right.REGISTER,
    **{f"children.post_{name}": _OTHER.get(name, Right.WORK) for name in OF_A_CHILD},
    "entries.get_entries": Right.OBSERVE,
    "entries.get_entry": Right.OBSERVE,
    "receipts.get_receipt": Right.OBSERVE,
    "log.get_bundle": Right.MONITOR,
    "access_log.get_bundle": Right.MONITOR,
    "timelines.get_timeline": Right.READ,
    "people.get_people": Right.READ,
    "adults_of_child.get_adults": Right.READ,
    "adults_of_child.get_adult_proposals": Right.ADULTS,
    "adults.get_adult": Right.ADULTS,
    "pictures.get_picture": Right.READ,
    **dict.fromkeys(
        ("reach.get_involved", "reach.get_unseen", "reach.get_sources", "reach.get_corroboration"), Right.READ
    ),
    "histories.get_engagement": Right.READ,
    "histories.get_care": Right.READ,
    "histories.get_family_summary": Right.READ,
    "replays.get_replay": Right.READ,
    "replays.get_differences": Right.READ,
    "replays.get_findings": Right.READ,
    "replays.get_findings_then": Right.READ,
    "log_sizes.get_log_size": Right.OVERSEE,
    "gaps.get_gaps": Right.READ,
    "gaps.get_expectations": Right.READ,
    "alerts.get_alerts": Right.READ,
    "alerts.get_alert": Right.READ,
    "digests.get_digest": Right.READ,
    **dict.fromkeys(
        ("alerts.post_acknowledgement", "alerts.post_action", "alerts.post_snooze", "alerts.post_outcome"), Right.ANSWER
    ),
    "attachments.post_attachment": Right.OBSERVE,
    "attachments.get_attachment": Right.READ,
    "glass.post_glass": Right.GLASS,
    "glass.get_glass": Right.READ,
    "involvements.get_involvements": Right.READ,
    "audit.get_access": Right.OVERSEE,
    "audit.get_unusual": Right.OVERSEE,
    "access.get_child_access": Right.READ,
    "sharing.get_requests": Right.READ,
    "disagreements.get_disagreements": Right.READ,
    **dict.fromkeys(
        (f"assessments.get_{name}" for name in ("assessments", "history", "supervisions", "concerns")), Right.READ
    ),
    "work.get_child_work": Right.READ,
    "work.get_work": Right.READ,
    "decisions.get_decisions": Right.READ,
    "decisions.get_preview": Right.READ,
    "notices.get_notices": Right.READ,
    "family.post_subject_access": Right.DISCLOSE,
    "family.post_review": Right.DISCLOSE,
    "exports.post_export": Right.EXPORT,
    "family.get_notice": Right.DISCLOSE,
    "family.post_notice": Right.DISCLOSE,
    "sharing.get_rectifications": Right.DISCLOSE,
    "retention.get_retention": Right.RETAIN,
    "administration.get_keys": Right.ADMINISTER,
    "administration.get_people": Right.ADMINISTER,
    "administration.post_revocation": Right.ADMINISTER,
    "administration.post_sign_out": Right.ADMINISTER,
    "administration.post_agency_ending": Right.ADMINISTER,
    **dict.fromkeys(
        (
            "agency.get_agency_people",
            "agency.post_leaving",
            "agency.post_return",
            "agency.post_absence",
            "agency.post_absence_end",
            "agency.post_address",
            "agency.post_team",
            "agency.post_rung",
        ),
        Right.STAFF,
    ),
    "agency.post_own_absence": Right.ACCOUNT,
    "agency.post_own_return": Right.ACCOUNT,
    "operation.get_operation": Right.OPERATE,
    "rules.get_rules": Right.RULES,
    "rules.post_shadow": Right.OPERATE,
    "rules.post_live": Right.OPERATE,
    **dict.fromkeys(
        (
            f"webhooks.{name}"
            for name in ("get_webhooks", "post_webhook", "post_rotation", "post_trial", "delete_webhook")
        ),
        Right.HEAR,
    ),
    "partnership_webhooks.get_all": Right.ADMINISTER,
    "partnership_webhooks.post_ending": Right.ADMINISTER,
    **PAGES,
}

#: Open to anybody: they say nothing of anybody, or are how one comes in.
PUBLIC: Final = frozenset(
    {
        "health.live",
        "health.ready",
        "log.get_checkpoint",
        "log.get_tile",
        "log.get_keys",
        "log.get_policy",
        "access_log.get_checkpoint",
        "access_log.get_tile",
        "api-docs.openapi_json",
        "api_docs_page.page",
        "api_docs_page.table",
        "api_docs_page.file",
        "tokens.post_token",
        "tokens.post_revocation",
        "web.static",
        "web.how_to_sign_in",
        "web.open_link",
        "web.press_button",
        "web.press_sign_in",
        "web.ask_code",
        "web.press_code",
        "web.ask_enrolment",
        "web.press_enrolment",
        "web.visit_provider",
        "web.come_back",
        "web.elsewhere",
    }
)

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SAME_SITE: Final = frozenset({"same-origin", "none"})


def add_gate(app: Flask, context: Context) -> None:
    """Put the gate before every route of an application, before any body is read."""

    @app.before_request
    def pass_or_refuse() -> None:
        endpoint = request.endpoint
        if endpoint is None or endpoint in PUBLIC:
            return  # no such address or no such method: the framework says so
        right = ROUTES.get(endpoint)
        if right is None:
            raise NotFound
        if request.method == "HEAD":
            # Whoever reads is recorded to have read. The framework would read it all and send nothing of it.
            raise MethodNotAllowed(valid_methods=["GET"])
        g.right = right
        if endpoint.startswith("web."):
            return  # a page finds out in its own transaction, and sends whoever is not signed in to sign in
        g.caller = _calling(context, request, right)


def _calling(context: Context, asked: Request, right: Right) -> Credential | Caller:
    """Who calls: by a key or token where one is sent, whatever else is; else by a session."""
    header = asked.headers.get("Authorization")
    session = next((sent for name in SESSION_COOKIES if (sent := asked.cookies.get(name))), None)
    if header is not None or session is None:
        return read_bearer(header, certificate_of(context, asked))
    if asked.headers.get("Sec-Fetch-Site", "same-origin") not in _SAME_SITE:
        raise _error(FOREIGN_FORM)
    with context.engine.begin() as connection:
        signed_in = find_signed_in(connection, session, context.real_now())
        if signed_in is None:
            raise _error(NOT_AUTHENTICATED)
        if asked.method not in _SAFE and not is_csrf(signed_in, asked.headers.get("X-CSRF-Token", "")):
            raise _error(FOREIGN_FORM)
        caller = signed_in.caller
        act_for(connection, caller.agency, caller.person_id)
        check_address(connection, caller, right, asked.view_args or {})
    return caller


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail)
