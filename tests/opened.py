"""A demonstration partnership as it is opened: its agencies, their keys and the pack in force, in a database.

Opening one takes as long as many a test, so by the real clock it is done once a session, and copied.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from ledger.services.authenticate import ALL_SCOPES
from ledger.services.enrol import Agency, add_agency
from ledger.services.issue_key import issue_key
from ledger.services.open_ledger import open_ledger, open_partnership
from ledger.store.database import connect_engine
from tests.shipped import shipped_pack
from tests.templates import MIGRATED, Templates

DUTY_DESK = "duty"
AGENCIES = ("hv", "csc", "gp", "police")
ORIGIN = "tests.example"


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened: its record, each agency's key by its id and its text, and of which template it is a copy."""

    partnership_record: UUID
    key_ids: Mapping[str, str]
    keys: Mapping[str, str]
    template: str | None = None


def open_demonstration(admin: Engine, clock_at: datetime | None = None) -> Opened:
    """Open the ledger and the partnership in a database that has neither."""
    open_ledger(admin, origin=ORIGIN, demonstration=True, clock_at=clock_at)
    record = open_partnership(
        admin, os.urandom, ref="demo", name="Demonstration", nation="england",
        duty_desk=Agency(DUTY_DESK, "duty_desk", "Duty desk", "ring the duty desk"), pack=shipped_pack(),
    )  # fmt: skip
    for agency in AGENCIES:
        added = Agency(agency, agency, agency.upper(), f"ring {agency}")
        add_agency(admin, os.urandom, partnership="demo", agency=added)
    issued = {agency: issue_test_key(admin, agency) for agency in (*AGENCIES, DUTY_DESK)}
    return Opened(
        record, {agency: key[0] for agency, key in issued.items()}, {agency: key[1] for agency, key in issued.items()}
    )


def issue_test_key(
    admin: Engine, agency: str, *, scopes: Sequence[str] = ALL_SCOPES, lifetime: timedelta = timedelta(days=1)
) -> tuple[str, str]:
    """A key of an agency, good from now on: its id and its text."""
    return issue_key(admin, os.urandom, agency=agency, scopes=list(scopes), now=datetime.now(UTC), lifetime=lifetime)


def opened_template(templates: Templates) -> Opened:
    """What was opened in the template, which is made when it is asked for first; it goes by the real clock."""

    def fill(url: str) -> dict[str, Any]:
        admin = connect_engine(url, "ledger_admin", pool_size=1)
        opened = open_demonstration(admin)
        admin.dispose()
        return {"record": str(opened.partnership_record), "key_ids": dict(opened.key_ids), "keys": dict(opened.keys)}

    said = templates.filled("opened", fill, on=MIGRATED)
    return Opened(UUID(said["record"]), said["key_ids"], said["keys"], "opened")
