"""What the views over time are answered with, for their description; the answers are made without a detour."""

from marshmallow import Schema, fields

from ledger.api.schemas.pictures import (
    KnowledgeSchema,
    PictureColumnSchema,
    PictureConflictSchema,
    PictureFindingSchema,
    PictureHoldSchema,
    PictureNotKnownSchema,
    PicturePackSchema,
    PicturePlaceSchema,
    PicturePointSchema,
    PicturePossibleSchema,
    PictureSaidSchema,
    PictureWithheldSchema,
)
from ledger.domain.pack_views import COLUMNS, LANES

_TIME = {"format": "date-time"}


class _HeadSchema(Schema):
    """Of which record, as known at which point, and what of it is not shown."""

    child = fields.UUID(required=True)
    as_of = fields.Nested(PicturePointSchema, required=True)
    known_by = fields.Nested(KnowledgeSchema)
    withheld = fields.List(fields.Nested(PictureWithheldSchema), required=True)
    erased = fields.List(fields.String(), required=True, metadata={"description": "Entries erased by order."})


class EngagementColumnSchema(Schema):
    """How far somebody's use of a service got, and its words."""

    column = fields.String(required=True, metadata={"enum": list(COLUMNS)})
    words = fields.String(required=True)


class EngagementBoundSchema(Schema):
    """Between which moments it began, or ended."""

    earliest = fields.String(required=True, metadata=_TIME)
    latest = fields.String(required=True, metadata=_TIME)


class EngagementStepSchema(PicturePlaceSchema):
    """One thing recorded, and whose doing it was where that is known."""

    agency = fields.String(required=True)
    agency_name = fields.String(required=True)
    words = fields.String(required=True)
    by = fields.String(required=True, allow_none=True, metadata={"enum": ["family", "service", None]})
    by_words = fields.String(required=True, allow_none=True)
    statement = fields.String(required=True)
    basis = fields.String(required=True)
    said = fields.String(required=True)
    observed = fields.String(required=True)
    observed_words = fields.String(required=True)
    valid = fields.String(required=True, allow_none=True)
    valid_words = fields.String(required=True)
    since = fields.Nested(EngagementBoundSchema, required=True)
    until = fields.Nested(EngagementBoundSchema, required=True, allow_none=True)
    recorded_at = fields.String(required=True, metadata=_TIME)


class EngagementLatestSchema(PicturePlaceSchema):
    """What was recorded of the last day, with the column in which it stands."""

    column = fields.String(required=True, metadata={"enum": list(COLUMNS)})


class EngagementServiceSchema(Schema):
    """One service: an agency by its id, else a sort of agency, else what it was called."""

    agency = fields.String(required=True, allow_none=True)
    sort = fields.String(required=True, allow_none=True)
    called = fields.String(required=True, allow_none=True)
    label = fields.String(required=True)
    words = fields.String(required=True)
    cells = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(EngagementStepSchema)), required=True)
    beside = fields.List(
        fields.Nested(EngagementStepSchema),
        required=True,
        metadata={"description": "What was said of it that stands in no column: judgements, plans, intentions."},
    )
    latest = fields.List(fields.Nested(EngagementLatestSchema), required=True)


class EngagementPersonSchema(Schema):
    """One person, with every service of which anything was recorded."""

    person = fields.String(required=True)
    label = fields.String(required=True)
    also_called = fields.List(fields.String(), required=True)
    services = fields.List(fields.Nested(EngagementServiceSchema), required=True)


class EngagementSchema(_HeadSchema):
    """How far each person's use of each service got, up to `valid_at`."""

    valid_at = fields.String(required=True, metadata=_TIME)
    pack = fields.Nested(PicturePackSchema, required=True)
    columns = fields.List(fields.Nested(EngagementColumnSchema), required=True)
    people = fields.List(fields.Nested(EngagementPersonSchema), required=True)
    findings = fields.List(
        fields.Nested(PictureFindingSchema),
        required=True,
        metadata={"description": "Open findings on what is shown and on nothing else."},
    )


class _OfAgencySchema(Schema):
    agency = fields.String(required=True)
    agency_name = fields.String(required=True)


class CareStretchSchema(_OfAgencySchema, PictureHoldSchema):
    """A stretch of time over which an agency holds something, from one source."""

    source = fields.String(required=True)
    source_label = fields.String(required=True)
    own = fields.Boolean(required=True)


class CareNotKnownSchema(_OfAgencySchema, PictureNotKnownSchema):
    """That something is not known."""


class CareSaidSchema(_OfAgencySchema, PictureSaidSchema):
    """What is planned, intended or lies ahead."""


class CareRowSchema(Schema):
    """One question about one person, with its stretches in the order in which they begin."""

    person = fields.String(required=True)
    person_label = fields.String(required=True)
    attribute = fields.String(required=True)
    label = fields.String(required=True)
    meaning = fields.String(required=True, allow_none=True)
    type = fields.String(required=True, allow_none=True)
    unit = fields.String(required=True, allow_none=True)
    critical = fields.Boolean(required=True)
    ask = fields.String(required=True, allow_none=True)
    thing = fields.String(required=True, allow_none=True)
    with_ = fields.String(required=True, allow_none=True, data_key="with")
    item = fields.String(required=True, allow_none=True)
    stretches = fields.List(fields.Nested(CareStretchSchema), required=True)
    not_known = fields.List(fields.Nested(CareNotKnownSchema), required=True)
    also_said = fields.List(fields.Nested(CareSaidSchema), required=True)
    conflict = fields.Nested(PictureConflictSchema, required=True, allow_none=True)
    possible = fields.Nested(PicturePossibleSchema, required=True, allow_none=True)
    findings = fields.List(fields.String(), required=True)


class CareGapSchema(Schema):
    """A stretch of which nobody says anything; `presumed`: an earlier word was carried on over it."""

    since = fields.Nested(EngagementBoundSchema, required=True)
    until = fields.Nested(EngagementBoundSchema, required=True)
    presumed = fields.Boolean(required=True)
    words = fields.String(required=True)


class CareLaneSchema(Schema):
    """What is drawn side by side."""

    lane = fields.String(required=True, metadata={"enum": list(LANES)})
    title = fields.String(required=True)
    rows = fields.List(fields.Nested(CareRowSchema), required=True)
    gaps = fields.List(
        fields.Nested(CareGapSchema),
        required=True,
        metadata={"description": "Of care and nights: there is always somebody, and somewhere."},
    )


class CareSpanSchema(Schema):
    """From one moment to another."""

    since = fields.String(required=True, metadata=_TIME)
    until = fields.String(required=True, metadata=_TIME)


class CareAgainstSchema(Schema):
    """Statements that by a rule of the pack cannot both be so, or pull apart."""

    rule = fields.String(required=True)
    sort = fields.String(required=True, metadata={"enum": ["breach", "contradiction", "strain"]})
    words = fields.String(required=True)
    ask = fields.String(required=True, allow_none=True)
    why = fields.String(required=True, allow_none=True)
    since = fields.String(required=True, allow_none=True, metadata=_TIME)
    until = fields.String(
        required=True, allow_none=True, metadata={**_TIME, "description": "Null: nothing has ended it."}
    )
    certain = fields.Nested(
        CareSpanSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The time that they share in every reading of their dates; null: there may be none."},
    )
    sides = fields.List(fields.List(fields.Nested(PicturePlaceSchema)), required=True)
    findings = fields.List(fields.String(), required=True)


class CareSchema(_HeadSchema):
    """Who had care of the child, where it slept, what was in force and what was seen, from its birth to `valid_at`."""

    valid_at = fields.String(required=True, metadata=_TIME)
    begins = fields.String(required=True, metadata=_TIME)
    pack = fields.Nested(PicturePackSchema, required=True)
    agencies = fields.List(fields.Nested(PictureColumnSchema), required=True)
    lanes = fields.List(fields.Nested(CareLaneSchema), required=True)
    against = fields.List(fields.Nested(CareAgainstSchema), required=True)
    findings = fields.List(fields.Nested(PictureFindingSchema), required=True)


class _WrittenSchema(_OfAgencySchema):
    entry = fields.String(required=True)
    recorded_at = fields.String(required=True, metadata=_TIME)


class SummaryAnswerViewSchema(_WrittenSchema):
    """What an agency said to a version. `stands`: it is the last that it said to it."""

    answer = fields.String(required=True, metadata={"enum": ["confirmed", "disputed"]})
    of_version = fields.Integer(required=True, allow_none=True)
    says = fields.String(required=True, allow_none=True)
    stands = fields.Boolean(required=True)
    of_old_version = fields.Boolean(
        required=True, metadata={"description": "A newer version was there when it was said."}
    )
    words = fields.String(required=True)


class SummaryVersionSchema(_WrittenSchema):
    """One version of the summary, with what was said to it."""

    version = fields.Integer(required=True)
    text = fields.String(required=True)
    entries = fields.List(fields.String(), required=True)
    author = fields.String(required=True, allow_none=True)
    words = fields.String(required=True)
    answers = fields.List(fields.Nested(SummaryAnswerViewSchema), required=True)


class SummaryLastSchema(Schema):
    """What an agency said last, to an earlier version."""

    answer = fields.String(required=True)
    of_version = fields.Integer(required=True, allow_none=True)


class SummaryUnansweredSchema(Schema):
    """An agency with a part in the record that said nothing to the newest version."""

    agency = fields.String(required=True)
    name = fields.String(required=True)
    contact = fields.String(required=True, allow_none=True)
    last = fields.Nested(SummaryLastSchema, required=True, allow_none=True)


class SummaryNewestSchema(SummaryVersionSchema):
    """The newest version."""

    unanswered = fields.List(fields.Nested(SummaryUnansweredSchema), required=True)


class SummaryEntrySchema(_WrittenSchema):
    """An entry recorded since."""

    kind = fields.String(required=True)
    title = fields.String(required=True)
    withdrawn_by = fields.String(required=True, allow_none=True)


class SummaryChangedSchema(Schema):
    """What was recorded since the newest version, the last of it, and the findings raised since that are open."""

    words = fields.String(required=True)
    count = fields.Integer(required=True)
    entries = fields.List(fields.Nested(SummaryEntrySchema), required=True)
    findings = fields.List(fields.Nested(PictureFindingSchema), required=True)


class FamilySummaryViewSchema(_HeadSchema):
    """The family summary: null where nobody has written one."""

    newest = fields.Nested(SummaryNewestSchema, required=True, allow_none=True)
    earlier = fields.List(fields.Nested(SummaryVersionSchema), required=True)
    changed = fields.Nested(SummaryChangedSchema, required=True, allow_none=True)
