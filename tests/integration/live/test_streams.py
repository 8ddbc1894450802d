"""What a stream tells, and that nothing is missed or told twice, however often it breaks."""

import threading
from uuid import UUID

from sqlalchemy import event

from ledger.domain.feed import of_agency, of_desk, of_person
from ledger.store.append import Caller
from ledger.store.database import SYSTEM, driver_of
from ledger.store.party import ACT
from ledger.store.telling import put_items
from ledger.store.trip import ask
from tests.integration.live.serving import Served
from tests.partnership import Partnership
from tests.streaming import StreamClient, alert, put


def test_an_item_comes_at_once_and_says_names_alone(partnership: Partnership, live: Served, lead: Caller) -> None:
    """What is put into a person's feed reaches their open stream: an id, a type, a tier and what it is about."""
    party = of_person(_id(lead))
    with StreamClient(live.port, session=partnership.session(lead)) as stream:
        assert stream.read().name == "ready"
        put(partnership, party, "hv", ["one"])
        told = stream.read()
        assert told.item == {"id": "one", "type": "alert.raised", "tier": "queue", "subject": "alert-of-one"}
        put(partnership, of_agency("hv"), "hv", ["for-systems"])
        put(partnership, of_desk("csc"), "csc", ["for-others"])
        put(partnership, of_desk("hv"), "hv", ["desk"])
        assert stream.items(1) == ["desk"]
    assert stream.retry_ms == 1234
    assert stream.answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert stream.answer.headers["Cache-Control"] == "no-store"


def test_a_reader_goes_on_where_it_was_in_every_feed(partnership: Partnership, live: Served, lead: Caller) -> None:
    """After a break each event's id gives the rest of all feeds: none missed, none twice, wherever it broke."""
    person, desk = of_person(_id(lead)), of_desk("hv")
    session = partnership.session(lead)
    with StreamClient(live.port, session=session) as stream:
        ids = [stream.read().last_id]
        for number in range(3):
            put(partnership, person, "hv", [f"p{number}"])
            put(partnership, desk, "hv", [f"d{number}"])
        events = [stream.read() for _ in range(6)]
    told = [one.item["id"] for one in events]
    assert sorted(told) == sorted(["p0", "p1", "p2", "d0", "d1", "d2"])
    ids += [one.last_id for one in events]
    put(partnership, desk, "hv", ["later"])
    for place, last_id in enumerate(ids):
        with StreamClient(live.port, session=session, last_id=last_id) as again:
            assert again.read().name == "ready"
            assert sorted(again.items(7 - place)) == sorted([*told[place:], "later"])
    with StreamClient(live.port, session=session, query=f"?last_event_id={ids[6]}") as by_address:
        assert by_address.items(1) == ["later"]
    with StreamClient(live.port, session=session, last_id=ids[6], query=f"?last_event_id={ids[0]}") as both:
        assert both.items(1) == ["later"], "a browser that comes back knows better than the page did"


def test_a_transaction_that_commits_late_is_not_passed_over(
    partnership: Partnership, live: Served, lead: Caller
) -> None:
    """Two fan-outs at once: whatever order they commit in, a reader who breaks off between them gets each item once."""
    person, desk = of_person(_id(lead)), of_desk("hv")
    session = partnership.session(lead)
    with StreamClient(live.port, session=session) as stream, driver_of(partnership.engine("ledger_worker")) as slow:
        stream.read()
        ask(slow, ACT, (SYSTEM, ""))
        put_items(slow, [alert(person, "hv", "slow")])
        put(partnership, desk, "hv", ["desk"])
        assert stream.items(1) == ["desk"], "another feed's is not kept waiting"
        between = stream.last_id
        # It wants the same feed's next number, and waits for it.
        other = threading.Thread(target=put, args=(partnership, person, "hv", ["quick"]))
        other.start()
        slow.commit()
        other.join()
        assert stream.items(2) == ["slow", "quick"]
    with StreamClient(live.port, session=session, last_id=between) as again:
        assert again.items(2) == ["slow", "quick"]


def test_one_who_is_far_behind_gets_all_of_it_in_order(partnership: Partnership, live: Served) -> None:
    """More than a look holds, and more than waits for one stream, comes piece by piece; others are served meanwhile."""
    names = [f"n{number:04}" for number in range(450)]
    put(partnership, of_agency("csc"), "csc", ["zero"])
    with StreamClient(live.port, key=partnership.keys["csc"]) as stream:
        before = stream.read().last_id
    put(partnership, of_agency("csc"), "csc", names)
    with (
        StreamClient(live.port, key=partnership.keys["csc"], last_id=before) as stream,
        StreamClient(live.port, key=partnership.keys["hv"]) as other,
    ):
        put(partnership, of_agency("hv"), "hv", ["meanwhile"])
        assert other.items(1) == ["meanwhile"]
        assert stream.items(450) == names


def test_many_streams_cost_one_query(partnership: Partnership, live: Served) -> None:
    """What is new is asked for once for all streams, and their rights are too: not once for each."""
    clients = [StreamClient(live.port, key=partnership.keys["csc"]) for _ in range(20)]
    try:
        for client in clients:
            assert client.read().name == "ready"
        asked: list[str] = []
        event.listen(live.engine, "before_cursor_execute", lambda *told: asked.append(str(told[2])))
        put(partnership, of_agency("csc"), "csc", ["one"])
        assert all(client.items(1) == ["one"] for client in clients)
        looks = [statement for statement in asked if "feed_items" in statement]
        assert 1 <= len(looks) <= 3
    finally:
        for client in clients:
            client.close()


def test_a_position_that_is_not_this_readers_is_said_to_be_unsure(partnership: Partnership, live: Served) -> None:
    """An id of another's feeds, or of a database that held more, tells its reader to read everything anew."""
    put(partnership, of_agency("csc"), "csc", ["one", "two"])
    with StreamClient(live.port, key=partnership.keys["csc"]) as stream:
        theirs = stream.read().last_id
    beyond = theirs.replace("a2-", "a3-")
    assert beyond != theirs
    for key, last_id in (("hv", theirs), ("csc", beyond)):
        with StreamClient(live.port, key=partnership.keys[key], last_id=last_id) as stream:
            assert stream.read().name == "reset"
            put(partnership, of_agency(key), key, [f"next-{key}"])
            assert stream.items(1) == [f"next-{key}"]


def _id(caller: Caller) -> UUID:
    assert caller.person_id is not None
    return caller.person_id
