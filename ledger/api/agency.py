"""For managers and administrators: who of their agency is there, who stands in, who is above, how they are reached.

Each is an entry of the agency in the partnership's record. Anybody says of themselves that they are away.
"""

from typing import Any

from flask import Response, g
from flask_smorest import Blueprint

from ledger.api.answers import as_json, received
from ledger.api.refusals import calling
from ledger.api.requests import StrictParser
from ledger.api.schemas.administration import TakenSchema
from ledger.api.schemas.agency import (
    AbsenceSchema,
    AddressSchema,
    AgencyPeopleSchema,
    EmptySchema,
    LeavingSchema,
    LeftSchema,
    NamedPersonSchema,
    OwnAbsenceSchema,
    RungSchema,
    TeamSchema,
)
from ledger.domain.entry import written_time
from ledger.domain.role import Right
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.people_leave import come_back, leave
from ledger.services.people_read import read_agency_people
from ledger.services.people_say import be_absent, be_back, set_reach, set_rung, set_team
from ledger.services.refusal import ROLE_MISSING, RefusedError
from ledger.store.append import Caller, Stored


def agency_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes of one's own agency's people."""
    blueprint = Blueprint("agency", __name__, url_prefix="/api/v1/agency", description="Your agency's own people.")
    blueprint.ARGUMENTS_PARSER = parser
    _of_others(blueprint, context)
    _of_oneself(blueprint, context)
    return blueprint


def _of_others(blueprint: Blueprint, context: Context) -> None:
    @blueprint.get("/people")  # type: ignore[untyped-decorator]
    @blueprint.response(200, AgencyPeopleSchema)  # type: ignore[untyped-decorator]
    def get_agency_people() -> Response:
        """The people of your agency: who has left, who is away, teams, who is above, and how they are reached."""
        return as_json(read_agency_people(context.engine, calling()))

    @blueprint.post("/leavings")  # type: ignore[untyped-decorator]
    @blueprint.arguments(LeavingSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, LeftSchema, description="They have left.")  # type: ignore[untyped-decorator]
    def post_leaving(_loaded: Any) -> Response:
        """Somebody has left: they can do nothing here any longer, and every lead of theirs ends."""
        who = _caller(context, Right.STAFF)
        left = leave(
            context.engine,
            who,
            g.body["person"],
            chance=context.chance,
            now=context.real_now(),
            reason=g.body.get("reason"),
        )
        return as_json({**_told(context, left.entry), "leads": left.leads}, 201)

    @blueprint.post("/returns")  # type: ignore[untyped-decorator]
    @blueprint.arguments(NamedPersonSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="They are there again.")  # type: ignore[untyped-decorator]
    def post_return(_loaded: Any) -> Response:
        """Somebody who left is there again, with the roles they had; they lead nothing until they are named."""
        who = _caller(context, Right.STAFF)
        return as_json(_told(context, come_back(context.engine, who, g.body["person"], chance=context.chance)), 201)

    @blueprint.post("/absences")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AbsenceSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="Recorded.")  # type: ignore[untyped-decorator]
    def post_absence(_loaded: Any) -> Response:
        """Somebody is away: what is theirs goes to whoever covers, else to their deputy, else to the duty desk."""
        who = _caller(context, Right.STAFF)
        return as_json(
            _told(context, be_absent(context.engine, who, g.body["person"], _stretch(), chance=context.chance)), 201
        )

    @blueprint.post("/absence-ends")  # type: ignore[untyped-decorator]
    @blueprint.arguments(NamedPersonSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="They are back.")  # type: ignore[untyped-decorator]
    def post_absence_end(_loaded: Any) -> Response:
        """Somebody is back: every absence of theirs that has not ended does, those that lie ahead too."""
        who = _caller(context, Right.STAFF)
        return as_json(_told(context, be_back(context.engine, who, g.body["person"], chance=context.chance)), 201)

    @blueprint.post("/addresses")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AddressSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="Recorded.")  # type: ignore[untyped-decorator]
    def post_address(_loaded: Any) -> Response:
        """Where mail for somebody of your agency, or for its desk, is sent, and where they are rung."""
        who, body = _caller(context, Right.STAFF), g.body
        reach = {"mail": body.get("mail"), "phone": body.get("phone")}
        return as_json(
            _told(context, set_reach(context.engine, who, body.get("person"), **reach, chance=context.chance)), 201
        )

    @blueprint.post("/teams")  # type: ignore[untyped-decorator]
    @blueprint.arguments(TeamSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="Recorded.")  # type: ignore[untyped-decorator]
    def post_team(_loaded: Any) -> Response:
        """A team of your agency as it is from now on; its manager is who is asked where its members do not act."""
        return as_json(
            _told(context, set_team(context.engine, _caller(context, Right.STAFF), g.body, chance=context.chance)), 201
        )

    @blueprint.post("/rungs")  # type: ignore[untyped-decorator]
    @blueprint.arguments(RungSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="Recorded.")  # type: ignore[untyped-decorator]
    def post_rung(_loaded: Any) -> Response:
        """Who of your agency is above its people where nobody acts in time."""
        who = _caller(context, Right.STAFF)
        stored = set_rung(context.engine, who, g.body["rung"], g.body.get("person"), chance=context.chance)
        return as_json(_told(context, stored), 201)


def _of_oneself(blueprint: Blueprint, context: Context) -> None:
    @blueprint.post("/own-absences")  # type: ignore[untyped-decorator]
    @blueprint.arguments(OwnAbsenceSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="Recorded.")  # type: ignore[untyped-decorator]
    def post_own_absence(_loaded: Any) -> Response:
        """You are away: what is yours goes to whoever covers, else to your deputy, else to the duty desk."""
        who = _caller(context, Right.ACCOUNT)
        return as_json(
            _told(context, be_absent(context.engine, who, _own(who), _stretch(), chance=context.chance)), 201
        )

    @blueprint.post("/own-returns")  # type: ignore[untyped-decorator]
    @blueprint.arguments(EmptySchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="You are back.")  # type: ignore[untyped-decorator]
    def post_own_return(_loaded: Any) -> Response:
        """You are back: every absence of yours that has not ended does, those that lie ahead too."""
        who = _caller(context, Right.ACCOUNT)
        return as_json(_told(context, be_back(context.engine, who, _own(who), chance=context.chance)), 201)


def _stretch() -> dict[str, Any]:
    """What was sent of an absence, whoever's it is."""
    return {name: g.body[name] for name in ("since", "until", "cover") if name in g.body}


def _own(who: Caller) -> str:
    if who.person_ref is None:
        raise RefusedError(ROLE_MISSING.code, ROLE_MISSING.detail)
    return who.person_ref


def _caller(context: Context, right: Right) -> Caller:
    with context.engine.begin() as connection:
        return authenticate(connection, calling(), right)


def _told(context: Context, stored: Stored) -> dict[str, Any]:
    return {
        "number": stored.number,
        "recorded_at": written_time(stored.recorded_at),
        "hash": stored.hash.hex(),
        **received(stored, context.receipts),
    }
