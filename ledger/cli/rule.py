"""How a partnership's rules fare, and putting one into shadow or bringing it live, at the command line.

What is done here is an entry by the ledger in the partnership's record, with the reason.
"""

import os
from dataclasses import replace

import click
from sqlalchemy import Engine

from ledger.cli.administer import admin_engine
from ledger.cli.columns import columns
from ledger.services.find_party import record_of
from ledger.services.set_rule import Change, check_change, findings_brought, known_rules, write_change
from ledger.store.database import SYSTEM, transaction
from ledger.store.rule_counts import RuleCount, counts_of
from ledger.store.rules import standing_of

_HEADINGS = ("rule", "state", "found", "alerted", "acted on", "dismissed", "waiting")


@click.group()
def rule() -> None:
    """Say how rules fare; put one into shadow, or bring it live."""


@rule.command("list")
@click.argument("partnership_ref")
def rule_list(partnership_ref: str) -> None:
    """Every rule of PARTNERSHIP_REF that has been counted: its state, and its counts."""
    with admin_engine() as engine:
        record_of(engine, partnership_ref)
        with transaction(engine, party=SYSTEM) as connection:
            counts, standing = counts_of(connection, partnership_ref), standing_of(connection, partnership_ref)
    if not counts:
        click.echo("Nothing has been counted yet: a worker does that about once a minute.")
        return
    shadowed = {name for name, one in standing.items() if not one.is_live}
    rows = [_row(one, "shadow" if one.rule in shadowed else "live") for one in counts]
    for line in columns([_HEADINGS, *rows], indent=""):
        click.echo(line)


def _row(count: RuleCount, state: str) -> tuple[str, ...]:
    numbers = (count.raised, count.alerted, count.acted, count.dismissed, count.waiting)
    return (count.rule, state, *map(str, numbers))


@rule.command("shadow")
@click.argument("partnership_ref")
@click.argument("rule_name")
@click.option("--reason", required=True, help="Why; it is kept in the partnership's record. Name no child in it.")
def rule_shadow(partnership_ref: str, rule_name: str, reason: str) -> None:
    """Have RULE_NAME alert nobody in PARTNERSHIP_REF: what it finds stays found."""
    with admin_engine() as engine:
        _write(engine, partnership_ref, Change(rule_name, is_live=False, reason=reason))
    click.echo(f"{rule_name} is in shadow: nobody in {partnership_ref} is alerted to what it finds.")


@rule.command("live")
@click.argument("partnership_ref")
@click.argument("rule_name")
@click.option("--reason", required=True, help="Why; it is kept in the partnership's record. Name no child in it.")
@click.option("--findings", type=click.IntRange(0), help="How many open findings you expect it to bring.")
def rule_live(partnership_ref: str, rule_name: str, reason: str, findings: int | None) -> None:
    """Have RULE_NAME alert again in PARTNERSHIP_REF, also to what it found that is open."""
    with admin_engine() as engine:
        change = Change(rule_name, is_live=True, reason=reason, findings=findings)
        if findings is None:
            brought = _brought(engine, partnership_ref, rule_name)
            click.confirm(f"Coming live, {rule_name} brings {brought} open finding(s). Bring it live?", abort=True)
            change = replace(change, findings=brought)
        _write(engine, partnership_ref, change)
    click.echo(f"{rule_name} is live in {partnership_ref}. Open findings brought: {change.findings}.")


def _brought(engine: Engine, partnership: str, rule_name: str) -> int:
    record_of(engine, partnership)
    with transaction(engine, party=SYSTEM) as connection:
        return findings_brought(connection, partnership, rule_name)


def _write(engine: Engine, partnership: str, change: Change) -> None:
    record_id = record_of(engine, partnership)
    with transaction(engine, party=SYSTEM) as connection:
        check_change(connection, partnership, change, known_rules(connection, partnership))
    write_change(engine, record_id, change, os.urandom)
