"""Who knows what of a child: who is involved, who has not seen what, what rests on little, and asking about it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.edtf import EdtfError, observed_bounds
from ledger.domain.entry import parse_entry_id
from ledger.domain.lawful_basis import BASES
from ledger.domain.marking import RESTRICTED
from ledger.domain.question import digest_of
from ledger.domain.role import Right
from ledger.services.reach import may_there
from ledger.services.read_involved import UnseenAsked
from ledger.services.read_reach import read_reach
from ledger.services.refusal import EVENT_ID_REUSED, RefusedError
from ledger.services.share import ask
from ledger.store.people import Agency, directory
from ledger.web.child_frame import render_child
from ledger.web.known_on import known_on_asked
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

#: So many are listed of what may be long; the rest is counted.
MOST: Final = 20
_ASKS_MOST: Final = 2_000
_NO_AGENCY: Final = "Choose whom to ask"
_NO_ASKS: Final = "Say what you ask, in a sentence"
_NO_BASIS: Final = "Choose the lawful basis"
_NOT_A_DAY: Final = "Enter the day by which you need the answer"
_NO_PURPOSE: Final = "Say what the answer is for"
_FIELDS: Final = ("claim", "to", "asks", "purpose", "by", "lawful_basis", "quiet")


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/children/<uuid:record_id>/reach", endpoint="child_reach")(show_reach)
    blueprint.post("/children/<uuid:record_id>/reach", endpoint="ask_corroboration")(press_ask)


def show_reach(record_id: UUID) -> tuple[str, int]:
    """All of it as known now, or at the end of a day; `claim` is the statement that is to be borne out."""
    return _page(record_id, {"claim": request.args.get("claim", "")}, {}), 200


def press_ask(record_id: UUID) -> Response | tuple[str, int]:
    """Ask a named agency to bear a statement out. Pressing twice is pressing once."""
    with acting() as (_, person):
        check_form(person)
    sent = {name: request.form.get(name, "").strip() for name in _FIELDS}
    errors = _amiss(sent)
    if errors:
        return _page(record_id, sent, errors), 400
    entry, _, index = sent["claim"].rpartition(":")
    body: dict[str, Any] = {
        "to": sent["to"],
        "asks": sent["asks"],
        "purpose": sent["purpose"],
        "lawful_basis": sent["lawful_basis"],
        "claim": {"entry": entry, "index": int(index)},
        **({"by": sent["by"]} if sent["by"] else {}),
        **({"sharing": {"marking": RESTRICTED, "to": [sent["to"]]}} if sent["quiet"] else {}),
    }
    once = digest_of([str(record_id), str(person.person_id), body, request.form.get("once", "")[:64]])
    try:
        ask(context(), person.caller, record_id, {"event_id": f"ask.{once}"[:64], **body})
    except RefusedError as error:
        if error.refusal.code != EVENT_ID_REUSED.code:
            field = error.refusal.pointer.strip("/").partition("/")[0]
            return _page(record_id, sent, {field if field in _FIELDS else "claim": error.refusal.detail}), 400
    return redirect(url_for("web.child_reach", record_id=record_id, _anchor="asked"), 303)


def _amiss(sent: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    entry, _, index = sent["claim"].rpartition(":")
    if parse_entry_id(entry) is None or not (index.isascii() and index.isdigit() and len(index) <= 4):
        errors["claim"] = "Choose the statement that is to be borne out, in the list"
    if not sent["to"]:
        errors["to"] = _NO_AGENCY
    if not 0 < len(sent["asks"]) <= _ASKS_MOST:
        errors["asks"] = _NO_ASKS
    if not 0 < len(sent["purpose"]) <= _ASKS_MOST:
        errors["purpose"] = _NO_PURPOSE
    if sent["lawful_basis"] not in BASES:
        errors["lawful_basis"] = _NO_BASIS
    try:
        observed_bounds(sent["by"] or "2000-01-01")
    except EdtfError:
        errors["by"] = _NOT_A_DAY
    return errors


def _page(record_id: UUID, sent: Mapping[str, str], errors: Mapping[str, str]) -> str:
    given, known_on = context(), known_on_asked()
    with acting() as (connection, person):
        told = read_reach(
            connection,
            reader_of(person),
            record_id,
            UnseenAsked(known_on.known_at, limit=MOST),
            pack=given.pack,
            chance=given.chance,
            auditing=given.auditor,
        )
        agencies = directory(connection)
        return render_child(
            "reach.html",
            connection,
            person,
            record_id,
            "web.child_reach",
            reach=told,
            alone=_first(told["sources"]["held_by_one"]),
            chosen=_chosen(told["sources"], sent.get("claim", "")),
            agencies=_others(agencies, person.agency),
            named=agencies,
            may_ask=may_there(connection, reader_of(person), record_id, Right.WORK) and known_on.day is None,
            bases=BASES,
            sent=sent,
            once=request.form.get("once") or given.chance(8).hex(),
            most=MOST,
            known_on=known_on,
            errors={**known_on.errors, **errors},
        )


def _first(held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What one agency alone holds: what is critical, then what is newest."""
    newest = held[::-1]
    return sorted(newest, key=lambda one: not one["critical"])


def _chosen(sources: Mapping[str, Any], claim: str) -> dict[str, Any] | None:
    """The statement that somebody is asked about, if it is one of those that rest on little."""
    entry, _, index = claim.rpartition(":")
    for one in sources["held_by_one"]:
        if one["entry"] == entry and str(one["index"]) == index:
            return {"claim": claim, "words": f"{one['words']}. {one['said']}.", "agency": one["agency"]}
    for topic in sources["one_word"]:
        for word in topic["statements"]:
            for told in word["told"]:
                if told["entry"] == entry and str(told["index"]) == index:
                    return {"claim": claim, "words": f"{word['words']}. {word['said']}.", "agency": told["agency"]}
    return None


def _others(agencies: Mapping[str, Agency], own: str) -> dict[str, str]:
    return {name: agency.name for name, agency in agencies.items() if name != own}
