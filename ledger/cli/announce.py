"""Announce the keys of the log and of receipts in each partnership's own record."""

import os

import click
from sqlalchemy import Engine, select

from config.settings import Settings
from ledger.cli.administer import admin_engine
from ledger.cli.environment import current_settings
from ledger.domain.log.note import ED25519, parse_vkey
from ledger.domain.log.receipt import receipt_name
from ledger.services.announce_log import announce_log, announcement_of, public_of
from ledger.services.read_policy import PolicyFileError, read_policy
from ledger.services.sign_log import origin_of_log
from ledger.store.database import SYSTEM, transaction
from ledger.store.tables import ledger_state


@click.command("announce")
@click.option("--log-key", "log_vkey", help="The log's verifier key, where LEDGER_LOG_KEY is the sealer's alone.")
@click.option("--receipt-key", "receipt_vkey", help="That of receipts, where LEDGER_RECEIPT_KEY is not set here.")
def log_announce(log_vkey: str | None, receipt_vkey: str | None) -> None:
    """Write the log's keys and policy into each partnership's record, where they differ from what stands there."""
    settings = current_settings()
    with admin_engine() as engine:
        origin = _origin(engine)
        log_key = _public(settings.log.key, log_vkey, origin_of_log(origin, "entries"), "LEDGER_LOG_KEY", "--log-key")
        receipt_key = _public(
            settings.log.receipt_key, receipt_vkey, receipt_name(origin), "LEDGER_RECEIPT_KEY", "--receipt-key"
        )
        try:
            policy = read_policy(settings.log.policy)
        except PolicyFileError as error:
            raise click.ClickException(str(error)) from error
        told = announce_log(engine, os.urandom, announcement_of(origin, log_key, receipt_key, policy))
    click.echo(f"Announced to: {', '.join(told)}." if told else "It stands announced already; nothing was written.")


def announce_own(engine: Engine, settings: Settings) -> bool:
    """The same by what the settings hold; False where they lack a key. Raises RefusedError, PolicyFileError."""
    if settings.log.key is None or settings.log.receipt_key is None:
        return False
    keys = public_of(settings.log.key), public_of(settings.log.receipt_key)
    announce_log(engine, os.urandom, announcement_of(_origin(engine), *keys, read_policy(settings.log.policy)))
    return True


def _origin(engine: Engine) -> str:
    with transaction(engine, party=SYSTEM) as connection:
        origin: str | None = connection.scalar(select(ledger_state.c.origin))
    if origin is None:
        raise click.ClickException("no ledger was opened here yet: ledger partnership open")
    return origin


def _public(seed: bytes | None, vkey: str | None, name: str, variable: str, option: str) -> bytes:
    if vkey is None:
        if seed is None:
            raise click.UsageError(f"Set {variable}, or give the verifier key with {option}.")
        return public_of(seed)
    try:
        key = parse_vkey(vkey)
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}.") from error
    if key.name != name or key.kind != ED25519:
        raise click.UsageError(f"{option} is not a key of {name}.")
    if seed is not None and public_of(seed) != key.public:
        raise click.UsageError(f"{option} is not the key of {variable}.")
    return key.public
