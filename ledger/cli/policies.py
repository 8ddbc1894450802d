"""Say which photograph policy an agency follows: what photographs and body maps must name to be stored."""

import os

import click
from sqlalchemy import Engine

from ledger.services.set_policy import set_photograph_policy


@click.command("policy")
@click.argument("agency_ref")
@click.option("--reference", required=True, help="How the policy is cited, with its version: PHOTO-2024-2.")
@click.option("--title", help="What it is called.")
@click.option("--url", help="Where it is published.")
def agency_policy(agency_ref: str, reference: str, title: str | None, url: str | None) -> None:
    """Put a photograph policy of AGENCY_REF in force; the one before it is kept in the partnership's record."""
    from ledger.cli.administer import admin_engine

    with admin_engine() as engine:
        click.echo(_said(engine, agency_ref, reference, title, url))


def _said(engine: Engine, agency_ref: str, reference: str, title: str | None, url: str | None) -> str:
    is_new = set_photograph_policy(engine, os.urandom, agency=agency_ref, reference=reference, title=title, url=url)
    if not is_new:
        return f"The photograph policy {reference} of {agency_ref} was in force already."
    return f"Photographs and body maps that {agency_ref} posts must name the policy {reference} from now on."
