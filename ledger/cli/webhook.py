"""Say to which hosts an agency's webhooks may go."""

import os

import click


@click.group()
def webhook() -> None:
    """Look after where agencies are told by webhook; each agency's system registers its own."""


@webhook.command("allow")
@click.argument("agency_ref")
@click.argument("hosts", nargs=-1)
@click.option("--none", "is_none", is_flag=True, help="Empty the list: nothing is sent to this agency any more.")
def webhook_allow(agency_ref: str, hosts: tuple[str, ...], *, is_none: bool) -> None:
    """Let AGENCY_REF name these HOSTS, and no others; the list before it is kept in the partnership's record."""
    from ledger.cli.administer import admin_engine
    from ledger.services.allow_webhooks import allow_webhooks

    if bool(hosts) == is_none:
        raise click.UsageError("name the hosts, or say --none")
    with admin_engine() as engine:
        is_new = allow_webhooks(engine, os.urandom, agency=agency_ref, hosts=hosts)
    named = ", ".join(sorted(set(hosts))) or "no host"
    click.echo(f"Webhooks of {agency_ref} may go to {named}{'.' if is_new else ', as before.'}")
