"""The text of a receipt: what the ledger says that it has recorded, signed by its receipt key as a note.

The first line names the ledger and that this is a receipt, so no such signature can be taken for one over a checkpoint;
the second is the envelope as it was stored.
"""

from dataclasses import dataclass

from ledger.domain.log.envelope import EnvelopeFields, parse_envelope

_ENDING = "/receipts"


@dataclass(frozen=True, slots=True)
class ReceiptText:
    """What a receipt says: the ledger's origin, the envelope's bytes, and its members."""

    origin: str
    envelope: bytes
    fields: EnvelopeFields


def receipt_name(origin: str) -> str:
    """The name of the key that signs receipts of the ledger of this origin."""
    return origin + _ENDING


def receipt_text(origin: str, envelope: bytes) -> str:
    """The text to sign for an envelope's canonical bytes; `ValueError` for any others."""
    parse_envelope(envelope)
    return f"{receipt_name(origin)}\n{envelope.decode('ascii')}\n"


def parse_receipt(text: str) -> ReceiptText:
    """What a receipt's text says, without its signatures; `ValueError` where it is not one."""
    lines = text.split("\n")
    if len(lines) != 3 or lines[2] or not lines[0].endswith(_ENDING) or lines[0] == _ENDING:
        raise ValueError("a receipt is a line that names the ledger and a line with the envelope")
    envelope = lines[1].encode()
    return ReceiptText(lines[0].removesuffix(_ENDING), envelope, parse_envelope(envelope))
