"""Open the ledger that `up` serves: a demonstration ledger with one partnership, its agencies and people.

Nothing here is a password: each person gets a link that signs in once, made anew at every start.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from config.settings import Settings
from ledger.domain.role import Role
from ledger.domain.scenario import Scenario
from ledger.services.enrol import Agency, add_agency, add_person
from ledger.services.load_pack import load_pack
from ledger.services.load_scenario import load_scenarios
from ledger.services.open_ledger import open_ledger, open_partnership
from ledger.services.sign_in import make_link
from ledger.store.database import SYSTEM, connect_engine, transaction
from ledger.store.tables import ledger_state

#: The cases that the demonstration plays.
SCENARIOS = Path(__file__).resolve().parents[2] / "config" / "scenarios"


def reviews() -> list[Scenario]:
    """What the demonstration plays: the reviews alone. What is constructed, in the folder below, is for backtests."""
    return load_scenarios(sorted(SCENARIOS.glob("*.yaml")))


PARTNERSHIP = "demo"
ORIGIN = "demonstration.ledger.example"
DUTY_DESK = Agency("duty", "duty_desk", "Duty desk", "Duty desk, 01632 960 100")
AGENCIES = (
    Agency("csc", "childrens_social_care", "Children's social care", "Referral team, 01632 960 101"),
    Agency("hv", "health_visiting", "Health visiting", "Health visitors' office, 01632 960 102"),
    Agency("mw", "midwifery", "Midwifery", "Community midwives, 01632 960 103"),
    Agency("gp", "gp", "GP practice", "Practice safeguarding lead, 01632 960 104"),
    Agency("hospital", "hospital", "Hospital", "Named nurse, 01632 960 105"),
    Agency("police", "police", "Police", "Public protection desk, 01632 960 106"),
    Agency("school", "school", "School", "Designated safeguarding lead, 01632 960 107"),
    Agency("eh", "early_help", "Early help", "Early help hub, 01632 960 108"),
    Agency("ambulance", "ambulance", "Ambulance service", "Safeguarding line, 01632 960 109"),
    Agency("court", "court", "Family court", "Court office, 01632 960 110"),
    Agency("legal", "legal", "Legal services", "Duty solicitor, 01632 960 111"),
)
#: Agency, reference, name, role.
_Person = tuple[str, str, str, str]
#: Who may sign in. The names are made up.
_PEOPLE: dict[tuple[str, str], _Person] = {
    person[:2]: person
    for person in (
        ("csc", "sw1", "Alex Morgan", "Social worker"),
        ("hv", "hv1", "Sam Okafor", "Health visitor"),
        ("duty", "desk1", "Robin Hale", "Duty officer"),
    )
}
#: Who looks after it, and at it, in a role of their own: none of them works with a child.
_OVERSEEING: tuple[tuple[_Person, Role], ...] = (
    (("duty", "aud1", "Ade Brook", "Auditor"), Role.AUDITOR),
    (("duty", "adm1", "Wyn Cole", "Administrator"), Role.ADMINISTRATOR),
    (("duty", "ops1", "Kit Lane", "Operator"), Role.OPERATOR),
)


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A person's way in: whose, and the path to open once."""

    name: str
    role: str
    path: str


def open_embedded(settings: Settings, demo: bool) -> list[SignInLink]:  # noqa: FBT001
    """Open the demonstration ledger, or find it open; returns a fresh sign-in link per person.

    With `demo` its clock begins the day before the first case, and the cases' agencies and leads are there too.
    """
    scenarios = reviews() if demo else []
    clock_at = min(scenario.starts_at for scenario in scenarios) - timedelta(days=1) if scenarios else None
    engine = connect_engine(settings.admin_database_url, "ledger_admin", pool_size=1)
    try:
        open_ledger(engine, origin=ORIGIN, demonstration=True, clock_at=clock_at)
        open_partnership(
            engine,
            os.urandom,
            ref=PARTNERSHIP,
            name="Demonstration partnership",
            nation="england",
            duty_desk=DUTY_DESK,
            pack=load_pack(settings.pack_folder),
        )
        for agency in (*AGENCIES, *_cast(scenarios)):
            add_agency(engine, os.urandom, partnership=PARTNERSHIP, agency=agency)
        working = [_link(engine, person) for person in {**_leads(scenarios), **_PEOPLE}.values()]
        return working + [_link(engine, person, role) for person, role in _OVERSEEING]
    finally:
        engine.dispose()


def existing_kind(settings: Settings) -> str | None:
    """What kind of ledger the database holds: 'demonstration', 'real', or None where none was opened yet."""
    engine = connect_engine(settings.admin_database_url, "ledger_admin", pool_size=1)
    try:
        with transaction(engine, party=SYSTEM) as connection:
            is_demonstration = connection.scalar(select(ledger_state.c.demonstration))
    finally:
        engine.dispose()
    return None if is_demonstration is None else ("demonstration" if is_demonstration else "real")


def _cast(scenarios: Sequence[Scenario]) -> Iterator[Agency]:
    for scenario in scenarios:
        for agency in scenario.agencies:
            name = agency.name or agency.kind.replace("_", " ").capitalize()
            yield Agency(agency.ref, agency.kind, name, f"{name}, duty line")


def _leads(scenarios: Sequence[Scenario]) -> dict[tuple[str, str], _Person]:
    leads = [scenario.lead for scenario in scenarios if scenario.lead]
    return {
        (lead["agency"], lead["person"]): (
            lead["agency"],
            lead["person"],
            f"{lead.get('role', 'lead').capitalize()} {lead['person']}",
            lead.get("role", "lead").capitalize(),
        )
        for lead in leads
    }


def _link(engine: Engine, person: _Person, given: Role = Role.PRACTITIONER) -> SignInLink:
    agency, ref, name, role = person
    person_id = add_person(engine, os.urandom, agency=agency, ref=ref, name=name, role=role, roles=[given])
    with transaction(engine, party=SYSTEM) as connection:
        token = make_link(connection, person_id, os.urandom, datetime.now(UTC))
    return SignInLink(name, role, f"/sign-in/{token}")
