from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from ledger.store import clock
from ledger.store.database import transaction
from ledger.store.party import act_for, seek
from tests.partnership import NHS_NUMBERS, Partnership, stored

#: What a party sees for the records that it is involved with. Access records are read by no party that serves.
OF_A_RECORD = (
    "entries", "contents", "claims", "children", "leads", "links", "withdrawals", "findings", "alerts", "involvements"
)  # fmt: skip
START = datetime(2023, 10, 5, 9, tzinfo=UTC)


def counts(connection: Connection, child: str) -> dict[str, int]:
    """How many rows of a record the acting party sees in each table."""
    return {
        table: connection.scalar(text(f"SELECT count(*) FROM ledger.{table} WHERE record_id = :r"), {"r": child}) or 0
        for table in OF_A_RECORD
    }


def seen_by(partnership: Partnership, child: str, party: str | None, role: str = "ledger_web") -> dict[str, int]:
    with partnership.acting(role, party) as connection:
        return counts(connection, child)


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A record with a row in every table: hv and csc contradict each other, csc leads, hv corrected and linked."""
    record_id = partnership.child(nhs_number=NHS_NUMBERS[0], reference="baby", involve=["hv"])
    mistaken = stored(partnership.post("/observations", partnership.observation(record_id)))
    right = {
        name: value for name, value in partnership.observation(record_id).items() if name not in {"event_id", "child"}
    }
    correction = {"event_id": "put-right", "corrects": mistaken["id"], "reason": "a slip", "observation": right}
    stored(partnership.post(f"/children/{record_id}/corrections", correction))
    link = {"event_id": "linked", "things": ["bruise", "csc/injury"], "reason": "one bruise"}
    stored(partnership.post(f"/children/{record_id}/links", link))
    partnership.alert(record_id)
    return record_id


def test_nobody_sees_nothing(partnership: Partnership, child: str) -> None:
    """Without a party the serving role sees no row of any table of content, whatever identifier it names."""
    assert all(seen_by(partnership, child, "csc").values()), "there is something to see"
    with partnership.acting("ledger_web") as connection:
        assert set(counts(connection, child).values()) == {0}
        seek(connection, [f"nhs:{NHS_NUMBERS[0]}", "ref:hv/baby"])
        assert connection.execute(text("SELECT FROM ledger.identifiers")).rowcount == 0
    for party in ("", "stranger", "auditor", "erasure", "rebuild", "%", "hv csc"):
        assert set(seen_by(partnership, child, party).values()) == {0}


def test_a_party_that_is_no_agency_opens_nothing(partnership: Partnership, child: str) -> None:
    """Acting as the ledger, the auditor, who erases or who rebuilds, a serving role sees no row and writes none."""
    entry = text("""
        INSERT INTO ledger.entries (record_id, number, recorded_at, is_copy, agency_id, event_id, envelope)
        VALUES (:r, 999, now(), false, :agency, 'forged', '')""")
    for party in ("ledger", "auditor", "erasure", "rebuild"):
        assert set(seen_by(partnership, child, party).values()) == {0}
        with (
            partnership.acting("ledger_web", party) as connection,
            pytest.raises(ProgrammingError, match="row-level security"),
        ):
            connection.execute(entry, {"r": child, "agency": party})


def test_the_command_line_reads_no_childs_record(partnership: Partnership, child: str) -> None:
    """Acting as the ledger or as an agency, the administrator's role sees the partnership's own record alone."""
    for party in ("ledger", "csc", "hv", "auditor"):
        with partnership.acting("ledger_admin", party) as connection:
            for table in ("entries", "contents"):
                records = set(connection.scalars(text(f"SELECT DISTINCT record_id FROM ledger.{table}")))
                assert records == ({partnership.partnership_record} if party == "ledger" else set())


def test_what_belongs_to_one_person_is_theirs_alone(partnership: Partnership, child: str) -> None:
    """A membership that names a person counts for that person of that agency, and for nobody else of it."""
    theirs, others = UUID(int=5), UUID(int=6)
    with partnership.engine("ledger_worker").begin() as connection:
        connection.execute(
            text("INSERT INTO ledger.involvements (record_id, agency_id, number, person_id) VALUES (:r, 'gp', 1, :p)"),
            {"r": child, "p": theirs},
        )
    for agency, person, sees in (("gp", theirs, True), ("gp", others, False), ("gp", None, False),
                                 ("police", theirs, False)):  # fmt: skip
        with transaction(partnership.engine("ledger_web"), party=None) as connection:
            act_for(connection, agency, person)
            seen = counts(connection, child)
        assert {table for table, count in seen.items() if count and table != "involvements"} == (
            set(OF_A_RECORD) - {"involvements"} if sees else set()
        )


def test_an_agency_not_involved_sees_its_own_alone(partnership: Partnership, child: str) -> None:
    """Posting lets an agency see what it posted and nothing more; involvement lets it see the rest."""
    assert set(seen_by(partnership, child, "gp").values()) == {0}
    stored(partnership.post("/observations", partnership.observation(child), "gp"))
    own = {table for table, count in seen_by(partnership, child, "gp").items() if count}
    assert own == {"entries", "contents", "claims"}
    assert seen_by(partnership, child, "gp")["contents"] == 1
    partnership.involve(child, "gp")
    seen, all_of_it = seen_by(partnership, child, "gp"), seen_by(partnership, child, None, "ledger_worker")
    assert seen | {"involvements": 1} == all_of_it | {"involvements": 1}
    assert seen["involvements"] == 1, "its own; who else is involved it reads in the entries"


def test_involvement_in_one_record_opens_no_other(partnership: Partnership, child: str) -> None:
    """An agency involved with one child sees nothing of another child's record."""
    partnership.child("gp", involve=["gp"])
    assert set(seen_by(partnership, child, "gp").values()) == {0}


def test_involvement_ends_with_its_day(database_url: str) -> None:
    """Until the end of the last day of its involvement an agency sees the record; after that, only its own."""
    partnership = Partnership(database_url, clock_at=START)
    child = partnership.child(born="2023-01-01")
    stored(partnership.post("/observations", partnership.observation(child, observed="2023-10-04")))
    partnership.involve(child, "gp", until="2023-10-06")
    admin = partnership.engine("ledger_admin")
    for moment, sees in ((START, True), (datetime(2023, 10, 6, 22, 59, tzinfo=UTC), True),
                         (datetime(2023, 10, 6, 23, tzinfo=UTC), False)):  # fmt: skip
        with transaction(admin, party="ledger") as connection:
            clock.move(connection, moment)
        assert (seen_by(partnership, child, "gp")["claims"] == 3) is sees
        assert (partnership.get(f"/children/{child}/timeline", "gp").status_code == 200) is sees
    assert seen_by(partnership, child, "gp")["contents"] == 1, "its own involvement"
    partnership.close()


def test_what_is_hidden_measures_nobody_elses_posts(partnership: Partnership, child: str) -> None:
    """The involved see the landmarks that no marking hides, an agency its own; nobody changes another's."""
    died = {"about": "father", "attribute": "death", "value": "happened", "basis": "own_record"}
    sharing = {"marking": "restricted", "to": [], "lawful_basis": "public task"}
    for more in ({}, {"sharing": sharing}):
        stored(partnership.post("/observations", partnership.observation(child, claims=[died], **more), "csc"))
    query = text("SELECT is_hidden FROM ledger.landmarks WHERE sort = 'death' ORDER BY number")
    for party, expected in (("csc", [False, True]), ("hv", [False]), ("gp", []), (None, [])):
        with partnership.acting("ledger_web", party) as connection:
            assert connection.scalars(query).all() == expected
    with partnership.acting("ledger_web", "hv") as connection:
        changed = connection.execute(text("UPDATE ledger.landmarks SET withdrawn_by = 9 WHERE agency_id = 'csc'"))
        assert changed.rowcount == 0


def test_identifiers_are_named_and_never_listed(partnership: Partnership, child: str) -> None:
    """A party that names an identifier finds it; no condition, order or pattern shows one that was not named."""
    nhs = f"nhs:{NHS_NUMBERS[0]}"
    with partnership.acting("ledger_web", "hv") as connection:
        everything = text("SELECT sought FROM ledger.identifiers WHERE sought LIKE '%' ORDER BY sought")
        assert connection.scalars(everything).all() == []
        for pattern in ("%", "nhs:%", "nhs:", nhs[:-1], "{", "NULL", '"', "\\"):
            seek(connection, [pattern])
            assert connection.scalars(everything).all() == []
        seek(connection, ["nhs:0000000000", nhs])
        assert connection.scalars(everything).all() == [nhs]


def test_a_party_writes_as_itself_alone(partnership: Partnership, child: str) -> None:
    """Row-level security lets nobody append in another's name, and nobody write an access record for another."""
    entry = text("""
        INSERT INTO ledger.entries (record_id, number, recorded_at, is_copy, agency_id, event_id, envelope)
        VALUES (:r, 999, now(), false, :agency, 'forged', '')""")
    access = text("""
        INSERT INTO ledger.access_records (access_id, at, agency_id, record_id, what, purpose, up_to_number, request_id)
        VALUES (gen_random_uuid(), now(), :agency, :r, 'timeline', 'work', 1, '-')""")
    for role, party, statement in (
        ("ledger_web", "hv", entry),
        ("ledger_web", None, entry),
        ("ledger_web", "hv", access),
        ("ledger_worker", "csc", entry),
        ("ledger_admin", "ledger", entry),
    ):
        with (
            partnership.acting(role, party) as connection,
            pytest.raises(ProgrammingError, match="row-level security"),
        ):
            connection.execute(statement, {"r": child, "agency": "csc"})


def test_the_sealer_sees_envelopes_and_no_more(partnership: Partnership, child: str) -> None:
    """What seals the log reads the published half of every entry; not who sent it, and no content."""
    with partnership.acting("ledger_sealer") as connection:
        assert connection.scalar(text("SELECT count(envelope) FROM ledger.entries")) == partnership.rows()["entries"]
    for column, table in (("event_id", "entries"), ("agency_id", "entries"), ("content", "contents")):
        with partnership.acting("ledger_sealer") as connection, pytest.raises(ProgrammingError, match="denied"):
            connection.execute(text(f"SELECT {column} FROM ledger.{table}"))


def test_the_auditor_sees_all(partnership: Partnership, child: str) -> None:
    """Acting as auditor it reads entries, contents and who looked."""
    stored(partnership.get(f"/children/{child}/timeline", "csc"))
    with partnership.acting("ledger_auditor", "auditor") as connection:
        for table in ("entries", "contents", "access_records"):
            assert connection.scalar(text(f"SELECT count(*) > 0 FROM ledger.{table}"))
    with partnership.acting("ledger_auditor") as connection:
        assert connection.scalar(text("SELECT count(*) FROM ledger.contents")) == 0, "not without saying so"


def test_a_hidden_row_is_not_told_by_an_error(partnership: Partnership, child: str) -> None:
    """A number that another agency registered shows in no error's words when it is inserted again."""
    insert = text("INSERT INTO ledger.identifiers (sought, record_id) VALUES (:sought, gen_random_uuid())")
    with partnership.acting("ledger_web", "gp") as connection, pytest.raises(Exception, match="duplicate") as caught:
        connection.execute(insert, {"sought": f"nhs:{NHS_NUMBERS[0]}"})
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.errors.UniqueViolation)
    assert NHS_NUMBERS[0] not in str(cause)
    assert cause.diag.message_detail is None
