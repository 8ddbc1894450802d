"""The tables as SQLAlchemy Core knows them, for reads and for the drift check against the migrations.

Three sorts, as the design has them: *ledger* (entries, contents, access_records, and the log's positions, tiles and
checkpoints), *operation* (keys, sessions, sign-in links, what waits to be sealed, the state row) and *projections* (the
rest), which are a function of entries and pack.
Core and not the ORM for all of them: an identity map exists to issue UPDATEs, which the grants refuse.
"""

from ledger.store.tables.attachments import attachment_bytes, photograph_policies
from ledger.store.tables.audits import duties, self_audits
from ledger.store.tables.columns import SCHEMA, metadata
from ledger.store.tables.credentials import access_tokens
from ledger.store.tables.glass import glass_breakings, glass_reviews
from ledger.store.tables.identity import person_roles
from ledger.store.tables.ledger import access_records, contents, entries, heads
from ledger.store.tables.log import (
    access_positions,
    checkpoints,
    closures,
    cosignatures,
    entry_positions,
    log_tiles,
    unsealed,
    unsealed_access,
    witness_states,
)
from ledger.store.tables.markings import markings, ties
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
from ledger.store.tables.retention import erasure_orders, holds, retentions
from ledger.store.tables.sharing import consents, information_requests, rectifications
from ledger.store.tables.sign_in import (
    known_devices,
    passwords,
    person_subjects,
    provider_visits,
    recovery_codes,
    second_factors,
    sign_in_tries,
)
from ledger.store.tables.telling import deliveries, feed_items, feeds, outbox

__all__ = [
    "SCHEMA",
    "access_positions",
    "access_records",
    "access_tokens",
    "agencies",
    "agency_keys",
    "alerts",
    "attachment_bytes",
    "check_failures",
    "checkpoints",
    "children",
    "claims",
    "closures",
    "consents",
    "contents",
    "cosignatures",
    "deliveries",
    "door_warnings",
    "due_moments",
    "duties",
    "entries",
    "entry_positions",
    "erasure_orders",
    "feed_items",
    "feeds",
    "findings",
    "glass_breakings",
    "glass_reviews",
    "heads",
    "holds",
    "identifiers",
    "information_requests",
    "involvements",
    "known_devices",
    "landmarks",
    "leads",
    "ledger_state",
    "links",
    "log_tiles",
    "markings",
    "metadata",
    "outbox",
    "pack_activations",
    "partnerships",
    "passwords",
    "people",
    "person_roles",
    "person_subjects",
    "photograph_policies",
    "provider_visits",
    "record_gaps",
    "recovery_codes",
    "rectifications",
    "retentions",
    "second_factors",
    "self_audits",
    "sessions",
    "sign_in_links",
    "sign_in_tries",
    "ties",
    "unsealed",
    "unsealed_access",
    "withdrawals",
    "witness_states",
]
