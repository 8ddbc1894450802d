import asyncio
import random
from collections.abc import Collection, Mapping, Sequence

import pytest

from ledger.domain.position import Position
from ledger.live import hub as module
from ledger.live.hub import Hub, Limits, TooManyError
from ledger.live.stream import WAITING_MOST, Ending, Stream
from ledger.services.follow import Follower
from ledger.store.following import FeedRow
from tests.sizes import examples

PARTIES = ("person:1", "desk:hv", "agency:csc")


class Feeds:
    """Feeds in memory, each look of which may see any committed state since the one before."""

    def __init__(self) -> None:
        self.last = dict.fromkeys(PARTIES, 0)
        self.asked = 0

    async def fetch(self, read: Mapping[str, int], each: int) -> Sequence[FeedRow]:
        self.asked += 1
        await asyncio.sleep(0)
        return [
            FeedRow(party, seq, f"{party}.{seq}", "alert.raised", None, None)
            for party, after in read.items()
            for seq in range(after + 1, min(after + each, self.last[party]) + 1)
        ]


async def everybody(followers: Collection[Follower]) -> Collection[Follower]:
    """All may go on."""
    return followers


def stream(caller: str, read: Mapping[str, int]) -> Stream:
    """A stream of one caller's, from a position on."""
    return Stream(Follower(caller, tuple(read)), Position(dict(read)), retry_ms=1)


def taken(text: bytes) -> list[str]:
    """The ids of the items in what was written."""
    return [line.split(b'"id":"')[1].split(b'"')[0].decode() for line in text.splitlines() if b'"id":"' in line]


@pytest.mark.parametrize("seed", range(examples() // 6))
def test_each_stream_is_told_each_item_once_in_order(seed: int) -> None:
    """Whoever comes, goes, reads slowly or comes back, in whatever order: from its position on each has all of it."""

    async def play() -> None:
        pick, feeds = random.Random(seed), Feeds()
        hub = Hub(feeds.fetch, everybody, Limits(100, 100))
        began: dict[Stream, dict[str, int]] = {}
        told: dict[Stream, list[str]] = {}
        for step in range(60):
            match pick.randrange(4):
                case 0:
                    feeds.last[pick.choice(PARTIES)] += pick.choice((1, 3, 250))
                case 1 if len(began) < 8:
                    read = {party: pick.randint(0, feeds.last[party]) for party in pick.sample(PARTIES, 2)}
                    one = stream(f"c{step}", read)
                    began[one], told[one] = read, []
                    hub.join(one)
                case 2 if began:
                    one = pick.choice(list(began))
                    told[one] += taken(await one.take(0))
                case _:
                    await hub.look()
        for _ in range(40):
            await hub.look()
            for one in began:
                told[one] += taken(await one.take(0))
        for one, read in began.items():
            for party, after in read.items():
                found = [item for item in told[one] if item.startswith(party)]
                assert found == [f"{party}.{seq}" for seq in range(after + 1, feeds.last[party] + 1)]

    asyncio.run(play())


def test_whoever_is_far_behind_keeps_nobody_waiting() -> None:
    """One that goes on from the beginning of a long feed: what is new is told to those beside it with the next look."""

    async def play() -> None:
        feeds = Feeds()
        feeds.last["desk:hv"] = 10_000
        hub = Hub(feeds.fetch, everybody, Limits(9, 9))
        behind, quick = stream("a", {"desk:hv": 0}), stream("b", {"desk:hv": 10_000})
        hub.join(behind)
        hub.join(quick)
        feeds.last["desk:hv"] += 1
        await hub.look()
        assert taken(await quick.take(0)) == ["desk:hv.10001"]
        assert len(taken(await behind.take(0))) == module.EACH

    asyncio.run(play())


def test_a_stream_that_is_full_is_not_asked_for() -> None:
    """What waits is bounded, and while a stream is full its feed is not read for it again and again."""

    async def play() -> None:
        feeds = Feeds()
        hub = Hub(feeds.fetch, everybody, Limits(9, 9))
        slow = stream("slow", {"desk:hv": 0})
        hub.join(slow)
        feeds.last["desk:hv"] = 10 * WAITING_MOST
        for _ in range(20):
            await hub.look()
        assert slow.position["desk:hv"] < WAITING_MOST
        assert feeds.asked < 5

    asyncio.run(play())


def test_so_many_and_no_more() -> None:
    """Places are counted from the door on, per caller and in all, and given back."""

    async def play() -> None:
        hub = Hub(Feeds().fetch, everybody, Limits(in_all=2, each=1))
        hub.enter()
        first = stream("a", {"desk:hv": 0})
        hub.join(first)
        with pytest.raises(TooManyError) as error:
            hub.join(stream("a", {"desk:hv": 0}))
        assert error.value.is_callers
        with pytest.raises(TooManyError) as error:
            hub.enter()  # one open, one at the door
        assert not error.value.is_callers
        hub.leave_door()
        hub.leave(first)
        hub.enter()
        hub.join(stream("a", {"desk:hv": 0}))

    asyncio.run(play())


def test_only_who_may_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check ends the streams of those who may not; who came while it was asked is left to the next."""

    async def play() -> None:
        late = stream("late", {"desk:hv": 0})

        async def check(followers: Collection[Follower]) -> Collection[Follower]:
            hub.join(late)
            return {follower for follower in followers if follower.caller == "stays"}

        hub = Hub(Feeds().fetch, check, Limits(9, 9))
        stays, goes = stream("stays", {"desk:hv": 0}), stream("goes", {"desk:hv": 0})
        hub.join(stays)
        hub.join(goes)
        await hub.check()
        assert (stays.ending, goes.ending, late.ending) == (None, Ending.REVOKED, None)
        assert await goes.take(0) == b""

    asyncio.run(play())


def test_looks_are_apart_however_often_it_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A storm of notices costs no more looks than the pace allows, and none is lost."""
    monkeypatch.setattr(module, "PACE_S", 0.02)

    async def play() -> None:
        feeds = Feeds()
        hub = Hub(feeds.fetch, everybody, Limits(9, 9))
        one = stream("a", {"desk:hv": 0})
        hub.join(one)
        looking = asyncio.create_task(hub.look_on())
        for number in range(200):
            feeds.last["desk:hv"] = number + 1
            hub.wake()
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)
        looking.cancel()
        assert one.position["desk:hv"] == 200 or not one.has_room
        assert feeds.asked < 60

    asyncio.run(play())


def test_what_goes_wrong_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a look raises ends neither it nor a stream."""
    monkeypatch.setattr(module, "_REST_S", 0.0)
    monkeypatch.setattr(module, "PACE_S", 0.0)

    async def play() -> None:
        feeds, failures = Feeds(), [OSError(), ValueError()]

        async def fetch(read: Mapping[str, int], each: int) -> Sequence[FeedRow]:
            if failures:
                hub.wake()
                raise failures.pop()
            return await feeds.fetch(read, each)

        hub = Hub(fetch, everybody, Limits(9, 9))
        one = stream("a", {"desk:hv": 0})
        hub.join(one)
        feeds.last["desk:hv"] = 1
        looking = asyncio.create_task(hub.look_on())
        assert taken(await one.take(5)) == []  # what it opens with
        assert taken(await one.take(5)) == ["desk:hv.1"]
        looking.cancel()
        assert one.ending is None

    asyncio.run(play())
