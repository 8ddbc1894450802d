"""What no database can refuse its superuser: each change of a record that they can make is noticed by its chain."""

import json

import psycopg
import pytest

from ledger.domain.entry import ChainBrokenError, Envelope, meets, verify_chain
from tests.partnership import Partnership, stored

_ENTRIES = """
    SELECT e.envelope, c.salt, c.content FROM ledger.entries e LEFT JOIN ledger.contents c USING (record_id, number)
    WHERE e.record_id = %s ORDER BY e.number"""
_HEAD = "SELECT head_seq, head_hash FROM ledger.heads WHERE record_id = %s"


def fault(superuser: psycopg.Connection, record_id: str, kept: tuple[int, bytes]) -> str | None:
    """What an auditor finds wrong with a record who kept its number and hash; None where nothing is."""
    rows = superuser.execute(_ENTRIES, (record_id,)).fetchall()
    try:
        envelopes = [(bytes(envelope), Envelope.from_members(json.loads(bytes(envelope)))) for envelope, _, _ in rows]
        last = verify_chain(envelopes)
    except (ChainBrokenError, ValueError) as error:
        return str(error)
    if (len(rows), last) != kept:
        return "it does not end as it was seen to end"
    for (_, envelope), (_, salt, content) in zip(envelopes, rows, strict=True):
        if content is not None and not meets(envelope.commitment, bytes(salt), bytes(content)):
            return f"entry {envelope.number}: the content is not what was committed to"
    return None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger.contents SET content = content || ' '::bytea WHERE record_id = %(r)s AND number = 3",
        "UPDATE ledger.contents SET salt = sha256(salt) WHERE record_id = %(r)s AND number = 3",
        """UPDATE ledger.contents c SET content = d.content FROM ledger.contents d
           WHERE c.record_id = %(r)s AND d.record_id = c.record_id AND c.number = 3 AND d.number = 4""",
        "UPDATE ledger.entries SET envelope = envelope || ' '::bytea WHERE record_id = %(r)s AND number = 3",
        "DELETE FROM ledger.entries WHERE record_id = %(r)s AND number = 3",
        "DELETE FROM ledger.entries WHERE record_id = %(r)s AND number = 5",
        """UPDATE ledger.entries e SET envelope = f.envelope FROM ledger.entries f
           WHERE e.record_id = %(r)s AND f.record_id = e.record_id AND (e.number, f.number) IN ((3, 4), (4, 3))""",
    ],
)
def test_what_a_superuser_changes_is_noticed(
    partnership: Partnership, superuser: psycopg.Connection, change: str
) -> None:
    """With triggers, policies and grants out of the way an entry is changed; the chain and the commitments tell."""
    child = partnership.child(involve=["csc"])
    for _ in range(3):
        stored(partnership.post("/observations", partnership.observation(child)))
    head = superuser.execute(_HEAD, (child,)).fetchone()
    assert head is not None
    kept = (int(head[0]), bytes(head[1]))
    assert kept[0] == 5
    assert fault(superuser, child, kept) is None
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        superuser.execute(change.encode(), {"r": child})
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(change.encode(), {"r": child})
    assert fault(superuser, child, kept) is not None
