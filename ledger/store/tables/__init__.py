"""The tables as SQLAlchemy Core knows them, for reads and for the drift check against the migrations.

Three sorts, as the design has them: *ledger* (entries, contents, access_records, and the log's positions, tiles and
checkpoints), *operation* (keys, sessions, sign-in links, what waits to be sealed, the state row) and *projections* (the
rest), which are a function of entries and pack.
Core and not the ORM for all of them: an identity map exists to issue UPDATEs, which the grants refuse.
"""

from ledger.store.tables.adults import adult_comparisons, adult_proposals, adults
from ledger.store.tables.attachments import attachment_bytes, photograph_policies
from ledger.store.tables.audits import duties, self_audits
from ledger.store.tables.columns import SCHEMA, metadata
from ledger.store.tables.credentials import access_tokens
from ledger.store.tables.disagreements import disagreements
from ledger.store.tables.glass import glass_breakings, glass_reviews
from ledger.store.tables.identity import person_roles
from ledger.store.tables.imports import import_rows, imports
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
from ledger.store.tables.machinery import heartbeats, lags, setbacks, troubles
from ledger.store.tables.markings import markings, ties
from ledger.store.tables.operation import agency_keys, alert_looks, ledger_state, sessions, sign_in_links
from ledger.store.tables.people import absences, ladders, leavings, reachables, teams, working_hours
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
    parts,
    people,
    record_gaps,
    withdrawals,
)
from ledger.store.tables.retention import erasure_orders, holds, retentions
from ledger.store.tables.rules import rule_counts, rule_states, verdicts
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
from ledger.store.tables.telling import deliveries, digest_days, digests, feed_items, feeds, outbox
from ledger.store.tables.webhooks import webhook_hosts, webhook_secrets, webhooks
from ledger.store.tables.work import record_moves, work_items

__all__ = [
    "SCHEMA",
    "absences",
    "access_positions",
    "access_records",
    "access_tokens",
    "adult_comparisons",
    "adult_proposals",
    "adults",
    "agencies",
    "agency_keys",
    "alert_looks",
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
    "digest_days",
    "digests",
    "disagreements",
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
    "heartbeats",
    "holds",
    "identifiers",
    "import_rows",
    "imports",
    "information_requests",
    "involvements",
    "known_devices",
    "ladders",
    "lags",
    "landmarks",
    "leads",
    "leavings",
    "ledger_state",
    "links",
    "log_tiles",
    "markings",
    "metadata",
    "outbox",
    "pack_activations",
    "partnerships",
    "parts",
    "passwords",
    "people",
    "person_roles",
    "person_subjects",
    "photograph_policies",
    "provider_visits",
    "reachables",
    "record_gaps",
    "record_moves",
    "recovery_codes",
    "rectifications",
    "retentions",
    "rule_counts",
    "rule_states",
    "second_factors",
    "self_audits",
    "sessions",
    "setbacks",
    "sign_in_links",
    "sign_in_tries",
    "teams",
    "ties",
    "troubles",
    "unsealed",
    "unsealed_access",
    "verdicts",
    "webhook_hosts",
    "webhook_secrets",
    "webhooks",
    "withdrawals",
    "witness_states",
    "work_items",
    "working_hours",
]
