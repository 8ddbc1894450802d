"""Work that one agency asks of another: referrals, actions and hand-overs, whose it is now and how it stands.

Each is one item, from the entry that asks for it on. What comes after it moves it on: a reply, that it is done, and a
hand-over of it that is accepted. Until a hand-over is accepted whoever had the work has it; from then on whoever
accepted does. A first answer that ends a question ends it: what comes after changes nothing.

`folded` is what the projection `work_items` holds, too: both follow from the same entries alone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from ledger.domain.edtf import EdtfError, observed_bounds

Kind = Literal["referral", "action", "handover"]
#: As an item is kept; `STATES` are those in which it is shown.
Kept = Literal["asked", "acknowledged", "accepted", "declined", "done"]
#: Where each kind says from whom it is asked.
OWED: Final[Mapping[str, str]] = {"referral": "to", "action": "owner", "handover": "to"}
#: What a reply answers besides: it is no work, and has an item of its own nowhere.
ANSWERED_BESIDES: Final = frozenset({"check"})
#: All that can be replied to.
ASKING: Final = frozenset({*OWED, *ANSWERED_BESIDES})
#: How an item can be shown to stand.
SHOWN: Final = ("asked", "offered", "acknowledged", "accepted", "declined", "done", "lapsed")
_FINAL: Final[Mapping[str, frozenset[str]]] = {
    "referral": frozenset({"accepted", "declined", "done"}),
    "action": frozenset({"declined", "done"}),
    "handover": frozenset({"accepted", "declined"}),
}
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")


@dataclass(frozen=True, slots=True)
class Act:
    """An entry as items take it. ``of`` and ``about``: the numbers of the entries of its record that it names."""

    number: int
    at: datetime
    agency: str
    kind: str
    body: Mapping[str, Any]
    of: int | None = None
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of work. ``owed_by``: an agency, or a sort of agency as it was written; None where neither is named."""

    number: int
    kind: str
    of: str | None
    about: int | None
    asked_by: str
    owed_by: str | None
    asked_at: datetime
    due_at: datetime | None
    state: str
    state_number: int

    @property
    def is_final(self) -> bool:
        """Whether nothing can come of it any more."""
        return is_final(self.kind, self.state)

    def shown(self, at: datetime) -> str:
        """How it stands at a moment: an offer that nobody accepted by its day has lapsed."""
        if self.kind != "handover" or self.is_final:
            return self.state
        if self.due_at is not None and self.due_at <= at:
            return "lapsed"
        return "offered" if self.state == "asked" else self.state

    def is_overdue(self, at: datetime) -> bool:
        """Whether it should have been answered, or done, by now."""
        is_over = self.state == "done" or self.is_final
        return not is_over and self.due_at is not None and self.due_at <= at

    @property
    def accountable(self) -> str | None:
        """Whose it is now: whoever asked, until it is accepted; of an agreed action its owner from the beginning."""
        if self.kind == "action":
            return self.asked_by if self.state == "declined" else self.owed_by
        return self.owed_by if self.state in {"accepted", "done"} else self.asked_by


def is_final(kind: str, state: str) -> bool:
    """Whether nothing can come any more of what is kept so."""
    return state in _FINAL[kind]


def owed_by(kind: str, body: Mapping[str, Any]) -> str | None:
    """From whom a body asks it, where that can be an agency's reference or a sort of agency."""
    party = body.get(OWED[kind])
    agency = party.get("agency") if isinstance(party, Mapping) else party
    return agency if isinstance(agency, str) and _SLUG.match(agency) else None


def due_in(body: Mapping[str, Any]) -> datetime | None:
    """The first moment at which it is late; None where the body gives no day."""
    try:
        return observed_bounds(str(body["due"])).end
    except (KeyError, EdtfError):
        return None


def opened(act: Act) -> Item:
    """The item that an entry begins which asks for work."""
    return Item(
        number=act.number,
        kind=act.kind,
        of=act.body["of"] if act.kind == "handover" else None,
        about=act.about if act.kind == "handover" else None,
        asked_by=act.agency,
        owed_by=owed_by(act.kind, act.body),
        asked_at=act.at,
        due_at=due_in(act.body),
        state="asked",
        state_number=act.number,
    )


def folded(acts: Iterable[Act]) -> dict[int, Item]:
    """Every item of a record, by the number of the entry that began it; ``acts`` in the order of the record."""
    items: dict[int, Item] = {}
    for act in acts:
        if act.kind in OWED:
            items[act.number] = opened(act)
        elif act.kind in {"reply", "done"} and act.of in items:
            _move_on(items, items[act.of], act)
    return items


def _move_on(items: dict[int, Item], item: Item, act: Act) -> None:
    state = "done" if act.kind == "done" else str(act.body["answer"])
    if item.is_final or (act.kind == "done" and item.kind == "handover"):
        return
    taker = act.agency if state == "accepted" else item.owed_by
    items[item.number] = replace(item, state=state, state_number=act.number, owed_by=taker)
    if item.kind != "handover" or state != "accepted":
        return
    for other in items.values():
        if is_handed(item, other):
            items[other.number] = replace(other, owed_by=act.agency, state_number=act.number)


def is_handed(offer: Item, other: Item) -> bool:
    """Whether a piece of work goes over with an accepted hand-over: what that names, or all that its agency owes."""
    if other.kind == "handover" or other.is_final or other.state == "done":
        return False
    return (
        other.number == offer.about if offer.of == "work" else offer.of == "record" and other.owed_by == offer.asked_by
    )
