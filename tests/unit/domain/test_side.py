"""What a conflict is called."""

from typing import Any

import pytest

from ledger.domain.finding import Finding
from ledger.domain.fold import run
from ledger.domain.record_state import RecordState
from ledger.domain.weight import weigh
from tests.saying import presence_pack, says, steps

PACK = presence_pack()
FROM_HV: dict[str, Any] = {"basis": "agency", "from": "hv"}
NURSE: dict[str, Any] = {"basis": "told", "informant": {"agency": "hv", "role": "nurse"}}


def kinds(*entries: dict[str, Any]) -> list[str]:
    state = RecordState("r")
    for _, after, _ in run(state, steps(*entries), PACK):
        state = after
    return [finding.kind for finding in state.findings.values()]


@pytest.mark.parametrize("passed_on", [FROM_HV, NURSE])
def test_what_one_agency_says_that_another_said_against_its_own_word_is_passing_on(passed_on: dict[str, Any]) -> None:
    """Whether the agency or one of its people is named as the source, and whichever came first."""
    own, heard = says("hv", "lives_here", "2022-03-10"), says("csc", "absent", "2022-03-10", **passed_on)
    assert kinds(own, heard) == kinds(heard, own) == ["passing_on"]


def test_what_the_agency_was_told_counts_as_what_it_has() -> None:
    """It holds that he lives there, on whosever word; it is passed on as the opposite."""
    own = says("hv", "lives_here", "2022-03-10", told="mother")
    assert kinds(own, says("csc", "absent", "2022-03-10", **FROM_HV)) == ["passing_on"]


def test_another_agencys_own_word_is_a_contradiction() -> None:
    """Against whom the word does not come from, it is what one says against what another says."""
    police = says("police", "lives_here", "2022-03-10")
    assert kinds(police, says("csc", "absent", "2022-03-10", **FROM_HV)) == ["contradiction"]


def test_a_known_first_speaker_is_the_source() -> None:
    """What another agency heard from a person is that person's word: two accounts of one."""
    own = says("hv", "lives_here", "2022-03-10", told="mother")
    assert kinds(own, says("csc", "absent", "2022-03-10", informant="mother", **FROM_HV)) == ["same_informant"]


def shown(*entries: dict[str, Any], **changes: Any) -> Finding:
    """The one finding that is open in the end, gaps aside."""
    state = RecordState("r")
    for _, after, _ in run(state, steps(*entries), presence_pack(**changes)):
        state = after
    (finding,) = (one for one in state.findings.values() if one.kind != "gap")
    return finding


@pytest.mark.parametrize("differs", ["excludes", "strains"])
def test_a_sight_is_shown_before_one_persons_two_accounts(differs: str) -> None:
    """What somebody saw against what was told is not hidden by what that person told twice; it weighs no less."""
    twice = [
        says("mid", "no_contact", "2022-03-08", "2022-03-01/..", told="mother"),
        says("hv", "visits", "2022-03-14", "2022-03-10/..", told="mother"),
    ]
    sight = says("police", "lives_here", "2022-03-20")
    changes = {"differs": differs, "critical": "no"}
    before, after = shown(*twice, **changes), shown(*twice, sight, **changes)
    assert (before.kind, after.kind, after.basis.is_told_twice) == ("same_informant", "contradiction", True)
    assert [[ref.number for ref in side] for side in after.sides] == [[2], [3]]
    assert [ref.number for ref in after.evidence] == [1]
    pack = presence_pack(**changes)
    assert len({weigh(one.basis, "presence", one.rule, pack).severity for one in (before, after)}) == 1


def test_a_third_state_is_a_third_side() -> None:
    """Three sources that claim three states for one time stand on three sides, each against the two others."""
    said = [
        says("csc", "absent", "2022-03-10", "2022-03-01/..", told="mother"),
        says("hv", "lives_here", "2022-03-12", "2022-03-01/..", told="father"),
        says("police", "visits", "2022-03-14", "2022-03-01/.."),
    ]
    finding = shown(*said)
    assert finding.kind == "contradiction"
    assert sorted(sorted(ref.number for ref in side) for side in finding.sides) == [[1], [2], [3]]


def test_one_source_makes_no_third_side() -> None:
    """A third state told by somebody who stands on another side already is evidence: they told two things."""
    said = [
        says("csc", "absent", "2022-03-10", "2022-03-01/..", told="mother"),
        says("hv", "visits", "2022-03-12", "2022-03-01/..", told="mother"),
        says("police", "lives_here", "2022-03-14", "2022-03-01/.."),
    ]
    finding = shown(*said)
    assert len(finding.sides) == 2
    assert {ref.number for refs in (*finding.sides, finding.evidence) for ref in refs} == {1, 2, 3}
