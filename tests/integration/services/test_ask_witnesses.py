"""The sealer's side of witnessing on a real database: quorums, slow and lying witnesses, and what they saw."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from ledger.cli.show_witnesses import witness_lines
from ledger.domain.log.note import parse_vkey
from ledger.domain.log.policy import Policy, parse_policy
from ledger.services import ask_witness, see_witnesses
from ledger.services.ask_witnesses import PolicyUnfitError, WitnessAskers, asked_witnesses
from ledger.services.keep_asking import Pace
from ledger.services.see_witnesses import WitnessReport
from ledger.store.log import LOGS, Published, closures, newest, published, reader
from ledger.witness.key import WitnessKey
from tests.partnership import Partnership, stored
from tests.sealing_log import ACCESS_VKEY, LOG_SEED, LOG_VKEY, seal
from tests.serving_witness import ServedWitness, answering, stalling
from tests.signing_log import SigningLog, seed_of

KEYS = {"entries": [parse_vkey(LOG_VKEY)], "access": [parse_vkey(ACCESS_VKEY)]}
QUICK = Pace(between=0.05, again=3600.0, failed=0.2)
Serve = Callable[..., list[ServedWitness]]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts three witnesses, or as many as there are names; they stop with the test."""
    served: list[ServedWitness] = []

    def start(*names: str) -> list[ServedWitness]:
        logs = [parse_vkey(LOG_VKEY), parse_vkey(ACCESS_VKEY)]
        made = [ServedWitness(name, tmp_path, logs).start() for name in names or ("w1", "w2", "w3")]
        served.extend(made)
        return made

    yield start
    for one in served:
        one.stop()


def policy_of(witnesses: list[ServedWitness], threshold: str = "2") -> Policy:
    """So many of these."""
    lines = [f"log {LOG_VKEY}", *(one.line for one in witnesses)]
    names = " ".join(one.name for one in witnesses)
    return parse_policy("\n".join([*lines, f"group all-of-us {threshold} {names}", "quorum all-of-us", ""]))


@contextmanager
def asking(partnership: Partnership, policy: Policy, pace: Pace = QUICK) -> Iterator[Callable[[], None]]:
    """Ask as the sealer does, and go its rounds; what is yielded is one round."""
    engine = partnership.engine("ledger_sealer")
    askers = WitnessAskers(engine, policy, KEYS, pace)  # type: ignore[arg-type]
    with engine.begin() as connection:
        askers.start(connection)

    def look() -> None:
        with engine.begin() as connection:
            askers.look(connection)

    done = threading.Event()

    def go_round() -> None:
        while not done.wait(0.1):
            look()

    rounds = threading.Thread(target=go_round)
    rounds.start()
    yield look
    done.set()
    rounds.join()
    askers.stop()


def shown(partnership: Partnership, policy: Policy) -> Published | None:
    """The published checkpoint of the entries."""
    with partnership.engine("ledger_web").begin() as connection:
        return published(connection, "entries", policy)


def size_shown(partnership: Partnership, policy: Policy) -> int:
    found = shown(partnership, policy)
    return 0 if found is None else found.size


def size_signed(partnership: Partnership) -> int:
    with partnership.engine("ledger_web").begin() as connection:
        found = newest(connection, "entries")
    return 0 if found is None else found.size


def report(partnership: Partnership, policy: Policy, later_s: float = 0.0) -> WitnessReport:
    """How the witnesses stand, as seen so many seconds from now."""
    with partnership.engine("ledger_web").begin() as connection:
        found = see_witnesses.see_witnesses(connection, policy, datetime.now(UTC) + timedelta(seconds=later_s))
    assert found is not None
    return found


def until(holds: Callable[[], bool], within_s: float = 15.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.02)


def grow(partnership: Partnership, child: str) -> None:
    """Another entry, sealed and signed."""
    stored(partnership.post("/observations", partnership.observation(child)))
    seal(partnership)


def test_a_quorum_goes_on_without_one_and_waits_without_two(partnership: Partnership, serve: Serve) -> None:
    """With two of three the newest is published; with one, the last that met the policy stays, posts and sealing go on,
    and somebody is told; with two again it catches up by itself.
    """
    witnesses, child = serve(), partnership.child()
    policy = policy_of(witnesses)
    seal(partnership)
    with asking(partnership, policy) as look:
        until(lambda: size_shown(partnership, policy) == size_signed(partnership) > 0)
        witnesses[2].stop()
        grow(partnership, child)
        look()
        until(lambda: size_shown(partnership, policy) == size_signed(partnership))
        until(lambda: report(partnership, policy).failing == ["w3"])
        assert report(partnership, policy, later_s=3600).has_quorum

        witnesses[1].stop()
        last = size_shown(partnership, policy)
        grow(partnership, child)
        look()
        until(lambda: report(partnership, policy).failing == ["w2", "w3"])
        assert size_shown(partnership, policy) == last < size_signed(partnership)
        assert report(partnership, policy, later_s=30).has_quorum
        alarm = report(partnership, policy, later_s=61)
        assert (alarm.has_quorum, alarm.without_quorum["entries"] > 60) == (False, True)
        assert alarm.to_json()["failing"] == ["w2", "w3"]
        with partnership.engine("ledger_admin").begin() as connection:
            lines = "\n".join(witness_lines(connection, policy))
        assert "w1, entries: cosigned" in lines
        assert "; it cannot be reached (at " in lines

        witnesses[1].start()
        look()
        until(lambda: size_shown(partnership, policy) == size_signed(partnership))
        assert report(partnership, policy, later_s=3600).has_quorum
    found = shown(partnership, policy)
    assert found is not None
    assert found.met


def test_a_slow_witness_delays_nobody(partnership: Partnership, serve: Serve) -> None:
    """Half a minute of one witness is not waited for, by the sealer or for the others' cosignatures."""
    witnesses, child = serve(), partnership.child()
    witnesses[0].twist = stalling(30.0)
    policy = policy_of(witnesses)
    with asking(partnership, policy) as look:
        grow(partnership, child)
        began = time.monotonic()
        look()
        assert time.monotonic() - began < 1.0
        until(lambda: size_shown(partnership, policy) == size_signed(partnership), within_s=5.0)


def test_only_the_newest_is_asked_for(partnership: Partnership, serve: Serve) -> None:
    """However many checkpoints are signed meanwhile, a witness is asked about once a pace, and about the last."""
    (witness,), child = serve("w1"), partnership.child()
    policy = policy_of([witness], "1")
    seal(partnership)
    with asking(partnership, policy, Pace(between=1.0, again=3600.0)) as look:
        until(lambda: size_shown(partnership, policy) == size_signed(partnership))
        began, before = time.monotonic(), len(witness.asked)
        for _ in range(8):
            grow(partnership, child)
            look()
        until(lambda: size_shown(partnership, policy) == size_signed(partnership))
        # Of two logs, and the first may come at once.
        assert len(witness.asked) - before <= 2 * (time.monotonic() - began + 1.5)
        assert len(witness.asked) - before < 8


def test_under_load_they_meet_on_one_checkpoint(partnership: Partnership, serve: Serve) -> None:
    """While checkpoints are signed faster than anybody cosigns them, witnesses of unlike speed cosign the same ones, so
    that what is published goes on.
    """
    witnesses, child = serve("w1", "w2", "w3"), partnership.child()
    for witness, delay in zip(witnesses, (0.0, 0.3, 0.55), strict=True):
        witness.twist = stalling(delay)
    policy = policy_of(witnesses, "all")
    with asking(partnership, policy, Pace(between=0.05, again=3600.0)) as look:
        seen: set[int] = set()
        deadline = time.monotonic() + 20
        while len(seen) < 3:
            assert time.monotonic() < deadline, "nothing is published"
            grow(partnership, child)
            look()
            seen.add(size_shown(partnership, policy))


FAULTS = {
    "409 with a size that is too small": answering(409, b"1\n"),
    "409 with nonsense": answering(409, b"many\n"),
    "422": answering(422),
    "403": answering(403),
    "404": answering(404),
    "500": answering(500),
    "a redirect": answering(302, Location="http://127.0.0.1:1/"),
    "garbage": answering(200, b"\xff\xfe garbage"),
    "a huge body": answering(200, b"x" * 200_000),
    "a stale size": answering(409, b"0\n"),
}


@pytest.mark.timeout(180)
def test_witnesses_that_break(partnership: Partnership, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a witness answers, its failure is noted in words, nothing of it is kept, the others' quorum holds, and
    the ledger stays open: the word of one, without a signature of the log's own, closes nothing.
    """
    monkeypatch.setattr(ask_witness, "TIMEOUT_S", 2.0)
    witnesses, child = serve("w1", "w2"), partnership.child()
    broken = serve(*(f"x{number}" for number, _ in enumerate(FAULTS)))
    for witness, twist in zip(broken, FAULTS.values(), strict=True):
        witness.twist = twist
    policy = policy_of([*witnesses, *broken])
    seal(partnership)
    with asking(partnership, policy) as look:
        until(lambda: report(partnership, policy).failing == sorted(one.name for one in broken))
        grow(partnership, child)
        look()
        until(lambda: size_shown(partnership, policy) == size_signed(partnership))
    with partnership.engine("ledger_sealer").begin() as connection:
        assert set(connection.scalars(text("SELECT DISTINCT name FROM ledger.cosignatures"))) == {
            "w1.example/witness",
            "w2.example/witness",
        }
        assert closures(connection) == []


def test_a_cosignature_that_does_not_hold_is_not_kept(partnership: Partnership, serve: Serve) -> None:
    """A cosignature over another checkpoint, with the right name and key, is none."""
    (witness,) = serve("w1")
    seal(partnership)
    other = SigningLog(KEYS["entries"][0].name, LOG_SEED).grow(3).note().partition("\n\n")[0] + "\n"
    witness.twist = answering(200, witness.key.cosign(int(time.time()), other).encode())
    policy = policy_of([witness], "1")
    with asking(partnership, policy):
        until(lambda: report(partnership, policy).failing == ["w1"])
        assert report(partnership, policy).states[0].failure == "its cosignature does not hold"
    assert shown(partnership, policy) is None


def test_what_does_not_grow_is_cosigned_again(partnership: Partnership, serve: Serve) -> None:
    """A log that rests is cosigned again now and then; once it grows, the first and the last time are both kept."""
    (witness,), child = serve("w1"), partnership.child()
    policy = policy_of([witness], "1")
    seal(partnership)
    rested = size_signed(partnership)
    with asking(partnership, policy, Pace(between=0.05, again=0.2)) as look:
        until(lambda: len(witness.asked) > 2)
        time.sleep(1.1)
        look()
        until(lambda: len(witness.asked) > 8)
        grow(partnership, child)
        look()
        until(lambda: size_shown(partnership, policy) == size_signed(partnership))
    query = """
        SELECT count(*), max(cosigned_at) > min(cosigned_at) FROM ledger.cosignatures
        WHERE size = :s AND log = 'entries'"""
    with partnership.engine("ledger_sealer").begin() as connection:
        assert connection.execute(text(query), {"s": rested}).one() == (2, True)


def fork_of(partnership: Partnership, log: str, at: int, more: int) -> SigningLog:
    """What the true key would have signed of another history."""
    found = SigningLog(KEYS[log][0].name, LOG_SEED)
    with partnership.engine("ledger_sealer").begin() as connection:
        read = reader(connection, "entries" if log == "entries" else "access", at)
        for index in range(at):
            found.tree.append(read(0, index))
    return found.grow(more, "another history")


@pytest.mark.parametrize(("at", "more"), [(0, 40), (3, 0), (5, 60)])
def test_a_witness_that_saw_another_history_closes_the_ledger(
    partnership: Partnership, serve: Serve, at: int, more: int
) -> None:
    """A database that was put back, or forked, gets no cosignature of whoever saw more; and where the witness shows
    what the log's own key signed, nobody writes any more, and why stands there.
    """
    (witness,), child = serve("w1"), partnership.child()
    policy = policy_of([witness], "1")
    seal(partnership)
    size = size_signed(partnership)
    longer = fork_of(partnership, "entries", min(at, size), more) if more else fork_of(partnership, "entries", size, 9)
    assert witness.witness.add_checkpoint(longer.body(0)).status == 200
    with asking(partnership, policy) as look:
        until(lambda: report(partnership, policy).diverged == ["w1"])
        with partnership.engine("ledger_sealer").begin() as connection:
            (closure,) = closures(connection)
        assert (closure.log, closure.from_index) == ("entries", size)
        look()
    assert shown(partnership, policy) is None
    refused = partnership.post("/observations", partnership.observation(child))
    assert refused.status_code == 503


def test_the_unproven_word_of_one_closes_nothing_and_of_a_quorum_does(partnership: Partnership, serve: Serve) -> None:
    """A witness that only says that it saw more may be broken; those whose word is enough to publish are believed."""
    witnesses = serve()
    policy = policy_of(witnesses)
    seal(partnership)
    witnesses[0].twist = answering(409, b"1000000\n")
    with asking(partnership, policy) as look:
        until(lambda: report(partnership, policy).diverged == ["w1"])
        with partnership.engine("ledger_sealer").begin() as connection:
            assert closures(connection) == []
        witnesses[1].twist = witnesses[0].twist
        grow(partnership, partnership.child())
        look()
        until(lambda: report(partnership, policy).diverged == ["w1", "w2"])
    with partnership.engine("ledger_sealer").begin() as connection:
        assert {closure.log for closure in closures(connection)} <= set(LOGS)
        assert closures(connection) != []


def test_a_policy_whose_witnesses_cannot_be_asked_is_refused(serve: Serve) -> None:
    """An address is http or https; a witness without one is asked by nobody."""
    (witness,) = serve("w1")
    good = policy_of([witness], "1")
    assert [one.url for one in asked_witnesses(good)] == [witness.url]
    bare = parse_policy(f"witness w1 {witness.key.vkey}\nquorum w1\n")
    assert asked_witnesses(bare) == asked_witnesses(None) == []
    with pytest.raises(PolicyUnfitError):
        asked_witnesses(parse_policy(f"witness w1 {witness.key.vkey} ftp://w.example\nquorum w1\n"))
    namesake = f"witness w2 {WitnessKey(witness.key.name, seed_of('w2')).vkey} {witness.url}"
    with pytest.raises(PolicyUnfitError):
        asked_witnesses(parse_policy(f"{witness.line}\n{namesake}\nquorum w1\n"))
