"""Every table is the ledger itself, operation, or a projection: a function of entries and pack."""

from ledger.store.tables import metadata
from ledger.store.tables.sorts import LEDGER, OF_CHILDREN, OPERATION, PROJECTIONS, STAYS_AFTER_ERASURE


def test_every_table_is_of_one_sort() -> None:
    """A new table says in one place which of the three it is, and is no two of them."""
    sorts = [LEDGER, OPERATION, PROJECTIONS]
    assert sum(map(len, sorts)) == len(frozenset.union(*sorts))
    assert {table.name for table in metadata.tables.values()} == frozenset.union(*sorts)


def test_a_childs_projections_are_by_record() -> None:
    """Each can be made again for one record: it has the record in each row."""
    assert {name for name in OF_CHILDREN if "record_id" not in metadata.tables[f"ledger.{name}"].columns} == set()
    assert set(STAYS_AFTER_ERASURE) < set(OF_CHILDREN)
