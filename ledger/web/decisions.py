"""The decisions about a child: what each rested on, what speaks against it since, and taking one all the same."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from ledger.domain.role import Right
from ledger.services.decide import override
from ledger.services.reach import reaches
from ledger.services.read_decisions import DecisionsPage, read_decisions
from ledger.services.refusal import RefusedError
from ledger.services.refuse_deciding import (
    DECISION_ENDED,
    NO_SUCH_DECISION,
    NOT_YOURS_TO_OVERRIDE,
    STANDS_ALREADY,
)
from ledger.services.sign_in import SignedIn
from ledger.store.identity import named_lead
from ledger.store.people import directory
from ledger.web.child_frame import render_child
from ledger.web.known_on import known_on_asked
from ledger.web.second_person import SECOND, second_amiss, second_sent
from ledger.web.sent import (
    NAME_CHARS_MAX,
    REASON_CHARS_MAX,
    amiss,
    answered,
    author_of,
    entry_at,
    event_of,
    number_sent,
    too_long,
    words_sent,
)
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

HERE: Final = "web.child_decisions"
#: For each decision that is shown the record is weighed twice: as it was, and as it is.
SHOWN: Final = 5
_FIELDS: Final = ("why", "second_agency", "second_person")
_MOST: Final = {"why": REASON_CHARS_MAX, "second_person": NAME_CHARS_MAX}
_REFUSED: Final[Mapping[str, tuple[str, str]]] = {
    **SECOND,
    STANDS_ALREADY.code: ("why", "This decision stands by now: there is nothing to take all the same"),
    DECISION_ENDED.code: ("why", "Another decision has taken the place of this one meanwhile"),
    NO_SUCH_DECISION.code: ("why", "There is no such decision in this record that you may see"),
    NOT_YOURS_TO_OVERRIDE.code: (
        "why",
        "Only the agency that took it, or the one that leads, takes it all the same: disagree with it instead",
    ),
}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/children/<uuid:record_id>/decisions", endpoint="child_decisions")(show_decisions)
    blueprint.post("/children/<uuid:record_id>/decisions/<int:number>/overrides", endpoint="override")(press_override)


def show_decisions(record_id: UUID) -> str | tuple[str, int]:
    """The decisions, the newest first, as known at the end of a day or now."""
    with acting() as (connection, person):
        return _page(connection, person, record_id, {}, {})


def press_override(record_id: UUID, number: int) -> Response | tuple[str, int]:
    """Record that a decision is taken all the same; what is amiss is said, and nothing recorded."""
    sent = words_sent(_FIELDS)
    errors = too_long(sent, _MOST) | second_amiss(sent)
    with acting() as (connection, person):
        check_form(person)
        of = entry_at(connection, record_id, number)
        if errors:
            return _page(connection, person, record_id, sent, errors, number)
    body = {"of": of, "reason": sent["why"], "second": second_sent(sent), "author": author_of(person)}
    try:
        override(
            context(), person.caller, record_id, {"event_id": event_of("overrode", person, record_id, body)} | body
        )
    except RefusedError as error:
        errors = amiss(error, _REFUSED)
        if errors:
            with acting() as (connection, person):
                return _page(connection, person, record_id, sent, errors, number)
    return redirect(url_for(HERE, record_id=record_id, _anchor=f"decision-{number}"), 303)


def _page(
    connection: Connection,
    person: SignedIn,
    record_id: UUID,
    sent: Mapping[str, str],
    errors: Mapping[str, str],
    number: int | None = None,
) -> tuple[str, int]:
    """The page; ``number``: the decision whose form was sent, which is then on it."""
    given, known_on = context(), known_on_asked()
    page = DecisionsPage((number_sent("before") or None) if number is None else number + 1, SHOWN)
    agencies, lead = directory(connection), named_lead(connection, record_id)
    told = read_decisions(
        connection,
        reader_of(person),
        record_id,
        known_on.point,
        pack=given.pack,
        chance=given.chance,
        page=page,
        directory=agencies,
    )
    wrong: dict[str, Any] = {**errors, **known_on.errors}
    html = render_child(
        "decisions.html",
        connection,
        person,
        record_id,
        HERE,
        **answered(told),
        agencies=sorted(agencies.values(), key=lambda one: one.name),
        names={name: one.name for name, one in agencies.items()},
        known_on=known_on,
        is_first=page.before is None,
        leads=None if lead is None else lead.agency,
        may_work=known_on.day is None and reaches(connection, reader_of(person), record_id, Right.WORK),
        sent=sent,
        of=number,
        errors=wrong,
        reason_chars_max=REASON_CHARS_MAX,
    )
    return html, 400 if wrong else 200
