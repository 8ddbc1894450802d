"""Concerns that are to be answered: what closes one, what does not, and how deep an answer must go."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.body_assessing import CONCERN_KNOWN_BY
from ledger.domain.claim import claims_of_entry
from ledger.domain.concern_thread import Thread, goes_deep_enough, threads
from ledger.domain.facts import Facts
from ledger.domain.record_state import RecordState
from tests.shipped import shipped_pack

PACK = shipped_pack()
AT = datetime(2024, 6, 3, 9, tzinfo=UTC)


def told(*entries: tuple[str, str, dict[str, Any]]) -> list[Thread]:
    """The threads of a record of these entries: (kind, agency, body), each a day later; ``of`` is a number."""
    claims = []
    for number, (kind, agency, body) in enumerate(entries, 1):
        named = {**body, "of": f"{'a' * 26}.{body['of']}"} if "of" in body else body
        at = AT + number * timedelta(days=1)
        claims += claims_of_entry(kind, named, agency=agency, number=number, recorded_at=at)
    return threads(Facts(RecordState("r").under(PACK).adding(claims), PACK))


RAISED = ("concern", "school", {"what": "He flinches.", "topic": "harm"})


def answered(agency: str, answer: str, *how: str) -> tuple[str, str, dict[str, Any]]:
    """An answer to the first entry."""
    return "concern_answer", agency, {"of": 1, "answer": answer, "how": list(how), "reason": "-"}


@pytest.mark.parametrize(
    ("entries", "closed_by"),
    [
        ([RAISED], None),
        ([RAISED, RAISED], None),
        ([RAISED, answered("gp", "answered", "examined")], 2),
        ([RAISED, answered("gp", "answered", "seen", "told")], None),
        ([RAISED, answered("gp", "in_part", "examined"), answered("hv", "cannot_say")], None),
        ([RAISED, answered("gp", "withdrawn")], None),
        ([RAISED, answered("school", "withdrawn")], 2),
        ([RAISED, answered("gp", "answered", "told"), answered("gp", "answered", "examined")], 3),
        ([("concern", "school", {"what": "-"}), answered("gp", "answered", "told")], 2),
        ([("concern", "school", {"what": "-", "topic": "adult_risk"}), answered("gp", "answered", "examined")], None),
        ([("concern", "school", {"what": "-", "topic": "adult_risk"}), answered("gp", "answered", "owner_check")], 2),
    ],
)
def test_what_closes_a_concern(entries: list[tuple[str, str, dict[str, Any]]], closed_by: int | None) -> None:
    """An answer of the depth that its topic takes, or its own agency's word; no newer concern or thinner answer."""
    closed = told(*entries)[0].closed
    assert (None if closed is None else closed.number) == closed_by


@given(st.sampled_from(CONCERN_KNOWN_BY), st.sets(st.sampled_from(CONCERN_KNOWN_BY)))
def test_more_ways_of_knowing_answer_no_less(needed: str, how: set[str]) -> None:
    """What answers by itself answers beside others too, and knowing in no way answers nothing that needs one."""
    assert goes_deep_enough([needed], needed)
    assert goes_deep_enough(how | {needed}, needed)
    assert not goes_deep_enough([], needed)
