"""The ledger looks through itself: whatever is changed in its tables is named by the next audit, and honesty is not."""

import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DataError, IntegrityError

from ledger.services.self_audit import BROKEN, KIND, Audit, audit, audit_when_due, look_through
from ledger.store.database import driver_url
from ledger.store.tables import metadata
from ledger.store.tables.sorts import LEDGER
from tests.attaching import entry_of, send, set_policy
from tests.integration.services.sealing import seal_all, sealer
from tests.partnership import Partnership, refused, stored
from tests.sizes import is_full

#: Columns of the ledger's tables that nothing else repeats: nobody can tell whether they were changed. Most are for
#: running alone; cosignatures are checked by whoever holds their witnesses' keys.
_TOLD_NOWHERE = {
    "heads": {"due_seq", "detected_seq", "next_due_at", "last_recorded_at"},
    "access_records": {"is_opening"},
    "checkpoints": {"signed_at"},
}
#: That the newest checkpoint is gone is for those to miss who hold it: the sealer in its own store, and the witnesses.
_MISSED_BY_OTHERS = {"checkpoints"}
#: None are here: no witness cosigned.
_EMPTY = {"cosignatures"}
_FLIPPED = {
    "LARGE_BINARY": "set_byte({c}, 0, (get_byte({c}, 0) + 1) % 256)",
    "UUID": "'00000000-0000-4000-8000-000000000001'::uuid",
    "BIG_INTEGER": "{c} + 1000000",
    "SMALL_INTEGER": "{c} + 50",
    "BOOLEAN": "NOT {c}",
    "DATETIME": "{c} - interval '1 second'",
}


@pytest.fixture
def sealed(partnership: Partnership, tmp_path: Path) -> Partnership:
    """A partnership with entries, copies, findings, an attachment and reads, all of it in the log."""
    child = partnership.child(involve=["hv", "csc"])
    other = partnership.child(agency="csc")
    partnership.alert(child)
    stored(partnership.post("/observations", partnership.observation(child, also=[{"id": other}])))
    set_policy(partnership)
    stored(send(partnership, child, entry_of(partnership.event())))
    stored(partnership.get(f"/children/{child}/timeline"))
    stored(partnership.get(f"/children/{child}/timeline", "csc"))
    with sealer(partnership, tmp_path) as sealing_log:
        seal_all(sealing_log)
    return partnership


def look(partnership: Partnership, scope: Any = "lately") -> Audit:
    """An audit as the workers make it, of what is committed."""
    return audit(partnership.engine("ledger_worker"), scope)


def test_nothing_is_found_where_nothing_is_wrong(sealed: Partnership) -> None:
    """An honest ledger has no problems in either scope, whether all of it is in the log or some still waits."""
    for found in (look(sealed, "all"), look(sealed)):
        assert found.problems == []
        assert found.root is not None
        assert found.to_index == found.entries > 10
        assert found.reads >= 2
    sealed.child()
    assert look(sealed).problems == []
    assert look(sealed).entries == look(sealed).to_index + 1


def test_whatever_is_changed_is_named(sealed: Partnership, superuser_url: str) -> None:
    """A byte flipped in any column of any ledger table, in the first and last row, a row deleted, or two that exchange
    what they hold, is named by the next audit.
    """
    changes = [change for name in sorted(LEDGER - _EMPTY) for change in _changes(name)]
    engine = create_engine(driver_url(superuser_url))
    with engine.connect() as connection, connection.begin() as begun:
        _put_guards_aside(connection)
        missed = [change for change in changes if _is_missed(connection, change)]
        begun.rollback()
    engine.dispose()
    assert len(changes) > 100
    assert missed == []


def _changes(name: str) -> Iterator[str]:
    told = [one for one in metadata.tables[f"ledger.{name}"].columns if one.name not in _TOLD_NOWHERE.get(name, set())]
    for which in ("min", "max") if is_full() else ("max",):
        row = f"ctid = (SELECT {which}(ctid) FROM ledger.{name})"
        for column in told:
            flipped = _FLIPPED.get(column.type.__visit_name__.upper(), "{c} || 'x'").replace("{c}", f'"{column.name}"')
            where = f'{row} AND "{column.name}" IS NOT NULL'
            yield f'UPDATE ledger.{name} SET "{column.name}" = {flipped} WHERE {where}'
        if name not in _MISSED_BY_OTHERS:
            yield f"DELETE FROM ledger.{name} WHERE {row}"
    for column in told:
        yield _exchange(name, column.name)


def _exchange(name: str, column: str) -> str:
    """Exchange what stands in a column in two rows, where it differs."""
    return f"""
        WITH two AS (
            SELECT a.ctid AS one, b.ctid AS other, a."{column}" AS of_one, b."{column}" AS of_other
            FROM ledger.{name} a, ledger.{name} b WHERE a."{column}" <> b."{column}" AND a.ctid < b.ctid LIMIT 1)
        UPDATE ledger.{name} t SET "{column}" = CASE WHEN t.ctid = two.one THEN two.of_other ELSE two.of_one END
        FROM two WHERE t.ctid IN (two.one, two.other)"""


def _put_guards_aside(connection: Connection) -> None:
    """As only a superuser can: triggers, and what the tables check themselves."""
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    query = """
        SELECT conrelid::regclass || ' DROP CONSTRAINT ' || conname FROM pg_constraint
        WHERE connamespace = 'ledger'::regnamespace AND contype = 'c'"""
    for check in connection.scalars(text(query)).all():
        connection.execute(text(f"ALTER TABLE {check}"))


def _is_missed(connection: Connection, change: str) -> bool:
    """Whether the workers' audit does not name a change; it is undone. What an index refuses is no change."""
    with connection.begin_nested() as nested:
        try:
            done = connection.execute(text(change)).rowcount
        except (IntegrityError, DataError):
            nested.rollback()
            return False
        connection.execute(text("SET LOCAL ROLE ledger_worker"))
        is_named = bool(look_through(connection, "lately").problems)
        connection.execute(text("RESET ROLE"))
        nested.rollback()
    return bool(done) and not is_named


def test_the_first_bad_index_is_named(sealed: Partnership, superuser_url: str) -> None:
    """Of several entries that were changed the first in the log is named first, with its record and number."""
    engine = create_engine(driver_url(superuser_url))
    with engine.connect() as connection, connection.begin() as begun:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            text("""
            UPDATE ledger.contents c SET content = c.content || ' '::bytea FROM ledger.entry_positions p
            WHERE p.record_id = c.record_id AND p.number = c.number AND p.index IN (4, 7)""")
        )
        connection.execute(text("SET LOCAL ROLE ledger_worker"))
        found = look_through(connection, "lately")
        begun.rollback()
    engine.dispose()
    assert [one.index for one in found.problems] == [4, 7]
    assert found.first is not None
    assert (found.first.index, found.first.record is not None) == (4, True)


# ── as the workers do it ──


def due(partnership: Partnership, scope: Any = "lately") -> Audit | None:
    """One worker's look whether an audit is due, by the real clock."""
    return audit_when_due(partnership.engine("ledger_worker"), scope, os.urandom, lambda: datetime.now(UTC))


def said(partnership: Partnership) -> list[dict[str, Any]]:
    """What the partnership's record says of audits."""
    with partnership.acting("ledger_worker") as connection:
        rows = connection.scalars(
            text("SELECT content FROM ledger.contents WHERE kind = :kind ORDER BY number"), {"kind": KIND}
        )
        return [json.loads(content)["body"] for content in rows]


def overdue(partnership: Partnership) -> None:
    """Let the last audit have been a while ago, which only the owner could."""
    with partnership.engine("ledger_worker").begin() as connection:
        connection.execute(text("UPDATE ledger.duties SET done_at = done_at - interval '2 days'"))


def test_two_workers_do_it_once(sealed: Partnership) -> None:
    """Of workers that look at the same moment one audits; within the minute nobody does again."""
    found: list[Audit | None] = []
    threads = [threading.Thread(target=lambda: found.append(due(sealed))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one is not None for one in found) == [False, True]
    assert due(sealed) is None
    assert len(said(sealed)) == 1


def test_an_idle_ledger_says_nothing_more(sealed: Partnership, tmp_path: Path) -> None:
    """An audit is an entry where there were others; its own are none of them, and the daily one is always said."""
    assert due(sealed) is not None
    assert [one["problems"] for one in said(sealed)] == [[]]
    for _ in range(3):
        with sealer(sealed, tmp_path) as sealing_log:
            seal_all(sealing_log)
        overdue(sealed)
        assert due(sealed) is not None
    assert len(said(sealed)) == 1
    assert due(sealed, "all") is not None
    assert [one["scope"] for one in said(sealed)] == ["lately", "all"]
    with sealed.acting("ledger_web", "hv") as connection:
        assert connection.scalar(text("SELECT count(*) FROM ledger.self_audits")) == 5


def test_a_failure_closes_the_ledger_and_a_recovery_is_said(sealed: Partnership, superuser_url: str) -> None:
    """What does not hold is an entry, and from then on no entry is taken; once it holds and is opened, that is said."""
    engine = create_engine(driver_url(superuser_url))
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        changed = connection.execute(text("""
            UPDATE ledger.entries SET event_id = event_id || 'x' WHERE ctid = (SELECT max(ctid) FROM ledger.entries)
            RETURNING record_id, number""")).one()  # fmt: skip
    found = due(sealed)
    assert found is not None
    assert found.first is not None
    refused(sealed.post("/children", {"event_id": sealed.event(), "born": "2022-09-01"}), 503)
    with sealed.acting("ledger_web", "hv") as connection:
        assert connection.execute(text("SELECT why, log, from_index FROM ledger.closures")).all() == [
            (BROKEN, "entries", found.first.index)
        ]
    assert said(sealed)[-1]["problems"][0]["index"] == found.first.index
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        query = text("UPDATE ledger.entries SET event_id = left(event_id, -1) WHERE record_id = :r AND number = :n")
        connection.execute(query, {"r": changed.record_id, "n": changed.number})
    engine.dispose()
    overdue(sealed)
    assert due(sealed) is not None
    with sealed.engine("ledger_admin").begin() as connection:
        connection.execute(text("UPDATE ledger.closures SET opened_at = clock_timestamp()"))
    overdue(sealed)
    sealed.child()
    assert due(sealed) is not None
    assert [one["why"] for one in said(sealed)[-1]["problems"]] == []
