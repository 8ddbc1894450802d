"""A person's ways in: tie them to the OpenID provider, sign them out everywhere, take everything away."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy import Engine

from ledger.cli.environment import current_settings
from ledger.services.reset_sign_in import end_sessions, find_person, reset_sign_in
from ledger.services.sign_in_provider import tie_person, untie_person


@click.command("sign-out")
@click.argument("agency_ref")
@click.argument("ref")
def person_sign_out(agency_ref: str, ref: str) -> None:
    """Sign REF of AGENCY_REF out, on every device."""
    with _engine() as engine:
        ended = end_sessions(engine, find_person(engine, agency_ref, ref), datetime.now(UTC))
    click.echo(f"{ref} of {agency_ref} is signed out everywhere. Sessions ended: {ended}.")


@click.command("reset")
@click.argument("agency_ref")
@click.argument("ref")
def person_reset(agency_ref: str, ref: str) -> None:
    """Take away password, second factor, known devices and unused links of REF of AGENCY_REF, and sign them out."""
    with _engine() as engine:
        ended = reset_sign_in(engine, os.urandom, find_person(engine, agency_ref, ref), datetime.now(UTC))
    click.echo(f"{ref} of {agency_ref} can sign in by a new link alone. Sessions ended: {ended}.")
    click.echo(f"The link: ledger person link {agency_ref} {ref}. The provider: ledger person untie {agency_ref} {ref}")


@click.command("tie")
@click.argument("agency_ref")
@click.argument("ref")
@click.option("--subject", required=True, help="Who they are at the provider: the `sub` of its tokens.")
def person_tie(agency_ref: str, ref: str, subject: str) -> None:
    """Let REF of AGENCY_REF sign in as SUBJECT at the OpenID provider of LEDGER_OIDC_ISSUER."""
    issuer = _issuer()
    with _engine() as engine:
        found = find_person(engine, agency_ref, ref)
        tie_person(
            engine, os.urandom, agency=agency_ref, person_id=found.person_id, issuer=issuer, subject=subject.strip()
        )
    click.echo(f"{ref} of {agency_ref} can sign in at {issuer}.")


@click.command("untie")
@click.argument("agency_ref")
@click.argument("ref")
def person_untie(agency_ref: str, ref: str) -> None:
    """No longer let REF of AGENCY_REF sign in at the provider. Sessions go on: ledger person sign-out."""
    issuer = _issuer()
    with _engine() as engine:
        found = find_person(engine, agency_ref, ref)
        gone = untie_person(engine, os.urandom, agency=agency_ref, person_id=found.person_id, issuer=issuer)
    click.echo(f"{ref} of {agency_ref} {'can no longer' if gone else 'could not'} sign in at {issuer}.")


def _issuer() -> str:
    oidc = current_settings().sign_in.oidc
    if oidc is None:
        raise click.ClickException("no OpenID provider is set: LEDGER_OIDC_ISSUER and LEDGER_OIDC_CLIENT_ID")
    return oidc.issuer


@contextmanager
def _engine() -> Iterator[Engine]:
    from ledger.cli.administer import admin_engine  # which puts these commands into its own group

    with admin_engine() as engine:
        yield engine
