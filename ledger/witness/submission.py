"""What a log sends to `add-checkpoint`: the size that the witness saw last, a consistency proof, and a checkpoint."""

from dataclasses import dataclass

from ledger.domain.log.checkpoint import Checkpoint, parse_checkpoint
from ledger.domain.log.note import Note, parse_note
from ledger.domain.log.strict import hash_of, number_of

#: Room for 63 lines of proof and a checkpoint with many signatures, those of other algorithms included.
BODY_BYTES_MOST = 128 * 1024
PROOF_MOST = 63
_OLD = "old "


@dataclass(frozen=True, slots=True)
class Submission:
    """One request, read and not yet believed: nothing of it has been checked against a key."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


def parse_submission(body: bytes) -> Submission:
    """Read a request's body. Raises ValueError with what is wrong, in words that repeat nothing of it."""
    if len(body) > BODY_BYTES_MOST:
        raise ValueError("the request is too large")
    try:
        head, blank, rest = body.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise ValueError("the request is not UTF-8") from None
    first, *lines = head.split("\n")
    if not blank or not first.startswith(_OLD):
        raise ValueError("the request begins with a line that says the old size, and a blank line ends its proof")
    if len(lines) > PROOF_MOST:
        raise ValueError("a consistency proof has at most 63 lines")
    text = rest.rpartition("\n\n")[0] + "\n"
    old, proof, checkpoint = number_of(first.removeprefix(_OLD)), tuple(map(hash_of, lines)), parse_checkpoint(text)
    try:
        note = parse_note(rest)
    except ValueError:
        # Signatures that cannot be read are signatures of nobody: refused as such, and not as a malformed request.
        note = Note(text, ())
    return Submission(old, proof, note, checkpoint)
