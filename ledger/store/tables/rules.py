"""Which rules are in shadow, what was done about each alert, and how each rule fares in counts.

The first two are functions of entries. The counts are operation: they name nobody, and whoever may not see a record
may see them.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    Index,
    PrimaryKeyConstraint,
    Table,
    Uuid,
)

from ledger.store.tables.columns import metadata, moment, words

rule_states = Table(
    "rule_states",
    metadata,
    words("partnership_id"),
    Column("number", BigInteger, nullable=False),
    moment("recorded_at"),
    words("rule"),
    Column("is_live", Boolean, nullable=False),
    words("why"),
    PrimaryKeyConstraint("partnership_id", "number"),
    CheckConstraint("why IN ('below_floor', 'new_in_pack', 'by_operator')", name="why"),
    Index("ix_rule_states_partnership_id_rule", "partnership_id", "rule", "number"),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    moment("recorded_at"),
    words("alert_id"),
    words("verdict"),
    PrimaryKeyConstraint("record_id", "number"),
    CheckConstraint("verdict IN ('acted', 'dismissed')", name="verdict"),
    Index("ix_verdicts_alert_id", "alert_id"),
)

#: `since` is from when on is counted; `waiting`, how many open findings nobody was alerted to.
rule_counts = Table(
    "rule_counts",
    metadata,
    words("partnership_id"),
    words("rule"),
    moment("counted_at"),
    Column("took_s", Double, nullable=False),
    moment("since"),
    *(Column(name, BigInteger, nullable=False) for name in ("raised", "alerted", "acted", "dismissed", "waiting")),
    Column("median_s", Double, nullable=True),
    PrimaryKeyConstraint("partnership_id", "rule"),
)
