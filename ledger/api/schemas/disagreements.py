"""Disagreements between agencies about a child, and what is then said in one."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar, Final

from marshmallow import Schema, fields

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import RuleRefusal
from ledger.api.schemas.fields import Items, Object, OneOf, Pattern, Text
from ledger.api.schemas.observations import SentSchema
from ledger.api.schemas.seen_by import SharingSchema
from ledger.domain.disagreement import ANSWERS, KINDS, OUTCOMES, STAGES

#: With how many agencies one may disagree at once.
OTHERS_MAX: Final = 20

_ABOUT: Final = Refusal("This must be the id of an entry, a finding or an alert.", "about")
_OTHERS_MUST_SEE: Final = Refusal(
    "Whom you disagree with must be able to read it: share it, or restrict it to agencies that include them.",
    "others_must_see",
)


class DisagreementSchema(SentSchema):
    """That your agency’s view differs from that of others, what it is about, and what you would have done."""

    class Meta(SentSchema.Meta):
        include: ClassVar = {
            "with": Items(
                names.agency(),
                "The agencies whose view differs; each has, or had, a part in the record.",
                most=OTHERS_MAX,
                least=1,
                unique=True,
                required=True,
            )
        }

    about = Pattern(
        rf"(?:{limits.ENTRY_ID_PATTERN}|[0-9a-f]{{32}})",
        _ABOUT,
        "What it is about: an entry, a finding or an alert, by its id. Left out: the work with the child as a whole.",
    )
    kind = OneOf(tuple(KINDS), "What sort of disagreement it is.", required=True)
    view = Text("Your view, and what it rests on.", most=limits.REASON_CHARS_MAX, required=True)
    wants = Text("What you want done.", most=limits.REASON_CHARS_MAX)
    sharing = Object(SharingSchema, "Who may see it; the agencies named in with must be able to.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        del sent  # what matters is what it says
        sharing = body.get("sharing", {})
        marking, to = sharing.get("marking"), sharing.get("to", ())
        if marking == "pointer" or (marking == "restricted" and not set(body.get("with", ())) <= set(to)):
            yield ("sharing", "to"), _OTHERS_MUST_SEE


class DisagreementReplySchema(SentSchema):
    """An answer in a disagreement, by an agency that is asked at the stage where it is."""

    of = names.entry("The entry that opened the disagreement.")
    answer = OneOf(ANSWERS, "Whether you agree.", required=True)
    view = Text("Your view, and what it rests on.", most=limits.REASON_CHARS_MAX, required=True)


class DisagreementStepUpSchema(SentSchema):
    """That a disagreement goes to the next stage: from practitioners to managers, senior officers, the chair."""

    of = names.entry("The entry that opened the disagreement.")
    reason = names.reason(required=True)


class DisagreementSettledSchema(SentSchema):
    """How a disagreement ended, and what is done now."""

    of = names.entry("The entry that opened the disagreement.")
    outcome = OneOf(
        OUTCOMES,
        "agreed: one view. compromise: something else, by all. decided: by those of the stage where it is. withdrawn: "
        "by the agency that opened it.",
        required=True,
    )
    what = Text("What was agreed or decided, and what is done now.", most=limits.REASON_CHARS_MAX, required=True)
    by = names.professional("Who decided it.")


class _SaidSchema(Schema):
    """One thing said in it, as far as the reader may read it."""

    entry = fields.String()
    said = fields.String(metadata={"enum": ["reply", "step_up", "settled"]})
    agency = fields.String()
    agency_name = fields.String()
    at = fields.String()
    answer = fields.String()
    view = fields.String()
    reason = fields.String()
    outcome = fields.String()
    what = fields.String()


class ManagerSchema(Schema):
    """Whom to ring: who is on the ladder of an agency, or its own contact where it has named nobody."""

    agency = fields.String()
    agency_name = fields.String()
    contact = fields.String(allow_none=True)
    person = fields.String(allow_none=True)
    office = fields.String(allow_none=True)


class _StageSchema(Schema):
    """Where it is: since when, who is asked there, who has answered, and by when it is late."""

    name = fields.String(metadata={"enum": list(STAGES)})
    who = fields.String()
    since = fields.String()
    brought_by = fields.String()
    asked = fields.List(fields.String())
    answered = fields.List(fields.String())
    answer_due = fields.String(allow_none=True)
    settle_due = fields.String(allow_none=True)
    ring = fields.List(fields.Nested(ManagerSchema))


class DisagreementViewSchema(Schema):
    """One disagreement. Of what is held back from the reader only that it is there, and whom to ring."""

    entry = fields.String()
    withheld = fields.Boolean()
    agency = fields.String()
    agency_name = fields.String()
    ring = fields.String()
    at = fields.String()
    kind = fields.String(metadata={"enum": list(KINDS)})
    words = fields.String()
    about = fields.String(allow_none=True)
    view = fields.String()
    wants = fields.String(allow_none=True)
    others = fields.List(fields.String())
    state = fields.String(metadata={"enum": ["open", "settled"]})
    stage = fields.Nested(_StageSchema)
    said = fields.List(fields.Nested(_SaidSchema))


class DisagreementsSchema(Schema):
    """The disagreements about a child, the newest first."""

    child = fields.String()
    stages = fields.List(fields.Dict())
    disagreements = fields.List(fields.Nested(DisagreementViewSchema))
