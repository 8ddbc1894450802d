"""A partnership's database, by the roles that may: what a test looks up there or does there, past the interface.

Nothing here reads as a superuser: rows are counted by the worker and the auditor, whose policies show them all, so a
server of yours does as well as our own.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from ledger.domain.role import Role, follow
from ledger.services.authenticate import ALL_SCOPES
from ledger.services.context import Context
from ledger.services.detect import detect
from ledger.services.enrol import add_person
from ledger.services.sign_in import make_link, use_link
from ledger.store import people
from ledger.store.append import Caller
from ledger.store.database import SYSTEM, connect_engine, transaction
from tests.opened import issue_test_key
from tests.shipped import shipped_pack

#: Who may see every row of a table, and as which party, for counting them.
_COUNTED: Mapping[str, tuple[str, str | None]] = {
    "heads": ("ledger_worker", None),
    "entries": ("ledger_worker", None),
    "contents": ("ledger_worker", None),
    "claims": ("ledger_worker", None),
    "children": ("ledger_worker", None),
    "involvements": ("ledger_worker", None),
    "leads": ("ledger_worker", None),
    "links": ("ledger_worker", None),
    "withdrawals": ("ledger_worker", None),
    "findings": ("ledger_worker", None),
    "alerts": ("ledger_worker", None),
    "access_records": ("ledger_auditor", "auditor"),
}


class PartnershipDatabase:
    """The database of one partnership. Close it when done."""

    database_url: str
    context: Context
    _engines: dict[str, Engine]

    def close(self) -> None:
        """Let go of every connection."""
        for engine in self._engines.values():
            engine.dispose()

    def engine(self, role: str) -> Engine:
        """A small engine of a role, one for each."""
        if role not in self._engines:
            self._engines[role] = connect_engine(self.database_url, role, pool_size=2)
        return self._engines[role]

    @contextmanager
    def acting(self, role: str, party: str | None = None) -> Iterator[Connection]:
        """A transaction of a role for a party; what it did is rolled back."""
        with self.engine(role).connect() as connection, connection.begin() as begun:
            if party is not None:
                connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            yield connection
            if begun.is_active:
                begun.rollback()

    def rows(self) -> dict[str, int]:
        """How many rows each table of the ledger and of its projections holds."""
        counted = {}
        for table, (role, party) in _COUNTED.items():
            with self.acting(role, party) as connection:
                counted[table] = connection.scalar(text(f"SELECT count(*) FROM ledger.{table}")) or 0
        return counted

    def envelopes(self, record_id: str) -> list[bytes]:
        """The stored envelopes of a record, in order."""
        with self.acting("ledger_worker") as connection:
            query = text("SELECT envelope FROM ledger.entries WHERE record_id = :record ORDER BY number")
            return list(connection.scalars(query, {"record": record_id}))

    def erase(self, record_id: str, number: int) -> int:
        """Erase one entry's content as the role that may, under an order made for it; how many rows went."""
        self._approve_erasure(record_id, number)
        with transaction(self.engine("ledger_erasure"), party="erasure") as connection:
            return connection.execute(
                text("DELETE FROM ledger.contents WHERE record_id = :record AND number = :number"),
                {"record": record_id, "number": number},
            ).rowcount

    def _approve_erasure(self, record_id: str, number: int) -> None:
        """An approved order for one entry, in the rows alone: what services make of orders is tested elsewhere."""
        given: dict[str, Any] = {"record": record_id, "number": number, "one": UUID(int=1), "other": UUID(int=2)}
        with transaction(self.engine("ledger_worker"), party=SYSTEM) as connection:
            given["agency"] = connection.scalar(
                text("SELECT agency_id FROM ledger.entries WHERE record_id = :record AND number = :number"), given
            )
            connection.execute(
                text(
                    "INSERT INTO ledger.involvements (record_id, agency_id, number) VALUES (:record, :agency, -:number)"
                ),
                given,
            )
        with transaction(self.context.engine, party=str(given["agency"])) as connection:
            for statement in (
                """INSERT INTO ledger.erasure_orders
                    (record_id, number, agency_id, person_id, ground, is_whole, numbers)
                VALUES (:record, :number, :agency, :one, 'court_order', false, ARRAY[:number])""",
                """UPDATE ledger.erasure_orders SET answer = 'approve', answered_number = :number,
                answered_agency = :agency, answered_by = :other WHERE record_id = :record AND number = :number""",
            ):
                connection.execute(text(statement), given)

    def issue(
        self, agency: str, *, scopes: Sequence[str] = ALL_SCOPES, lifetime: timedelta = timedelta(days=1)
    ) -> tuple[str, str]:
        """Another key of an agency: its id and its text."""
        return issue_test_key(self.engine("ledger_admin"), agency, scopes=scopes, lifetime=lifetime)

    def person(self, agency: str, ref: str, *roles: Role) -> Caller:
        """Somebody of an agency in these roles, whose name is their reference, as services know who calls."""
        person_id = add_person(
            self.engine("ledger_admin"), os.urandom, agency=agency, ref=ref, name=ref, role="office", roles=roles
        )
        with self.context.engine.connect() as connection:
            found = people.person(connection, person_id)
        assert found is not None
        return Caller(
            agency,
            found.partnership,
            kind=found.agency_kind,
            person_id=person_id,
            person_ref=ref,
            roles=follow(found.standing, at_desk=found.is_duty_desk),
        )

    def session(self, person: Caller) -> str:
        """A session's token of a person who signed in by a link."""
        assert person.person_id is not None
        now = datetime.now(UTC)
        with transaction(self.engine("ledger_admin"), party=SYSTEM) as connection:
            link = make_link(connection, person.person_id, os.urandom, now)
        with transaction(self.context.engine, party=None) as connection:
            return use_link(connection, link, os.urandom, now)

    def detect(self, record_id: str) -> int:
        """Detect in a record as a worker does; how many steps that took."""
        return detect(self.engine("ledger_worker"), UUID(record_id), lambda _digest: shipped_pack(), os.urandom).steps
