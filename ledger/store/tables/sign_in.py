"""What people sign in with, and what waits after failures. Operation: no entry tells of it, and none of it is content.

Secrets are kept as hashes, or sealed with a key that the database does not hold.
"""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, SmallInteger, Table, Text, Uuid

from ledger.store.tables.columns import metadata, moment, words

passwords = Table(
    "passwords",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    words("hash"),
    moment("set_at"),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    moment("confirmed_at"),
    #: The newest step of time whose code was used: neither it nor an older one is taken again.
    Column("last_step", BigInteger, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("code_sha256", LargeBinary, primary_key=True),
    moment("used_at", nullable=True),
)

known_devices = Table(
    "known_devices",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    moment("seen_at"),
    Index(None, "person_id"),
)

sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("bucket", LargeBinary, primary_key=True),
    Column("tries", SmallInteger, nullable=False),
    moment("since"),
    moment("last_at"),
    Column("waits", SmallInteger, nullable=False),
    moment("wait_until", nullable=True),
    Index(None, "last_at"),
)

person_subjects = Table(
    "person_subjects",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    moment("tied_at"),
    Index(None, "person_id"),
)

provider_visits = Table(
    "provider_visits",
    metadata,
    Column("state_sha256", LargeBinary, primary_key=True),
    Column("browser_sha256", LargeBinary, nullable=False),
    words("nonce"),
    words("verifier"),
    moment("expires_at"),
    Index(None, "expires_at"),
)
