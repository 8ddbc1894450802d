"""Kill any part at any moment: what was acknowledged is there once, in order, and detected once."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
import redis
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from config.settings import client_url
from ledger.domain.entry import Envelope, verify_chain
from ledger.store.database import SYSTEM, connect_engine
from ledger.store.party import act_for
from tests import sizes
from tests.faults.outside import begin_hours, let_leases_go, outside
from tests.faults.posting import Posting
from tests.running_stack import PARTS, RunningStack

#: Children that are new in each round; and of the others one in so many is seen again.
_CHILDREN, _SEEN_AGAIN = 5, 4
_CALM_S = 3.0


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_nothing_acknowledged_is_lost_or_doubled_when_parts_are_killed(
    production_stack: Callable[..., RunningStack],
) -> None:
    """Whichever part dies, and Redis emptied on the way: acknowledged entries stand once, chains verify, each child's
    one alert is raised; it is in its recipients' feeds once, and leaves by mail and webhook at least once, by one name.
    """
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    with outside() as reached:
        stack = production_stack(env=reached.env)
        posting = Posting(stack)
        reached.connect(stack, posting)
        engine = connect_engine(stack.env["DATABASE_URL"], "ledger_worker", pool_size=2)
        with _killing(stack, sizes.kills(), seed) as killed:
            children: list[str] = []
            rounds = 0
            while killed.is_alive() or rounds == 0:
                # In each round there are children of whom there is something to tell.
                children += posting.children(_CHILDREN, len(children))
                _post_a_round(posting, children, rounds)
                with suppress(DBAPIError):
                    begin_hours(engine)
                rounds += 1
        stack.wait_up(within_seconds=60)
        engine.dispose()
        try:
            with engine.connect() as connection:
                _wait_for_detection(connection)
            let_leases_go(engine)
            reached.wait_until_told(engine)
            with engine.connect() as connection:
                act_for(connection, SYSTEM)
                _check_entries(connection, posting)
                _check_chains(connection)
                _check_findings(connection, children)
                print(reached.check(connection))
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
            if not bag:
                # Every part has its turn, in an order that the seed gives. Between the turns all of them work for a
                # while, so that what is killed next has something under way.
                stack.wait_up(within_seconds=120)
                time.sleep(_CALM_S if done else 0.0)
                bag = pick.sample(PARTS, len(PARTS))
            time.sleep(pick.uniform(0.1, 1.2))
            # A part that is down already is not killed again; the next one is.
            done += stack.kill(bag.pop(), index=pick.randrange(3)) is not None
            if done % 3 == 0:
                with suppress(redis.RedisError):
                    redis.Redis.from_url(client_url(stack.env["REDIS_URL"])).flushall()

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    yield thread
    thread.join()


def _post_a_round(posting: Posting, children: list[str], turn: int) -> None:
    """Each new child gets a contradiction and some of the others an observation, by several posters at once."""

    def post(places: range) -> None:
        for place in places:
            if place >= len(children) - _CHILDREN:
                posting.contradict(place, children[place])
            elif place % _SEEN_AGAIN == turn % _SEEN_AGAIN:
                claim = {"about": "mother", "attribute": "presence", "value": "present", "basis": "seen"}
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
            "SELECT agency_id, event_id, count(*) AS times, min(number) AS number FROM ledger.entries e "
            "JOIN ledger.heads h USING (record_id) WHERE h.kind = 'child' AND agency_id <> 'ledger' "
            "GROUP BY agency_id, event_id"
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
