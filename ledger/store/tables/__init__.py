"""The tables as SQLAlchemy Core knows them, for reads and for the drift check against the migrations.

Three sorts, as the design has them: *ledger* (entries, contents, access_records), *operation* (keys, sessions,
sign-in links, the state row) and *projections* (the rest), which are a function of entries and pack.
Core and not the ORM for all of them: an identity map exists to issue UPDATEs, which the grants refuse.
"""

from ledger.store.tables.base import SCHEMA, metadata
from ledger.store.tables.ledger import access_records, contents, entries, heads
from ledger.store.tables.operation import agency_keys, ledger_state, sessions, sign_in_links
from ledger.store.tables.projections import (
    agencies,
    alerts,
    check_failures,
    children,
    claims,
    door_warnings,
    due_moments,
    findings,
    identifiers,
    involvements,
    landmarks,
    leads,
    links,
    pack_activations,
    partnerships,
    people,
    record_gaps,
    withdrawals,
)

__all__ = [
    "SCHEMA",
    "access_records",
    "agencies",
    "agency_keys",
    "alerts",
    "check_failures",
    "children",
    "claims",
    "contents",
    "door_warnings",
    "due_moments",
    "entries",
    "findings",
    "heads",
    "identifiers",
    "involvements",
    "landmarks",
    "leads",
    "ledger_state",
    "links",
    "metadata",
    "pack_activations",
    "partnerships",
    "people",
    "record_gaps",
    "sessions",
    "sign_in_links",
    "withdrawals",
]
