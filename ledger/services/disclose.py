"""Give the family what is theirs: subject access, its review beforehand, and the notice; each given is an entry.

Only a records officer does, for their own agency's part. What was given is kept as its hash and its numbers, before the
first byte of it is sent; that somebody looked is recorded as every look is. Who those are who get it, and by what
right, is the officer's word.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.civil_day import civil_date
from ledger.domain.entry import canonical, entry_id, parse_entry_id
from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.gather_disclosure import Material, gather
from ledger.services.note_access import note_access
from ledger.services.reach import check_reach
from ledger.services.record import record_one
from ledger.services.render_bundle import Review, render_bundle
from ledger.services.render_notice import render_notice
from ledger.services.see import Reader
from ledger.services.submission import Recorded, Submission
from ledger.store.append import Caller, Credential
from ledger.store.clock import now
from ledger.store.sharing import disclosed_to
from ledger.store.timeline import heads_of

KIND: Final = "disclosure"
SUBJECT_ACCESS: Final = "subject_access"
NOTICE: Final = "family_notice"
WITHHELD: Final = "withheld"

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """What is to be given, of what, and up to which entry; `review` says what is not in it."""

    given: dict[str, Any]
    up_to: int
    review: Review | None = None

    @property
    def sha256(self) -> str:
        """The hash of what is given: of its canonical bytes."""
        return hashlib.sha256(canonical(self.given)).hexdigest()


def make_bundle(connection: Connection, reader: Reader, record_id: UUID, body: Body, context: Context) -> Made:
    """The bundle for those named, and its review. Raises RefusedError (`not_known`) out of the officer's reach."""
    check_reach(connection, reader, record_id, Right.DISCLOSE)
    earlier = disclosed_to(connection, reader.agency, str(body.get("event_id", "")))
    material = _gathered(
        connection, reader, record_id, _listed(body["for"]), _listed(body.get("on_behalf_of")), earlier
    )
    note_access(connection, reader, {record_id: material.up_to}, "subject access", context.chance)
    made_on = earlier.get("made_on") or civil_date(now(connection)).isoformat()
    read = frozenset(named[1] for one in body.get("read", ()) if (named := parse_entry_id(one)) is not None)
    bundle, review = render_bundle(material, context.pack, read=read, made_on=str(made_on))
    return Made(bundle, material.up_to, review)


def make_notice(
    connection: Connection, reader: Reader, record_id: UUID, audience: Collection[str] | None, context: Context,
    event_id: str = "",
) -> Made:  # fmt: skip
    """The notice for those named, or (None) one that anybody could be given."""
    check_reach(connection, reader, record_id, Right.DISCLOSE)
    earlier = disclosed_to(connection, reader.agency, event_id)
    material = _gathered(connection, reader, record_id, audience, ("child", *(audience or ())), earlier)
    note_access(connection, reader, {record_id: material.up_to}, "family notice", context.chance)
    return Made(render_notice(material, context.pack), material.up_to)


def record_given(
    context: Context, who: Credential | Caller, record_id: UUID, what: str, body: Body, made: Made | None
) -> Recorded:
    """Record what was given, or that it was withheld and why. Only then may it be sent."""
    # Which entries were read may tell others of what is held back from them: what was given says as much by its hash.
    stored: dict[str, Any] = {name: value for name, value in body.items() if name != "read"} | {"what": what}
    if made is not None:
        stored["given"] = {"sha256": made.sha256, "up_to": made.up_to, **_numbers(made.given)}
        if "made_on" in made.given:
            stored["given"]["made_on"] = made.given["made_on"]
    submission = Submission(KIND, body["event_id"], stored, names=(record_id,), is_due=False)
    return record_one(context, who, submission, Right.DISCLOSE)


def reviewed(connection: Connection, record_id: UUID, made: Made) -> dict[str, Any]:
    """For the officer alone: how much is given, and what is not, of which entry and why."""
    pseudonym, _ = heads_of(connection, [record_id])[record_id]
    review = made.review or Review()
    return {
        "up_to": made.up_to,
        "sha256": made.sha256,
        "given": _numbers(made.given),
        "counts": review.counts(),
        "withheld": [
            {"entry": entry_id(pseudonym, number), "part": part, "why": why} for number, part, why in review.withheld
        ],
    }


def _gathered(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    audience: Collection[str] | None,
    subjects: Sequence[str],
    earlier: Mapping[str, Any],
) -> Material:
    up_to = earlier.get("up_to")
    return gather(
        connection,
        reader,
        record_id,
        audience=audience,
        subjects=subjects,
        up_to=up_to if up_to is None else int(up_to),
    )


def _numbers(given: Mapping[str, Any]) -> dict[str, int]:
    return {name: len(given[name]) for name in ("entries", "shared", "agencies", "told") if name in given}


def _listed(named: Any) -> tuple[str, ...]:
    if named is None:
        return ()
    return tuple(str(one) for one in named) if isinstance(named, list) else (str(named),)
