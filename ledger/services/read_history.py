"""The history of a child, for whoever assesses: siblings, earlier episodes, what was tried, injuries, findings.

That it was opened is recorded under a name of its own (`ledger.store.assessments.HISTORY`): without such a look since
an assessment was opened nobody signs it. A sibling's record is opened where its reader may read it, and that is
recorded there, too; of any other there is a pointer, and whom to ring.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.claim import Claim
from ledger.domain.entry import Chance, entry_id
from ledger.domain.pack import Pack
from ledger.domain.person import CHILD
from ledger.domain.question import Topic
from ledger.domain.role import Right
from ledger.domain.role_word import role_word
from ledger.domain.rule import ANYBODY
from ledger.services.find_as_of import PointAsked
from ledger.services.gather_history import Gathering, findings_told
from ledger.services.note_access import TooManyChildrenError
from ledger.services.past import Past, open_past
from ledger.services.reach import reaches
from ledger.services.read_findings import Rendered
from ledger.services.refusal import RefusedError
from ledger.services.see import NotKnownError, Reader
from ledger.services.seen_record import SeenRecord, look_through
from ledger.services.word_picture import word_withheld
from ledger.store.assessments import HISTORY
from ledger.store.people import Agency
from ledger.store.people import directory as directory_of
from ledger.store.siblings import Sibling, posted_together

#: How many siblings' records are opened with one look.
SIBLINGS_MAX: Final = 12
_SIBLING_VALUES: Final = frozenset({"sibling", "full_sibling", "half_sibling"})
_SIBLINGS: Final = frozenset({"sibling", "half_sibling"})
#: What a word for a child of the same family may begin with that says nothing of whose sibling it is.
_STEP: Final = re.compile(r"\bstep[- _]?(?=brother|sister|sibling)")


def read_history(
    connection: Connection, reader: Reader, record_id: UUID, asked: PointAsked, *, pack: Pack, chance: Chance
) -> dict[str, Any]:
    """The history as this reader may see it, at one point. Writes the access records.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    Cost: that of reading the record once, and each sibling's record that may be read.
    """
    past = open_past(connection, reader, record_id, asked, what=HISTORY, chance=chance)
    agencies = directory_of(connection)
    record = look_through(past, pack, agencies)
    return past.head() | {
        "pack": {"name": pack.name, "version": pack.version},
        "siblings": [*_people(record, agencies), *_records(record, agencies, pack, chance)],
        **_history(record, agencies, pack),
        "withheld": word_withheld(record.standing, agencies, past.pseudonym),
    }


def _history(record: SeenRecord, agencies: Mapping[str, Agency], pack: Pack) -> dict[str, Any]:
    raised = sorted(record.past.findings().values(), key=lambda one: (one.opened_number, one.finding_id), reverse=True)
    told = Rendered.of(record.past, raised, pack, agencies).pairs
    return Gathering(record, agencies).gathered() | {"findings": findings_told(record, told)}


# ── siblings ──


def _people(record: SeenRecord, agencies: Mapping[str, Agency]) -> Iterator[dict[str, Any]]:
    """Those who are called a sibling of the child in what the reader sees, each once, with who says so."""
    facts, said = record.facts, dict[str, list[Claim]]()
    for person in sorted(facts.introduced):
        told = [claim for claim, who in facts.introductions(person) if _is_sibling(who.get("role", ""))]
        if told:
            said.setdefault(person, []).extend(told)
    for attribute in ("kinship", "relationship_to_child"):
        for claim in facts.claims(Topic(attribute, ANYBODY)):
            if claim.value in _SIBLING_VALUES and claim.counterpart in {None, CHILD}:
                said.setdefault(facts.person(claim.about, claim.agency), []).append(claim)
    for person, claims in said.items():
        yield {
            "sort": "person",
            "person": person,
            "label": record.wording.person(person),
            "said_in": [
                {
                    "entry": entry_id(record.past.pseudonym, one.number),
                    "agency": one.agency,
                    "agency_name": agencies[one.agency].name if one.agency in agencies else one.agency,
                }
                for one in {claim.number: claim for claim in sorted(claims, key=lambda claim: claim.ref)}.values()
            ],
        }


def _is_sibling(role: str) -> bool:
    """Of the child itself: a mother's brother is an uncle, and the father of a half-sister is nobody's sister."""
    return role_word(_STEP.sub("", role.casefold())).part in _SIBLINGS


def _records(
    record: SeenRecord, agencies: Mapping[str, Agency], pack: Pack, chance: Chance
) -> Iterator[dict[str, Any]]:
    """The records of other children into which an entry that the reader sees was posted as well."""
    past = record.past
    seen = [entry.number for entry in record.seen if entry.is_visible]
    for sibling in posted_together(past.connection, past.record_id, seen)[:SIBLINGS_MAX]:
        told: dict[str, Any] = {"sort": "record", "child": str(sibling.record_id), "may_read": False}
        ring = agencies.get(sibling.rings)
        yield (
            told
            | {"ring": {"agency": sibling.rings, "name": ring.name, "contact": ring.contact} if ring else None}
            | (_opened(past, sibling, agencies, pack, chance) or {})
        )


def _opened(
    past: Past, sibling: Sibling, agencies: Mapping[str, Agency], pack: Pack, chance: Chance
) -> dict[str, Any] | None:
    """A sibling's history as it was known at the same moment; None where the reader may not read it, or not now."""
    connection, reader = past.connection, past.reader
    if not reaches(connection, reader, sibling.record_id, Right.READ):
        return None
    asked = PointAsked(known_at=past.moment)
    try:
        there = open_past(connection, reader, sibling.record_id, asked, what=HISTORY, chance=chance)
    except (TooManyChildrenError, NotKnownError):
        return None
    except RefusedError:  # that record is younger than the point
        return None
    record = look_through(there, pack, agencies)
    return {
        "may_read": True,
        "as_of": there.point.as_json(),
        **_history(record, agencies, pack),
        "withheld": word_withheld(record.standing, agencies, there.pseudonym),
    }
