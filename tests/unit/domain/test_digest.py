"""When the digest of a day is made."""

from datetime import UTC, date, datetime, time

import pytest

from ledger.domain.calendar import Nation
from ledger.domain.digest import digest_day
from ledger.domain.hours import Hours


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("nation", "moment", "day"),
    [
        # A Monday in winter: eight on the wall is eight in UTC, and an hour earlier it is in summer.
        ("england", "2026-03-02 07:59:59", None),
        ("england", "2026-03-02 08:00:00", date(2026, 3, 2)),
        ("england", "2026-03-30 06:59:59", None),
        ("england", "2026-03-30 07:00:00", date(2026, 3, 30)),
        ("england", "2026-10-26 07:59:59", None),
        ("england", "2026-10-26 08:00:00", date(2026, 10, 26)),
        # Late, when a worker was down; and not in the evening.
        ("england", "2026-03-02 16:59:59", date(2026, 3, 2)),
        ("england", "2026-03-02 17:00:00", None),
        # No day's work: a weekend, and holidays, each in its nation.
        ("england", "2026-03-01 09:00:00", None),
        ("england", "2026-04-06 09:00:00", None),
        ("scotland", "2026-04-06 09:00:00", date(2026, 4, 6)),
        ("northern_ireland", "2026-03-17 09:00:00", None),
        ("wales", "2026-03-17 09:00:00", date(2026, 3, 17)),
        ("scotland", "2026-11-30 09:00:00", None),
    ],
)
def test_it_is_due_once_a_working_day_at_its_time_on_the_wall(nation: Nation, moment: str, day: date | None) -> None:
    """In each nation, over weekends, holidays and both changes of the clocks."""
    assert digest_day(at(moment), time(8), Hours(nation)) == day


def test_a_time_after_hours_is_due_for_an_hour() -> None:
    """Where a pack wants it in the evening it leaves in the evening."""
    assert digest_day(at("2026-03-02 18:30:00"), time(18), Hours("england")) == date(2026, 3, 2)
    assert digest_day(at("2026-03-02 19:00:00"), time(18), Hours("england")) is None
