"""Who may do what: the roles that people were given, as the entries of their partnership's record tell it."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, PrimaryKeyConstraint, Table, Uuid, text

from ledger.store.tables.columns import metadata, words

person_roles = Table(
    "person_roles",
    metadata,
    Column("person_id", Uuid, nullable=False),
    words("role"),
    #: Of the entry that gave it, and of the one that took it away again.
    Column("number", BigInteger, nullable=False),
    Column("taken_number", BigInteger, nullable=True),
    PrimaryKeyConstraint("person_id", "role", "number"),
    CheckConstraint(
        "role IN ('practitioner', 'manager', 'auditor', 'records_officer', 'administrator', 'operator')", name="role"
    ),
    Index(
        "uq_person_roles_person_id_role",
        "person_id",
        "role",
        unique=True,
        postgresql_where=text("taken_number IS NULL"),
    ),
)
