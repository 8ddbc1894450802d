"""How much room observations take in the database, table by table, with every index and projection."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ledger.bench.bed import Bed
from ledger.bench.ingest import EACH
from ledger.bench.observation import ordinary
from ledger.bench.peer import Driver
from ledger.bench.standing import batches, observations, register, settle

#: Observations of one child, on average, by which the growth of what is kept once a child is shared out.
PER_CHILD = 10
_SIZES = b"""
    SELECT c.relname, pg_total_relation_size(c.oid), pg_indexes_size(c.oid)
    FROM pg_class c WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r'"""


@dataclass(frozen=True, slots=True)
class TableGrowth:
    """Bytes by which one table grew: all of it, and its indexes' part."""

    total: int
    indexes: int


@dataclass(frozen=True, slots=True)
class Growth:
    """What posting did to the tables. `posted` is the bytes of the bodies, their claims counted with them."""

    observations: int
    posted: int
    tables: Mapping[str, TableGrowth]

    @property
    def stored(self) -> int:
        return sum(table.total for table in self.tables.values())

    @property
    def per_byte(self) -> float:
        """Bytes stored for each byte posted."""
        return self.stored / self.posted if self.posted else 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "observations": self.observations,
            "posted": self.posted,
            "stored": self.stored,
            "per_byte": self.per_byte,
            "tables": {name: {"total": t.total, "indexes": t.indexes} for name, t in self.tables.items()},
        }


def growth(bed: Bed, number: int) -> Growth:
    """Post so many observations about children who are there already, let them be detected, and look."""
    children = register(bed, "size.child.", number // PER_CHILD)
    wanted = batches(observations(bed, "hv", ordinary(bed.today), "size.", children), EACH)
    with bed.connect() as driver:
        # One of each first, so that what is kept once for a child is there before.
        firsts = replace(wanted, event_prefix="size.first.", requests_most=len(children) // EACH, connections=1)
        bed.load(replace(firsts, seconds=60.0))
        settle(driver)
        before = _sizes(driver)
        posted = bed.load(replace(wanted, requests_most=number // EACH, seconds=120.0, connections=8))
        settle(driver)
        after = _sizes(driver)
    none = TableGrowth(0, 0)
    tables = {
        name: TableGrowth(size.total - before.get(name, none).total, size.indexes - before.get(name, none).indexes)
        for name, size in after.items()
    }
    grown = {name: table for name, table in tables.items() if table.total}
    # The brackets and commas of a batch are a few in ten thousand; they count as posted.
    return Growth(posted.stored, posted.body_bytes, dict(sorted(grown.items(), key=lambda item: -item[1].total)))


def _sizes(driver: Driver) -> dict[str, TableGrowth]:
    driver.execute(b"VACUUM")
    return {name: TableGrowth(total, indexes) for name, total, indexes in driver.execute(_SIZES)}
