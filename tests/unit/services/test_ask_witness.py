"""What the sealer believes of a witness's answer: a witness of our own kind, and every way in which one may fail."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from ledger.domain.log.checkpoint import parse_checkpoint
from ledger.domain.log.note import parse_note, parse_vkey
from ledger.services.ask_witness import (
    Asked,
    Cosigned,
    Submitted,
    WitnessDivergedError,
    WitnessFailedError,
    ask_witness,
    is_address,
    last_seen,
)
from ledger.witness.key import WitnessKey
from ledger.witness.store import Store
from ledger.witness.witness import Witness, logs_by_origin
from tests.signing_log import SigningLog, seed_of

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
KEY = WitnessKey("witness.example/w1", seed_of("w1"))
Handler = Callable[[httpx.Request], httpx.Response]


def unread(handler: Handler) -> httpx.MockTransport:
    """A network that hands over what a handler answers as a socket would: piece by piece."""

    def answer(request: httpx.Request) -> httpx.Response:
        made = handler(request)
        return httpx.Response(made.status_code, headers=made.headers, stream=httpx.ByteStream(made.content))

    return httpx.MockTransport(answer)


def asked(handler: Handler, log: SigningLog, *, old: int = 0, now: datetime = NOW) -> Cosigned:
    """What comes of asking somebody who answers so."""
    note = log.note()
    submitted = Submitted(parse_checkpoint(parse_note(note).text), note, log.proof)
    with httpx.Client(transport=unread(handler), follow_redirects=False) as client:
        return ask_witness(client, _asked(), submitted, old, lambda: now)


def _asked() -> Asked:
    return Asked("w1", parse_vkey(KEY.vkey), "https://witness.example/w1/")


def answering(witness: Witness) -> Handler:
    """A witness of our own kind, asked without a network."""

    def answer(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "https://witness.example/w1/add-checkpoint"
        got = witness.add_checkpoint(request.content)
        return httpx.Response(got.status, text=got.body, headers={"Content-Type": got.content_type})

    return answer


@pytest.fixture
def log() -> SigningLog:
    return SigningLog().grow(11)


@pytest.fixture
def witness(tmp_path: Path, log: SigningLog) -> Witness:
    store = Store.make(tmp_path / "w1.db", KEY.vkey)
    return Witness(KEY, logs_by_origin([log.verifier]), store, lambda: NOW)


def test_it_asks_from_the_size_that_is_known(witness: Witness, log: SigningLog) -> None:
    """From nothing, from where it was, from the same again: each is cosigned in one exchange."""
    small = SigningLog().grow(5)
    assert asked(answering(witness), small).at == NOW
    assert asked(answering(witness), log, old=5).line.startswith("— witness.example/w1 ")
    assert asked(answering(witness), log, old=11).at == NOW


@pytest.mark.parametrize("believed", [0, 3, 11])
def test_a_wrong_guess_is_put_right(witness: Witness, log: SigningLog, believed: int) -> None:
    """Where the witness last saw another size than we thought, it is asked once more from there."""
    asked(answering(witness), SigningLog().grow(5))
    assert asked(answering(witness), log, old=believed).at == NOW


def test_a_witness_that_saw_more_diverges(witness: Witness, log: SigningLog) -> None:
    """A witness that has seen a larger log than ours is told apart from one that fails, with the size that it saw."""
    asked(answering(witness), log)
    with pytest.raises(WitnessDivergedError) as caught:
        asked(answering(witness), SigningLog().grow(5))
    assert caught.value.size == 11


def test_another_history_diverges(witness: Witness, log: SigningLog) -> None:
    """A witness that saw another history than ours is told apart too."""
    asked(answering(witness), log.forked(4, 3))
    with pytest.raises(WitnessDivergedError) as caught:
        asked(answering(witness), log, old=7)
    assert caught.value.size is None


def _redirect(_: httpx.Request) -> httpx.Response:
    return httpx.Response(302, headers={"Location": "https://elsewhere.example/add-checkpoint"})


def _refused(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def _slow(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("too slow")


def _status(status: int, text: str = "") -> Handler:
    return lambda _: httpx.Response(status, text=text)


FAULTS: dict[str, tuple[Handler, str]] = {
    "away": (_refused, "it cannot be reached"),
    "slow": (_slow, "it does not answer in time"),
    "redirects": (_redirect, "it answered with status 302"),
    "500": (_status(500), "it answered with status 500"),
    "400": (_status(400), "it could not read what it was sent"),
    "403": (_status(403), "it does not accept this log's key"),
    "404": (_status(404), "it does not know this log"),
    "conflict without a size": (_status(409, "five\n"), "and not which"),
    "conflict with nothing": (_status(409), "and not which"),
    "conflict for ever": (_status(409, "5\n"), "it names one size after another"),
    "garbage": (_status(200, "<html>hello</html>"), "what it answered is no cosignature"),
    "nothing": (_status(200), "what it answered is no cosignature"),
    "a huge body": (_status(200, "x" * 70_000), "its answer is too large"),
    "a huge refusal": (_status(404, "x" * 70_000), "its answer is too large"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults(log: SigningLog, fault: str) -> None:
    """Whatever else is answered is a failure, in words of ours, that repeat nothing of the answer."""
    handler, words = FAULTS[fault]
    with pytest.raises(WitnessFailedError, match=words) as caught:
        asked(handler, log)
    assert not isinstance(caught.value, WitnessDivergedError)
    assert "hello" not in str(caught.value)


def cosigning(key: WitnessKey, log: SigningLog, *, at: datetime = NOW, text: str | None = None) -> Handler:
    """Answers 200 with a cosignature of any key over any text."""
    signed = parse_note(log.note()).text if text is None else text
    return _status(200, key.cosign(int(at.timestamp()), signed))


def test_a_wrong_key_is_not_believed(log: SigningLog) -> None:
    """A true cosignature of another key, even of the witness's own name, is none of this witness's."""
    for key in (WitnessKey("witness.example/w2", seed_of("w2")), WitnessKey(KEY.name, seed_of("w2"))):
        with pytest.raises(WitnessFailedError, match="another key"):
            asked(cosigning(key, log), log)


def test_a_lying_cosignature_is_not_believed(log: SigningLog) -> None:
    """A cosignature over another checkpoint, or a broken one, is refused although its name and key id are right."""
    other = parse_note(log.forked(3, 8).note()).text
    with pytest.raises(WitnessFailedError, match="does not hold"):
        asked(cosigning(KEY, log, text=other), log)
    with pytest.raises(WitnessFailedError, match="does not hold"):
        asked(cosigning(KEY, log, text=parse_note(log.note(10)).text), log)


def test_other_signatures_beside_it_are_passed_over(log: SigningLog) -> None:
    """An answer may hold lines of keys that nobody here knows."""
    text = parse_note(log.note()).text
    lines = WitnessKey("other.example", seed_of("x")).cosign(1, text) + KEY.cosign(int(NOW.timestamp()), text)
    assert asked(_status(200, lines), log).line == lines.splitlines(keepends=True)[1]


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_witness_with_a_wrong_clock_is_not_kept(log: SigningLog, seconds: int) -> None:
    """Its time would put entries where they were not."""
    with pytest.raises(WitnessFailedError, match="clock"):
        asked(cosigning(KEY, log, at=NOW + timedelta(seconds=seconds)), log)
    near = NOW + timedelta(seconds=seconds // 2)
    assert asked(cosigning(KEY, log, at=near), log).at == near


def test_what_a_witness_saw_is_believed_by_the_logs_key_alone(log: SigningLog) -> None:
    """Of a page that says what a witness saw, only a checkpoint that this log's own key signed counts."""

    def state(checkpoint: object, origin: str = log.origin) -> object:
        return {"logs": [{"origin": origin, "checkpoint": checkpoint}]}

    def seen(body: object) -> int | None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        with httpx.Client(transport=unread(lambda _: httpx.Response(200, content=content))) as client:
            found = last_seen(client, _asked(), [log.verifier])
        return None if found is None else found.size

    assert seen(state(log.note())) == 11
    pretender = SigningLog(log.origin, seed_of("another key")).grow(20)
    for nothing in (
        state(pretender.note()), state(log.note(), "other.example"), state(None), state(7), {"logs": {}}, {}, [], b"",
        b"\xff", b"[" * 100_000, state(log.note().replace("\n11\n", "\n12\n")), {"logs": [state(log.note())] * 2},
    ):  # fmt: skip
        assert seen(nothing) is None


def test_addresses() -> None:
    """Only http and https, as the policy spells them, and nothing behind the path."""
    assert all(map(is_address, ("https://w.example/x", "http://127.0.0.1:8090")))
    assert not any(map(is_address, ("ftp://w.example", "w.example", "https://", "https://w.example/?a=b", "file:///x")))
