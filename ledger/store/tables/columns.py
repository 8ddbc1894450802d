"""What the tables' modules share: the schema, the names of constraints, and two sorts of column."""

from sqlalchemy import Column, DateTime, MetaData, Text

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


def words(name: str, *, nullable: bool = False) -> Column[str]:
    """A column of text."""
    return Column(name, Text, nullable=nullable)
