"""What a witness cosigns and what it refuses."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ledger.domain.log.checkpoint import parse_cosignature
from ledger.domain.log.note import Note, opened, parse_note, parse_vkey, vkey_of
from ledger.domain.log.strict import base64_of
from ledger.witness.key import verify
from ledger.witness.serve import witness_app
from ledger.witness.submission import BODY_BYTES_MOST
from ledger.witness.witness import SIZE, Witness, logs_by_origin
from tests.signing_log import SigningLog, seed_of
from tests.standard_vectors import standard
from tests.unit.witness.conftest import MovedClock


def cosigned_at(witness: Witness, note: str, answer: str) -> int:
    """When an answer says that the checkpoint was seen; fails unless it is this witness's word on this note."""
    both = parse_note(note + answer)
    (signature,) = opened(both, [parse_vkey(witness.key.vkey)], verify)
    assert str(Note(both.text, (signature,))).endswith(answer)
    return parse_cosignature(signature.blob)[0]


def test_the_published_conversation(make_witness: Callable[..., Witness]) -> None:
    """A conversation that another implementation's tests hold is answered step by step as C2SP says."""
    vectors = standard("witness/add-checkpoint.json")
    log = SigningLog(vectors["log"]["origin"])
    witness = make_witness(log)
    key = bytes.fromhex(vectors["log"]["ed25519_public_key_hex"])
    witness.logs = logs_by_origin([parse_vkey(vkey_of(log.origin, key))])
    for step in vectors["steps"]:
        answer = witness.add_checkpoint(step["body"].encode())
        assert answer.status == step.get("c2sp_status", step["status"])
        if answer.status == 200:
            cosigned_at(witness, step["body"].partition("\n\n")[2], answer.body)
        if "response_equals" in step:
            assert (answer.body, answer.content_type) == (step["response_equals"], SIZE)


def test_it_follows_a_log_from_its_first_checkpoint(witness: Witness, log: SigningLog, clock: MovedClock) -> None:
    """Each checkpoint that continues the last is cosigned, at the time of the witness's own clock."""
    seen = 0
    for size in (0, 1, 2, 7, 8, 11):
        clock.move(1)
        answer = witness.add_checkpoint(log.body(seen, size))
        assert answer.status == 200
        assert cosigned_at(witness, log.note(size), answer.body) == int(clock.at.timestamp())
        seen = size


def test_what_is_seen_again_is_cosigned_again(witness: Witness, log: SigningLog, clock: MovedClock) -> None:
    """The same checkpoint gets a later cosignature: it is still the largest."""
    first = witness.add_checkpoint(log.body(0))
    clock.move(60)
    again = witness.add_checkpoint(log.body(11))
    assert (again.status, again.body == first.body) == (200, False)
    assert cosigned_at(witness, log.note(), again.body) == cosigned_at(witness, log.note(), first.body) + 60


def test_its_time_never_runs_backwards(
    witness: Witness, log: SigningLog, clock: MovedClock, make_witness: Callable[..., Witness]
) -> None:
    """A clock that is set back, before or after a restart, makes no cosignature older than the one before it."""
    first = cosigned_at(witness, log.note(5), witness.add_checkpoint(log.body(0, 5)).body)
    clock.move(-3600)
    again = make_witness(log)
    assert cosigned_at(again, log.note(11), again.add_checkpoint(log.body(5, 11)).body) == first


@pytest.mark.parametrize("old", [0, 4, 6])
def test_another_old_size_is_told_the_right_one(witness: Witness, log: SigningLog, old: int) -> None:
    """Whoever names another size than was cosigned last is told it, and nothing is stored."""
    witness.add_checkpoint(log.body(0, 5))
    answer = witness.add_checkpoint(log.body(old, 11))
    assert (answer.status, answer.body, answer.content_type) == (409, "5\n", SIZE)
    assert witness.add_checkpoint(log.body(5, 11)).status == 200


def test_a_log_never_seen_is_of_size_zero(witness: Witness, log: SigningLog) -> None:
    """Before the first checkpoint the right old size is 0."""
    assert witness.add_checkpoint(log.body(5)).body == "0\n"


def test_a_wrong_proof_is_refused(witness: Witness, log: SigningLog) -> None:
    """A proof that is missing, of another pair of sizes, or of another tree does not hold; nor one that is not due."""
    assert witness.add_checkpoint(log.body(0, 5, proof=[b"\0" * 32])).status == 422
    assert witness.add_checkpoint(log.body(0, 5)).status == 200
    for proof in ([], log.proof(4), log.proof(5, 10), log.forked(3, 8).proof(5)):
        assert witness.add_checkpoint(log.body(5, 11, proof=proof)).status == 422
    assert witness.add_checkpoint(log.body(5, 5, proof=log.proof(4, 5))).status == 422
    assert witness.add_checkpoint(log.body(5, 11)).status == 200


def test_one_size_has_one_root(witness: Witness, log: SigningLog) -> None:
    """A second root of the size that was seen is never cosigned; not even of the empty tree."""
    witness.add_checkpoint(log.body(0))
    assert witness.add_checkpoint(log.forked(3, 8).body(11)).status == 422
    assert witness.add_checkpoint(log.body(11)).status == 200


def test_the_empty_tree_has_one_root(witness: Witness, log: SigningLog) -> None:
    """A checkpoint of no entries with another root than that of nothing is refused."""
    empty = SigningLog()
    text = f"{empty.origin}\n0\n{base64_of(b'1' * 32)}\n"
    assert witness.add_checkpoint(f"old 0\n\n{empty.signed(text)}".encode()).status == 422
    assert witness.add_checkpoint(empty.body(0)).status == 200


def test_only_its_logs_own_key_counts(witness: Witness, log: SigningLog) -> None:
    """Another log is unknown; another key in the log's name, or a broken signature, is nobody's; others are ignored."""
    stranger = SigningLog("other.example/log").grow(3)
    assert witness.add_checkpoint(stranger.body(0)).status == 404
    pretender = SigningLog(log.origin, seed_of("another key")).grow(3)
    assert witness.add_checkpoint(pretender.body(0)).status == 403
    assert witness.add_checkpoint(log.body(0).replace(b"\n11\n", b"\n10\n")).status == 403
    with_others = log.body(0) + pretender.grow(8).note().rpartition("\n\n")[2].encode()
    assert witness.add_checkpoint(with_others).status == 200


def test_a_log_may_change_its_key(log: SigningLog, make_witness: Callable[..., Witness]) -> None:
    """Two keys of one log are followed as one log."""
    later = SigningLog(log.origin, seed_of("its next key"), log.tree)
    witness = make_witness(log, later)
    assert witness.add_checkpoint(log.body(0, 5)).status == 200
    assert witness.add_checkpoint(later.body(5, 11)).status == 200
    assert len(witness.states()) == 1


def test_logs_are_kept_apart(log: SigningLog, make_witness: Callable[..., Witness]) -> None:
    """What one log has grown to says nothing about another."""
    other = SigningLog("other.example/log").grow(4)
    witness = make_witness(log, other)
    assert [witness.add_checkpoint(one.body(0)).status for one in (log, other)] == [200, 200]
    assert [state.latest.size for state in witness.states() if state.latest] == [11, 4]


MALFORMED = {
    "nothing": b"",
    "no blank line": b"old 0\n",
    "no old line": b"\n\nx\n",
    "a negative size": b"old -1\n\n",
    "leading zeroes": b"old 01\n\n",
    "a size beyond all": b"old 99999999999999999999\n\n",
    "no UTF-8": b"old 0\n\n\xff",
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_requests(witness: Witness, log: SigningLog, case: str) -> None:
    """What is no request of the protocol gets 400, whatever follows, and nothing of it is repeated."""
    answer = witness.add_checkpoint(MALFORMED[case] + log.note().encode())
    assert answer.status == 400
    assert log.origin not in answer.body


def test_malformed_proofs(witness: Witness, log: SigningLog) -> None:
    """A line that is no hash, a hash written in another way, and a 64th line get 400; so does a size that shrinks."""
    note = log.note()
    hashes = base64_of(b"1" * 32) + "\n"
    for proof in ("abc\n", base64_of(b"1" * 31) + "\n", hashes.replace("=", ""), hashes * 64, f" {hashes}"):
        assert witness.add_checkpoint(f"old 1\n{proof}\n{note}".encode()).status == 400
    assert witness.add_checkpoint(f"old 1\n{hashes * 63}\n{note}".encode()).status == 409
    assert witness.add_checkpoint(log.body(12, 11, proof=[])).status == 400


def test_the_routes(witness: Witness, log: SigningLog) -> None:
    """Over HTTP the same answers, and plain pages that carry no script and may not be framed."""
    client = witness_app(witness).test_client()
    answer = client.post("/add-checkpoint", data=log.body(0))
    assert (answer.status_code, answer.text.startswith("— witness.example/w1 ")) == (200, True)
    assert client.post("/add-checkpoint", data=log.body(0)).headers["Content-Type"] == SIZE
    assert client.get("/add-checkpoint").status_code == 405
    assert client.post("/add-checkpoint", data=b"x" * (BODY_BYTES_MOST + 1)).status_code == 413
    page = client.get("/")
    for shown in (witness.key.vkey, log.vkey, log.origin, "2026-05-01 12:00:00 UTC", "<td>11</td>"):
        assert shown in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    state = client.get("/log-state.json").get_json()
    assert state["witness"] == witness.key.vkey
    assert state["logs"] == [{
        "origin": log.origin, "keys": [log.vkey], "size": 11, "checkpoint": log.note(),
        "cosigned_at": int(datetime(2026, 5, 1, 12, tzinfo=UTC).timestamp()), "proofs_of_misbehaviour": 0,
    }]  # fmt: skip


def test_a_name_is_shown_as_text(make_witness: Callable[..., Witness]) -> None:
    """Names come from others' keys: they are never taken as markup."""
    witness = make_witness(SigningLog("<b>bold</b>"))
    assert "<b>bold" not in witness_app(witness).test_client().get("/").text
