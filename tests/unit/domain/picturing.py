"""Pictures of what agencies say, for tests."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from ledger.domain.claim import Claim, claims_of_entry
from ledger.domain.pack import Pack
from ledger.domain.person import Links, link_facts
from ledger.domain.picture import Frame, Picture, picture
from ledger.domain.row import Cell, Row
from tests.saying import presence_pack, steps

PACK = presence_pack()


def noon(day: str) -> datetime:
    """The middle of a day."""
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)


def claims_in(*entries: dict[str, Any]) -> list[Claim]:
    """The claims of these entries, but of those that a correction or a void withdraws."""
    made = steps(*entries)
    gone = {step.target for step in made if step.kind in {"correction", "void"}}
    return [
        claim
        for step in made
        if step.number not in gone
        for claim in claims_of_entry(step.kind, step.body, agency=step.agency, number=step.number, recorded_at=step.at)
    ]


def links_of(entries: Iterable[dict[str, Any]], sort: str = "people") -> Links:
    """The links that these entries make."""
    facts = [fact for entry in entries for fact in link_facts(entry["kind"], entry["agency"], entry["body"])]
    return Links.of(fact for fact in facts if fact.sort == sort)


def drawn(*entries: dict[str, Any], at: str, pack: Pack = PACK, history: bool = False) -> Picture:
    """The picture of these entries at the middle of a day."""
    frame = Frame(links_of(entries), links_of(entries, "things"), pack)
    return picture(claims_in(*entries), frame, noon(at), history=history)


def row(*entries: dict[str, Any], at: str, pack: Pack = PACK, history: bool = False, about: str = "father") -> Row:
    """The one row about a person."""
    people = drawn(*entries, at=at, pack=pack, history=history).people
    (found,) = (row for person in people if person.name == about for row in person.rows)
    return found


def cell(of: Row, agency: str) -> Cell:
    """The one cell of an agency."""
    (found,) = (cell for cell in of.cells if cell.agency == agency)
    return found


def states(of: Row) -> list[tuple[str, str | None, str]]:
    """What each agency holds, and how it stands."""
    return [(cell.agency, hold.claim.value, hold.state) for cell in of.cells for hold in cell.holds]
