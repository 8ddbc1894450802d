"""The concerns that were raised about a child and what was answered to each: open until one of the answers closes it.

Nothing that merely came later closes one. What the reader may not see is in none of it; an answer that is withheld from
them may be there, and that is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.act import fields_of
from ledger.domain.claim import Claim
from ledger.domain.concern_thread import Thread, threads
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.expectation import due_by
from ledger.domain.pack import Pack
from ledger.services.find_as_of import PointAsked
from ledger.services.past import Past, open_past
from ledger.services.see import Reader, Sight
from ledger.services.seen_record import SeenRecord, look_through
from ledger.services.word_assessing import ANSWER_WORDS, KNOWN_BY_WORDS, word_known_by
from ledger.services.word_picture import word_withheld
from ledger.store.people import Agency
from ledger.store.people import directory as directory_of

State = Literal["open", "closed", "all"]
_RULE: Final = "concern_thread_unanswered"


@dataclass(frozen=True, slots=True)
class ConcernsAsked(PointAsked):
    """Of which point, and whether closed ones are told too."""

    state: State = "all"


def read_concerns(
    connection: Connection, reader: Reader, record_id: UUID, asked: ConcernsAsked, *, pack: Pack, chance: Chance
) -> dict[str, Any]:
    """The concerns, the newest first. Writes the access record. Cost: that of reading the record once.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what="concerns", chance=chance)
    agencies = directory_of(connection)
    record = look_through(past, pack, agencies)
    return past.head() | {
        "concerns": concerns_in(record, pack, agencies, state=asked.state),
        "withheld": word_withheld(record.standing, agencies, past.pseudonym),
    }


def concerns_in(
    record: SeenRecord, pack: Pack, agencies: Mapping[str, Agency], *, state: State = "all"
) -> list[dict[str, Any]]:
    """The concerns of a record that was read already, the newest first."""
    found = [one for one in reversed(threads(record.facts)) if _is_wanted(one, state)]
    withheld = any(one.sight is Sight.WITHHELD or one.points for one in record.seen)
    return [_rendered(one, record, pack, agencies, withheld=withheld) for one in found]


def _is_wanted(thread: Thread, state: State) -> bool:
    return state == "all" or (thread.closed is None) == (state == "open")


def _rendered(
    thread: Thread, record: SeenRecord, pack: Pack, agencies: Mapping[str, Agency], *, withheld: bool
) -> dict[str, Any]:
    past, raised, closed = record.past, thread.raised, thread.closed
    bodies = {one.number: one.body for one in record.standing}
    said = fields_of(raised)
    due = due_by(rule.settings["within"], raised, record.facts.nation) if (rule := pack.rules.get(_RULE)) else None
    return {
        **_place(raised, past, agencies),
        "ring": agencies[raised.agency].contact if raised.agency in agencies else "",
        "what": said.get("what"),
        "topic": said.get("topic"),
        "entries": bodies[raised.number].get("entries", []),
        "needs": thread.needs,
        "needs_words": None if thread.needs is None else KNOWN_BY_WORDS.get(thread.needs),
        "state": "open" if closed is None else "closed",
        "due": None if due is None or closed is not None else written_time(due),
        "overdue": closed is None and due is not None and due <= past.moment,
        "closed_by": None if closed is None else entry_id(past.pseudonym, closed.number),
        "answers": [_answer(one, bodies[one.number], past, agencies) for one in thread.answers],
        "may_have_come": closed is None and withheld,
    }


def _answer(answer: Claim, body: Mapping[str, Any], past: Past, agencies: Mapping[str, Agency]) -> dict[str, Any]:
    said = fields_of(answer)
    how = [str(one) for one in said.get("how") or ()]
    return {
        **_place(answer, past, agencies),
        "answer": said.get("answer"),
        "words": ANSWER_WORDS.get(str(said.get("answer"))),
        "how": how,
        "how_words": word_known_by(how) or None,
        "reason": said.get("reason"),
        "entries": body.get("entries", []),
    }


def _place(claim: Claim, past: Past, agencies: Mapping[str, Agency]) -> dict[str, Any]:
    return {
        "entry": entry_id(past.pseudonym, claim.number),
        "agency": claim.agency,
        "agency_name": agencies[claim.agency].name if claim.agency in agencies else claim.agency,
        "at": written_time(claim.recorded_at),
    }
