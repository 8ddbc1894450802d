"""Markings as the database holds to them, whatever the code above asks for."""

from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from ledger.store.database import transaction
from tests.partnership import Partnership, stored


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A record that hv and csc work on."""
    return partnership.child(involve=["hv", "csc"])


MARKINGS: tuple[tuple[dict[str, object], set[str]], ...] = (
    ({"marking": "shared"}, {"hv", "csc", "gp", "police"}),
    ({"marking": "restricted", "to": ["police"]}, {"hv", "police"}),
    ({"marking": "restricted", "to": []}, {"hv"}),
    ({"marking": "pointer"}, {"hv"}),
)


@pytest.mark.parametrize(("sharing", "readers"), MARKINGS)
def test_markings_hold_contents_back(
    partnership: Partnership, child: str, sharing: dict[str, object], readers: set[str]
) -> None:
    """The content, claims and landmarks of a marked entry are rows only to its agency and to those that it names."""
    for agency in ("gp", "police"):
        partnership.involve(child, agency)
    died = {"about": "father", "attribute": "death", "value": "happened", "basis": "own_record"}
    said = partnership.observation(child, claims=[died], sharing={**sharing, "lawful_basis": "public task"})
    number = stored(partnership.post("/observations", said, "hv"))["number"]
    for table in ("contents", "claims"):
        assert _readers(partnership, table, child, number) == readers, table
    # By what is hidden from anybody nobody else's posts are measured.
    assert _readers(partnership, "landmarks", child, number) == (readers if len(readers) == 4 else {"hv"})
    assert _readers(partnership, "entries", child, number) == {"hv", "csc", "gp", "police"}, "a record has no gaps"


def test_a_marking_that_comes_later_holds_back_what_stood_open(partnership: Partnership, child: str) -> None:
    """An entry that is marked afterwards is closed at once, and is opened again by nobody but its own agency."""
    entry = stored(partnership.post("/observations", partnership.observation(child), "hv"))
    body: dict[str, object] = {"of": entry["id"], "reason": "she is in danger"}
    sent: dict[str, object] = {}
    for sharing, readers in (*MARKINGS[1:], MARKINGS[0]):
        sent = {**body, "event_id": partnership.event(), "sharing": {**sharing, "lawful_basis": "public task"}}
        stored(partnership.post(f"/children/{child}/markings", sent, "hv"))
        assert _readers(partnership, "contents", child, entry["number"]) == readers - {"gp", "police"}
    sent["sharing"] = {"marking": "restricted", "to": [], "lawful_basis": "public task"}
    stored(partnership.post(f"/children/{child}/markings", sent | {"event_id": "closed"}, "hv"))
    for change in (
        "UPDATE ledger.markings SET ended_number = 1",
        """INSERT INTO ledger.markings SELECT record_id, number, index, person, agency_id, 'shared', to_agencies,
           not_to, by_number, 99 FROM ledger.markings WHERE ended_number IS NULL""",
    ):
        with transaction(partnership.engine("ledger_web"), party="csc") as connection, suppress(ProgrammingError):
            connection.execute(text(change))
    assert _readers(partnership, "contents", child, entry["number"]) == {"hv"}


def test_a_marked_claim_is_no_row_to_others(partnership: Partnership, child: str) -> None:
    """One claim of an entry is held back; the rest of its claims are rows as before."""
    hidden = {"marking": "restricted", "to": [], "lawful_basis": "public task"}
    claims = [
        {"about": "mother", "attribute": "presence", "value": "absent", "basis": "seen", "sharing": hidden},
        {"about": "father", "attribute": "presence", "value": "absent", "basis": "seen"},
    ]
    number = stored(partnership.post("/observations", partnership.observation(child, claims=claims), "hv"))["number"]
    query = text("SELECT about FROM ledger.claims WHERE record_id = :r AND number = :n AND attribute = 'presence'")
    for party, expected in (("hv", {"mother", "father"}), ("csc", {"father"})):
        with partnership.acting("ledger_web", party) as connection:
            assert set(connection.scalars(query, {"r": child, "n": number})) == expected


def _readers(partnership: Partnership, table: str, child: str, number: int) -> set[str]:
    found = set()
    for party in ("hv", "csc", "gp", "police"):
        with partnership.acting("ledger_web", party) as connection:
            query = text(f"SELECT count(*) FROM ledger.{table} WHERE record_id = :r AND number = :n")
            if connection.scalar(query, {"r": child, "n": number}):
                found.add(party)
    return found
