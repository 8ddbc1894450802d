"""The text of an offline proof, c2sp.org/tlog-proof@v1: where an entry stands, its path, and a signed checkpoint."""

from dataclasses import dataclass

from ledger.domain.log.strict import base64_of, bytes_of, checked, hash_of, number_of

_HEADER = "c2sp.org/tlog-proof@v1"
#: A path in a tree of 2⁶³ leaves.
_LONGEST = 63


@dataclass(frozen=True, slots=True)
class TlogProof:
    """One entry's index from 0, its inclusion proof from the leaf up, and the checkpoint with its signatures."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    #: Bytes that nobody signed; None where there are none.
    extra: bytes | None = None

    def to_text(self) -> str:
        """The proof as it is handed out."""
        extra = [] if self.extra is None else [f"extra {base64_of(self.extra)}"]
        lines = [_HEADER, *extra, f"index {self.index}", *(base64_of(checked(value)) for value in self.hashes)]
        return "".join(f"{line}\n" for line in lines) + "\n" + self.checkpoint


def parse_proof(text: str) -> TlogProof:
    """The proof that a text is; `ValueError` for any other spelling. Neither path nor checkpoint is verified."""
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines.pop(0) != _HEADER:
        raise ValueError("not an offline proof of this version")
    extra = bytes_of(lines.pop(0).removeprefix("extra ")) if lines and lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index "):
        raise ValueError("the proof does not say which index it is for")
    index = number_of(lines.pop(0).removeprefix("index "))
    if len(lines) > _LONGEST or not checkpoint:
        raise ValueError("a proof has at most 63 hashes, and a checkpoint")
    return TlogProof(index, tuple(map(hash_of, lines)), checkpoint, extra)
