"""What managers and administrators send of their agency's people, and what anybody sends of their own absence."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from marshmallow import Schema, fields

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import BodySchema, RuleRefusal
from ledger.api.schemas.fields import Items, Object, OneOf, Text
from ledger.api.schemas.times import Observed
from ledger.services.people_say import RUNGS_OF_AGENCY

_TIME = {"format": "date-time"}
_ADDRESS_CHARS_MAX = 254
_MEMBERS_MAX = 200
_NO_ADDRESS = Refusal(
    "An address is of a person or of your desk: send person, or desk: yes, and not both.", "address_of"
)


def _person(description: str = "Your agency's reference for them.", *, required: bool = True) -> Text:
    return Text(description, most=limits.NAME_CHARS_MAX, required=required)


class LeavingSchema(BodySchema):
    """Somebody of your agency has left it. It takes effect at once: every lead of theirs ends."""

    person = _person()
    reason = names.reason()


class NamedPersonSchema(BodySchema):
    """Somebody of your agency."""

    person = _person()


class CoverSchema(BodySchema):
    """Who covers."""

    agency = names.agency("Their agency, where it is not yours.")
    person = _person("Their agency's reference for them.")


class OwnAbsenceSchema(BodySchema):
    """You are away."""

    since = Observed("From when: a day, or a time.", required=True)
    until = Observed("Up to and with which day, or up to which time; left out while nobody knows.")
    cover = Object(CoverSchema, "Who acts for you meanwhile; left out: your deputy, else the duty desk.")


class AbsenceSchema(OwnAbsenceSchema):
    """Somebody of your agency is away."""

    person = _person()


class EmptySchema(BodySchema):
    """Nothing more is to be said."""

    note = names.reason()


class AddressSchema(BodySchema):
    """How somebody of your agency, or its desk, is reached. What is left out is taken away."""

    person = _person("Your agency's reference for them; left out for the desk.", required=False)
    desk = OneOf(("yes",), "Of your agency's desk.")
    mail = Text("A mail address.", most=_ADDRESS_CHARS_MAX)
    phone = Text("A telephone number.", most=_ADDRESS_CHARS_MAX)

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        del body
        if ("person" in sent) == ("desk" in sent):
            yield ("person",), _NO_ADDRESS


class TeamSchema(BodySchema):
    """A team as it is from now on; one without members is none any longer."""

    team = Text("Your reference for it.", most=limits.REFERENCE_CHARS_MAX, required=True)
    name = Text("What it is called.", most=limits.NAME_CHARS_MAX, required=True)
    manager = _person("Who manages it.", required=False)
    members = Items(_person(required=False), most=_MEMBERS_MAX, description="Who is in it.", required=True)


class RungSchema(BodySchema):
    """Who is above your agency's people, where nobody acts in time; without person: nobody of your agency."""

    rung = OneOf(RUNGS_OF_AGENCY, "manager where they have no team with one; senior.", required=True)
    person = _person(required=False)


class LeftSchema(Schema):
    """Where it stands, and what ended."""

    number = fields.Integer(required=True, metadata={"description": "Of the entry in the partnership's record."})
    recorded_at = fields.String(required=True, metadata=_TIME)
    hash = fields.String(required=True)
    leads = fields.Integer(required=True, metadata={"description": "How many leads of theirs ended."})


class PartySchema(Schema):
    """Somebody, by agency and reference."""

    agency = fields.String(required=True)
    person = fields.String(required=True, allow_none=True)


class AwaySchema(Schema):
    """A stretch for which somebody is away."""

    since = fields.String(required=True, metadata=_TIME)
    until = fields.String(required=True, allow_none=True, metadata=_TIME)
    cover = fields.Nested(PartySchema, required=True, allow_none=True)


class ReachSchema(Schema):
    """How somebody is reached."""

    mail = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)


class ColleagueSchema(ReachSchema):
    """Somebody of your agency."""

    person = fields.String(required=True)
    name = fields.String(required=True)
    office = fields.String(required=True)
    has_left = fields.Boolean(required=True)
    absences = fields.List(fields.Nested(AwaySchema), required=True)


class TeamShownSchema(Schema):
    """A team."""

    team = fields.String(required=True)
    name = fields.String(required=True)
    manager = fields.String(required=True, allow_none=True)
    members = fields.List(fields.String(), required=True)


class RungShownSchema(Schema):
    """Who is on a rung, by the agency's own word or the partnership's."""

    rung = fields.String(required=True)
    to = fields.Nested(PartySchema, required=True)
    of = fields.String(required=True)


class AgencyPeopleSchema(Schema):
    """Your agency's people."""

    agency = fields.String(required=True)
    people = fields.List(fields.Nested(ColleagueSchema), required=True)
    desk = fields.Nested(ReachSchema, required=True)
    teams = fields.List(fields.Nested(TeamShownSchema), required=True)
    ladder = fields.List(fields.Nested(RungShownSchema), required=True)
