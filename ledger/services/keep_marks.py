"""What an append keeps of the markings of what it stores, and of which entry speaks of which."""

from collections.abc import Iterable
from uuid import UUID

from ledger.domain.entry import parse_entry_id
from ledger.domain.marking import TIED, marks_in
from ledger.services.submission import Submission
from ledger.store.append import Statement, Stored
from ledger.store.markings import put_mark, take_over, tie

_WITHDRAWS = {"correction": "corrects", "void": "voids"}


def keep_marks(submission: Submission, agency: str, entries: Iterable[Stored]) -> list[Statement]:
    """The statements, to run after those of the entry's own effect: most entries have none."""
    kind, body = submission.kind, submission.body
    marks = [mark for mark in marks_in(kind, body, agency) if mark.person or not mark.sharing.is_plain]
    withdrawn, spoken_of = body.get(_WITHDRAWS.get(kind, "")), body.get(TIED.get(kind, ""))
    if not marks and withdrawn is None and spoken_of is None:
        return []
    statements: list[Statement] = []
    for entry in entries:
        place: tuple[UUID, int] = (entry.record_id, entry.number)
        if (named := parse_entry_id(str(withdrawn))) is not None:
            statements += take_over(place, named[1])
        if (named := parse_entry_id(str(spoken_of))) is not None and named[0] == entry.pseudonym:
            statements += tie(place, named[1])
        for mark in marks:
            statements += put_mark(place, agency, mark, by=entry.number)
    return statements
