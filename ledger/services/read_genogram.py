"""Who belongs to a child's family and household, for one reader: what a genogram is drawn from, and what says the same.

Each person with their ties, who says so and how that stands; which agency knows of whom; who of them is known in other
records, and who may be one. It answers as of one point of the record and is itself recorded, as all views are.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine

from ledger.domain.claim import PERSON, Claim
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.genogram import Genogram, Member, genogram
from ledger.domain.genogram_tie import Tie
from ledger.domain.pack import Pack
from ledger.domain.person import CHILD
from ledger.domain.picture import Frame, Picture, picture
from ledger.domain.picture import Person as Drawn
from ledger.services.gather_people import Gathered, gather_people
from ledger.services.kept_words import KEPT, wording_of_kept
from ledger.services.know_whom import know_whom
from ledger.services.past import Past, names_in, open_past
from ledger.services.read_people import render_gathered
from ledger.services.read_picture import Asked, both_links, claims_seen, open_findings, render_findings
from ledger.services.render_picture import Sheet, render_row
from ledger.services.see import Reader, Seen, Sight
from ledger.services.word_dates import word_observed
from ledger.services.word_picture import brief_finding, word_withheld
from ledger.services.word_tie import word_missing, word_standing, word_tie, word_way
from ledger.store.people import Agency, agency_kinds

#: On what the ties, the household and who somebody is rest: nothing else of a record is read for it.
ATTRIBUTES: Final = frozenset(
    {
        PERSON, "father", "mother_of_child", "legal_parent", "kinship", "relationship", "relationship_to_child",
        "household_member", "presence", "death", "pregnancy", "date_of_birth", "identity", "name_used",
        "same_person_as", "parental_responsibility", "expected_date",
    }
)  # fmt: skip
#: Of these the words of all are shown beside each person.
_TIES: Final = frozenset({PERSON, "expected_date", "kinship", "relationship", "father", "mother_of_child"})
_SHOWN: Final = ATTRIBUTES - _TIES
_IDENTITY: Final = "identity"


def read_genogram(
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
    """The family as this reader may see it. Writes the access record. Cost: that of reading the record once.

    ``auditor`` looks up whom to ring about another record; without it the duty desk is rung.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what="people", chance=chance, known_by=asked.known_by)
    seen = past.seen()
    gathered = gather_people(seen, pack)
    sheet = _sheet(past, seen, gathered, pack, directory or {}, asked)
    told = render_gathered(past, gathered, pack, auditor, firsts=True)
    page = _Page(sheet, genogram(sheet.picture))
    knows = know_whom(seen, gathered, pack, sheet.wording)
    resolved = {one["id"]: one for one in told["people"]}
    return past.head() | {
        "valid_at": written_time(asked.valid_at or past.moment),
        "pack": {"name": pack.name, "version": pack.version},
        "unborn": page.is_unborn,
        "people": [page.person(one) | _of_record(resolved[one.name], knows.of(one.name)) for one in page.members],
        "ties": page.ties(),
        "missing": page.missing(),
        "agencies": knows.agencies,
        "proposals": [one for one in told["proposals"] if one["of"] == "people"],
        "findings": [brief_finding(one) for one in sheet.findings],
        "withheld": word_withheld([one for one in seen if one.withdrawn_by is None], directory or {}, past.pseudonym),
        "erased": [entry_id(past.pseudonym, one.number) for one in seen if one.sight is Sight.ERASED],
    }


def _sheet(
    past: Past,
    seen: Sequence[Seen],
    gathered: Gathered,
    pack: Pack,
    directory: Mapping[str, Agency],
    asked: Asked,
) -> Sheet:
    """The picture of who people are and nothing besides, with everybody whom the record names."""
    standing = [entry for entry in seen if entry.withdrawn_by is None]
    people, things = both_links(seen)
    frame = Frame(people, things, pack, agency_kinds(past.connection))
    claims = (claim for claim in claims_seen(standing) if claim.attribute in ATTRIBUTES)
    drawn = picture(claims, frame, asked.valid_at or past.moment, words_of=KEPT.words_of)
    there = {person.name for person in drawn.people}
    others = tuple(Drawn(name, (), ()) for name in sorted(gathered.people.keys() - there))
    found = [one for one in open_findings(past.findings()) if one.kind == _IDENTITY]
    rendered = render_findings(past, seen, found, pack, directory) if found else []
    wording = wording_of_kept(standing, names_in(directory))
    return Sheet(Picture(drawn.people + others), frame.people, pack, wording, past.pseudonym, rendered)


def _of_record(person: Mapping[str, Any], known_by: list[dict[str, Any]]) -> dict[str, Any]:
    """What the record says of somebody besides: by which names, what joined them, where else they are known.

    What many entries say in the same words is told once, by the first of them.
    """
    firsts = {
        "declared": _firsts(person["declared"], ("agency", "key", "name", "role", "description", "born")),
        "links": _firsts(person["links"], ("how", "keys", "reason")),
        "unlinks": _firsts(person["unlinks"], ("how", "keys", "reason")),
    }
    return firsts | {"keys": person["keys"], "elsewhere": person.get("elsewhere", []), "known_by": known_by}


def _firsts(told: Iterable[Mapping[str, Any]], by: Sequence[str]) -> list[Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for one in told:
        found.setdefault(repr([one.get(part) for part in by]), one)
    return list(found.values())


class _Page:
    """What the family is rendered from."""

    def __init__(self, sheet: Sheet, found: Genogram) -> None:
        self._sheet, self._found = sheet, found
        self._rows = {person.name: person.rows for person in sheet.picture.people}
        there = {person.name for person in sheet.picture.people}
        self._ties = [tie for tie in found.ties if {tie.one, tie.other} <= there]

    @property
    def members(self) -> tuple[Member, ...]:
        return self._found.members

    @property
    def is_unborn(self) -> bool:
        """Whether the child is expected and nobody has said that it was born."""
        said = {row.question.attribute for row in self._rows[CHILD] if any(cell.holds for cell in row.cells)}
        return "date_of_birth" not in said and "expected_date" in said

    def person(self, one: Member) -> dict[str, Any]:
        """One person, with what is held of who they are."""
        names = self._sheet.names
        rows = [row for row in self._rows[one.name] if row.question.attribute in _SHOWN]
        return {
            "person": one.name,
            "label": names.label(one.name),
            "also_called": names.also_called(one.name),
            "sex": one.sex,
            "generation": one.generation,
            "household": one.household,
            "died": one.died,
            "pregnant": one.pregnant,
            "born": [{"value": born, "words": word_observed(born)} for born in one.born],
            "roles": list(one.roles),
            "held": [render_row(row, self._sheet) for row in rows],
        }

    def ties(self) -> list[dict[str, Any]]:
        """Each tie in words, with whoever says it."""
        return [
            {
                "sort": tie.sort,
                "one": tie.one,
                "other": tie.other,
                "word": tie.word,
                "slot": tie.slot,
                "standing": tie.standing,
                "ended": tie.has_ended,
                "way": word_way(tie, self._sheet.names),
                "words": word_tie(tie, self._sheet.names),
                "standing_words": word_standing(tie),
                "said": [self._said(claim, tie) for claim in tie.claims],
            }
            for tie in self._ties
        ]

    def missing(self) -> list[dict[str, Any]]:
        """The parents of whom nobody has said who they are."""
        return [
            {
                "of": one.of,
                "slot": one.slot,
                "words": word_missing(one.slot, self._sheet.names.label(one.of)),
                "said": [self._said(claim, None) for claim in one.not_known],
            }
            for one in self._found.missing
        ]

    def _said(self, claim: Claim, tie: Tie | None) -> dict[str, Any]:
        entry, index = self._sheet.place(claim.ref)
        attribute = self._sheet.pack.attributes.get(claim.attribute)
        return {
            "entry": entry,
            "index": index,
            "agency": claim.agency,
            "agency_name": self._sheet.wording.agency(claim.agency),
            "words": self._sheet.wording.says(claim, attribute),
            "said": self._sheet.wording.said(claim),
            "observed": claim.observed,
            "observed_words": word_observed(claim.observed),
            "contested": tie is not None and tie.standing == "contested",
        }
