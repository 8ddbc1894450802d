"""Agencies' short-lived tokens: operation, of which no entry tells."""

from sqlalchemy import ARRAY, Column, Index, LargeBinary, Table, Text

from ledger.store.tables.columns import metadata, moment, words

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("token_id", Text, primary_key=True),
    # Whose key it was got with: it holds no longer than the key, and only with the key's certificate.
    words("key_id"),
    Column("secret_sha256", LargeBinary, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    moment("issued_at"),
    moment("expires_at"),
    moment("revoked_at", nullable=True),
    Index("ix_access_tokens_expires_at", "expires_at"),
)
