"""What a decision that is thought of would rest on, with the statements of the record that it may be said to rely on.

One reading for both, so that what is chosen from and what is weighed are one record at one point. Beside it stands a
name of the basis: two that are alike rest on the same, and whoever decides can be told that it has changed meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.claim import Claim
from ledger.domain.entry import Chance
from ledger.domain.facts import Facts
from ledger.domain.pack import Pack
from ledger.domain.question import Topic, digest_of
from ledger.domain.rule import ANYBODY
from ledger.domain.rules.spoken import is_said, order
from ledger.services.find_as_of import PointAsked
from ledger.services.past import open_past
from ledger.services.read_decisions import PREVIEW, statements_named, weigh_thought
from ledger.services.render_decision import Rendering
from ledger.services.see import Reader
from ledger.services.seen_record import SeenRecord, look_through
from ledger.services.word_text import capital, plain
from ledger.store.people import directory

#: How many statements are offered at once, the newest of one matter.
OFFERED_MAX: Final = 30


@dataclass(frozen=True, slots=True)
class Choosing:
    """A decision that is thought of. ``relies_on``: statements as `<entry id>:<place in it>`; ``matter``: the attribute
    on which statements are offered; ``event``: the event id under which it would be sent.
    """

    kind: str
    relies_on: Sequence[str] = ()
    matter: str | None = None
    event: str | None = None


def preview_choosing(
    connection: Connection, reader: Reader, record_id: UUID, choosing: Choosing, *, pack: Pack, chance: Chance
) -> dict[str, Any]:
    """What it would rest on now (``decision``, and ``basis_name``, which names that), what it is said to rely on, of
    which matters the record speaks, and what is offered of one of them; ``recorded`` where it was sent already.

    Writes the access record of a preview, and no entry. The connection acts for the reader's agency. Raises
    NotKnownError, and RefusedError for a statement that the reader does not see. Cost: reading the record once.
    """
    past = open_past(connection, reader, record_id, PointAsked(), what=PREVIEW, chance=chance)
    agencies = directory(connection)
    seen = look_through(past, pack, agencies)
    rendering = Rendering(seen, pack, agencies)
    decision = weigh_thought((choosing.kind, choosing.relies_on), seen, agencies)
    relied_on = statements_named(choosing.relies_on, seen)
    matter = choosing.matter or ""
    offered = _latest(matter, seen) if matter in pack.attributes else []
    left = [claim for claim in offered if claim.ref not in {one.ref for one in relied_on}]
    return past.head() | {
        "decision": decision,
        "basis_name": basis_of(decision),
        "relied_on": [rendering.stated(claim) for claim in relied_on],
        "matters": _matters(seen),
        "offered": [rendering.stated(claim) for claim in left[:OFFERED_MAX]],
        "more": len(left[OFFERED_MAX:]),
        "recorded": choosing.event is not None and _is_recorded(choosing.event, seen),
    }


def basis_of(decision: Mapping[str, Any]) -> str:
    """A name of what a decision rests on: how each thing stands, and which statements speak for and against it."""
    rests_on = [
        [one["item"], one["meaning"], one["states"], one["grave"], _places(one["latest"]), _places(one["against"])]
        for one in decision["assumptions"]
    ]
    return digest_of([decision["standing"], rests_on, decision["withheld"]])


def _places(statements: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    return [[one["entry"], one["index"]] for one in statements]


def _matters(seen: SeenRecord) -> list[dict[str, Any]]:
    """The attributes on which anything is said, with how many statements are offered of each."""
    counted = ((name, len(_latest(name, seen))) for name in seen.facts.pack.attributes)
    found = [{"attribute": name, "words": capital(plain(name)), "count": count} for name, count in counted if count]
    return sorted(found, key=lambda one: str(one["words"]))


def _latest(attribute: str, seen: SeenRecord) -> list[Claim]:
    """On each question of an attribute each agency's latest statement, the newest first."""
    return seen.facts.once(("latest said", attribute), lambda: _latest_in(seen.facts, attribute))


def _latest_in(facts: Facts, attribute: str) -> list[Claim]:
    newest: dict[tuple[Any, ...], Claim] = {}
    for question, claims in facts.by_question(Topic(attribute, ANYBODY)).items():
        for claim in sorted(filter(is_said, claims), key=order):
            newest[question, claim.agency] = claim
    # Of a claim about several people each is a question of its own; its place in the entry is one.
    placed = {claim.ref: claim for claim in newest.values()}
    return sorted(placed.values(), key=order, reverse=True)


def _is_recorded(event: str, seen: SeenRecord) -> bool:
    agency = seen.past.reader.agency
    return any(one.agency == agency and one.body.get("event_id") == event for one in seen.seen if one.is_visible)
