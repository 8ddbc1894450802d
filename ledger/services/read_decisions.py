"""The decisions about a child as one reader may see them, what one would rest on, and what one that was made rests on.

Asked of a point, they are answered by what was known then; that the record was looked at is recorded, and for a
decision that is only thought of nothing else is.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Connection

from ledger.domain.claim import Claim
from ledger.domain.decision import Deciding
from ledger.domain.entry import Chance, parse_entry_id
from ledger.domain.pack import Pack
from ledger.services.find_as_of import PointAsked
from ledger.services.past import Past, open_past
from ledger.services.refusal import RefusedError
from ledger.services.refuse_deciding import RELIED_ON_NOT_KNOWN
from ledger.services.render_decision import Rendering, render_decision
from ledger.services.see import Reader
from ledger.services.seen_record import SeenRecord, look_through
from ledger.services.weigh_decision import deliberate, weigh
from ledger.services.word_decision import NOT_WORKED_OUT, RECORDED, Standing
from ledger.store.append import Stored
from ledger.store.people import Agency
from ledger.store.people import directory as directory_of

#: Opens a transaction in which whoever sent a decision reads, and says as whom.
Opening = Callable[[], AbstractContextManager[tuple[Connection, Reader]]]
LOOK: Final = "decisions"
#: How many decisions are told at once: for each the record is weighed as it was when it was made, and as it is.
LIMIT: Final = 10
LIMIT_MAX: Final = 20
PREVIEW: Final = "decision preview"

_log = structlog.get_logger("ledger.read_decisions")


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """Before which number of the record (None: its newest), and how many decisions."""

    before: int | None = None
    limit: int = LIMIT


def read_decisions(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: PointAsked,
    *,
    pack: Pack,
    chance: Chance,
    page: DecisionsPage,
    directory: Mapping[str, Agency] | None = None,
) -> dict[str, Any]:
    """The decisions that the reader sees, the newest first: whether each stands, and what has come up since; and
    before which number there are more (`next`). A page for people passes a directory, by which agencies are named and
    rung at a point of the past too.

    Writes the access record. The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a
    point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what=LOOK, chance=chance)
    agencies = _agencies(past) if directory is None else directory
    among = deliberate(past, pack, agencies)
    wanted = [one for one in reversed(among.decisions) if page.before is None or one.number < page.before]
    shown = wanted[: page.limit]
    return _head(past, pack) | {
        "decisions": [render_decision(among.one(entry), pack, agencies) for entry in shown],
        "next": shown[-1].number if len(shown) < len(wanted) else None,
    }


def preview_decision(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: PointAsked,
    thought: tuple[str, Sequence[str]],
    *,
    pack: Pack,
    chance: Chance,
) -> dict[str, Any]:
    """What a decision of the reader's agency would rest on, were it made at the point: its kind, and the statements,
    as `<entry id>:<place in it>`, that it would rely on beside what the pack names.

    Writes the access record and no entry. Raises NotKnownError, and RefusedError also for a statement that the reader
    does not see.
    """
    past = open_past(connection, reader, record_id, asked, what=PREVIEW, chance=chance)
    agencies = _agencies(past)
    return _head(past, pack) | {"decision": weigh_thought(thought, look_through(past, pack, agencies), agencies)}


def weigh_thought(
    thought: tuple[str, Sequence[str]], seen: SeenRecord, agencies: Mapping[str, Agency]
) -> dict[str, Any]:
    """A decision of the reader's agency that is only thought of, by a record that was read already.

    Raises RefusedError for a statement that the reader does not see.
    """
    kind, relied_on = thought
    past = seen.past
    claims = tuple(statements_named(relied_on, seen))
    weighed = weigh(Deciding(kind, past.reader.agency, past.moment, None, claims), seen, past.moment)
    would: Standing | None = None if weighed.found is None else "not_standing" if weighed.is_barred else "standing"
    return Rendering(seen, seen.facts.pack, agencies).weighed(weighed, would)


def told_of_decision(opening: Opening, stored: Stored, *, pack: Pack, chance: Chance) -> dict[str, Any]:
    """What the answer to a decision tells of it, by what was in the record at its own place: the same at each retry.

    The decision is recorded by now, so whatever goes wrong here is said in the answer and refuses nothing.
    """
    try:
        with opening() as (connection, reader):
            asked = PointAsked(number=stored.number)
            past = open_past(connection, reader, stored.record_id, asked, what=LOOK, chance=chance)
            agencies = _agencies(replace(past, asked=PointAsked()))
            among = deliberate(past, pack, agencies)
            entry = next(one for one in among.decisions if one.number == stored.number)
            one = among.one(entry)
            then = one.then
            standing = one.standing(then)
            told = Rendering(then.seen, pack, agencies).weighed(then, standing)
    except RefusedError as error:
        return _not_told(error.refusal.code, f"{error.refusal.detail} {RECORDED}")
    except Exception as error:  # noqa: BLE001 - the receipt is owed whatever becomes of the look
        _log.error("what a decision rests on was not told", record=str(stored.record_id), error=type(error).__name__)
        return _not_told("not_worked_out", NOT_WORKED_OUT)
    return {"decision": told}


def _not_told(code: str, detail: str) -> dict[str, Any]:
    return {"decision": None, "decision_not_told": {"code": code, "detail": detail}}


def statements_named(named: Sequence[str], seen: SeenRecord) -> list[Claim]:
    """The statements that are named, as `<entry id>:<place in it>`. Raises RefusedError for one that is not seen."""
    found = list[Claim]()
    for place, one in enumerate(dict.fromkeys(named)):
        entry, _, index = one.rpartition(":")
        parsed = parse_entry_id(entry)
        claims = (
            [claim for claim in seen.facts.claims_in_entry(parsed[1]) if claim.index == int(index)]
            if parsed is not None and parsed[0] == seen.past.pseudonym
            else []
        )
        if not claims:
            refusal = RELIED_ON_NOT_KNOWN
            raise RefusedError(refusal.code, refusal.detail, f"{refusal.pointer}/{place}")
        found += [claim for claim in claims if claim.attribute in seen.facts.pack.attributes]
    return found


def _agencies(past: Past) -> Mapping[str, Agency]:
    """Names and contacts, of who reads as of now; a point of the past is answered with ids alone, for ever alike."""
    is_newest = past.asked == PointAsked()
    return directory_of(past.connection) if is_newest else {}


def _head(past: Past, pack: Pack) -> dict[str, Any]:
    return past.head() | {"pack": {"name": pack.name, "version": pack.version}}
