"""What links change in what was said before: the questions, the sources, and whom a value names."""

from typing import Any

from ledger.domain.fold import run
from ledger.domain.record_state import RecordState
from tests.partnership import default_pack
from tests.saying import links, says, steps

CARER = {"about": "child", "attribute": "main_carer"}


def _open(*entries: dict[str, Any]) -> list[str]:
    """The kinds that are open in the end on who cares for the child."""
    state = RecordState("r")
    for _, after, _ in run(state, steps(*entries), default_pack()):
        state = after
    return [one.kind for one in state.findings.values() if one.question.attribute == "main_carer"]


def test_a_link_of_those_whom_values_name_settles_their_question() -> None:
    """Two agencies name a carer each by a reference of its own; once they are linked nothing is in conflict."""
    said = [
        says("hv", "gran", "2022-03-04", "2022-03-01/..", **CARER),
        says("csc", "nan", "2022-03-07", "2022-03-02/..", **CARER),
    ]
    assert _open(*said) == ["contradiction"]
    assert _open(*said, links("hv/gran", "csc/nan")) == []
