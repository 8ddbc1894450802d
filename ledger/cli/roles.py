"""Give people roles, take them away, and say which they have. Each is an entry in the partnership's record."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine

from ledger.domain.role import STANDING, Role
from ledger.services.give_role import find_roles, give_role, take_role

#: As they are written at the command line.
ROLE: click.Choice[str] = click.Choice(sorted(role.value for role in STANDING))


@click.command("give")
@click.argument("agency_ref")
@click.argument("ref")
@click.argument("role", type=ROLE)
def person_give(agency_ref: str, ref: str, role: str) -> None:
    """Give REF of AGENCY_REF the ROLE, from their next request on."""
    with _engine() as engine:
        is_new = give_role(engine, os.urandom, agency=agency_ref, ref=ref, role=Role(role))
    click.echo(f"{ref} of {agency_ref} {'is now' if is_new else 'was already'} {role}.")


@click.command("take")
@click.argument("agency_ref")
@click.argument("ref")
@click.argument("role", type=ROLE)
def person_take(agency_ref: str, ref: str, role: str) -> None:
    """Take the ROLE from REF of AGENCY_REF, from their next request on."""
    with _engine() as engine:
        had = take_role(engine, os.urandom, agency=agency_ref, ref=ref, role=Role(role))
    click.echo(f"{ref} of {agency_ref} {'is no longer' if had else 'was not'} {role}.")


@click.command("roles")
@click.argument("agency_ref")
@click.argument("ref")
def person_roles(agency_ref: str, ref: str) -> None:
    """The roles of REF of AGENCY_REF, one a line."""
    with _engine() as engine:
        _, roles = find_roles(engine, agency_ref, ref)
    for role in sorted(roles):
        click.echo(role)


@contextmanager
def _engine() -> Iterator[Engine]:
    from ledger.cli.administer import admin_engine  # which adds these commands to its own

    with admin_engine() as engine:
        yield engine
