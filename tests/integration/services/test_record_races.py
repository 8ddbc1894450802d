import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import text

from ledger.domain.entry import Envelope, verify_chain
from ledger.services.authenticate import read_bearer
from ledger.services.observe import submission_of
from ledger.services.record import record
from ledger.services.refusal import EVENT_ID_REUSED, Refusal
from ledger.services.submission import Outcome, Recorded
from ledger.store.append import ContendedError, Credential
from tests.partnership import Partnership, observation
from tests.sizes import batches, posts

WRITERS = 16
COPIES = 50


@pytest.fixture
def partnership(database_url: str) -> Iterator[Partnership]:
    """One whose pool has a connection for every writer."""
    made = Partnership(database_url, web_pool=WRITERS)
    yield made
    made.close()


def credential_of(partnership: Partnership, agency: str) -> Credential:
    return read_bearer(f"Bearer {partnership.keys[agency]}")


def record_as(partnership: Partnership, agency: str, bodies: list[dict[str, object]]) -> list[Outcome]:
    """Record bodies as one batch, as often as it takes while the records are contended."""
    who = credential_of(partnership, agency)
    submissions = [submission_of(body, who) for body in bodies]
    while True:
        try:
            return record(partnership.context, who, submissions, "observe")
        except ContendedError:
            continue


def check_chains(partnership: Partnership, children: list[str]) -> int:
    """Every record's numbers are contiguous and its chain ends at its head; returns how many entries there are."""
    entries = 0
    for child in children:
        envelopes = partnership.envelopes(child)
        last = verify_chain((stored, Envelope.from_members(json.loads(stored))) for stored in envelopes)
        with partnership.acting("ledger_worker") as connection:
            head = connection.execute(
                text("SELECT head_seq, head_hash, due_seq FROM ledger.heads WHERE record_id = :r"), {"r": child}
            ).one()
        assert head == (len(envelopes), last, len(envelopes))
        entries += len(envelopes)
    return entries


def at_once(turns: int, act: Callable[[int], list[Outcome]]) -> list[list[Outcome]]:
    """What each of many threads got that acted at the same time."""
    with ThreadPoolExecutor(WRITERS) as threads:
        return list(threads.map(act, range(turns)))


def deadlocks(partnership: Partnership) -> int:
    partnership.context.engine.dispose()  # a session's numbers are counted for sure once it has ended
    with partnership.acting("ledger_worker") as connection:
        query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return connection.scalar(query) or 0


def test_writers_of_few_records_leave_whole_chains(partnership: Partnership) -> None:
    """Sixteen writers of four records, singly and in batches in any order: every chain is whole, nothing is lost."""
    children = [partnership.child() for _ in range(4)]
    rounds = max(1, posts() // 5)

    def write(writer: int) -> list[Outcome]:
        chance, outcomes = random.Random(writer), []
        agency = ("hv", "csc", "gp", "police")[writer % 4]
        for turn in range(rounds):
            size = 1 if turn % 2 else chance.randint(2, 12)
            bodies = [observation(f"{writer}-{turn}-{n}", chance.choice(children)) for n in range(size)]
            outcomes += record_as(partnership, agency, bodies)
        return outcomes

    outcomes = [outcome for each in at_once(WRITERS, write) for outcome in each]
    assert all(isinstance(outcome, Recorded) and outcome.is_new for outcome in outcomes)
    assert len({outcome.entry.entry_id for outcome in outcomes if isinstance(outcome, Recorded)}) == len(outcomes)
    assert check_chains(partnership, children) == len(outcomes) + len(children)
    assert deadlocks(partnership) == 0


def test_batches_that_overlap_do_not_deadlock(partnership: Partnership) -> None:
    """Batches over the same records in opposite orders wait for each other and never deadlock."""
    children = [partnership.child() for _ in range(8)]

    def write(turn: int) -> list[Outcome]:
        order = children if turn % 2 else children[::-1]
        return record_as(partnership, "hv", [observation(f"{turn}-{n}", child) for n, child in enumerate(order)])

    outcomes = at_once(batches(), write)
    assert all(isinstance(outcome, Recorded) for each in outcomes for outcome in each)
    assert check_chains(partnership, children) == len(children) * (batches() + 1)
    assert deadlocks(partnership) == 0


def test_parallel_copies_of_one_event_are_one_entry(partnership: Partnership) -> None:
    """Fifty copies sent at once store one entry, exactly one of them as new, and all get the same answer."""
    child = partnership.child()
    outcomes = at_once(COPIES, lambda _turn: record_as(partnership, "hv", [observation("once", child)]))
    answers = [outcome for each in outcomes for outcome in each if isinstance(outcome, Recorded)]
    assert len(answers) == COPIES
    assert sum(answer.is_new for answer in answers) == 1
    assert len({(a.entry.entry_id, a.entry.recorded_at, a.entry.hash) for a in answers}) == 1
    assert check_chains(partnership, [child]) == 2


def test_parallel_bodies_under_one_event_are_one_entry(partnership: Partnership) -> None:
    """Different bodies about different children under one event id: one is stored, every other is refused."""
    children = [partnership.child() for _ in range(4)]
    outcomes = at_once(
        COPIES,
        lambda turn: record_as(partnership, "hv", [observation("once", children[turn % 4], narrative=str(turn))]),
    )
    flat = Counter(outcome.code if isinstance(outcome, Refusal) else "stored" for each in outcomes for outcome in each)
    assert flat == {"stored": 1, EVENT_ID_REUSED.code: COPIES - 1}
    assert check_chains(partnership, children) == 5


def test_batches_of_the_same_events_store_each_once(partnership: Partnership) -> None:
    """Senders that retry overlapping parts of one backlog at once, over several records, all get every answer."""
    children = [partnership.child() for _ in range(3)]
    backlog = [observation(f"b{n}", children[n % 3]) for n in range(60)]

    def write(turn: int) -> list[Outcome]:
        return record_as(partnership, "hv", random.Random(turn).sample(backlog, 20))

    outcomes = [outcome for each in at_once(WRITERS * 4, write) for outcome in each]
    assert all(isinstance(outcome, Recorded) for outcome in outcomes)
    entries = {outcome.entry.entry_id for outcome in outcomes if isinstance(outcome, Recorded)}
    assert check_chains(partnership, children) == len(entries) + len(children)
    assert sum(isinstance(outcome, Recorded) and outcome.is_new for outcome in outcomes) == len(entries)


def test_siblings_are_locked_in_order(partnership: Partnership) -> None:
    """Observations whose `also` names the same siblings the other way round do not deadlock, and share their events."""
    one, other = partnership.child(), partnership.child()

    def write(turn: int) -> list[Outcome]:
        first, second = (one, other) if turn % 2 else (other, one)
        return record_as(partnership, "hv", [observation(f"e{turn}", first, also=[{"id": second}])])

    for outcome in (outcome for each in at_once(batches(), write) for outcome in each):
        assert isinstance(outcome, Recorded)
        assert {outcome.entry.record_id, outcome.copies[0].record_id} == {UUID(one), UUID(other)}
    assert check_chains(partnership, [one, other]) == 2 * (batches() + 1)
    assert deadlocks(partnership) == 0
