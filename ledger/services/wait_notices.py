"""Answer an agency's post with what waits for it in its feed: how much, and the first few things by type and name.

Looked up in the first trip of the append, as the sender, so it costs no further one. What a notice is about is read in
the feed (`ledger.services.read_notices`), as markings allow; nothing of that is here.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from ledger.domain.entry import written_time
from ledger.store.append import Caller, Credential, Statement
from ledger.store.feeds import FeedItem, read_waiting, waiting

#: So many are named with an answer.
NAMED_MOST: Final = 10
#: A key or token needs one of these to be told.
_HEARS: Final = frozenset({"read", "work"})


class WaitingNotices:
    """What waits for whoever posts. Made before any lock is taken; asked under it. A person's waits in the pages."""

    def __init__(self, who: Credential | Caller) -> None:
        self._is_system = isinstance(who, Credential)
        self.told: dict[str, Any] | None = None

    def reads(self) -> list[Statement]:
        """The look-up."""
        return [waiting(NAMED_MOST)] if self._is_system else []

    def begin(self, answers: Sequence[Sequence[tuple[Any, ...]]], scopes: Collection[str]) -> None:
        """Take the look-up's answer; None is told where nothing waits, or to a key that only writes: it may not follow
        the feed either. An append that is tried again begins again.
        """
        count, items = read_waiting(row for rows in answers for row in rows)
        self.told = None
        if items and not _HEARS.isdisjoint(scopes):
            following = f"/api/v1/notices?after={items[0].seq - 1}"
            self.told = {"waiting": count, "items": [thin(item) for item in items], "next": following}


def thin(item: FeedItem) -> dict[str, Any]:
    """An item without a word of what it is about."""
    return {"sequence": item.seq, "id": item.item_id, "type": item.type, "time": written_time(item.at)}
