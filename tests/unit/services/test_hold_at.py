from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from ledger.services.hold_at import claims_held, was_observed_at
from ledger.services.see import Seen, Sight


def seen(valid: str | None, observed: str = "2022-10-05") -> Seen:
    claim: dict[str, Any] = {"about": "father", "attribute": "presence", "value": "visits", "basis": "seen"}
    body: dict[str, Any] = {
        "observed": observed,
        "statement": "fact",
        "claims": [claim | ({"valid": valid} if valid else {})],
    }
    at = datetime(2022, 10, 5, 12, tzinfo=UTC)
    return Seen(UUID(int=1), 1, at, "hv", b"", Sight.FULL, "observation", None, body)


@pytest.mark.parametrize(
    ("valid", "day", "holds"),
    [
        (None, "2022-10-05", "certainly"),
        (None, "2022-10-06", None),
        ("2022-10-05", "2022-10-05", "certainly"),
        ("2022-10", "2022-10-05", "possibly"),  # at some time in October
        ("2022-03-10/..", "2022-03-09", None),
        ("2022-03-10/..", "2022-06-01", "certainly"),
        ("2022-03-10/..", "2022-12-01", "possibly"),  # carried beyond what was observed
        ("2022-03-10/", "2022-12-01", None),  # its end not known: not carried
        ("2022-03/2022-05", "2022-03-15", "possibly"),  # begun by then, perhaps
        ("2022-03/2022-05", "2022-04-15", "certainly"),
        ("2022-03/2022-05", "2022-06-01", None),
        ("2022-11-01/2022-11-30", "2022-11-15", "possibly"),  # nobody observes the future
    ],
)
def test_claims_hold_in_every_or_some_reading(valid: str | None, day: str, holds: str | None) -> None:
    """`certainly` needs every reading of the dates and an observer who could know."""
    moment = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    assert claims_held(seen(valid), moment) == ([{"index": 0, "holds": holds}] if holds else [])


def test_a_narrative_alone_is_about_the_day_observed() -> None:
    """Without claims an entry speaks of the day on which it was observed, in London."""
    entry = Seen(
        UUID(int=1), 1, datetime(2022, 7, 1, tzinfo=UTC), "hv", b"", Sight.FULL, "observation", None,
        {"observed": "2022-07-01", "statement": "fact", "narrative": "seen"},
    )  # fmt: skip
    assert was_observed_at(entry, datetime(2022, 6, 30, 23, 30, tzinfo=UTC))
    assert not was_observed_at(entry, datetime(2022, 7, 1, 23, 30, tzinfo=UTC))
