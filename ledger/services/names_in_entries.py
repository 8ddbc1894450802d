"""What agencies and professionals in entries of a timeline are called: looked up once for many entries."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from ledger.services.describe_entry import Names, ids_in, refs_in
from ledger.store.people import Agency, names, names_by_ref


def names_in_entries(
    connection: Connection, items: Sequence[Mapping[str, Any]], directory: Mapping[str, Agency]
) -> Names:
    """The names that describing these entries needs."""
    signed_in = {str(person_id): name for person_id, name in names(connection, ids_in(items)).items()}
    agencies = {agency_id: agency.name for agency_id, agency in directory.items()}
    return Names(agencies, names_by_ref(connection, refs_in(items)), signed_in)
