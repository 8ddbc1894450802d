from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.entry import Envelope
from ledger.domain.log.envelope import parse_envelope
from ledger.domain.log.receipt import parse_receipt, receipt_name, receipt_text
from tests import sizes
from tests.standard_vectors import own

hashes = st.binary(min_size=32, max_size=32)
moments = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - given
records = st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26)
envelopes = st.builds(Envelope, records, st.integers(1, 10**15 - 1), hashes, moments, hashes)


@settings(max_examples=sizes.examples())
@given(envelopes)
def test_an_outsider_reads_what_the_ledger_writes(envelope: Envelope) -> None:
    """The envelope's bytes are read back to the members that they were made of."""
    fields = parse_envelope(envelope.to_bytes())
    assert (fields.record, fields.number) == (envelope.record, envelope.number)
    assert (fields.previous, fields.commitment) == (envelope.previous.hex(), envelope.commitment.hex())
    assert datetime.fromisoformat(fields.recorded_at) == envelope.recorded_at


@settings(max_examples=sizes.examples())
@given(envelopes, st.data())
def test_any_other_bytes_are_no_envelope_or_another(envelope: Envelope, data: st.DataObject) -> None:
    """With one byte changed, bytes are refused or stand for other members: no second spelling is read."""
    stored = envelope.to_bytes()
    at, value = data.draw(st.integers(0, len(stored) - 1)), data.draw(st.integers(0, 255))
    changed = stored[:at] + bytes([value]) + stored[at + 1 :]
    try:
        fields = parse_envelope(changed)
    except ValueError:
        return
    assert (fields == parse_envelope(stored)) is (changed == stored)


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("2023-10-05", "2023-02-30"),
        ("T09:", "T24:"),
        ("000000Z", "000000+00:00"),
        ('"number":1', '"number":01'),
        ('"number":1', '"number":0'),
        ('"number":1', '"number": 1'),
        ("entry/1", "entry/2"),
        ("}", ',"x":1}'),
        ("}", "}\n"),
    ],
)
def test_a_day_that_is_none_and_other_forms_are_refused(part: str, instead: str) -> None:
    """The form alone is not enough, and nothing may stand beside it."""
    envelope = Envelope("a" * 26, 1, bytes(32), datetime(2023, 10, 5, 9, tzinfo=UTC), bytes(32)).to_bytes().decode()
    assert part in envelope
    with pytest.raises(ValueError, match=r"envelope|day|hour|month"):
        parse_envelope(envelope.replace(part, instead).encode())


@settings(max_examples=sizes.examples())
@given(envelopes)
def test_a_receipt_is_read_as_it_is_written(envelope: Envelope) -> None:
    """The text names the ledger and gives back the envelope's own bytes."""
    receipt = parse_receipt(receipt_text("ledger.example", envelope.to_bytes()))
    assert (receipt.origin, receipt.envelope) == ("ledger.example", envelope.to_bytes())
    assert receipt.fields.number == envelope.number


@pytest.mark.parametrize(
    "text", ["", "\n\n", "ledger.example/receipts\n", "ledger.example/log\n{}\n", "/receipts\n{}\n"]
)
def test_other_texts_are_no_receipts(text: str) -> None:
    """Another name, or no envelope: nothing is read from it."""
    with pytest.raises(ValueError, match=r"receipt|envelope"):
        parse_receipt(text)


def test_own_receipt() -> None:
    """The text of a receipt is pinned."""
    vector = own("receipt.json")
    assert receipt_text(vector["origin"], vector["envelope"].encode()) == vector["text"]
    assert receipt_name(vector["origin"]) == vector["name"]
