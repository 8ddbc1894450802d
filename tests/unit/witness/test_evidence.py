"""What a witness keeps against a log: proof that anybody can check, and what is no proof said as that."""

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.witness import store
from ledger.witness.serve import witness_app
from ledger.witness.weigh import Kind, root_told
from ledger.witness.witness import Witness
from ledger.witness.words import evidence_text
from tests.signing_log import SigningLog
from tests.tlog_client import opened
from tests.unit.witness.conftest import MovedClock


def kinds(witness: Witness) -> list[Kind]:
    """What was kept, in order."""
    return [one.kind for one in witness.store.evidence()]


def framed(text: str, name: str) -> str:
    """A note or proof out of a printed page."""
    return text.split(f"----- begin {name}", 1)[1].partition(" -----\n")[2].partition("----- end")[0]


def test_two_roots_of_one_size_are_proof(witness: Witness, log: SigningLog) -> None:
    """Whichever old size was named, the second history of one size is kept with the first, both signed."""
    witness.add_checkpoint(log.body(0))
    liar = log.forked(4, 7)
    assert witness.add_checkpoint(liar.body(0)).status == 409
    assert kinds(witness) == [Kind.SAME_SIZE]
    assert witness.add_checkpoint(liar.body(11)).status == 422
    (kept,) = witness.store.evidence()
    assert (kept.older, kept.newer) == (log.note(), liar.note())


def test_a_second_history_of_a_size_long_past_is_proof(witness: Witness, log: SigningLog) -> None:
    """What was cosigned before is held against the log too: a database put back and grown another way is caught."""
    for old, size in ((0, 6), (6, 9), (9, 11)):
        witness.add_checkpoint(log.body(old, size))
    assert witness.add_checkpoint(log.forked(4, 2).body(0)).status == 409
    assert kinds(witness) == [Kind.SAME_SIZE]


def test_a_rewritten_log_convicts_itself(witness: Witness, log: SigningLog) -> None:
    """A larger log that does not begin with what was seen comes with a proof of its own, which tells another root."""
    witness.add_checkpoint(log.body(0))
    liar = log.forked(3, 20)
    assert witness.add_checkpoint(liar.body(11)).status == 422
    assert kinds(witness) == [Kind.REWRITTEN]
    text = evidence_text(witness.store.evidence()[0], (log.vkey,))
    assert text.startswith("Proof that this log was rewritten\n")
    first, second = (opened(framed(text, f"{one} checkpoint"), log.vkey) for one in ("first", "second"))
    assert (first[1], second[1]) == ("11", "23")
    assert len(framed(text, "proof").splitlines()) == len(liar.proof(11))


def test_a_wrong_proof_is_no_proof_against_the_log(witness: Witness, log: SigningLog) -> None:
    """Anybody can send a true checkpoint with a wrong proof: that is said, and taken back once the log shows it."""
    witness.add_checkpoint(log.body(0, 5))
    assert witness.add_checkpoint(log.body(5, 11, proof=[b"\1" * 32] * 3)).status == 422
    assert kinds(witness) == [Kind.NOT_SHOWN]
    assert "shows nothing\nagainst the log" in evidence_text(witness.store.evidence()[0], ())
    assert [state.proofs for state in witness.states()] == [0]
    assert witness.add_checkpoint(log.body(5, 11)).status == 200
    assert kinds(witness) == []


def test_a_rewrite_at_a_power_of_two_is_kept(witness: Witness, log: SigningLog) -> None:
    """There the proof does not tell the old root, so what is kept says how the rest is found out."""
    witness.add_checkpoint(log.body(0, 8))
    liar = log.forked(3, 9)
    assert witness.add_checkpoint(liar.body(8)).status == 422
    assert kinds(witness) == [Kind.NOT_SHOWN]
    # Its next step, from a size at which it has a checkpoint that was seen, would be proof.
    assert liar.proof(8)


def test_a_proof_takes_the_place_of_a_doubt(witness: Witness, log: SigningLog) -> None:
    """The same checkpoint first with nonsense and then with its own proof is kept once, as what it is."""
    witness.add_checkpoint(log.body(0))
    liar = log.forked(3, 20)
    witness.add_checkpoint(liar.body(11, proof=[b"\1" * 32]))
    witness.add_checkpoint(liar.body(11))
    witness.add_checkpoint(liar.body(11, proof=[b"\1" * 32]))
    assert kinds(witness) == [Kind.REWRITTEN]


def test_strangers_add_nothing(witness: Witness, log: SigningLog) -> None:
    """What the log's key did not sign is not kept; nor is what somebody wrote below what it signed."""
    witness.add_checkpoint(log.body(0))
    liar = log.forked(3, 8)
    assert witness.add_checkpoint(liar.body(11).replace(b"\n11\n", b"\n12\n")).status == 403
    assert kinds(witness) == []
    junk = SigningLog("other.example/log").grow(1).note().rpartition("\n\n")[2].encode()
    for times in range(1, 4):
        witness.add_checkpoint(liar.body(11) + junk * times)
    (kept,) = witness.store.evidence()
    assert kept.newer == liar.note()


def test_it_is_not_kept_without_end(witness: Witness, log: SigningLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that lies all day does not fill the disk; and doubts leave room for proofs."""
    monkeypatch.setattr(store, "EVIDENCE_MOST", 3)
    witness.add_checkpoint(log.body(0))
    for number in range(6):
        witness.add_checkpoint(log.forked(3, 12 + number).body(11, proof=[b"\1" * 32]))
    for number in range(6):
        witness.add_checkpoint(log.forked(3, 8, f"story {number}").body(11))
    assert sorted(kind.value for kind in kinds(witness)) == ["not_shown"] * 3 + ["same_size"] * 3


def test_it_is_shown(witness: Witness, log: SigningLog, clock: MovedClock) -> None:
    """The page says that there is something and leads to it, and what follows the log can see that there is."""
    client = witness_app(witness).test_client()
    assert "Held against" not in client.get("/").text
    witness.add_checkpoint(log.body(0))
    clock.move(60)
    witness.add_checkpoint(log.forked(4, 7).body(11))
    page = client.get("/").text
    assert 'class="proof"' in page
    assert "two different histories</a>" in page
    shown = client.get("/evidence/1")
    assert shown.headers["Content-Type"].startswith("text/plain")
    assert log.vkey in shown.text
    assert "Found: 2026-05-01 12:01:00 UTC" in shown.text
    assert client.get("/evidence/2").status_code == 404
    assert client.get("/log-state.json").get_json()["logs"][0]["proofs_of_misbehaviour"] == 1


def test_logs_do_not_share_evidence(log: SigningLog, make_witness: Callable[..., Witness]) -> None:
    """What one log did stands against that one."""
    other = SigningLog("other.example/log").grow(11)
    witness = make_witness(log, other)
    for one in (log, other):
        witness.add_checkpoint(one.body(0))
    witness.add_checkpoint(log.forked(3, 8).body(0))
    assert [state.proofs for state in witness.states()] == [1, 0]


def mth(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash of RFC 9162 2.1.1, as its text defines it."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + mth(leaves[:split]) + mth(leaves[split:])).digest()


@given(st.integers(1, 70), st.integers(1, 70))
def test_the_root_that_a_proof_tells(old: int, more: int) -> None:
    """It is the old tree's own, unless the proof leaves it out; a proof of something else tells nothing."""
    log = SigningLog().grow(old + more)
    leaves = [log.tree.read(0, index) for index in range(old + more)]
    told = root_told(old, old + more, log.proof(old), mth(leaves))
    assert told == (None if old & (old - 1) == 0 else mth(leaves[:old]))
    assert root_told(old, old + more, log.proof(old), b"\1" * 32) is None
    assert root_told(old, old + more, [*log.proof(old), b"\1" * 32], mth(leaves)) is None
    assert root_told(old, old + more, log.proof(old)[:-1], mth(leaves)) is None
