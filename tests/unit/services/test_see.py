import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from ledger.services.see import Eyes, Reader, Sight, is_marked, spread
from ledger.store.timeline import StoredEntry

RECORD = UUID(int=1)
CANARY = "QUETZALCOATLUS"


def entry(agency: str = "police", number: int = 1, body: dict[str, Any] | None = None) -> StoredEntry:
    sealed = json.dumps({"agency": agency, "kind": "observation", "event_id": CANARY, "body": body or {}}).encode()
    return StoredEntry(
        RECORD, number, datetime(2022, 3, 1, tzinfo=UTC), agency, CANARY, b"\1" * 32, "observation", sealed
    )


def eyes(agency: str, **held_back: frozenset[str]) -> Eyes:
    return Eyes(Reader(agency), {}, {(RECORD, int(number[1:])): who for number, who in held_back.items()})


@pytest.mark.parametrize("marking", ["restricted", "pointer", "some marking of a later release", "", None, 7])
def test_any_marking_but_shared_withholds_from_others(marking: object) -> None:
    """A marking that is not understood hides as much as the strictest one, and hides the kind and event id too."""
    seen = eyes("hv").look(entry(body={"narrative": CANARY, "sharing": {"marking": marking}}))
    assert seen.sight is Sight.WITHHELD
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
    assert is_marked({"corrects": "x.1", "observation": {"sharing": {"marking": "pointer"}}})
    assert not is_marked({"corrects": "x.1", "observation": {"sharing": {"marking": "shared"}}})


def test_markings_spread_along_corrections_in_both_directions() -> None:
    """Tightened by its second correction, an entry is held back for the past too; others of the record are not."""
    pairs = [(RECORD, 1, 2), (RECORD, 2, 3), (RECORD, 7, 8)]
    held = spread(pairs, {(RECORD, 3): "police"})
    assert held == {(RECORD, number): frozenset({"police"}) for number in (1, 2, 3)}


def test_what_corrections_hold_back_is_withheld_from_others_only() -> None:
    """An unmarked entry tied to a marked one is withheld from all but the agency whose marking it is."""
    unmarked = entry("hv", 1, {"narrative": CANARY})
    assert eyes("csc", n1=frozenset({"hv"})).look(unmarked).sight is Sight.WITHHELD
    assert eyes("hv", n1=frozenset({"hv"})).look(unmarked).sight is Sight.FULL


def test_a_withdrawal_counts_from_when_it_was_recorded() -> None:
    """As known before it was corrected, an entry stands; after, it is struck."""
    looking = Eyes(Reader("hv"), {(RECORD, 1): 5}, {})
    assert looking.look(entry(), up_to=4).withdrawn_by is None
    assert looking.look(entry(), up_to=5).withdrawn_by == 5
    assert looking.look(entry()).withdrawn_by == 5
