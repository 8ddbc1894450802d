"""What is kept of the markings of what an entry says, and of which entry speaks of which: a function of the entry."""

from ledger.domain.entry import parse_entry_id
from ledger.domain.marking import TIED, marks_in
from ledger.services.told import Told
from ledger.store.append import Statement
from ledger.store.markings import put_mark, take_over, tie

_WITHDRAWS = {"correction": "corrects", "void": "voids"}


def keep_marks(told: Told) -> list[Statement]:
    """The statements, to run after those of the entry's own projection: most entries have none."""
    kind, body = told.kind, told.body
    marks = [mark for mark in marks_in(kind, body, told.agency) if mark.person or not mark.sharing.is_plain]
    withdrawn, spoken_of = body.get(_WITHDRAWS.get(kind, "")), body.get(TIED.get(kind, ""))
    statements: list[Statement] = []
    if withdrawn is not None and (named := parse_entry_id(str(withdrawn))) is not None:
        statements += take_over(told.place, named[1])
    if spoken_of is not None and (named := parse_entry_id(str(spoken_of))) is not None and named[0] == told.pseudonym:
        statements += tie(told.place, named[1])
    for mark in marks:
        statements += put_mark(told.place, told.agency, mark, by=told.number)
    return statements
