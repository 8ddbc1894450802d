"""What an agency says of its own people: who is away and who covers, teams, the rungs above them, how to reach them.

Each is an entry of the agency in the partnership's record, in force from then on. At the command line it is said for
the agency, by whoever runs the ledger.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine

from ledger.domain.entry import Chance
from ledger.services.find_party import SLUG
from ledger.services.people_find import Found, body_of, find_person, found_in
from ledger.services.project_people import absent_between
from ledger.services.refusal import AGENCY_NOT_KNOWN, Refusal, RefusedError
from ledger.services.refuse_people import ABSENCE_RUNS_BACK, COVER_ELSEWHERE, COVERS_FOR_SELF, PERSON_LEFT
from ledger.services.write_own import Own, write_together
from ledger.store.administration import partnership_record
from ledger.store.append import Caller, Stored
from ledger.store.party import act_for

#: An address as mail goes to: no spaces, no line breaks, nothing that ends a header.
MAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+\Z")
PHONE: Final = re.compile(r"\+?[0-9][0-9 ()-]{2,31}\Z")
MAIL_CHARS_MAX: Final = 254
#: Who is above an agency's people, by the agency's own word; the chair is the partnership's.
RUNGS_OF_AGENCY: Final = ("manager", "senior")

_IS_AWAY: Final = """
    SELECT 1 FROM ledger.absences WHERE agency_id = %s AND person = %s AND ended_number IS NULL
    AND (ends_at IS NULL OR ends_at > ledger.clock_now()) LIMIT 1"""
_LEFT: Final = "SELECT 1 FROM ledger.leavings WHERE agency_id = %s AND person = %s AND returned_number IS NULL"
#: A row where this person has not left.
_THERE: Final = f"SELECT 1 WHERE NOT EXISTS ({_LEFT})"
_CLOCK: Final = "SELECT ledger.clock_now()"

NOT_AWAY: Final = Refusal("not_away", "This person is not away, and will not be by what is recorded.", "/person")
BAD_ADDRESS: Final = Refusal(
    "bad_address", "A mail address is one address, as name@agency.example; a telephone number is digits and spaces."
)
UNDER_THEMSELVES: Final = Refusal(
    "under_themselves", "A manager is not a member of the team they manage: name another.", "/manager"
)


def be_absent(engine: Engine, who: Caller, ref: str, said: Mapping[str, Any], *, chance: Chance) -> Stored:
    """Somebody is away: `since`, perhaps `until` (days or times), perhaps `cover` ({agency, person} or a reference).

    Raises RefusedError: for days that run back or have passed, and for a cover who is nobody, has left or is the very
    person.
    """
    found = find_person(engine, who, ref)
    cover = _party(said.get("cover"), who.agency)
    body = body_of(who, found, since=said["since"], until=said.get("until"), cover=cover)
    with engine.begin() as connection:
        act_for(connection, who.agency, who.person_id)
        now: datetime = connection.exec_driver_sql(_CLOCK).scalar_one()
    starts, ends = absent_between(body)
    if ends is not None and (ends <= starts or ends <= now):
        raise _error(ABSENCE_RUNS_BACK)
    if cover == {"agency": who.agency, "person": ref}:
        raise _error(COVERS_FOR_SELF)
    only_if = None
    if cover is not None:
        if cover["agency"] != who.agency:
            raise _error(COVER_ELSEWHERE)
        _check_there(engine, who, cover, "/cover/person")
        only_if = (_THERE, (cover["agency"], cover["person"])), replace(PERSON_LEFT, pointer="/cover/person")
    own = Own("absence", body)
    return write_together(engine, found.record_id, [own], chance, who=who, only_if=only_if)[0]


def be_back(engine: Engine, who: Caller, ref: str, *, chance: Chance) -> Stored:
    """Somebody is there again: every absence of theirs that has not ended does, those that lie ahead too."""
    found = find_person(engine, who, ref)
    only_if = (_IS_AWAY, (who.agency, ref)), NOT_AWAY
    return write_together(
        engine, found.record_id, [Own("absence_ended", body_of(who, found))], chance, who=who, only_if=only_if
    )[0]


def set_team(engine: Engine, who: Caller, said: Mapping[str, Any], *, chance: Chance) -> Stored:
    """A team of the agency as it is from now on: `team` (its reference), `name`, `members`, perhaps its `manager`.

    A team without members is none any longer. Somebody whom two teams name is in the one that named them last.
    """
    if not SLUG.match(said["team"]):
        raise RefusedError("bad_reference", "a team's reference is 1 to 32 of a-z, 0-9, '-' and '_'", "/team")
    manager, members = said.get("manager"), list(dict.fromkeys(said["members"]))
    if manager in members:
        raise _error(UNDER_THEMSELVES)
    with engine.begin() as connection:
        act_for(connection, who.agency, who.person_id)
        for place, member in enumerate(members):
            found_in(connection, who.agency, member, f"/members/{place}")
        if manager is not None:
            found_in(connection, who.agency, manager, "/manager")
        record_id = partnership_record(connection, who.partnership)
    body: dict[str, Any] = {"agency": who.agency, "team": said["team"], "name": said["name"], "members": members}
    body |= {} if manager is None else {"manager": manager}
    only_if = None
    if manager is not None:
        only_if = (_THERE, (who.agency, manager)), replace(PERSON_LEFT, pointer="/manager")
    return write_together(engine, record_id, [Own("team_set", {**body, **_by(who)})], chance, who=who, only_if=only_if)[
        0
    ]


def set_rung(engine: Engine, who: Caller, rung: str, person: str | None, *, chance: Chance) -> Stored:
    """Who is on a rung above the agency's people, of the agency itself; None: nobody is."""
    with engine.begin() as connection:
        act_for(connection, who.agency, who.person_id)
        if person is not None:
            found_in(connection, who.agency, person)
        record_id = partnership_record(connection, who.partnership)
    body: dict[str, Any] = {"agency": who.agency, "rung": rung, **_by(who)}
    body |= {} if person is None else {"to": {"agency": who.agency, "person": person}}
    only_if = None if person is None else ((_THERE, (who.agency, person)), PERSON_LEFT)
    return write_together(engine, record_id, [Own("ladder_set", body)], chance, who=who, only_if=only_if)[0]


def set_reach(
    engine: Engine, who: Caller, ref: str | None, *, mail: str | None, phone: str | None, chance: Chance
) -> Stored:
    """How somebody of the agency is reached, or with None for a reference its desk; what is left out is taken away."""
    if mail is not None and (len(mail) > MAIL_CHARS_MAX or not MAIL.match(mail)):
        raise RefusedError(BAD_ADDRESS.code, BAD_ADDRESS.detail, "/mail")
    if phone is not None and not PHONE.match(phone):
        raise RefusedError(BAD_ADDRESS.code, BAD_ADDRESS.detail, "/phone")
    said: dict[str, Any] = {"agency": who.agency, **_by(who)}
    if ref is not None:
        found = find_person(engine, who, ref)
        said, record_id = body_of(who, found), found.record_id
    else:
        with engine.begin() as connection:
            act_for(connection, who.agency, who.person_id)
            record_id = partnership_record(connection, who.partnership)
    said |= {name: value for name, value in (("mail", mail), ("phone", phone)) if value is not None}
    return write_together(engine, record_id, [Own("reach_set", said)], chance, who=who)[0]


def as_agency(engine: Engine, agency: str) -> Caller:
    """An agency as which the command line speaks. Raises RefusedError where there is none by this reference."""
    with engine.begin() as connection:
        act_for(connection, agency)
        partnership = connection.exec_driver_sql(
            "SELECT partnership_id FROM ledger.agencies WHERE agency_id = %s", (agency,)
        ).scalar_one_or_none()
    if partnership is None:
        raise RefusedError("agency_not_known", "there is no agency by this reference: ledger agency add")
    return Caller(agency, partnership)


def _check_there(engine: Engine, who: Caller, party: Mapping[str, str], pointer: str) -> Found:
    with engine.begin() as connection:
        act_for(connection, who.agency, who.person_id)
        of = connection.exec_driver_sql(
            "SELECT partnership_id FROM ledger.agencies WHERE agency_id = %s", (party["agency"],)
        ).scalar_one_or_none()
        if of != who.partnership:
            raise RefusedError(AGENCY_NOT_KNOWN.code, AGENCY_NOT_KNOWN.detail, pointer.replace("person", "agency"))
        return found_in(connection, party["agency"], party["person"], pointer)


def _party(said: Any, agency: str) -> dict[str, str] | None:
    """A person of one's own agency by the reference alone, or of another one by both."""
    if said is None:
        return None
    return {"agency": agency, "person": said} if isinstance(said, str) else {"agency": agency, **said}


def _by(who: Caller) -> dict[str, str]:
    return {} if who.person_id is None else {"by": str(who.person_id)}


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
