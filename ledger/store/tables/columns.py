"""What the tables' modules share: the schema, the names of constraints, and the sorts of column."""

from sqlalchemy import Column, DateTime, MetaData, Text, text

SCHEMA = "ledger"

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    },
)


def moment(name: str, *, nullable: bool = False) -> Column[object]:
    """A column of an aware moment."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def real_moment(name: str) -> Column[object]:
    """A column of when the row was made, by the real clock: how long something has waited is read from it."""
    return Column(name, DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()"))


def words(name: str, *, nullable: bool = False) -> Column[str]:
    """A column of text."""
    return Column(name, Text, nullable=nullable)
