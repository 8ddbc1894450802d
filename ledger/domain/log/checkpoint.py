"""Checkpoints (c2sp.org/tlog-checkpoint) and what a witness signs of them (c2sp.org/tlog-cosignature, Ed25519)."""

from dataclasses import dataclass

from ledger.domain.log.strict import HASH_BYTES, LARGEST, base64_of, bytes_of, number_of

_TIME_BYTES = 8
_SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's head: whose log, how many leaves, and the 32 bytes of its root."""

    origin: str
    size: int
    root: bytes
    #: Lines that no monitor can check; kept so that another log's checkpoint is read as it was signed.
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin or not 0 <= self.size <= LARGEST or len(self.root) != HASH_BYTES:
            raise ValueError("a checkpoint has an origin of one line, a size and a root of 32 bytes")
        if any(not line or "\n" in line for line in self.extensions):
            raise ValueError("an extension of a checkpoint is one line that is not empty")

    def to_text(self) -> str:
        """The text that is signed, its last newline included."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, base64_of(self.root), *self.extensions))


def split_checkpoint(text: str) -> tuple[str, int, bytes, tuple[str, ...]]:
    """Origin, size, root of any length, and extension lines of a checkpoint's text, else `ValueError`."""
    if not text.endswith("\n"):
        raise ValueError("a checkpoint's text ends with a newline")
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise ValueError("a checkpoint has three lines or more, none of them empty")
    return lines[0], number_of(lines[1]), bytes_of(lines[2]), tuple(lines[3:])


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text is, without its signatures; `ValueError` for anything else."""
    return Checkpoint(*split_checkpoint(text))


def cosigned_message(timestamp: int, text: str) -> bytes:
    """What a witness signs: that it saw this text as the log's largest, at so many seconds since 1970."""
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def cosignature_blob(timestamp: int, signature: bytes) -> bytes:
    """What stands in a witness's signature line behind the key id: the time in eight bytes, then the signature."""
    if not 0 <= timestamp <= LARGEST or len(signature) != _SIGNATURE_BYTES:
        raise ValueError("a cosignature is a time and 64 bytes")
    return timestamp.to_bytes(_TIME_BYTES, "big") + signature


def parse_cosignature(blob: bytes) -> tuple[int, bytes]:
    """The time and the signature of a witness's blob, else `ValueError`."""
    timestamp = int.from_bytes(blob[:_TIME_BYTES], "big")
    if len(blob) != _TIME_BYTES + _SIGNATURE_BYTES or timestamp > LARGEST:
        raise ValueError("a cosignature is a time and 64 bytes")
    return timestamp, blob[_TIME_BYTES:]
