"""What a picture is answered with, for its description; the answer itself is made without a detour."""

from typing import Any

from marshmallow import Schema, fields

from ledger.api.schemas.elsewhere import ElsewhereSchema

_TIME = {"format": "date-time"}


def _text(description: str, **more: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": description}, **more)


def _text_or_null(description: str) -> fields.String:
    return _text(description, allow_none=True)


def _time(description: str) -> fields.String:
    return fields.String(required=True, metadata={"description": description, **_TIME})


class PicturePlaceSchema(Schema):
    """A statement: the entry that makes it, and its place among that entry's claims."""

    entry = _text("The entry's id.")
    index = fields.Integer(
        required=True, allow_none=True, metadata={"description": "The claim's index; null: the whole entry."}
    )


class PicturePointSchema(Schema):
    """A point of the record, to be asked for again."""

    number = fields.Integer(required=True)
    hash = fields.String(required=True)


class KnowledgeSchema(Schema):
    """As known by which agency, by readings up to when; and what it could have read and had not."""

    agency = fields.String(required=True)
    read_until = fields.String(required=True, metadata={"format": "date-time"})
    could_have_read = fields.Integer(required=True)
    words = fields.String(required=True)


class PicturePackSchema(Schema):
    """The rule pack by which it was worked out."""

    name = fields.String(required=True)
    version = fields.String(required=True)


class PictureColumnSchema(Schema):
    """An agency that has a cell."""

    agency = fields.String(required=True)
    name = fields.String(required=True)


class PictureBoundSchema(Schema):
    """One end of a stretch of time: as it was written, and between which moments it lies."""

    written = _text_or_null("As sent, where the stretch begins or ends as its claim says; null where it was cut.")
    earliest = _time("The earliest moment that this end may be.")
    latest = _time("The latest moment that it may be.")


class PictureSaidSchema(PicturePlaceSchema):
    """One statement: in words, on what basis, of what time."""

    value = _text_or_null("As sent, what is no text as JSON; null where it is not known.")
    words = _text("The value, or why there is none, in words.")
    statement = _text("Whether it is a fact, an opinion, an allegation, a court's or expert's finding …")
    basis = _text("How the author knows.")
    said = _text("Who said or saw it, in words.")
    observed = _text("When it was seen or said, as sent.")
    observed_words = fields.String(required=True)
    valid = _text_or_null("When it was so, as sent; null: the day observed.")
    valid_words = fields.String(required=True)
    recorded_at = _time("When the ledger took it in.")


class PictureHoldSchema(PictureSaidSchema):
    """A stretch of time over which this cell holds something."""

    allows = fields.List(
        fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "The states of the world that it leaves; null: it is a text."},
    )
    state = _text(
        "`asserted`: said of `valid_at`; `carried`: presumed since it was last said; `stale`: presumed for longer than"
        " a word on this holds; `ended`: of a time before; `later`: of a time after.",
    )
    state_words = fields.String(required=True)
    certain = fields.Boolean(
        required=True, metadata={"description": "It covers `valid_at` in every reading of its dates."}
    )
    since = fields.Nested(
        PictureBoundSchema, required=True, allow_none=True, metadata={"description": "Null: it cannot change."}
    )
    until = fields.Nested(
        PictureBoundSchema, required=True, allow_none=True, metadata={"description": "Null: nothing has ended it."}
    )
    last_said = fields.String(
        required=True,
        allow_none=True,
        metadata={"format": "date", "description": "The last day, up to `valid_at`, of which its source has said so."},
    )
    held_since = _time("Since when this agency has held it, from this source and without a break: recorded time.")
    answered_by = fields.Nested(
        PicturePlaceSchema,
        required=True,
        allow_none=True,
        metadata={"description": "A court's or expert's finding on it."},
    )
    conflicts_with = fields.List(
        fields.Nested(PicturePlaceSchema),
        required=True,
        metadata={"description": "What cannot be so together with it."},
    )


class PictureNotKnownSchema(PictureSaidSchema):
    """That something is not known, and in which way: it conflicts with nothing."""

    not_known = _text("`unknown`, `not_asked`, `declined` or `evaded`.")


class PictureCellSchema(Schema):
    """What one agency has from one source."""

    agency = fields.String(required=True)
    agency_name = fields.String(required=True)
    source = _text("Whose word it is: equal for the same source in every cell.")
    source_label = fields.String(required=True)
    own = fields.Boolean(required=True, metadata={"description": "It is the agency's own word, not another's."})
    holds = fields.List(fields.Nested(PictureHoldSchema), required=True)
    not_known = fields.List(fields.Nested(PictureNotKnownSchema), required=True)
    also_said = fields.List(
        fields.Nested(PictureSaidSchema),
        required=True,
        metadata={"description": "Plans, intentions, omissions and what lies ahead: they conflict with nothing."},
    )
    not_shown = fields.Integer(
        required=True, metadata={"description": "Stretches of other times, which `history=yes` shows."}
    )


class PictureSetSchema(Schema):
    """Statements that cannot all be so."""

    statements = fields.List(fields.Nested(PicturePlaceSchema), required=True)
    since = fields.String(
        required=True, allow_none=True, metadata={**_TIME, "description": "From when on; null: at no time."}
    )
    certain = fields.Boolean(
        required=True, metadata={"description": "They share time in every reading of their dates."}
    )
    change_since = fields.String(
        required=True,
        allow_none=True,
        metadata={"format": "date", "description": "It may be a change since this day; null: that explains nothing."},
    )
    acknowledged = fields.Boolean(
        required=True,
        metadata={"description": "Whoever says the newer says too that the older was so before: it is a change."},
    )


class PictureConflictSchema(Schema):
    """What in this row cannot all be so, of what is shown."""

    words = fields.String(required=True)
    sets = fields.List(fields.Nested(PictureSetSchema), required=True, metadata={"description": "The plainest first."})


class PicturePossibleSchema(Schema):
    """What could still be so at `valid_at` if all that is held of it were true; no states: not all of it is."""

    states = fields.List(fields.String(), required=True)
    words = fields.String(required=True)


class PictureRowSchema(Schema):
    """One question about one person."""

    attribute = fields.String(required=True)
    label = fields.String(required=True)
    meaning = _text_or_null("Null where the rule pack no longer has the attribute.")
    type = _text_or_null("`state`, `person`, `quantity`, `date`, `place`, `event` or `text`.")
    unit = _text_or_null("Of a quantity.")
    critical = fields.Boolean(required=True)
    ask = _text_or_null("What to ask.")
    thing = _text_or_null("Which injury, incident or other thing.")
    with_ = fields.String(
        required=True, allow_none=True, data_key="with", metadata={"description": "With or towards which person."}
    )
    item = _text_or_null("Which plan, order or other item.")
    cells = fields.List(fields.Nested(PictureCellSchema), required=True)
    conflict = fields.Nested(PictureConflictSchema, required=True, allow_none=True)
    possible = fields.Nested(PicturePossibleSchema, required=True, allow_none=True)
    findings = fields.List(
        fields.String(), required=True, metadata={"description": "Open findings on what is shown here."}
    )


class PictureIntroducedSchema(Schema):
    """Who an agency said that this person is."""

    agency = fields.String(required=True)
    entry = fields.String(required=True)
    role = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    born = fields.String(required=True, allow_none=True)
    description = fields.String(required=True, allow_none=True)


class PicturePersonSchema(Schema):
    """One person, by the links that stand."""

    person = _text("The name by which they are compared: `child`, `mother`, `father`, or an agency's reference.")
    label = fields.String(required=True)
    also_called = fields.List(fields.String(), required=True)
    introduced = fields.List(fields.Nested(PictureIntroducedSchema), required=True)
    attributes = fields.List(fields.Nested(PictureRowSchema), required=True)
    elsewhere = fields.List(fields.Nested(ElsewhereSchema), metadata={"description": "In which other records, if any."})


class PictureRingSchema(Schema):
    """Whom to ring."""

    agency = fields.String(required=True)
    name = fields.String(required=True)
    contact = fields.String(required=True, allow_none=True)


class PictureFindingSchema(Schema):
    """A finding open at this point. Of one that rests on what you may not see: only whom to ring."""

    finding = fields.String(required=True)
    raised_at = _time("When it was raised.")
    withheld = fields.Boolean(required=True)
    kind = fields.String(required=True, allow_none=True)
    severity = fields.String(required=True, allow_none=True)
    certain = fields.Boolean(required=True, allow_none=True)
    headline = fields.String(required=True)
    change_since = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    change_words = fields.String(required=True, allow_none=True)
    why = fields.String(required=True, allow_none=True)
    ask = fields.String(required=True, allow_none=True)
    ring = fields.List(fields.Nested(PictureRingSchema), required=True)
    sides = fields.List(
        fields.List(fields.Nested(PicturePlaceSchema)),
        required=True,
        metadata={"description": "The statements set against each other."},
    )


class PictureWithheldSchema(PictureRingSchema):
    """An agency that recorded what you may not see: neither what nor about whom is said."""

    entries = fields.List(fields.String(), required=True)
    notice = fields.String(required=True)


class PictureSchema(Schema):
    """What each agency holds about whom: the record as known at `as_of`, of the moment `valid_at`."""

    child = fields.UUID(required=True)
    as_of = fields.Nested(PicturePointSchema, required=True)
    known_by = fields.Nested(KnowledgeSchema)
    valid_at = _time("The moment of the child's life.")
    history = fields.Boolean(required=True)
    pack = fields.Nested(PicturePackSchema, required=True)
    agencies = fields.List(fields.Nested(PictureColumnSchema), required=True)
    people = fields.List(fields.Nested(PicturePersonSchema), required=True)
    findings = fields.List(fields.Nested(PictureFindingSchema), required=True)
    withheld = fields.List(fields.Nested(PictureWithheldSchema), required=True)
    erased = fields.List(
        fields.String(), required=True, metadata={"description": "Entries whose content was erased by order."}
    )
