"""Put an entry of one's own right: the form of an observation with what was said before, as it should have been.

What the form does not show is carried over as it was sent: markings, gradings, and statements that it cannot draw. What
is put right by leaving them out would otherwise be shown to more people than before.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.civil_day import civil_date
from ledger.domain.edtf import observed_bounds
from ledger.services.observe import join
from ledger.services.read_posted import Posted
from ledger.services.refusal import ALREADY_WITHDRAWN, EVENT_ID_REUSED, OBSERVED_IN_FUTURE, RefusedError
from ledger.services.sign_in import is_csrf
from ledger.services.work_on_record import withdraw
from ledger.web.claim_rows import AGENCY, OWN, TOLD, Row
from ledger.web.named_people import with_people
from ledger.web.observation_form import Form, body_of, form_of
from ledger.web.observe import RELOADED, Place, further, page, signed_out, with_rows_wrong
from ledger.web.observed import look, said_of, wording_for
from ledger.web.sent import author_of
from ledger.web.sessions import NotSignedInError, acting, check_same_site
from ledger.web.words import context

_NO_REASON: Final = "Enter why it is put right"
_AMISS: Final = {
    ALREADY_WITHDRAWN.code: (
        "reason",
        "This entry has been put right or withdrawn already: put right the one after it",
    ),
    EVENT_ID_REUSED.code: ("reason", "This page was sent already. Open the chronology to see what stands now"),
    OBSERVED_IN_FUTURE.code: ("day", "This is later than the ledger’s clock"),
}
_HOME: Final = {"True": "yes", "yes": "yes", "False": "no", "no": "no"}
#: What a row shows of a claim; the rest of it is carried over.
_SHOWN: Final = frozenset(
    {
        "about",
        "attribute",
        "value",
        "not_known",
        "valid",
        "basis",
        "informant",
        "from",
        "thing",
        "with",
        "item",
        "statement",
    }
)
_EDITED: Final = frozenset({"observed", "statement", "narrative", "claims", "contact", "people", "author"})
_OF_OBSERVATION: Final = frozenset({"sharing", "grading"})


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    base = "/children/<uuid:record_id>/observed/<int:number>/correction"
    blueprint.get(base, endpoint="correct")(show_correct)
    blueprint.post(base, endpoint="press_correct")(press_correct)


def show_correct(record_id: UUID, number: int) -> str:
    """The form with what the entry says."""
    place, posted = look(record_id, number)
    return _page(place, posted, _form_of_entry(place, posted), {})


def press_correct(record_id: UUID, number: int) -> Response | tuple[str, int] | str:
    """Record how the entry should have been, or look again at what the words say."""
    form = form_of(request.form, request.form.getlist("present"), context().pack)
    try:
        with acting() as (_connection, person):
            check_same_site()
            is_ours = is_csrf(person, request.form.get("csrf", ""))
    except NotSignedInError:
        return signed_out(form)
    place, posted = look(record_id, number)
    form = _with_fixed(form, posted, place)
    if not is_ours:
        return _page(place, posted, form, {"narrative": RELOADED}), 400
    if request.form.get("step") != "post":
        return _page(place, posted, further(form, place), {})
    body, errors = body_of(form, str(record_id), author_of(person), context().pack)
    if not form.sent.get("reason"):
        errors["reason"] = _NO_REASON
    if errors:
        return _page(place, posted, with_rows_wrong(form, errors), errors), 400
    told, links = with_people(_carried(body, form, posted), form, place.people)
    observation = {name: value for name, value in told.items() if name not in ("child", "author")}
    event = f"page.correction.{form.token}"
    correction = {
        "event_id": event,
        "corrects": posted.own.entry.entry_id,
        "reason": form.sent["reason"],
        "author": author_of(person),
        "observation": observation,
    }
    try:
        recorded = withdraw(context(), person.caller, record_id, "correction", correction)
    except RefusedError as error:
        field, words = _AMISS.get(error.refusal.code, ("narrative", error.refusal.detail))
        return _page(place, posted, form, {field: words}), 400
    if not _is_marked(observation):  # a link is for all to see, and would tell of what is held back
        join(context(), person.caller, record_id, event, links)
    return redirect(url_for("web.observed", record_id=record_id, number=recorded.entry.number), 303)


def _is_marked(observation: Mapping[str, Any]) -> bool:
    parts = (observation, *observation.get("claims", ()), *observation.get("people", ()))
    return any("sharing" in part for part in parts)


def _page(place: Place, posted: Posted, form: Form, errors: Mapping[str, str]) -> str:
    number = posted.own.entry.number
    action = url_for("web.press_correct", record_id=place.record_id, number=number)
    with acting() as (connection, _person):
        return page(connection, place, form, errors, correcting=number, action=action)


def _form_of_entry(place: Place, posted: Posted) -> Form:
    told = _told(posted)
    observed = told["observed"]
    contact = told.get("contact") or (told if posted.own.kind == "contact" else {})
    present = contact.get("present") or ()
    sent = {
        "narrative": told.get("narrative", ""),
        "day": civil_date(observed_bounds(observed).start).isoformat(),
        "clock": observed[11:16] if "T" in observed else "",
        "statement": told.get("statement", ""),
        "depth": contact.get("depth", ""),
        "home": _HOME.get(str(contact.get("home_entered")), ""),
        "page": context().chance(12).hex(),
    }
    rows = [_row(place, posted, index, claim) for index, claim in enumerate(told.get("claims", ()))]
    return Form(
        sent, [present] if isinstance(present, str) else list(present), [one for one in rows if one is not None]
    )


def _row(place: Place, posted: Posted, index: int, claim: Mapping[str, Any]) -> Row | None:
    attribute = context().pack.attributes.get(claim.get("attribute", ""))
    if attribute is None:
        return None
    sent = {"attribute": attribute.name, "use": "yes", "of": str(index)}
    if not _is_plain(claim):
        return _fixed(place, posted, Row(f"row-{index}", attribute, sent), index)
    basis = claim["basis"]
    how = (
        f"{TOLD}{claim['informant']}" if basis == "told" else f"{AGENCY}{claim['from']}" if basis == "agency" else basis
    )
    since, slash, until = str(claim.get("valid") or "").partition("/")
    when = "still" if until == ".." else "ended" if slash else "on"
    sent |= {
        "about": claim["about"], "value": str(claim.get("value") or ""), "how": how, "when": when, "since": since,
        "until": "" if until == ".." else until, "item": claim.get("item", ""), "with": claim.get("with", ""),
        "thing": f"{OWN}{claim['thing']}" if claim.get("thing") else "", "statement": claim.get("statement", ""),
        "unknown": f"not_known:{claim['not_known']}" if claim.get("not_known") else "",
    }  # fmt: skip
    return Row(f"row-{index}", attribute, sent)


def _is_plain(claim: Mapping[str, Any]) -> bool:
    """Whether a row can draw a claim: of one person, by somebody with a name, with a value that is text."""
    return all(isinstance(claim[part], str) for part in _SHOWN & claim.keys())


def _fixed(place: Place, posted: Posted, row: Row, index: int) -> Row:
    """A claim that a row cannot draw: kept as it was sent, or left out."""
    with acting() as (connection, _person):
        wording = wording_for(connection, place, posted)
    claims = [claim for claim in posted.claims if claim.index == index]
    return replace(row, words="; ".join(said_of(claim, wording)[0] for claim in claims), is_fixed=True)


def _with_fixed(form: Form, posted: Posted, place: Place) -> Form:
    sent = _told(posted).get("claims", ())
    rows = []
    for row in form.rows:
        index = row.sent.get("of", "")
        is_of = index.isdecimal() and int(index) < len(sent)
        is_fixed = is_of and not _is_plain(sent[int(index)])
        rows.append(_fixed(place, posted, row, int(index)) if is_fixed else row)
    return replace(form, rows=rows)


def _carried(body: Mapping[str, Any], form: Form, posted: Posted) -> dict[str, Any]:
    """The body with what the form does not show, as it was sent."""
    told = _told(posted)
    before = told.get("claims", ())
    used = [row for row in form.rows if row.is_used]
    claims = []
    for row, claim in zip(used, body.get("claims", ()), strict=True):
        index = row.sent.get("of", "")
        sent = before[int(index)] if index.isdecimal() and int(index) < len(before) else {}
        if row.is_fixed:
            claims.append(dict(sent))
        else:
            claims.append({**{part: sent[part] for part in sent.keys() - _SHOWN}, **claim})
    carried = {name: told[name] for name in _OF_OBSERVATION & told.keys()}
    people = {one["ref"]: one for one in told.get("people", ())}
    contact = {**(told.get("contact") or {}), **body["contact"]} if body.get("contact") else None
    return {
        **carried,
        **body,
        **({"claims": claims} if claims else {}),
        **({"contact": contact} if contact else {}),
        **({"people": list(people.values())} if people else {}),
    }


def _told(posted: Posted) -> Mapping[str, Any]:
    body = posted.own.body or {}
    told: Mapping[str, Any] = body.get("observation", body)
    return told
