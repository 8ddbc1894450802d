"""Who of an agency is there, who stands in and who is above; a partnership's hours and ladder. Each is an entry.

What is said of an agency's people is said for that agency, and so as the web's role, which may; what is said of the
whole partnership is the ledger's own.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy import Engine

from ledger.cli.environment import current_settings
from ledger.domain.edtf import EdtfError, observed_bounds
from ledger.services.partnership_people import set_hours, set_partnership_rung
from ledger.services.people_leave import come_back, leave
from ledger.services.people_say import RUNGS_OF_AGENCY, as_agency, be_absent, be_back, set_reach, set_rung, set_team


def _day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        try:
            observed_bounds(value)
        except EdtfError as error:
            raise click.BadParameter(error.reason) from error
    return value


@click.command("leave")
@click.argument("agency_ref")
@click.argument("ref")
@click.option("--reason", help="Kept in the partnership's record: name no child in it.")
def person_leave(agency_ref: str, ref: str, reason: str | None) -> None:
    """REF of AGENCY_REF has left: they can do nothing here, and every lead of theirs ends."""
    with _web() as engine:
        who = as_agency(engine, agency_ref)
        left = leave(engine, who, ref, chance=os.urandom, now=datetime.now(UTC), reason=reason)
    click.echo(f"{ref} of {agency_ref} has left; leads of theirs that ended: {left.leads}.")


@click.command("return")
@click.argument("agency_ref")
@click.argument("ref")
def person_return(agency_ref: str, ref: str) -> None:
    """REF of AGENCY_REF, who had left, is there again, with the roles they had."""
    with _web() as engine:
        come_back(engine, as_agency(engine, agency_ref), ref, chance=os.urandom)
    click.echo(f"{ref} of {agency_ref} is there again, and leads nothing until they are named.")


@click.command("absent")
@click.argument("agency_ref")
@click.argument("ref")
@click.option("--since", required=True, callback=_day, help="From when: a day as 2024-03-09, or a time with its zone.")
@click.option("--until", callback=_day, help="The last day, or a time; left out while nobody knows.")
@click.option("--cover", help="Who acts for them meanwhile: a reference of their agency, or AGENCY/REF.")
def person_absent(agency_ref: str, ref: str, since: str, until: str | None, cover: str | None) -> None:
    """REF of AGENCY_REF is away: what is theirs goes to the cover, else to their deputy, else to the duty desk."""
    agency, _, person = (cover or "").rpartition("/")
    said = {"since": since} | ({"until": until} if until else {})
    said |= {"cover": {"agency": agency or agency_ref, "person": person}} if cover else {}  # type: ignore[dict-item]
    with _web() as engine:
        be_absent(engine, as_agency(engine, agency_ref), ref, said, chance=os.urandom)
    click.echo(f"{ref} of {agency_ref} is away from {since}" + (f" until {until}." if until else "."))


@click.command("back")
@click.argument("agency_ref")
@click.argument("ref")
def person_back(agency_ref: str, ref: str) -> None:
    """REF of AGENCY_REF is back: every absence of theirs ends, those that lie ahead too."""
    with _web() as engine:
        be_back(engine, as_agency(engine, agency_ref), ref, chance=os.urandom)
    click.echo(f"{ref} of {agency_ref} is back.")


@click.command("reach")
@click.argument("agency_ref")
@click.argument("ref", required=False)
@click.option("--mail", help="Where mail for them is sent; left out: nowhere.")
@click.option("--phone", help="Where they are rung.")
def person_reach(agency_ref: str, ref: str | None, mail: str | None, phone: str | None) -> None:
    """How REF of AGENCY_REF is reached, or without REF the agency's desk."""
    with _web() as engine:
        set_reach(engine, as_agency(engine, agency_ref), ref, mail=mail, phone=phone, chance=os.urandom)
    click.echo(f"Set for {ref or 'the desk'} of {agency_ref}.")


@click.group()
def team() -> None:
    """Teams, and who is above an agency's people."""


@team.command("set")
@click.argument("agency_ref")
@click.argument("ref")
@click.option("--name", required=True)
@click.option("--manager", help="Who is asked where a member does not act.")
@click.option("--member", "members", multiple=True, help="Repeatable; a team without members is none any longer.")
def team_set(agency_ref: str, ref: str, name: str, manager: str | None, members: tuple[str, ...]) -> None:
    """The team REF of AGENCY_REF as it is from now on."""
    said = {"team": ref, "name": name, "members": list(members)} | ({"manager": manager} if manager else {})
    with _web() as engine:
        set_team(engine, as_agency(engine, agency_ref), said, chance=os.urandom)
    click.echo(f"The team {ref} of {agency_ref} has {len(members)} members.")


@team.command("above")
@click.argument("agency_ref")
@click.argument("rung", type=click.Choice(RUNGS_OF_AGENCY))
@click.argument("ref", required=False)
def team_above(agency_ref: str, rung: str, ref: str | None) -> None:
    """REF is on this RUNG above all people of AGENCY_REF; without REF nobody of the agency is."""
    with _web() as engine:
        set_rung(engine, as_agency(engine, agency_ref), rung, ref, chance=os.urandom)
    click.echo(f"{ref or 'Nobody'} of {agency_ref} is {rung} above its people.")


@click.command("hours")
@click.argument("ref")
@click.option("--opens", required=True, help="As 09:00.")
@click.option("--closes", required=True, help="As 17:00.")
@click.option("--out-of-hours", "desk", help="The agency that is brought what interrupts outside these hours.")
@click.option("--person", help="A person of it; left out: everybody at its desk.")
def partnership_hours(ref: str, opens: str, closes: str, desk: str | None, person: str | None) -> None:
    """From when to when the partnership REF is at work on its nation's working days."""
    with _admin() as engine:
        hours = {"opens": opens, "closes": closes, "desk": desk, "desk_person": person}
        set_hours(engine, os.urandom, partnership=ref, **hours)  # type: ignore[arg-type]
    click.echo(f"{ref} is at work from {opens} to {closes}" + (f"; otherwise {desk}." if desk else "."))


@click.command("ladder")
@click.argument("ref")
@click.argument("rung", type=click.Choice(["manager", "senior", "chair"]))
@click.option("--agency")
@click.option("--person")
def partnership_ladder(ref: str, rung: str, agency: str | None, person: str | None) -> None:
    """Who is on this RUNG of the partnership REF for all whose own agency has nobody there; nobody, if not given."""
    if (agency is None) != (person is None):
        raise click.UsageError("--agency and --person go together")
    with _admin() as engine:
        set_partnership_rung(engine, os.urandom, partnership=ref, rung=rung, agency=agency, person=person)
    click.echo(f"{person or 'Nobody'} is {rung} of {ref}.")


@contextmanager
def _admin() -> Iterator[Engine]:
    from ledger.cli.administer import admin_engine  # which adds these commands to its own

    with admin_engine() as engine:
        yield engine


@contextmanager
def _web() -> Iterator[Engine]:
    from ledger.cli.administer import plain_engine

    with plain_engine(current_settings().web_database_url, "ledger_web") as engine:
        yield engine
