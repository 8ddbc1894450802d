"""`ledger witness`: the small service by which another agency vouches that the log only grows.

It reads no setting and needs no database, rule pack or partnership: a key file, a store and the logs' public keys.
"""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.stack.child import die_with_parent
from ledger.stack.notice import notify_ready

if TYPE_CHECKING:
    from ledger.witness.key import WitnessKey
    from ledger.witness.witness import Witness

_KEY_FILE = click.option(
    "--key-file", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The witness's secret key."
)
_STORE = click.option(
    "--store", required=True, type=click.Path(dir_okay=False, path_type=Path), help="What the witness remembers."
)
_THREADS = 8


@click.group()
def witness() -> None:
    """Vouch for a log that another organisation runs: sign only what continues what was seen."""


@witness.group("key")
def witness_key() -> None:
    """Make the witness's key, or show its public half."""


@witness_key.command("new")
@click.argument("name")
@_KEY_FILE
@_STORE
def key_new(name: str, key_file: Path, store: Path) -> None:
    """Make a key and the store that belongs to it, and print the public half, for the log's operator.

    NAME says who vouches, as an address without https://, for instance witness.example.org/w1.
    """
    from ledger.witness.key import SEED_BYTES, WitnessKey
    from ledger.witness.store import Store, StoreError

    try:
        made = WitnessKey(name, os.urandom(SEED_BYTES))
    except ValueError as error:
        raise click.ClickException("a witness's name has no blanks and no plus signs") from error
    if key_file.exists() or store.exists():
        raise click.ClickException("there is a key file or a store already; both are left as they are")
    try:
        # The store first: without its key it is empty and of no use to anybody.
        Store.make(store, made.vkey)
        with open(os.open(key_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:  # noqa: PTH123
            file.write(made.to_text())
            file.flush()
            os.fsync(file.fileno())
    except (StoreError, OSError) as error:
        raise click.ClickException(_said(error)) from error
    click.echo("Keep the key file secret, and the store safe. The public key, for the log's operator:", err=True)
    click.echo(made.vkey)


@witness_key.command("show")
@_KEY_FILE
def key_show(key_file: Path) -> None:
    """Print the public half of the key."""
    click.echo(_key(key_file).vkey)


@witness.command("run")
@_STORE
@_KEY_FILE
@click.option("--log", "logs", multiple=True, required=True, metavar="VKEY", help="A log's public key. Repeatable.")
@click.option("--listen", default="127.0.0.1:8090", show_default=True, metavar="HOST:PORT", help="Where to listen.")
@click.option(
    "--tls",
    nargs=2,
    type=click.Path(exists=True, dir_okay=False),
    metavar="CERTIFICATE KEY",
    help="Serve HTTPS itself, with these two PEM files.",
)
@click.option("--fd", "descriptor", type=int, hidden=True, help="Serve the socket bound to this file descriptor.")
def run(
    store: Path,
    key_file: Path,
    logs: tuple[str, ...],
    listen: str,
    tls: tuple[str, str] | None,
    descriptor: int | None,
) -> None:
    """Serve add-checkpoint of c2sp.org/tlog-witness, and a page that says what was seen."""
    made = _witness(store, _key(key_file), logs)
    if os.geteuid() == 0:
        click.echo("This runs as root and needs not to: give it an account of its own.", err=True)
    bind = f"fd://{descriptor}" if descriptor is not None else listen
    click.echo(f"Witness {made.key.name} follows {len(made.logs)} logs. Its key: {made.key.vkey}", err=True)
    certificate, tls_key = tls or (None, None)
    _serve(made, {"bind": bind, "certfile": certificate, "keyfile": tls_key})


@witness.command("evidence")
@_STORE
@_KEY_FILE
@click.option("--log", "logs", multiple=True, metavar="VKEY", help="The logs' public keys, to be printed with it.")
def evidence(store: Path, key_file: Path, logs: tuple[str, ...]) -> None:
    """Print what the log signed that cannot both be true. Ends with 1 where there is proof of misbehaviour."""
    from ledger.witness.words import evidence_text

    made = _witness(store, _key(key_file), logs)
    kept = made.store.evidence()
    vkeys = {state.origin: state.vkeys for state in made.states()}
    for one in kept:
        click.echo(evidence_text(one, vkeys.get(one.origin, ())))
    proofs = sum(1 for one in kept if one.kind.is_proof)
    click.echo(f"Proofs of misbehaviour: {proofs}. Not shown to continue: {len(kept) - proofs}.", err=True)
    sys.exit(1 if proofs else 0)


def _witness(store: Path, key: "WitnessKey", logs: tuple[str, ...]) -> "Witness":
    from ledger.domain.log.note import ED25519, parse_vkey
    from ledger.witness.store import Store, StoreError
    from ledger.witness.witness import Witness, logs_by_origin

    try:
        verifiers = [parse_vkey(vkey) for vkey in logs]
    except ValueError as error:
        raise click.ClickException("one of the logs' keys is no public key of a log") from error
    if any(verifier.kind != ED25519 for verifier in verifiers):
        raise click.ClickException("one of the keys is a witness's, not a log's")
    try:
        return Witness(key, logs_by_origin(verifiers), Store(store, key.vkey), lambda: datetime.now(UTC))
    except StoreError as error:
        raise click.ClickException(str(error)) from error


def _key(key_file: Path) -> "WitnessKey":
    from ledger.witness.key import parse_key

    try:
        return parse_key(key_file.read_text())
    except (OSError, ValueError) as error:
        raise click.ClickException(_said(error)) from error


def _said(error: Exception) -> str:
    return (error.strerror or "it cannot be read") if isinstance(error, OSError) else str(error)


def _serve(made: "Witness", options: dict[str, Any]) -> None:
    from gunicorn.app.base import BaseApplication

    from config import log
    from config.gunicorn import PlainLogger, QuietWorker
    from ledger.witness.serve import witness_app

    log.configure()
    said_ready: Callable[[object], None] = lambda _server: notify_ready(os.environ)  # noqa: E731

    class WitnessApplication(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            # One process: what is decided waits for the disk, and the store lets one decide at a time.
            fixed = {
                "workers": 1,
                "threads": _THREADS,
                "worker_class": QuietWorker,
                "logger_class": PlainLogger,
                "accesslog": None,
                "control_socket_disable": True,
                "keepalive": 75,
                "timeout": 30,
                "graceful_timeout": 5,
                "limit_request_line": 1024,
                "limit_request_fields": 50,
                "proc_name": "ledger-witness",
                "when_ready": said_ready,
                "post_fork": lambda _server, worker: die_with_parent(parent=worker.ppid),
            }
            for name, value in {**fixed, **options}.items():
                if value is not None:
                    self.cfg.set(name, value)

        def load(self) -> object:
            return witness_app(made)

    WitnessApplication(prog="ledger witness").run()
