"""A decision that is thought of, as its pages have it: what was entered, what it would rest on, how it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import request
from sqlalchemy import Connection

from ledger.domain.role import Right
from ledger.services.choose_reliance import Choosing, preview_choosing
from ledger.services.find_as_of import PointAsked
from ledger.services.past import open_past
from ledger.services.reach import reaches
from ledger.services.read_decisions import PREVIEW
from ledger.services.refusal import RefusedError
from ledger.services.sign_in import SignedIn
from ledger.services.word_text import capital, plain
from ledger.store.people import directory
from ledger.web.child_frame import render_child
from ledger.web.decisions import HERE
from ledger.web.second_person import second_sent
from ledger.web.sent import REASON_CHARS_MAX, answered, author_of, entry_at, event_of
from ledger.web.sessions import reader_of
from ledger.web.words import context

RELIES_ON_MAX: Final = 50
#: How a decision is recorded that would not stand.
AS_IT_IS, ALL_THE_SAME = "as_it_is", "all_the_same"
_TOO_MANY: Final = f"A decision relies on at most {RELIES_ON_MAX} statements: take some out"


@dataclass(frozen=True, slots=True)
class Thought:
    """A decision as it was entered: its body, and the statements that it relies on as the preview takes them."""

    body: Mapping[str, Any]
    named: list[str]


def thought_of(
    connection: Connection, person: SignedIn, record_id: UUID, sent: Mapping[str, str], errors: dict[str, str]
) -> Thought:
    """What was entered; more statements than may be are said to be so, and the first of them kept."""
    places = _places()
    if len(places) > RELIES_ON_MAX:
        errors["matter"] = _TOO_MANY
    entries = [(entry_at(connection, record_id, number), place) for number, place in places[:RELIES_ON_MAX]]
    body: dict[str, Any] = {name: sent[name] for name in ("kind", "to", "reason") if sent.get(name)}
    if entries:
        body["relies_on"] = [{"entry": entry, "index": place} for entry, place in entries]
    if sent.get("taken") == ALL_THE_SAME:
        body["override"] = {"reason": sent["why"], "second": second_sent(sent)}
    body["author"] = author_of(person)
    body["event_id"] = event_of("decided", person, record_id, body)
    return Thought(body, [f"{entry}:{place}" for entry, place in entries])


def preview(
    connection: Connection, person: SignedIn, record_id: UUID, sent: Mapping[str, str], thought: Thought
) -> dict[str, Any]:
    """What it would rest on now; that this was looked at is recorded."""
    given = context()
    choosing = Choosing(sent["kind"], thought.named, request.values.get("matter"), thought.body["event_id"])
    return preview_choosing(connection, reader_of(person), record_id, choosing, pack=given.pack, chance=given.chance)


def basis_page(
    connection: Connection,
    person: SignedIn,
    record_id: UUID,
    told: Mapping[str, Any],
    sent: Mapping[str, str],
    errors: Mapping[str, str],
) -> str:
    """The page on which it is decided: what it would rest on as ``told``, and below it the form with what was sent."""
    return render_child(
        "decide.html",
        connection,
        person,
        record_id,
        HERE,
        **answered(told),
        kind_words=capital(plain(sent["kind"])),
        matter=request.values.get("matter", ""),
        may_decide=reaches(connection, reader_of(person), record_id, Right.WORK),
        agencies=sorted(directory(connection).values(), key=lambda one: one.name),
        sent=sent,
        errors=errors,
        reason_chars_max=REASON_CHARS_MAX,
    )


def kinds_page(connection: Connection, person: SignedIn, record_id: UUID, errors: Mapping[str, str]) -> tuple[str, int]:
    """The page on which it is chosen what is to be decided."""
    given = context()
    open_past(connection, reader_of(person), record_id, PointAsked(), what=PREVIEW, chance=given.chance)
    kinds = [
        {
            "name": kind.name,
            "words": capital(plain(kind.name)),
            "also": sorted(word for word in kind.words if not plain(word).startswith(plain(kind.name))),
        }
        for kind in given.pack.decisions.kinds.values()
    ]
    page = render_child("decide_kinds.html", connection, person, record_id, HERE, kinds=kinds, errors=errors)
    return page, 400 if errors else 200


def _places() -> list[tuple[int, int]]:
    """Which statements are relied on: each the number of its entry, a colon and its place there."""
    found = []
    for one in dict.fromkeys(request.values.getlist("on")):
        number, _, place = one.partition(":")
        if not (one.isascii() and number.isdecimal() and place.isdecimal() and len(one) <= 18):
            raise RefusedError("not_a_place", "on names a statement as <number of its entry>:<place in it>", "/on")
        found.append((int(number), int(place)))
    return found
