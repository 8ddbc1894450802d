"""Agencies' bearer keys: issue, rotate, list and revoke them.

A key is printed once and kept only as a hash. What is done here is an entry in the partnership's own record.
"""

import base64
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from ledger.cli.administer import admin_engine
from ledger.services.authenticate import ALL_SCOPES, SCOPES
from ledger.services.issue_key import issue_key, revoke_key, rotate_key
from ledger.services.list_keys import KeyListed, list_keys
from ledger.services.read_certificate import read_certificate, read_thumbprint
from ledger.store.database import SYSTEM, transaction

OVERLAP_DAYS_MOST = 90


class Overlap(click.ParamType[timedelta]):
    """How long: whole days, hours or minutes, as 7d, 12h or 30m; 0 is not at all."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"([0-9]{1,5})([dhm])|0", value)
        if match is None:
            self.fail("write whole days, hours or minutes, as 7d, 12h or 30m", param, ctx)
        units = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
        length = int(match[1]) * units[match[2]] if match[1] else timedelta(0)
        if length > timedelta(days=OVERLAP_DAYS_MOST):
            self.fail(f"two keys stand side by side for at most {OVERLAP_DAYS_MOST}d", param, ctx)
        return length


_CERTIFICATE = click.option(
    "--certificate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Bind it to this client certificate, PEM or DER.",
)
_THUMBPRINT = click.option("--thumbprint", help="The same, by the certificate's SHA-256.")


@click.group()
def key() -> None:
    """Issue, rotate, list and revoke agencies' bearer keys."""


@key.command("issue")
@click.argument("agency_ref")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(ALL_SCOPES),
    help="Repeatable; all but monitor where none is given.",
)
@click.option("--days", type=click.IntRange(1, 730), default=365, show_default=True, help="How long it is good.")
@_CERTIFICATE
@_THUMBPRINT
def key_issue(
    agency_ref: str, scopes: tuple[str, ...], days: int, certificate: Path | None, thumbprint: str | None
) -> None:
    """Issue a key to AGENCY_REF and print it, once."""
    with admin_engine() as engine:
        key_id, text = issue_key(
            engine,
            os.urandom,
            agency=agency_ref,
            scopes=list(scopes or SCOPES),
            now=datetime.now(UTC),
            lifetime=timedelta(days=days),
            certificate_sha256=_bound_to(certificate, thumbprint),
        )
    click.echo(f"Key {key_id}, good for {days} days. It is shown this once:", err=True)
    click.echo(text)


@key.command("rotate")
@click.argument("key_id")
@click.option(
    "--overlap", type=Overlap(), default="7d", show_default=True, help="How long the old key still holds: 7d, 12h, 0."
)
@click.option("--days", type=click.IntRange(1, 730), help="How long the new one is good; as long as the old one was.")
@_CERTIFICATE
@_THUMBPRINT
def key_rotate(
    key_id: str, overlap: timedelta, days: int | None, certificate: Path | None, thumbprint: str | None
) -> None:
    """Issue a key like KEY_ID, print it, once, and let KEY_ID end after the overlap.

    Agency and scopes stay; so does the client certificate, where no other is given.
    """
    with admin_engine() as engine:
        issued = rotate_key(
            engine,
            os.urandom,
            key_id=key_id,
            now=datetime.now(UTC),
            overlap=overlap,
            lifetime=None if days is None else timedelta(days=days),
            certificate_sha256=_bound_to(certificate, thumbprint),
        )
    click.echo(
        f"Key {issued.key_id}, good until {issued.expires_at:%Y-%m-%d %H:%M} UTC. {key_id} ends "
        f"{issued.ends:%Y-%m-%d %H:%M} UTC. The new key is shown this once:",
        err=True,
    )
    click.echo(issued.text)


@key.command("list")
@click.argument("agency_ref", required=False)
def key_list(agency_ref: str | None) -> None:
    """The keys, of AGENCY_REF or of all, one a line: id, standing, scopes, issued, ends, certificate."""
    now = datetime.now(UTC)
    with admin_engine() as engine, transaction(engine, party=SYSTEM) as connection:
        for listed in list_keys(connection, now, agency_ref):
            click.echo(_line(listed))


@key.command("revoke")
@click.argument("key_id")
def key_revoke(key_id: str) -> None:
    """Revoke KEY_ID: its next use is refused, and that of every token got with it."""
    with admin_engine() as engine:
        revoke_key(engine, os.urandom, key_id=key_id, now=datetime.now(UTC))
    click.echo(f"The key {key_id} is revoked.")


def _line(listed: KeyListed) -> str:
    ended = listed.revoked_at or listed.expires_at
    bound = listed.certificate_sha256
    return "\t".join((
        listed.key_id,
        listed.standing,
        ",".join(listed.scopes),
        f"{listed.issued_at:%Y-%m-%d %H:%M}",
        f"{ended:%Y-%m-%d %H:%M}",
        "-" if bound is None else "x5t#S256=" + base64.urlsafe_b64encode(bound).decode().rstrip("="),
    ))  # fmt: skip


def _bound_to(certificate: Path | None, thumbprint: str | None) -> bytes | None:
    if certificate is not None and thumbprint is not None:
        raise click.UsageError("Give the certificate or its thumbprint, not both.")
    if certificate is not None:
        return read_certificate(certificate.read_bytes())
    return None if thumbprint is None else read_thumbprint(thumbprint)
