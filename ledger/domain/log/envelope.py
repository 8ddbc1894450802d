"""The published half of an entry as an outsider reads it: one spelling, checked as it is taken apart.

`ledger.domain.entry` writes these bytes; a property test holds the two together. They carry no personal data: a random
pseudonym, a number, a time and two hashes (decision 1).
"""

import re
from dataclasses import dataclass
from datetime import datetime

#: `previous` of a record's first entry, as it is written.
GENESIS_HEX = "00" * 32
_ENVELOPE = re.compile(
    rb'\{"commitment":"([0-9a-f]{64})","format":"ledger-entry/1","number":([1-9][0-9]{0,14}),'
    rb'"previous":"([0-9a-f]{64})","record":"([a-z2-7]{26})",'
    rb'"recorded_at":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)"\}'
)


@dataclass(frozen=True, slots=True)
class EnvelopeFields:
    """An envelope's members as written: hashes in hexadecimal, the time in UTC, so that its texts sort as times."""

    record: str
    number: int
    previous: str
    recorded_at: str
    commitment: str


def parse_envelope(envelope: bytes) -> EnvelopeFields:
    """The members of an envelope in its canonical bytes; `ValueError` for any other bytes."""
    match = _ENVELOPE.fullmatch(envelope)
    if match is None:
        raise ValueError("not the canonical bytes of an envelope")
    commitment, number, previous, record, recorded_at = match.groups()
    written = recorded_at.decode("ascii")
    datetime.fromisoformat(written)  # the thirtieth of February has the form of a day, and is none
    return EnvelopeFields(
        record.decode("ascii"), int(number), previous.decode("ascii"), written, commitment.decode("ascii")
    )
