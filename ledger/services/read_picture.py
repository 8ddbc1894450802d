"""The picture of a child's record for one reader: what each agency holds about whom, as known at one point.

A point in time is a number of the record and the moment of the child's life is a time; both are resolved once and given
back. Nothing else in the answer depends on when it is asked, so the same `as_of`, `valid_at` and rights give the same
bytes for ever under one rule pack. Only what the reader may see of an entry is taken as of now.

Everything is worked out from the entries that the reader sees in full: claims, links and conflicts alike. Of the others
it is said who holds something, as the timeline says it, and nothing about what.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine

from ledger.domain.claim import PERSON, Claim
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.pack import Pack
from ledger.domain.person import Links
from ledger.domain.picture import Frame, picture
from ledger.services.find_as_of import PointAsked
from ledger.services.kept_words import KEPT, wording_of_kept
from ledger.services.known_by import KnownBy
from ledger.services.past import Past, names_in, open_past
from ledger.services.read_adults import known_elsewhere
from ledger.services.render_finding import Beside, places_of, render_finding
from ledger.services.render_picture import Sheet, columns_of, render_people
from ledger.services.see import Reader, Seen, Sight
from ledger.services.word_picture import brief_finding, word_withheld
from ledger.store.findings import StoredFinding
from ledger.store.people import Agency, agency_kinds, surroundings_of
from ledger.store.timeline import by_number

#: As what it is recorded that somebody looked.
LOOK: Final = "picture"


@dataclass(frozen=True, slots=True)
class Asked(PointAsked):
    """What is asked of a picture: of which point, of which moment of the child's life, as known by whom."""

    valid_at: datetime | None = None
    history: bool = False
    known_by: KnownBy | None = None


def read_picture(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: Asked,
    *,
    pack: Pack,
    chance: Chance,
    directory: Mapping[str, Agency] | None = None,
    auditor: Engine | None = None,
) -> dict[str, Any]:
    """The picture as this reader may see it. Writes the access record. Cost: that of reading the record once.

    Of whom it is known that they are in another child's record too, whom to ring is whoever it is now (``auditor``
    looks that up; without it, the duty desk).

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    A page for people passes a directory for names and contacts; without one, agencies are named by their ids.
    """
    past = open_past(connection, reader, record_id, asked, what=LOOK, chance=chance, known_by=asked.known_by)
    valid_at = asked.valid_at or past.moment
    drawing = draw(past, pack, valid_at, directory or {}, history=asked.history)
    return told_of(past, drawing, asked, pack, directory or {}, auditor)


def told_of(
    past: Past, drawing: "Drawing", asked: Asked, pack: Pack, directory: Mapping[str, Agency], auditor: Engine | None
) -> dict[str, Any]:
    """A picture that is drawn, as it is answered."""
    sheet, standing = drawing.sheet, drawing.standing
    return past.head() | {
        "valid_at": written_time(asked.valid_at or past.moment),
        "history": asked.history,
        "pack": {"name": pack.name, "version": pack.version},
        "agencies": columns_of(sheet),
        "people": _with_elsewhere(render_people(sheet), known_elsewhere(past, sheet.people, pack, auditor)),
        "findings": [brief_finding(finding) for finding in sheet.findings],
        "withheld": word_withheld(standing, directory, past.pseudonym),
        "erased": [entry_id(past.pseudonym, entry.number) for entry in standing if entry.sight is Sight.ERASED],
    }


def _with_elsewhere(people: list[dict[str, Any]], known: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [one | ({"elsewhere": known[one["person"]]} if one["person"] in known else {}) for one in people]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as its reader sees it, and the entries that stand in it."""

    sheet: Sheet
    standing: list[Seen]


def draw(
    past: Past, pack: Pack, valid_at: datetime, directory: Mapping[str, Agency], *, history: bool = False
) -> Drawing:
    """The picture of a record at one point and of one moment of the child's life."""
    return draw_seen(past, past.seen(), pack, valid_at, directory, history=history)


def draw_seen(
    past: Past,
    seen: Sequence[Seen],
    pack: Pack,
    valid_at: datetime,
    directory: Mapping[str, Agency],
    *,
    history: bool = False,
    only: Collection[str] | None = None,
    newest: Mapping[str, int] | None = None,
) -> Drawing:
    """The same of a record whose entries were all looked at; with ``only``, rows of these attributes alone.

    ``newest``: of an attribute no more of a history than so many stretches of each row.
    """
    standing = [entry for entry in seen if entry.withdrawn_by is None]
    people, things = both_links(seen)
    frame = Frame(people, things, pack, agency_kinds(past.connection))
    claims = claims_seen(standing)
    if only is not None:
        # Whom entries introduce stays: those of one name are told apart by what each is called.
        claims = [claim for claim in claims if claim.attribute in only or claim.attribute == PERSON]
    drawn = picture(claims, frame, valid_at, history=history, newest=newest, words_of=KEPT.words_of)
    rendered = render_findings(past, seen, open_findings(past.findings()), pack, directory)
    wording = wording_of_kept(standing, names_in(directory))
    return Drawing(Sheet(drawn, frame.people, pack, wording, past.pseudonym, rendered), standing)


def render_findings(
    past: Past,
    seen: Iterable[Seen],
    findings: Sequence[StoredFinding],
    pack: Pack,
    directory: Mapping[str, Agency],
) -> list[dict[str, Any]]:
    """These findings for the reader; those of which the reader may not know are left out."""
    beside = Beside(surroundings=surroundings_of(past.connection, [past.record_id])[past.record_id])
    glimpses = _glimpses(past, seen, findings)
    return [
        told
        for finding in findings
        if (told := render_finding(finding, glimpses, pack, directory, past.reader, past.pseudonym, beside=beside))
        is not None
    ]


def links_seen(seen: Iterable[Seen], sort: str) -> Links:
    """The links that stand by the entries that are seen: a declared role stays when its entry is corrected."""
    return both_links(seen)[0 if sort == "people" else 1]


def both_links(seen: Iterable[Seen]) -> tuple[Links, Links]:
    """The links of people, and those of things."""
    facts = [fact for entry in seen if entry.kind is not None for fact in KEPT.gist_of(entry).links]
    people, things = (Links.of(fact for fact in facts if fact.sort == sort) for sort in ("people", "things"))
    return people, things


def claims_seen(seen: Iterable[Seen]) -> list[Claim]:
    """The claims that are seen, each at its place among them."""
    return [
        replace(claim, index=entry.shown_index(claim.index)) if entry.hidden else claim
        for entry in seen
        for claim in KEPT.gist_of(entry).claims
    ]


def open_findings(findings: Mapping[str, StoredFinding]) -> list[StoredFinding]:
    """Those that were open, in the order in which they were raised."""
    found = [finding for finding in findings.values() if finding.closed_number is None]
    return sorted(found, key=lambda finding: (finding.opened_number, finding.finding_id))


def _glimpses(past: Past, seen: Iterable[Seen], findings: Iterable[StoredFinding]) -> dict[int, Seen]:
    """Every entry that the findings refer to, and those at hand."""
    glimpses = {entry.number: entry for entry in seen}
    missing = {number for finding in findings for number in places_of(finding)} - glimpses.keys()
    others = by_number(past.connection, [(past.record_id, number) for number in missing])
    return glimpses | {entry.number: past.eyes.look(entry) for entry in others}
