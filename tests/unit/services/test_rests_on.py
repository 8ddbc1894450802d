"""What a disagreement about a finding rests on: all that the finding ever rested on, for all but its parties."""

from uuid import UUID

from ledger.domain.marking import RESTRICTED, Level
from ledger.services.marked_for import Reads
from ledger.services.marks import Marks
from ledger.services.rests_on import resting_of

RECORD = UUID(int=1)
OPENED = (RECORD, 9)


def row(sides: list[list[list[int]]] | None, evidence: list[list[int]] | None) -> tuple[object, ...]:
    return (*OPENED, "hv", ["csc"], sides, evidence)


def test_all_that_the_finding_ever_rested_on_bears_on_it() -> None:
    """Sides and evidence, as they stand and as they stood before."""
    found, lost = resting_of([row([[[2, 0]], [[3, 0]]], [[4, 1]]), row([[[5, 0]]], [])])
    assert found[OPENED].numbers == {2, 3, 4, 5}
    assert lost == []
    assert set(found[OPENED].bearing(Reads("police"))) == {(RECORD, number) for number in (2, 3, 4, 5)}


def test_its_parties_read_it_but_not_for_those_whom_the_answer_could_reach() -> None:
    """What they say to each other is theirs; what is disclosed to people bears all markings."""
    found, _ = resting_of([row([[[2, 0]]], [])])
    assert [found[OPENED].bearing(Reads(agency)) for agency in ("hv", "csc")] == [[], []]
    assert found[OPENED].bearing(Reads("hv", audience=frozenset({"father"}))) == [(RECORD, 2)]


def test_where_nobody_can_tell_what_it_rests_on_it_is_held_back() -> None:
    """From everybody but its parties, as what is restricted to nobody is."""
    found, lost = resting_of([row(None, None)])
    assert [one.mark.sharing.marking for one in lost] == [RESTRICTED]
    marks = Marks(lost, (), resting=found)
    levels = {
        agency: marks.of_entry(OPENED, Reads(agency), body=None, up_to=None) for agency in ("hv", "csc", "police")
    }
    assert levels == {"hv": Level.FULL, "csc": Level.FULL, "police": Level.NOTHING}
