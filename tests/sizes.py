"""How large the heavy tests are: every number that grows, in one place.

`LEDGER_TEST_SIZE` is `small` (the default: minutes on two cores) or `full` (what is claimed in public). No test
reads the variable itself, and a test is the same at either size but for its number.
"""

import os

SMALL, FULL = "small", "full"


def is_full() -> bool:
    """Whether the whole size is asked for; any other word than the two is refused."""
    size = os.environ.get("LEDGER_TEST_SIZE", SMALL)
    if size not in {SMALL, FULL}:
        raise ValueError("LEDGER_TEST_SIZE is small or full")
    return size == FULL


def _size(small: int, full: int) -> int:
    return full if is_full() else small


def kills() -> int:
    """Processes killed in the fault test, at random moments while observations are posted; each part once at least."""
    return _size(7, 50)


def seal_kills() -> int:
    """Sealers and database servers killed, at random moments, while entries are posted and sealed."""
    return _size(4, 150)


def examples() -> int:
    """Examples that Hypothesis makes for a property of pure functions."""
    return _size(25, 2_000)


def generated_records() -> int:
    """Records that the generator makes, with some six stories each."""
    return _size(20, 3_000)


def database_examples() -> int:
    """Examples for a property that goes to a real database each time."""
    return _size(6, 200)


def interleaved() -> int:
    """Requests of several people that take turns on one pooled connection, each ending in some way or other."""
    return _size(120, 10_000)


def histories() -> int:
    """Random histories, each of which is played several times on a real database and detected all along."""
    return _size(2, 200)


def marked_histories() -> int:
    """Random histories with random markings, of which every address is asked as every sort of reader."""
    return _size(1, 60)


def points_asked() -> int:
    """Points of the past at which each sort of reader asks for a marked record."""
    return _size(1, 2)


def worker_kills() -> int:
    """Workers killed in the middle of detection, one after another, over as many records as make that likely."""
    return _size(2, 20)


def role_examples() -> int:
    """Requests that Schemathesis makes for each operation of the API, each sent as everybody who may call."""
    return _size(1, 80)


def posters() -> int:
    """Clients that post at the same time in a race test."""
    return _size(4, 16)


def posts() -> int:
    """Observations that each of those clients posts."""
    return _size(25, 250)


def batches() -> int:
    """Batches sent at the same time over overlapping records."""
    return _size(8, 240)


def bitemporal_histories() -> int:
    """Random histories of which every cell of (known, valid) is set against a brute-force oracle, in memory."""
    return _size(10, 1_000)


def bitemporal_records() -> int:
    """The same posted to a database, and read back through the interface."""
    return _size(1, 25)


def tamperings() -> int:
    """Exports tampered with in some way, each checked with what an auditor might have brought."""
    return _size(63, 10_000)


def honest_logs() -> int:
    """Honest ledgers, each exported and checked: none may be suspected."""
    return _size(20, 10_000)


def witness_kills() -> int:
    """How often a witness is killed while a log and a fork of it press on."""
    return _size(2, 60)


def flips() -> int:
    """Bits flipped in each file of an export."""
    return _size(3, 300)


def hostile_changes() -> int:
    """Changes made to a real database by its superuser, each held against exports, the self-audit and the sealer."""
    return _size(18, 324)


def alert_histories() -> int:
    """Random turns of people, time and keepers over one alert, each on a database of its own."""
    return _size(1, 200)


def long_record() -> int:
    """Entries of the long record of which every page is set against that of a short one."""
    return _size(600, 2_000)
