import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.marking import WHOLE, Mark, Sharing
from ledger.services.correction_chains import chains
from ledger.services.marks import Marks, held_back
from ledger.services.see import Eyes, Reader, Sight
from ledger.store.markings import Leading, MarkRow
from ledger.store.timeline import StoredEntry

RECORD = UUID(int=1)
CANARY = "QUETZALCOATLUS"


def entry(agency: str = "police", number: int = 1, body: dict[str, Any] | None = None) -> StoredEntry:
    sealed = json.dumps({"agency": agency, "kind": "observation", "event_id": CANARY, "body": body or {}}).encode()
    return StoredEntry(
        RECORD, number, datetime(2022, 3, 1, tzinfo=UTC), agency, CANARY, b"\1" * 32, "observation", sealed
    )


def eyes(agency: str, *rows: MarkRow, pairs: tuple[tuple[int, int], ...] = (), lead: str = "csc") -> Eyes:
    tied = [(RECORD, number, by) for number, by in pairs]
    return Eyes(Reader(agency), {}, Marks(rows, tied, leading={RECORD: Leading(lead)}))


def row(number: int, agency: str, marking: str, to: tuple[str, ...] = (), by: int | None = None) -> MarkRow:
    return MarkRow(RECORD, number, Mark(WHOLE, Sharing(marking, frozenset(to))), agency, by or number)


@pytest.mark.parametrize("marking", ["restricted", "some marking of a later release", "", None, 7])
def test_what_cannot_be_understood_hides_as_much_as_the_strictest(marking: object) -> None:
    """A pointer to whoever leads and nothing to others, with neither kind nor event id."""
    marked = entry(body={"narrative": CANARY, "sharing": {"marking": marking}})
    assert eyes("csc").look(marked).sight is Sight.WITHHELD
    seen = eyes("hv").look(marked)
    assert seen.sight is Sight.NOTHING
    assert (seen.kind, seen.event_id, dict(seen.body)) == (None, None, {})
    assert CANARY not in repr(seen)


@pytest.mark.parametrize("sharing", [{}, {"marking": "shared"}, {"lawful_basis": "public task"}])
def test_what_is_shared_is_seen_whole_but_for_the_senders_event_id(sharing: dict[str, str]) -> None:
    """The involved see what is shared; the sender's own id is for the sender."""
    seen = eyes("hv").look(entry(body={"narrative": "all well", "sharing": sharing}))
    assert seen.sight is Sight.FULL
    assert seen.body["narrative"] == "all well"
    assert seen.event_id is None


def test_an_agency_sees_its_own_marked_entry() -> None:
    """A marking keeps nothing from who set it."""
    seen = eyes("police").look(entry(body={"narrative": "ours", "sharing": {"marking": "restricted"}}))
    assert seen.sight is Sight.FULL
    assert seen.event_id == CANARY


def test_erased_content_is_a_tombstone_for_its_author_too() -> None:
    """What was erased is gone for everybody, and its place stays."""
    erased = StoredEntry(RECORD, 3, datetime(2022, 3, 1, tzinfo=UTC), "police", "e", b"\1" * 32, None, None)
    for agency in ("police", "hv"):
        seen = eyes(agency).look(erased)
        assert (seen.sight, seen.number, dict(seen.body)) == (Sight.ERASED, 3, {})


def test_a_marking_inside_a_correction_counts() -> None:
    """A correction carries its observation, and with it the observation's marking."""
    assert held_back("correction", {"corrects": "x.1", "observation": {"sharing": {"marking": "pointer"}}}, "hv")
    assert not held_back("correction", {"corrects": "x.1", "observation": {"sharing": {"marking": "shared"}}}, "hv")


def test_markings_spread_along_corrections_in_both_directions() -> None:
    """Tightened by its second correction, an entry is held back for the past too; others of the record are not."""
    tied = chains([(RECORD, 1, 2), (RECORD, 2, 3), (RECORD, 7, 8)])
    assert {place[1] for place in tied[RECORD, 1]} == {1, 2, 3}
    looking = eyes("hv", row(3, "police", "pointer"), pairs=((1, 2), (2, 3), (7, 8)))
    sights = [looking.look(entry(number=number, body={"narrative": "x"})).sight for number in (1, 2, 3, 7)]
    assert sights == [Sight.WITHHELD, Sight.WITHHELD, Sight.WITHHELD, Sight.FULL]


@pytest.mark.parametrize(("agency", "sight"), [("gp", Sight.FULL), ("csc", Sight.WITHHELD), ("hv", Sight.NOTHING)])
def test_restricted_opens_to_the_named_and_points_the_lead_to_whom_to_ring(agency: str, sight: Sight) -> None:
    """Named: whole. Whoever leads: a pointer. Anybody else: nothing."""
    sharing = {"marking": "restricted", "to": ["gp"]}
    assert eyes(agency).look(entry(body={"narrative": "x", "sharing": sharing})).sight is sight


def test_a_past_view_takes_the_stricter_of_then_and_now() -> None:
    """Tightened by entry 5 it is hidden as of 3; loosened by entry 5 it is hidden as of 3 and seen as of 5."""
    tightened = eyes("hv", row(1, "police", "restricted", by=5))
    assert tightened.look(entry(), up_to=3).sight is Sight.NOTHING
    loosened = eyes("hv", row(1, "police", "restricted"), row(1, "police", "shared", by=5))
    assert loosened.look(entry(), up_to=3).sight is Sight.NOTHING
    assert loosened.look(entry(), up_to=5).sight is Sight.FULL
    assert loosened.look(entry()).sight is Sight.FULL


def test_what_corrections_hold_back_is_withheld_from_others_only() -> None:
    """An unmarked entry tied to a marked one is withheld from all but the agency whose marking it is."""
    unmarked = entry("hv", 1, {"narrative": CANARY})
    assert eyes("csc", row(2, "hv", "pointer"), pairs=((1, 2),)).look(unmarked).sight is Sight.WITHHELD
    assert eyes("hv", row(2, "hv", "pointer"), pairs=((1, 2),)).look(unmarked).sight is Sight.FULL


def test_a_withdrawal_counts_from_when_it_was_recorded() -> None:
    """As known before it was corrected, an entry stands; after, it is struck."""
    looking = Eyes(Reader("hv"), {(RECORD, 1): 5})
    assert looking.look(entry(), up_to=4).withdrawn_by is None
    assert looking.look(entry(), up_to=5).withdrawn_by == 5
    assert looking.look(entry()).withdrawn_by == 5
