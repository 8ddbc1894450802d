"""What a conflict is called."""

from typing import Any

import pytest

from ledger.domain.fold import run
from ledger.domain.record_state import RecordState
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
