from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from ledger.services.authenticate import read_bearer
from tests.partnership import Partnership

OLD = text("""
    INSERT INTO ledger.access_tokens (token_id, key_id, secret_sha256, scopes, issued_at, expires_at)
    SELECT 'hv.' || n, :key, sha256(n::text::bytea), '{read}', now() - :ago, now() - :ago
    FROM generate_series(1, :count) n""")


def token(partnership: Partnership) -> str:
    """A token of hv's key."""
    auth = (partnership.key_ids["hv"], partnership.keys["hv"])
    answer = partnership.app.test_client().post("/oauth/token", data={"grant_type": "client_credentials"}, auth=auth)
    text_of: str = answer.get_json()["access_token"]
    return text_of


def old_tokens(partnership: Partnership, count: int, ago: timedelta) -> None:
    """Tokens that ended some time ago."""
    with partnership.context.engine.begin() as connection:
        connection.execute(OLD, {"key": partnership.key_ids["hv"], "count": count, "ago": ago})


def kept(partnership: Partnership) -> int:
    with partnership.acting("ledger_web") as connection:
        return connection.scalar(text("SELECT count(*) FROM ledger.access_tokens")) or 0


def test_tokens_are_kept_as_fingerprints(partnership: Partnership) -> None:
    """Nothing that is kept opens anything."""
    secret = token(partnership).split(".")[3]
    with partnership.acting("ledger_web") as connection:
        rows = connection.execute(text("SELECT t::text FROM ledger.access_tokens t")).scalars().all()
    assert len(rows) == 1
    assert secret not in rows[0]
    assert secret.encode().hex() not in rows[0]


def test_each_token_sweeps_some_that_ended_long_ago(partnership: Partnership) -> None:
    """A hundred at a time, an hour after their end, so that the table does not grow for ever and no call takes long."""
    old_tokens(partnership, 150, timedelta(hours=2))
    token(partnership)
    assert kept(partnership) == 51
    token(partnership)
    assert kept(partnership) == 2


def test_those_that_ended_just_now_are_kept(partnership: Partnership) -> None:
    """So that whoever still sends one is told that it has ended."""
    old_tokens(partnership, 3, timedelta(minutes=5))
    token(partnership)
    assert kept(partnership) == 4


def test_who_serves_makes_tokens_and_never_keys(partnership: Partnership) -> None:
    """Nor may it lengthen either, change what it carries, or let begin again what was ended; nobody else has tokens."""
    token(partnership)
    refusals = {
        "ledger_web": [
            "INSERT INTO ledger.agency_keys SELECT * FROM ledger.agency_keys LIMIT 0",
            "UPDATE ledger.agency_keys SET expires_at = 'infinity'",
            "UPDATE ledger.agency_keys SET scopes = '{read}'",
            "UPDATE ledger.agency_keys SET certificate_sha256 = NULL",
            "DELETE FROM ledger.agency_keys",
            "UPDATE ledger.access_tokens SET expires_at = 'infinity'",
            "UPDATE ledger.access_tokens SET scopes = '{read}'",
            "UPDATE ledger.access_tokens SET key_id = 'x'",
            "TRUNCATE ledger.access_tokens",
        ],
        **{
            role: ["SELECT count(*) FROM ledger.access_tokens", "DELETE FROM ledger.access_tokens"]
            for role in ("ledger_worker", "ledger_admin", "ledger_auditor", "ledger_sealer", "ledger_erasure")
        },
    }
    for role, statements in refusals.items():
        for statement in statements:
            with partnership.acting(role) as connection, pytest.raises(ProgrammingError) as refused:
                connection.execute(text(statement))
            assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege), statement


def test_what_has_ended_does_not_begin_again(partnership: Partnership) -> None:
    """Not by who serves, and not at the command line: a revocation is not undone, an end is not put off."""
    token(partnership)
    with partnership.context.engine.begin() as connection:
        connection.execute(text("UPDATE ledger.access_tokens SET revoked_at = now()"))
    put_off = "UPDATE ledger.agency_keys SET expires_at = expires_at + interval '1 day'"
    for role, statement in (
        ("ledger_web", "UPDATE ledger.access_tokens SET revoked_at = NULL"),
        ("ledger_web", "UPDATE ledger.access_tokens SET revoked_at = 'infinity'"),
        ("ledger_admin", put_off),
    ):
        with partnership.acting(role) as connection, pytest.raises(ProgrammingError, match="sooner and never later"):
            connection.execute(text(statement))


@pytest.mark.parametrize("is_token", [False, True])
def test_a_credential_is_looked_up_by_its_key(partnership: Partnership, *, is_token: bool) -> None:
    """However many there are, checking one reads one row of each table it needs, by its primary key."""
    old_tokens(partnership, 2_000, timedelta(minutes=5))
    sent = token(partnership) if is_token else partnership.keys["hv"]
    statement, values = read_bearer(f"Bearer {sent}").check
    with partnership.acting("ledger_web") as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # tables as small as a test's are else read whole
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", values).scalars())
    assert "Seq Scan" not in plan, plan
    expected = {"pk_agency_keys", "pk_agencies", *(["pk_access_tokens"] if is_token else [])}
    assert {name for name in ("pk_agency_keys", "pk_agencies", "pk_access_tokens") if name in plan} == expected
