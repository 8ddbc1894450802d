"""Who is there, who stands in and who is next, as the entries of their partnership's record tell it.

People are named by agency and that agency's reference. Of a team, a rung, the hours and an address the row with the
highest number counts; the earlier ones are how it was.
"""

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Index, PrimaryKeyConstraint, Table, Text, text

from ledger.store.tables.columns import metadata, moment, words


def _number(name: str = "number", *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


leavings = Table(
    "leavings",
    metadata,
    words("partnership_id"),
    _number(),
    words("agency_id"),
    words("person"),
    _number("returned_number", nullable=True),
    PrimaryKeyConstraint("partnership_id", "number"),
    Index(
        "uq_leavings_agency_id_person",
        "agency_id",
        "person",
        unique=True,
        postgresql_where=text("returned_number IS NULL"),
    ),
)

absences = Table(
    "absences",
    metadata,
    words("partnership_id"),
    _number(),
    words("agency_id"),
    words("person"),
    moment("starts_at"),
    moment("ends_at", nullable=True),
    words("cover_agency", nullable=True),
    words("cover_person", nullable=True),
    _number("ended_number", nullable=True),
    PrimaryKeyConstraint("partnership_id", "number"),
    CheckConstraint("(cover_agency IS NULL) = (cover_person IS NULL)", name="cover"),
    Index("ix_absences_agency_id_person", "agency_id", "person"),
)

teams = Table(
    "teams",
    metadata,
    words("partnership_id"),
    _number(),
    words("agency_id"),
    words("team"),
    words("name"),
    words("manager", nullable=True),
    Column("members", ARRAY(Text), nullable=False),
    PrimaryKeyConstraint("partnership_id", "number"),
    Index("ix_teams_agency_id_team", "agency_id", "team"),
)

ladders = Table(
    "ladders",
    metadata,
    words("partnership_id"),
    _number(),
    #: Whose people the rung is for; NULL: everybody's in the partnership who has none of their own.
    words("agency_id", nullable=True),
    words("rung"),
    #: NULL: nobody is on it any longer.
    words("to_agency", nullable=True),
    words("to_person", nullable=True),
    PrimaryKeyConstraint("partnership_id", "number"),
    CheckConstraint("rung IN ('manager', 'senior', 'chair')", name="rung"),
    CheckConstraint("(to_agency IS NULL) = (to_person IS NULL)", name="to"),
)

working_hours = Table(
    "working_hours",
    metadata,
    words("partnership_id"),
    _number(),
    words("opens"),
    words("closes"),
    #: The out-of-hours desk, where there is one.
    words("desk_agency", nullable=True),
    words("desk_person", nullable=True),
    PrimaryKeyConstraint("partnership_id", "number"),
)

reachables = Table(
    "reachables",
    metadata,
    words("partnership_id"),
    _number(),
    words("agency_id"),
    #: NULL: the agency's desk.
    words("person", nullable=True),
    words("mail", nullable=True),
    words("phone", nullable=True),
    PrimaryKeyConstraint("partnership_id", "number"),
    Index("ix_reachables_agency_id_person", "agency_id", "person"),
)
