"""Kill any part at any moment: what was acknowledged is there once, in order, and detected once."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text

from ledger.domain.entry import Envelope, verify_chain
from ledger.store.database import connect_engine
from tests import sizes
from tests.faults.posting import Posting
from tests.running_stack import PARTS, RunningStack

_CHILDREN = 10


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_nothing_acknowledged_is_lost_or_doubled_when_parts_are_killed(
    production_stack: Callable[..., RunningStack],
) -> None:
    """Whichever part dies: acknowledged entries stand once, chains verify, each child's one alert is raised."""
    stack = production_stack()
    posting = Posting(stack)
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    with _killing(stack, sizes.kills(), seed) as killed:
        children = posting.children(_CHILDREN)
        rounds = 0
        while killed.is_alive() or rounds == 0:
            _post_a_round(posting, children, rounds)
            rounds += 1
    stack.wait_up(within_seconds=60)
    engine = connect_engine(stack.env["DATABASE_URL"], "ledger_worker", pool_size=1)
    try:
        with engine.connect() as connection:
            _wait_for_detection(connection)
            _check_entries(connection, posting)
            _check_chains(connection)
            _check_findings(connection, children)
    finally:
        engine.dispose()
    deaths = {part: stack.restarts(part) for part in PARTS}
    print(f"{sum(deaths.values())} restarts {deaths}; {len(posting.acknowledged)} acknowledged in "
          f"{posting.attempts} attempts, {rounds} rounds")  # fmt: skip
    assert sum(deaths.values()) >= sizes.kills() // 2, "the parts were not really killed"


@contextmanager
def _killing(stack: RunningStack, count: int, seed: int) -> Iterator[threading.Thread]:
    """Kill a random process of a random part at random moments, `count` times, on a thread of its own."""
    pick = random.Random(seed)

    def kill() -> None:
        done = 0
        bag: list[str] = []
        while done < count:
            # Every part has its turn, in an order that the seed gives.
            bag = bag or pick.sample(PARTS, len(PARTS))
            time.sleep(pick.uniform(0.1, 1.2))
            # A part that is down already is not killed again; the next one is.
            done += stack.kill(bag.pop(), index=pick.randrange(3)) is not None

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    yield thread
    thread.join()


def _post_a_round(posting: Posting, children: list[str], turn: int) -> None:
    """Each child gets an observation from each agency, by several posters at once."""

    def post(places: range) -> None:
        for place in places:
            if turn == 0:
                posting.contradict(place, children[place])
            else:
                weight = {"about": "child", "attribute": "presence", "value": "present", "basis": "seen"}
                claim = {**weight, "about": "mother"}
                posting.observe("hv", f"seen{place}.{turn}", children[place], [claim])

    posters = [
        threading.Thread(target=post, args=(range(start, len(children), sizes.posters()),))
        for start in range(sizes.posters())
    ]
    for poster in posters:
        poster.start()
    for poster in posters:
        poster.join()


def _wait_for_detection(connection: Connection) -> None:
    deadline = time.monotonic() + 60
    while True:
        left = connection.scalar(text("SELECT count(*) FROM ledger.heads WHERE due_seq > detected_seq"))
        connection.rollback()
        if not left:
            return
        assert time.monotonic() < deadline, f"{left} records were not detected within a minute"
        time.sleep(0.1)


def _check_entries(connection: Connection, posting: Posting) -> None:
    rows = connection.execute(
        text(
            "SELECT agency_id, event_id, count(*) AS times, min(number) AS number FROM ledger.entries "
            "WHERE agency_id <> 'ledger' GROUP BY agency_id, event_id"
        )
    ).all()
    stored = {(row.agency_id, row.event_id): (row.times, row.number) for row in rows}
    acknowledged = {event: (1, told["number"]) for event, told in posting.acknowledged.items()}
    assert stored == acknowledged


def _check_chains(connection: Connection) -> None:
    heads = connection.execute(text("SELECT record_id, head_seq, head_hash FROM ledger.heads")).all()
    for head in heads:
        envelopes = connection.scalars(
            text("SELECT envelope FROM ledger.entries WHERE record_id = :record ORDER BY number"),
            {"record": head.record_id},
        ).all()
        assert len(envelopes) == head.head_seq
        assert verify_chain((e, Envelope.from_members(json.loads(e))) for e in envelopes) == head.head_hash


def _check_findings(connection: Connection, children: list[str]) -> None:
    rows = connection.execute(
        text(
            "SELECT c.record_id, c.kind, c.content FROM ledger.contents c WHERE c.agency_id = 'ledger' "
            "AND c.kind IN ('finding_raised', 'alert_raised')"
        )
    ).all()
    said = [(str(row.record_id), row.kind, json.loads(row.content)["body"]) for row in rows]
    assert set(Counter((kind, body["finding"]) for _, kind, body in said).values()) == {1}
    # Beside it stands what only needs asking; that alerts nobody.
    contradicted = [(child, body["finding"]) for child, _, body in said if body.get("kind") == "same_informant"]
    assert Counter(child for child, _ in contradicted) == Counter(children)
    alerts = [(child, body["finding"]) for child, kind, body in said if kind == "alert_raised"]
    assert sorted(alerts) == sorted(contradicted)
    alerted = connection.scalars(text("SELECT record_id::text FROM ledger.alerts")).all()
    assert sorted(alerted) == sorted(children)
