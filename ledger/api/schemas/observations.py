"""Observations and contacts, and the correction and voiding of entries.

Invariants: an observation names its child in one way and says something; `statement` has no default. Who may see it is
stated whole or not at all.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import BodySchema, RuleRefusal
from ledger.api.schemas.claims import STATEMENTS, ClaimSchema
from ledger.api.schemas.fields import EitherOf, Items, Object, OneOf, Pattern, Text, YesNo
from ledger.api.schemas.gradings import GradingSchema, unmarked_gradings
from ledger.api.schemas.seen_by import SharingSchema
from ledger.api.schemas.times import Observed, VagueDate

DEPTHS = ("told", "remote", "doorstep", "seen", "seen_alone", "examined")
OUTCOMES = ("held", "no_access", "refused", "cancelled", "not_brought")

_ONE_NAME = Refusal("Name the child in one way: id, nhs_number or reference.", "one_name")
_SAYS_NOTHING = Refusal("Say something: a narrative, claims or a contact.", "says_nothing")
_NO_CONTACT = Refusal(
    "Say what came of the contact, its depth or its outcome; or for which day one is planned.", "says_nothing"
)
_NOT_A_RECORD = Refusal("This must be the id of the child's record, as the ledger gave it.", "record_id")

_SAYING = frozenset({"narrative", "contact", "claims"})
_OF_A_CONTACT = frozenset({"depth", "outcome"})
_NO_DAY = (None, True, False, "yes", "no")
_UUID_PATTERN = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class ChildNameSchema(BodySchema):
    """A child, named in exactly one way."""

    id = Pattern(_UUID_PATTERN, _NOT_A_RECORD, "The id of the child's record.")
    nhs_number = names.NhsNumber("The child's NHS number.")
    reference = names.reference("Your own reference for the child, given when you registered it.")

    def rules(self, _body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if len(sent & self.fields.keys()) != 1:
            yield (), _ONE_NAME


class AuthorSchema(BodySchema):
    """Who wrote it, and in what office."""

    ref = names.reference("Your own reference for the author.")
    role = Text("The author's office, for example health visitor.", most=limits.ROLE_CHARS_MAX)


class SentSchema(BodySchema):
    """What every body that is sent carries."""

    event_id = names.event_id()
    author = Object(AuthorSchema, "Who wrote it.")


class MentionedPersonSchema(BodySchema):
    """A person whom the body refers to, as the sending agency knows them."""

    ref = names.reference("Your own reference for the person.", required=True)
    role = Text("What the person is to the child, for example mother.", most=limits.ROLE_CHARS_MAX)
    name = Text("The name as you hold it.", most=limits.NAME_CHARS_MAX)
    born = VagueDate("When the person was born, as well as it is known.")
    description = Text("What is known of someone not named.")
    sharing = Object(SharingSchema, "Who may see what your agency says of this person, here and elsewhere.")


class ContactPartSchema(BodySchema):
    """How deep a contact went and what came of it."""

    depth = OneOf(DEPTHS, "How deep the contact went.")
    home_entered = YesNo("Whether the home was entered.")
    present = names.people("Who was there.")
    in_earshot = names.people("Who could hear.")
    outcome = OneOf(OUTCOMES, "What came of it.")
    by_whom = names.party("By whom it was refused, cancelled or not kept.")
    planned = EitherOf(
        [YesNo(), VagueDate()],
        Refusal("This must be true or false, yes or no, or the day for which it was planned.", "planned"),
        "Whether it was arranged beforehand, or the day for which it was.",
    )

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if not sent & _OF_A_CONTACT and body.get("planned") in _NO_DAY:
            yield ("depth",), _NO_CONTACT


class ObservedSchema(BodySchema):
    """What an observation says, whoever it is about."""

    observed = Observed("When it was seen or heard: a day, or a time with its zone.", required=True)
    statement = OneOf(STATEMENTS, "What kind of statement this is.", required=True)
    narrative = Text("What was seen or said, in words.", most=limits.NARRATIVE_CHARS_MAX)
    people = Items(Object(MentionedPersonSchema), "People referred to.", most=limits.PEOPLE_MAX)
    claims = Items(Object(ClaimSchema), "What is said, in the vocabulary.", most=limits.CLAIMS_MAX)
    contact = Object(ContactPartSchema, "The contact at which it was seen or heard.")
    sharing = Object(SharingSchema, "Who may see it.")
    grading = Object(GradingSchema, "How the police grade it as a whole, where they do.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        yield from unmarked_gradings(body)
        if not sent & _SAYING or (sent & _SAYING == {"claims"} and body.get("claims") == []):
            yield ("narrative",), _SAYS_NOTHING


class ObservationSchema(SentSchema, ObservedSchema):
    """What an agency saw or was told about one child."""

    child = Object(ChildNameSchema, "The child, named in one way.", required=True)
    also = Items(
        Object(ChildNameSchema), "Siblings in whose records the same entry is made.", most=limits.ALSO_MAX, unique=True
    )


class CorrectedObservationSchema(ObservedSchema):
    """The whole observation as it should have been."""

    author = Object(AuthorSchema, "Who wrote it.")


class ContactSchema(SentSchema, ContactPartSchema):
    """A contact at which nothing else was recorded."""

    observed = Observed("When it was: a day, or a time with its zone.", required=True)
    narrative = Text("What there is to say of it, in words.", most=limits.NARRATIVE_CHARS_MAX)
    people = Items(Object(MentionedPersonSchema), "People referred to.", most=limits.PEOPLE_MAX)
    sharing = Object(SharingSchema, "Who may see it.")


class CorrectionSchema(SentSchema):
    """One's own entry put right: the old stays, and the new counts from when it is recorded."""

    corrects = names.entry("The entry that is put right.")
    reason = names.reason(required=True)
    observation = Object(CorrectedObservationSchema, "The whole observation as it should have been.", required=True)


class VoidSchema(SentSchema):
    """One's own entry withdrawn: it stays, and no longer counts from when this is recorded."""

    voids = names.entry("The entry that is withdrawn.")
    reason = names.reason(required=True)
