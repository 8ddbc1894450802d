"""Of what sort each table is: the ledger itself, operation, or a projection, which is a function of entries and pack.

The one place that says so. A table that is in none of the three is a mistake (tests/structure/test_sorts.py).
"""

from typing import Final

#: What is true because it stands here: entries and their contents, who read what, and the log that seals both.
LEDGER: Final = frozenset(
    {
        "heads", "entries", "contents", "attachment_bytes", "access_records",
        "entry_positions", "access_positions", "log_tiles", "checkpoints", "cosignatures",
    }
)  # fmt: skip

#: What the ledger needs to run, and no entry tells, or not so that it could be made again. Warnings given at the door
#: are among it: they are what was answered once, to whoever asked, as they saw the record then. Made again by a later
#: program they would say that something was answered which never was.
OPERATION: Final = frozenset(
    {
        "ledger_state", "agency_keys", "access_tokens", "sign_in_links", "sessions",
        "passwords", "second_factors", "recovery_codes", "known_devices", "sign_in_tries", "person_subjects",
        "provider_visits", "unsealed", "unsealed_access", "closures", "door_warnings", "duties", "self_audits",
        "witness_states", "outbox", "feeds", "feed_items", "deliveries", "digest_days", "digests", "alert_looks",
        "webhooks", "webhook_secrets", "rule_counts", "setbacks", "heartbeats", "lags", "troubles",
        "adult_proposals", "adult_comparisons", "imports", "import_rows",
    }
)  # fmt: skip

#: Of the partnerships' own records.
OF_PARTNERSHIPS: Final = (
    "partnerships", "agencies", "people", "person_roles", "pack_activations", "photograph_policies",
    "leavings", "absences", "teams", "ladders", "working_hours", "reachables",
    "webhook_hosts", "rule_states",
)  # fmt: skip

#: Of a child's record, each row by its `record_id`.
OF_CHILDREN: Final = (
    "children", "identifiers", "involvements", "leads", "links", "withdrawals", "claims", "markings", "ties",
    "landmarks", "consents", "information_requests", "rectifications", "glass_breakings", "glass_reviews",
    "retentions", "holds", "erasure_orders", "disagreements", "findings", "alerts", "record_gaps", "due_moments",
    "check_failures", "verdicts", "work_items", "record_moves", "parts", "adults",
)  # fmt: skip

#: Of these a row stays though the content of its entry was erased: who has a part in a record, what was withdrawn and
#: which entry speaks of which is needed still, and says nothing of what was erased. Of markings and links what erasing
#: left stays (ledger/store/retention.py): it keeps what others said from whom it is to be kept.
#: Findings and alerts are references; whoever has their address is to be told that they ended.
STAYS_AFTER_ERASURE: Final = (
    "involvements", "withdrawals", "ties", "markings", "links", "information_requests", "rectifications",
    "glass_breakings", "glass_reviews", "retentions", "holds", "erasure_orders", "disagreements", "findings",
    "alerts", "verdicts", "work_items", "record_moves", "parts", "adults",
)  # fmt: skip

PROJECTIONS: Final = frozenset({*OF_PARTNERSHIPS, *OF_CHILDREN})
