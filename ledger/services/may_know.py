"""Whether an agency may know of what it is to be told of: by the markings, as its chronology would show it.

That something was told at all says that it is there: in a feed, with an answer, on a stream, by webhook. So what rests
on entries of which an agency may not know is not told to it.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Engine

from ledger.services.marks import Marks
from ledger.services.see import Eyes, Reader, Sight
from ledger.store.database import SYSTEM, transaction
from ledger.store.markings import handed_on, leading_of, marks_of, people_links
from ledger.store.timeline import by_number


def may_know(engine: Engine, agency: str, record_id: UUID, refs: Collection[tuple[int, int]]) -> bool:
    """Whether an agency may know of each claim, as (number, place in its entry). `engine` is the worker's.

    Raises what a database that is away raises.
    """
    with transaction(engine, party=SYSTEM) as connection:
        rows = marks_of(connection, [record_id])
        if not rows:
            return True
        links = people_links(connection, [record_id]) if any(row.mark.person for row in rows) else {}
        leading = leading_of(connection, [record_id])
        # What holds for an entry since it corrects another, or speaks of it, stands in rows of its own.
        marks = [Marks(some, (), leading=leading, links=links) for some in (rows, handed_on(connection, record_id))]
        stored = {entry.number: entry for entry in by_number(connection, {(record_id, number) for number, _ in refs})}
    looked = [
        (Eyes(Reader(agency), {}, one).look(stored[number]), place)
        for one in marks
        for number, place in refs
        if number in stored
    ]
    return not any(one.sight is Sight.NOTHING or place in one.unknown for one, place in looked)
