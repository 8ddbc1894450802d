"""Set up who takes part: partnerships, agencies and their people.

Sign-in links are printed once and kept only as hashes. Everything done here is an entry in the partnership's
own record.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import TypeVar

import click
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from config.settings import Settings
from ledger.cli.environment import current_settings
from ledger.cli.people import (
    partnership_hours,
    partnership_ladder,
    person_absent,
    person_back,
    person_leave,
    person_reach,
    person_return,
)
from ledger.cli.policies import agency_policy
from ledger.cli.roles import ROLE, person_give, person_roles, person_take
from ledger.cli.ways_in import person_reset, person_sign_out, person_tie, person_untie
from ledger.domain.role import Role
from ledger.services.end_agency import end_agency
from ledger.services.enrol import Agency, add_agency, add_person
from ledger.services.load_pack import PackLoadError, load_pack
from ledger.services.open_ledger import open_ledger, open_partnership
from ledger.services.refusal import RefusedError
from ledger.services.sign_in import make_link
from ledger.store.database import SYSTEM, connect_engine, transaction
from ledger.store.tables import agencies, people

Answer = TypeVar("Answer")


@contextmanager
def admin_engine() -> Iterator[Engine]:
    """An engine of the administering role, which sees no content; a refusal becomes one plain line."""
    with plain_engine(current_settings().admin_database_url, "ledger_admin") as engine:
        yield engine


@contextmanager
def plain_engine(database_url: str, role: str) -> Iterator[Engine]:
    """An engine of one role; what goes wrong becomes one plain line."""
    engine = connect_engine(database_url, role, pool_size=1)
    try:
        yield engine
    except RefusedError as error:
        raise click.ClickException(error.refusal.detail) from error
    except ProgrammingError as error:
        raise click.ClickException("this database does not hold the ledger's schema: run ledger migrate") from error
    except OperationalError as error:
        raise click.ClickException("the database does not answer; ledger doctor says which it is") from error
    finally:
        engine.dispose()


def _with_engine(command: Callable[..., Answer]) -> Callable[..., Answer]:
    @wraps(command)
    def run(**options: object) -> Answer:
        with admin_engine() as engine:
            return command(engine, **options)

    return run


@click.group()
def partnership() -> None:
    """Open a partnership; set its hours, its out-of-hours desk and its ladder."""


partnership.add_command(partnership_hours)
partnership.add_command(partnership_ladder)


@partnership.command("open")
@click.argument("ref")
@click.option("--name", required=True)
@click.option("--nation", type=click.Choice(["england", "wales", "scotland", "northern_ireland"]), default="england")
@click.option("--duty-desk", "duty_desk", required=True, help="The reference of the duty desk, made with it.")
@click.option("--duty-contact", "duty_contact", required=True, help="How the duty desk is rung.")
@click.option("--origin", required=True, help="The name of this ledger, for example ledger.example.org.")
@_with_engine
def partnership_open(
    engine: Engine, *, ref: str, name: str, nation: str, duty_desk: str, duty_contact: str, origin: str
) -> None:
    """Open a partnership REF on a real (not a demonstration) ledger."""
    settings = current_settings()
    try:
        pack = load_pack(settings.pack_folder)
    except PackLoadError as error:
        raise click.ClickException(f"the rule pack cannot be used:\n{error}") from error
    open_ledger(engine, origin=origin, demonstration=False)
    desk = Agency(duty_desk, "duty_desk", "Duty desk", duty_contact)
    open_partnership(engine, os.urandom, ref=ref, name=name, nation=nation, duty_desk=desk, pack=pack)
    click.echo(f"The partnership {ref} is open, with the duty desk {duty_desk} and pack {pack.name} {pack.version}.")
    if not _announced(engine, settings):
        click.echo("Next, where the log's keys are: ledger log announce", err=True)


def _announced(engine: Engine, settings: Settings) -> bool:
    """Whether the log's keys stand in every partnership's record, as they do once this has both of them."""
    from ledger.cli.announce import announce_own
    from ledger.services.read_policy import PolicyFileError

    try:
        return announce_own(engine, settings)
    except PolicyFileError as error:
        raise click.ClickException(str(error)) from error


@click.group()
def agency() -> None:
    """Add and list agencies; set their photograph policies."""


agency.add_command(agency_policy)


@agency.command("add")
@click.argument("ref")
@click.option("--kind", required=True, help="For example health_visiting.")
@click.option("--name", required=True)
@click.option("--contact", required=True, help="Whom another professional rings, and how.")
@click.option("--partnership", "in_partnership", required=True)
@_with_engine
def agency_add(engine: Engine, ref: str, kind: str, name: str, contact: str, in_partnership: str) -> None:
    """Add agency REF to a partnership."""
    added = add_agency(engine, os.urandom, partnership=in_partnership, agency=Agency(ref, kind, name, contact))
    click.echo(f"The agency {ref} {'is added' if added else 'was there already'}.")


@agency.command("end")
@click.argument("ref")
@click.option("--reason", required=True, help="Why, for the partnership's record: name no child in it.")
@_with_engine
def agency_end(engine: Engine, ref: str, reason: str) -> None:
    """End agency REF: its keys and sessions stop, and nothing more is asked of it. What it leaves behind is listed."""
    ended = end_agency(engine, os.urandom, agency=ref, reason=reason, now=datetime.now(UTC))
    click.echo(f"The agency {ref} has ended. Whoever leads each child, else the duty desk, is told what it leaves:")
    for one in ended.left:
        click.echo(f"{one.entry}\t{one.what}\t{one.asked_by or ''}")
    if not ended.left:
        click.echo("nothing.")


@agency.command("list")
@_with_engine
def agency_list(engine: Engine) -> None:
    """The agencies, one a line."""
    with transaction(engine, party=SYSTEM) as connection:
        for row in connection.execute(select(agencies).order_by(agencies.c.partnership_id, agencies.c.agency_id)):
            click.echo(f"{row.agency_id}\t{row.kind}\t{row.name}\t{row.partnership_id}")


@click.group()
def person() -> None:
    """Add people, make their sign-in links, give them roles and take them away; who has left or is away."""


for command in (
    person_give,
    person_take,
    person_roles,
    person_sign_out,
    person_reset,
    person_tie,
    person_untie,
    person_leave,
    person_return,
    person_absent,
    person_back,
    person_reach,
):
    person.add_command(command)


@person.command("add")
@click.argument("agency_ref")
@click.argument("ref")
@click.option("--name", required=True)
@click.option("--role", required=True, help="Their office, in their agency's words.")
@click.option(
    "--as", "roles", multiple=True, type=ROLE, help="What they may do here; repeatable. A practitioner if not given."
)
@_with_engine
def person_add(engine: Engine, agency_ref: str, ref: str, name: str, role: str, roles: tuple[str, ...]) -> None:
    """Add somebody of AGENCY_REF, known there as REF."""
    given = [Role(one) for one in roles or (Role.PRACTITIONER,)]
    add_person(engine, os.urandom, agency=agency_ref, ref=ref, name=name, role=role, roles=given)
    click.echo(f"{ref} of {agency_ref} can be given a sign-in link: ledger person link {agency_ref} {ref}")


@person.command("link")
@click.argument("agency_ref")
@click.argument("ref")
@_with_engine
def person_link(engine: Engine, agency_ref: str, ref: str) -> None:
    """Make a link with which REF of AGENCY_REF signs in once."""
    with transaction(engine, party=SYSTEM) as connection:
        person_id = connection.scalar(
            select(people.c.person_id).where(people.c.agency_id == agency_ref, people.c.ref == ref)
        )
        if person_id is None:
            raise click.ClickException("there is nobody by this reference at this agency: ledger person add")
        token = make_link(connection, person_id, os.urandom, datetime.now(UTC))
    click.echo(f"{current_settings().base_url}/sign-in/{token}")
