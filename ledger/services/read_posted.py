"""What an entry of one's own was answered with, read again: warnings, what to ask, and who has not seen it.

It is asked as a retry of the same body, which stores nothing: what is answered of the time of posting is the same for
ever, and what to ask next is as it stands now.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.claim import Claim, claims_of_entry
from ledger.domain.entry import Chance, written_time
from ledger.domain.pack import Pack
from ledger.domain.person import CHILD
from ledger.domain.role import Right
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.judge_record import AsOf
from ledger.services.observe import submission_of
from ledger.services.read_expectations import read_expectations
from ledger.services.read_own import OwnEntry, own_entry
from ledger.services.record import record_one
from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.services.see import Reader
from ledger.services.submission import Recorded
from ledger.services.warn import render_warning
from ledger.store.append import Caller
from ledger.store.people import agency_kinds, desks_of, directory

KINDS: Final = ("observation", "contact", "correction")
_INJURY: Final = "after_injury"
_SOCIAL_CARE: Final = "childrens_social_care"


@dataclass(frozen=True, slots=True)
class Posted:
    """One entry of one's own agency. `answer` is what it was answered with, None where a colleague sent it."""

    own: OwnEntry
    claims: tuple[Claim, ...]
    answer: dict[str, Any] | None


def read_posted(context: Context, who: Caller, entry_id: str, record_id: UUID) -> Posted:
    """An observation, contact or correction of the caller's agency in this record. Raises RefusedError."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.OBSERVE)
        own = own_entry(connection, caller.agency, entry_id)
    if own.entry.record_id != record_id or (own.kind is not None and own.kind not in KINDS):
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
    body = own.body or {}
    claims = claims_of_entry(
        own.kind or "", body, agency=who.agency, number=own.entry.number, recorded_at=own.entry.recorded_at
    )
    sent = {index: claim for index, claim in enumerate(claims) if not claim.attribute.startswith("entry:")}
    return Posted(own, tuple(sent.values()), _answer(context, who, own))


def _answer(context: Context, who: Caller, own: OwnEntry) -> dict[str, Any] | None:
    body = own.body or {}
    if own.kind != "observation" or body.get("author", {}).get("ref") != who.person_ref:
        return None
    recorded = record_one(context, who, submission_of(body, who), Right.OBSERVE)
    return _told(recorded)


def _told(recorded: Recorded) -> dict[str, Any]:
    record_id = recorded.entry.record_id
    reach = recorded.reach.get(record_id)
    return {
        "recorded_at": written_time(recorded.entry.recorded_at),
        "hash": recorded.entry.hash.hex(),
        "warnings": [render_warning(one) for one in recorded.warnings.get(record_id, ())],
        "prompts": [*recorded.prompts.get(record_id, ())],
        "not_seen_by": [*reach.not_seen_by] if reach else [],
        "held_only_here": [*reach.held_only_here] if reach else [],
    }


def rules_on(
    connection: Connection, record_id: UUID, posted: Posted, pack: Pack, chance: Chance, reader: Reader | None
) -> list[dict[str, Any]]:
    """The fixed rules on an injury that was recorded, in the pack's words, with whom to ring about them at once.

    To a reader of the record those are told that hold for this entry, as the record's dates and words have it, and the
    look is recorded. To whoever may not read it (None) all of them are told: which holds they cannot be shown.
    """
    claims = posted.claims
    injuries = {one.value for one in claims if one.attribute == "injury" and one.about == CHILD and one.value}
    told = []
    for rule in pack.rules.values():
        spared = {"none", *rule.settings.get("no_injury", ())}
        if rule.family.name == _INJURY and injuries - spared:
            told.append({"rule": rule.name, "meaning": rule.meaning, "ask": rule.ask, "source": rule.source})
    if told and reader is not None:
        awaited = read_expectations(connection, reader, record_id, AsOf(), pack=pack, chance=chance)["expectations"]
        entry = posted.own.entry.entry_id
        holding = {one["rule"] for one in awaited if one["trigger"]["entry"] == entry}
        told = [one for one in told if one["rule"] in holding]
    if not told:
        return []
    agencies, kinds = directory(connection), agency_kinds(connection)
    desk = desks_of(connection, [record_id]).get(record_id)
    care = sorted(name for name, kind in kinds.items() if pack.agency_kind(kind) == _SOCIAL_CARE)
    ring = [agencies[name] for name in dict.fromkeys([*care, desk]) if name in agencies]
    return [one | {"ring": ring} for one in told]
