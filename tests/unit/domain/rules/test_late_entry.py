"""Which entries are late, and which are history or corrections."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.saying import corrects
from tests.unit.domain.rules.passing import claim, found, said, sides

BRUISE = claim("injury", "bruise", thing="case/bruise")


def late(entry: dict[str, Any], recorded: datetime) -> list[Any]:
    return [(one.rule, sides(one)) for one in found(entry, at=[recorded])]


@pytest.mark.parametrize(
    ("recorded", "is_late"),
    [
        (datetime(2022, 3, 3, 23, 59, tzinfo=UTC), False),
        (datetime(2022, 3, 4, 12, tzinfo=UTC), True),
        (datetime(2022, 3, 20, tzinfo=UTC), True),
        (datetime(2022, 4, 20, tzinfo=UTC), False),
    ],
)
def test_late_is_after_two_working_days_and_within_four_weeks(recorded: datetime, is_late: bool) -> None:
    """Seen on a Tuesday, by the end of Thursday it is in time; after four weeks it is history."""
    assert late(said("nursery", 0, BRUISE), recorded) == ([("entered_late", [[1]])] if is_late else [])


@pytest.mark.parametrize(
    "other",
    [
        claim("injury", "none", thing="case/bruise"),
        claim("injury", "bruise", thing="case/bruise", basis="own_record"),
        claim("injury", "bruise", thing="case/bruise", basis="agency", **{"from": "school"}),
        claim("injury", "bruise", thing="case/b", basis="told", informant={"agency": "gp", "role": "nurse"}),
        claim("injury", "bruise", thing="case/bruise", statement="plan"),
        claim("presentation", "unkempt"),
    ],
)
def test_only_what_was_seen_or_told_first_hand_and_is_a_concern(other: dict[str, Any]) -> None:
    """No reassurance, nothing out of a file, from another agency or one of its people, and no other matter."""
    assert late(said("nursery", 0, other), datetime(2022, 3, 15, tzinfo=UTC)) == []


def test_a_correction_is_no_late_entry() -> None:
    """What was entered in time and is put right later was not late."""
    first = said("nursery", 0, BRUISE)
    assert (
        found(first, corrects(1, first), at=[datetime(2022, 3, 2, tzinfo=UTC), datetime(2022, 3, 15, tzinfo=UTC)]) == []
    )


def test_what_was_seen_before_the_childs_record_began_is_history() -> None:
    """An agency that registers a child brings what it has; what came after the record began is late."""
    born = {"agency": "nursery", "kind": "child", "body": {"born": "2019-01-01"}}
    later = datetime(2022, 3, 15, tzinfo=UTC)
    assert found(born, said("nursery", 0, BRUISE), at=[datetime(2022, 3, 10, tzinfo=UTC), later]) == []
    assert len(found(born, said("nursery", 0, BRUISE), at=[datetime(2022, 2, 1, tzinfo=UTC), later])) == 1
