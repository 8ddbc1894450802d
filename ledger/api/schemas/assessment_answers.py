"""What is answered of assessments, a child's history, supervision and concerns."""

from marshmallow import Schema, fields


class ToldPlaceSchema(Schema):
    """Which entry says it, of whom, and when."""

    entry = fields.String()
    agency = fields.String()
    agency_name = fields.String()
    at = fields.String()


class ToldPointSchema(Schema):
    """A number of the record, with its hash."""

    number = fields.Integer()
    hash = fields.String()


class ToldHeadSchema(Schema):
    """What every one of these answers begins with."""

    child = fields.String()
    as_of = fields.Nested(ToldPointSchema)
    withheld = fields.List(
        fields.Dict(), metadata={"description": "By agency, that it recorded what you may not see, and whom to ring."}
    )


class ToldNamedSchema(Schema):
    """Who wrote an entry, as their agency names them."""

    ref = fields.String(allow_none=True)
    role = fields.String(allow_none=True)


class ToldReplySchema(ToldPlaceSchema):
    """What an agency answered."""

    reason = fields.String(allow_none=True)
    entries = fields.List(fields.String())
    after_signing = fields.Boolean()


class ToldWhenSchema(Schema):
    """An entry, and when it was recorded."""

    entry = fields.String()
    at = fields.String()


class ToldAskedSchema(Schema):
    """One agency that was asked, and what it answered."""

    agency = fields.String()
    agency_name = fields.String()
    ring = fields.String()
    asked = fields.Nested(ToldWhenSchema)
    state = fields.String(metadata={"enum": ["replied", "nothing_held", "refused", "not_replied"]})
    words = fields.String()
    reply = fields.Nested(ToldReplySchema, allow_none=True)
    may_have_come = fields.Boolean(
        metadata={"description": "It holds something of which you may not see more than that: it may be its answer."}
    )


class ToldNotAskedSchema(Schema):
    """One agency that has a part in the record and was not asked."""

    agency = fields.String()
    agency_name = fields.String()
    ring = fields.String()
    involved = fields.Nested(ToldWhenSchema)
    role = fields.String(allow_none=True)


class ToldLookSchema(Schema):
    """One opening of the history."""

    agency = fields.String()
    agency_name = fields.String()
    person = fields.String(allow_none=True, metadata={"description": "Of your own agency alone."})
    at = fields.String()
    up_to = fields.Integer()


class ToldOpenedSchema(Schema):
    """Whether the child's history was opened since the assessment was, and by whom."""

    opened = fields.Boolean()
    by = fields.List(fields.Nested(ToldLookSchema))


class ToldSignedSchema(ToldPlaceSchema):
    """Who signed."""

    author = fields.Nested(ToldNamedSchema)
    second = fields.Raw(allow_none=True)
    judgement = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)


class ToldAssessmentSchema(ToldPlaceSchema):
    """One assessment."""

    author = fields.Nested(ToldNamedSchema)
    kind = fields.String()
    reason = fields.String(allow_none=True)
    state = fields.String(metadata={"enum": ["open", "overdue", "signed"]})
    due = fields.String(allow_none=True)
    follows = fields.Nested(
        ToldPlaceSchema, allow_none=True, metadata={"description": "The referral from which its time is counted."}
    )
    asked = fields.List(fields.Nested(ToldAskedSchema))
    not_asked = fields.List(fields.Nested(ToldNotAskedSchema))
    history = fields.Nested(ToldOpenedSchema)
    signed = fields.Nested(ToldSignedSchema, allow_none=True)


class AssessmentsSchema(ToldHeadSchema):
    """The assessments of a child, the newest first."""

    assessments = fields.List(fields.Nested(ToldAssessmentSchema))


class ToldPackSchema(Schema):
    """The rule pack."""

    name = fields.String()
    version = fields.String()


class ToldStatementSchema(Schema):
    """One statement, in words."""

    entry = fields.String()
    index = fields.Integer()
    agency = fields.String()
    agency_name = fields.String()
    recorded_at = fields.String()
    observed = fields.String()
    words = fields.String()
    basis = fields.String()
    statement = fields.String()
    reason = fields.String(allow_none=True)


class ToldMatterSchema(Schema):
    """One thing that happened or was tried: what was said of it, and what came of it."""

    sort = fields.String()
    words = fields.String()
    since = fields.String()
    said = fields.List(fields.Nested(ToldStatementSchema))
    came_of = fields.List(fields.Nested(ToldStatementSchema))
    last_word = fields.String(allow_none=True)


class HistorySchema(ToldHeadSchema):
    """What was before."""

    pack = fields.Nested(ToldPackSchema)
    siblings = fields.List(
        fields.Dict(),
        metadata={
            "description": "sort person: somebody who is called a sibling, and in which entries. sort record: another "
            "child's record into which the same was posted; with its history where you may read it, else whom to ring."
        },
    )
    episodes = fields.List(fields.Nested(ToldMatterSchema))
    tried = fields.List(fields.Nested(ToldMatterSchema))
    injuries = fields.List(fields.Nested(ToldMatterSchema))
    findings = fields.List(fields.Dict())


class ToldSupervisionSchema(ToldPlaceSchema):
    """One supervision."""

    author = fields.Nested(ToldNamedSchema)
    about = fields.String(allow_none=True)
    notes = fields.String(allow_none=True)


class ToldOpenSchema(Schema):
    """What is open, each with `is_new`: it came since the last supervision. A part that failed is null."""

    findings = fields.List(fields.Dict(), allow_none=True)
    expectations = fields.List(fields.Dict(), allow_none=True)
    concerns = fields.List(fields.Dict(), allow_none=True)
    decisions = fields.List(fields.Dict(), allow_none=True)
    alerts = fields.List(fields.Dict(), allow_none=True)


class SupervisionsSchema(ToldHeadSchema):
    """The supervisions, and what is open since the last of your own agency."""

    pack = fields.Nested(ToldPackSchema)
    supervisions = fields.List(fields.Nested(ToldSupervisionSchema))
    since = fields.Nested(ToldSupervisionSchema, allow_none=True)
    open = fields.Nested(ToldOpenSchema)


class ToldConcernAnswerSchema(ToldPlaceSchema):
    """One answer to a concern."""

    answer = fields.String()
    words = fields.String(allow_none=True)
    how = fields.List(fields.String())
    how_words = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    entries = fields.List(fields.String())


class ToldConcernSchema(ToldPlaceSchema):
    """One concern, open until it is answered."""

    ring = fields.String()
    what = fields.String()
    topic = fields.String(allow_none=True)
    entries = fields.List(fields.String())
    needs = fields.String(allow_none=True, metadata={"description": "What answers it, by its topic."})
    needs_words = fields.String(allow_none=True)
    state = fields.String(metadata={"enum": ["open", "closed"]})
    due = fields.String(allow_none=True)
    overdue = fields.Boolean()
    closed_by = fields.String(allow_none=True)
    answers = fields.List(fields.Nested(ToldConcernAnswerSchema))
    may_have_come = fields.Boolean()


class ConcernsSchema(ToldHeadSchema):
    """The concerns that were raised about a child, the newest first."""

    concerns = fields.List(fields.Nested(ToldConcernSchema))
