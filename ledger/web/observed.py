"""What came of posting: the entry and its receipt, what to do at once, what to ask next, and who does not know it yet.

It is the address to which a post leads, and stays: one's own agency may open it later, and withdraw from there.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from ledger.domain.question import digest_of
from ledger.services.name_people import ANOTHERS
from ledger.services.read_posted import Posted, read_posted, rules_on
from ledger.services.refusal import ALREADY_WITHDRAWN, NOT_KNOWN, RefusedError
from ledger.services.word_claim import Wording
from ledger.services.word_dates import word_valid
from ledger.services.work_on_record import withdraw
from ledger.store.people import directory
from ledger.web.child_frame import render_child
from ledger.web.observe import Place, draft_of, place_of
from ledger.web.sent import REASON_CHARS_MAX, amiss, author_of, entry_at, event_of, too_long, words_sent
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

_NO_REASON: Final = "Enter why it is withdrawn"
_AMISS: Final = {ALREADY_WITHDRAWN.code: ("reason", "This entry has been put right or withdrawn already")}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    base = "/children/<uuid:record_id>/observed/<int:number>"
    blueprint.get(base, endpoint="observed")(show_observed)
    blueprint.get(f"{base}/withdrawal", endpoint="withdraw")(show_withdraw)
    blueprint.post(f"{base}/withdrawal", endpoint="press_withdraw")(press_withdraw)


def show_observed(record_id: UUID, number: int) -> str:
    """One entry of one's own agency, with what it was answered with."""
    place, posted = look(record_id, number)
    given = context()
    with acting() as (connection, _person):
        wording = wording_for(connection, place, posted)
        reader = reader_of(place.person) if place.is_involved else None
        rules = rules_on(connection, record_id, posted, given.pack, given.chance, reader)
        agencies = directory(connection)
        answer = posted.answer or {}
        return render_posted(
            "observed.html",
            connection,
            place,
            posted=posted,
            statements=[(index, *said_of(claim, wording)) for index, claim in enumerate(posted.claims)],
            rules=rules,
            answer=answer,
            unaware=[agencies[one] for one in answer.get("not_seen_by", ()) if one in agencies],
            alone=_alone(posted, answer.get("held_only_here", ()), wording),
            called={one.value: one.words for one in place.people},
            draft=draft_of(place),
        )


def show_withdraw(record_id: UUID, number: int) -> str:
    """What withdrawing an entry means, before it is done."""
    place, posted = look(record_id, number)
    return _asking(place, posted, {}, {})


def press_withdraw(record_id: UUID, number: int) -> Response | tuple[str, int]:
    """Withdraw an entry as wrong, for a reason: it stays, and counts no longer."""
    with acting() as (_connection, person):
        check_form(person)
    place, posted = look(record_id, number)
    sent = words_sent(("reason",))
    errors = too_long(sent, {"reason": REASON_CHARS_MAX})
    if not sent["reason"]:
        errors["reason"] = _NO_REASON
    if not errors:
        body = {"voids": posted.own.entry.entry_id, "reason": sent["reason"], "author": author_of(person)}
        body = {"event_id": event_of("void", person, record_id, body), **body}
        try:
            withdraw(context(), person.caller, record_id, "void", body)
        except RefusedError as error:
            errors = amiss(error, _AMISS)
    if errors:
        return _asking(place, posted, sent, errors), 400
    return redirect(url_for("web.observed", record_id=record_id, number=number), 303)


def look(record_id: UUID, number: int) -> tuple[Place, Posted]:
    """An entry of the agency of who is signed in, and where it stands. Raises RefusedError."""
    with acting() as (connection, person):
        place = place_of(connection, person, record_id)
        entry_id = entry_at(connection, record_id, number)
    posted = read_posted(context(), person.caller, entry_id, record_id)
    if posted.own.body is None:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
    return place, posted


def render_posted(template: str, connection: Connection, place: Place, **values: Any) -> str:
    """A page about an entry of one's own, in the child's frame where one may read the record."""
    values |= {"place": place, "errors": values.get("errors", {})}
    if place.is_involved:
        return render_child(template, connection, place.person, place.record_id, None, **values)
    child = "A child in whose record your agency has no part"
    return render_template(template, child=child, record_id=place.record_id, tabs=[], deeds=[], **values)


def wording_for(connection: Connection, place: Place, posted: Posted) -> Wording:
    """Words for one's own entry: people as the entry declares them, and as the record's own list calls them."""
    agency, body = place.person.agency, posted.own.body or {}
    told: Mapping[str, Any] = body.get("observation", body)
    people = {f"{agency}/{one.value}": one.words for one in place.people if not one.value.startswith(ANOTHERS)}
    for one in told.get("people", ()):
        called = one.get("name") or one.get("role") or one.get("description")
        if called:
            people[f"{agency}/{one['ref']}"] = str(called)
    names = {name: found.name for name, found in directory(connection).items()}
    return Wording(names, people)


def said_of(claim: Any, wording: Wording) -> tuple[str, str]:
    """What a claim says, and how it is known and when it was so."""
    attribute = context().pack.attributes.get(claim.attribute)
    when = word_valid(claim.valid) if claim.valid else "on that day"
    return wording.says(claim, attribute), f"{wording.said(claim)}; {when}"


def _alone(posted: Posted, indexes: Sequence[int], wording: Wording) -> list[str]:
    return [wording.subject(claim) for claim in posted.claims if claim.index in indexes]


def _asking(place: Place, posted: Posted, sent: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with acting() as (connection, _person):
        at = digest_of([posted.own.entry.entry_id])
        return render_posted("withdraw.html", connection, place, posted=posted, sent=sent, errors=errors, at=at,
                             narrative=request.form.get("narrative", ""))  # fmt: skip
