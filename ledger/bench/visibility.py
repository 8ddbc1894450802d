"""What row-level security costs where many rows are read: the latest fifty of all that an agency may see.

The same query twice on one connection: as the role that serves, whose rows the policies choose, and as the superuser,
whom none hold back, with the same restriction written in its WHERE, in the form that was found to be the fastest. The
entries are copied in beside what the run has left, a hundred to a record, and recorded in turns over all the records.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from ledger.bench.bed import Bed
from ledger.bench.load import LoadError
from ledger.bench.peer import Driver
from ledger.store.party import ACT

ON_ONE = 100
LATEST = 50
#: Each side is asked so often, and the median of the rounds' ratios counts.
_ROUNDS = 9

# Keys of records are hashes, as they are random in use. The envelopes are shorter than real ones.
_ENTRIES = b"""
    INSERT INTO ledger.entries (record_id, number, recorded_at, is_copy, agency_id, event_id, envelope)
    SELECT md5('bench' || i %% %(records)s)::uuid, i / %(records)s + 1, clock_timestamp(), false,
        'bench-' || (i %% 50 + i / %(records)s) %% 50, 'bench-' || i, sha256(i::text::bytea)
    FROM generate_series(0, %(entries)s::int - 1) i"""
_MEMBER = b"""
    INSERT INTO ledger.involvements (record_id, agency_id, number)
    SELECT md5('bench' || i * (%(records)s / %(members)s))::uuid, %(agency)s, 1
    FROM generate_series(0, %(members)s::int - 1) i"""
_TIDY = b"VACUUM (ANALYZE) ledger.entries, ledger.involvements"
_SEEN = (
    "SELECT record_id, number, recorded_at, agency_id FROM ledger.entries {where} ORDER BY recorded_at DESC LIMIT %s"
)
_BY_POLICY = _SEEN.format(where="").encode()
_BY_WHERE = _SEEN.format(
    where="""WHERE agency_id = ledger.party() OR record_id = ANY (ARRAY(
        SELECT i.record_id FROM ledger.involvements i WHERE i.agency_id = ledger.party()
        AND (i.until IS NULL OR i.until > (SELECT ledger.clock_now()))
        AND (i.person_id IS NULL OR i.person_id::text = ledger.person())))"""
).encode()


@dataclass(frozen=True, slots=True)
class Seeing:
    """Seconds of each query with row-level security and without it, by how many records the agency is involved in."""

    entries: int
    held: dict[int, list[float]]
    bare: dict[int, list[float]]

    def ratio(self, members: int) -> float:
        """How many times as long it takes with row-level security."""
        return median(held / bare for held, bare in zip(self.held[members], self.bare[members], strict=True))

    def as_json(self) -> dict[str, Any]:
        return {
            "entries": self.entries,
            "held_ms": {str(members): [s * 1e3 for s in seconds] for members, seconds in self.held.items()},
            "bare_ms": {str(members): [s * 1e3 for s in seconds] for members, seconds in self.bare.items()},
        }


def measure(bed: Bed, entries: int, memberships: Sequence[int]) -> Seeing:
    """For an agency in each of these numbers of records, among so many entries. Raises LoadError if they differ."""
    seeing = Seeing(entries, {}, {})
    with bed.connect() as driver:
        records = entries // ON_ONE
        driver.execute(_ENTRIES, {"entries": entries, "records": records})
        for members in memberships:
            driver.execute(_MEMBER, {"records": records, "members": members, "agency": _agency(members)})
        driver.execute(_TIDY)
        for members in memberships:
            rounds = [_round(driver, _agency(members)) for _ in range(_ROUNDS)]
            seeing.held[members], seeing.bare[members] = [one for one, _ in rounds], [two for _, two in rounds]
    return seeing


def _agency(members: int) -> str:
    return f"bench-in-{members}"


def _round(driver: Driver, agency: str) -> tuple[float, float]:
    """Both sides once, in one transaction that acts for the agency."""
    with driver.transaction():
        driver.execute(ACT.encode(), (agency, ""))
        bare, without = _timed(driver, _BY_WHERE)
        driver.execute(b"SET LOCAL ROLE ledger_web")
        held, seen = _timed(driver, _BY_POLICY)
    if seen != without or not seen:
        raise LoadError("row-level security shows other rows than the same restriction in a WHERE")
    return held, bare


def _timed(driver: Driver, query: bytes) -> tuple[float, list[tuple[Any, ...]]]:
    """Asked twice, so that neither side pays for being the first; the second is timed."""
    driver.execute(query, (LATEST,)).fetchall()
    began = time.perf_counter()
    rows = driver.execute(query, (LATEST,)).fetchall()
    return time.perf_counter() - began, rows
