"""What a constraint sets against each other: which statements count on its two sides, and for how long.

A side of a constraint names an attribute and, where it matters, the values that count, the items, the people whom it is
about or with (``about``, ``with``), which of ``item`` and ``with`` must be left out (``without``: no record at all, and
not of one matter), and which of ``item``, ``thing`` and ``with`` must be there (``named``). A statement counts when all
that it allows is among what the values allow; with ``exactly`` only when it was sent as one of them, which tells apart
values that leave the same open.

``lasts``: what is stated of one day holds ever after, as a conviction does. ``runs``: what is written with its end is
in force until then, though nobody observes the future, as an order of a year is. ``reaches_back``: what is stated was
so ever before too, and is not carried on, as a condition that a clinic has ruled out was never there. ``goes_on``: what
is said of one day alone does not count, for what is so on most days need not be so on that one.

What has an owner, as an order or a roll, is carried on a side only until the owner, or an agency that knows it as well,
says something else of a later time; so a condition that was lifted since is not broken afterwards, whoever still holds
the old word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.belief import Beliefs, Held
from ledger.domain.claim import Claim
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.question import Question, item_key
from ledger.domain.shape import Fault, Items, Keys, Text, YesNo, keys, word
from ledger.domain.statement import BEGINNING, END, STRENGTH, Statement
from ledger.domain.vocabulary import EVENT_VALUES

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack
    from ledger.domain.vocabulary import Attribute

#: The sides of a constraint, as masks; a statement that counts on neither leaves both open.
ONE, OTHER, FREE = 1, 2, 3
#: What a pack may say of a side.
SIDE: Final[Keys] = keys(
    {
        "attribute": Text(),
        "values": Items(Text(), least=1),
        "items": Items(Text(), least=1),
        "about": Items(Text(), least=1),
        "with": Items(Text(), least=1),
        "without": Items(word("item with"), least=1),
        "named": Items(word("item thing with"), least=1),
        "exactly": YesNo(),
        "lasts": YesNo(),
        "runs": YesNo(),
        "reaches_back": YesNo(),
        "goes_on": YesNo(),
    },
    "attribute",
)


@dataclass(frozen=True, slots=True)
class Half:
    """One side: what is believed on its question, and which of it counts there, each with the time for which it does.

    ``masks``: by the identity of a statement, the side on which it counts. ``sent``: of a statement that was
    lengthened, the one that was sent.
    """

    beliefs: Beliefs
    held: Sequence[Held]
    masks: Mapping[int, int]
    sent: Mapping[int, Statement] = field(default_factory=dict)


class Pair:
    """The beliefs on two questions, each allowing only what the constraint leaves to it."""

    def __init__(self, *halves: Half) -> None:
        self._from = {id(held.statement): half for half in halves for held in (*half.beliefs.held, *half.held)}
        self._masks = {key: mask for half in halves for key, mask in half.masks.items()}
        self.held = [held for half in halves for held in half.held]

    def last_said(self, held: Held, at: datetime) -> datetime:
        """Up to when, not beyond ``at``, the source has said what is held."""
        return self._from[id(held.statement)].beliefs.last_said(held, at)

    def present_word(self, statement: Statement) -> Statement:
        """What its agency says instead by now."""
        half = self._from[id(statement)]
        sent = half.sent.get(id(statement), statement)
        now = half.beliefs.present_word(sent)
        return statement if now is sent else now

    def ended_by(self, agency: str) -> Sequence[Held]:
        """What an agency holds of which it says itself that it has ended."""
        return [held for held in self.held if held.statement.is_over and held.statement.agency == agency]

    def mask_of(self, statement: Statement) -> int:
        """The side on which a statement counts; one that counts on neither leaves everything open."""
        return self._masks.get(id(statement), FREE)


def half_of(
    question: Question, bit: int, counting: Collection[int], facts: Facts, pack: Pack, side: Mapping[str, Any]
) -> Half:
    """The statements of ``question`` that count (by identity), on the side that ``bit`` stands for."""
    lasts, runs, reaches_back = (side.get(word) == "yes" for word in ("lasts", "runs", "reaches_back"))
    ends = {claim.ref: _written_end(claim) for claim in facts.claims_on(question)} if runs else {}
    beliefs, attribute = facts.beliefs(question), pack.attributes[question.attribute]
    said, anything = facts.statements(question), reduce(or_, attribute.values.values(), 0)
    held, sent, lengthened = [], {}, set()
    for one in beliefs.held:
        if id(one.statement) not in counting:
            continue
        is_known_best = lasts or attribute.owner is not None
        end = _superseded_at(one.statement, said, counting, anything, lasts=lasts) if is_known_best else END
        runs_until = min(END if lasts else ends.get(one.statement.ref) or one.end, end)
        if reaches_back:
            start, runs_until = BEGINNING, min(one.end, one.statement.until)
        else:
            start = one.start
        if (lasts or reaches_back or runs_until > one.end) and not one.time.is_cut:
            if id(one.statement) not in lengthened and runs_until > one.start:
                lengthened.add(id(one.statement))
                longer = _lengthened(one, start, runs_until, bit)
                sent[id(longer.statement)] = one.statement
                held.append(longer)
        elif end >= one.end or not one.is_still_held:
            held.append(replace(one, mask=bit))
        else:
            held.append(replace(one, mask=bit, time=replace(one.time, earliest_end=end, latest_end=end, is_cut=True)))
    return Half(beliefs, held, dict.fromkeys((*counting, *sent), bit), sent)


def _written_end(claim: Claim) -> datetime | None:
    """When what is claimed is to end, where that is written."""
    try:
        valid = parse(claim.valid, observed=observed_bounds(claim.observed))
    except EdtfError:
        return None
    return valid.latest_end if valid.ending == "stated" and valid.is_period else None


def _lengthened(held: Held, start: datetime, end: datetime, bit: int) -> Held:
    """What is held, as asserted until ``end``; and from ``start`` where that is before its own."""
    time = replace(held.time, earliest_end=end, latest_end=end, ending="stated", is_period=True, written_end=None)
    if start < held.start:
        time = replace(time, earliest_start=start, latest_start=start, written_start=None)
    statement = replace(held.statement, said=time, until=end, is_carried=False, is_moment=False, is_over=False)
    return Held(statement, time, bit)


def _superseded_at(
    statement: Statement, said: Iterable[Statement], counting: Collection[int], anything: int, *, lasts: bool
) -> datetime:
    """From when those who know as well as whoever said it say something else that leaves less open.

    What left ``anything`` open is not contradicted by that: it held until then, and the time itself is of both.
    """
    since = statement.since if lasts else statement.until
    later = [
        other.since if anything & ~statement.mask else other.until
        for other in said
        if id(other) not in counting
        and other.is_own
        and other.strength >= max(statement.strength, STRENGTH["document"])
        and (other.since > since if lasts else other.since >= since)
        and statement.mask & ~other.mask
    ]
    return min(later, default=END)


def counted(side: Mapping[str, Any], question: Question, facts: Facts, pack: Pack) -> set[int]:
    """The statements on a question that count on a side, by their identity."""
    said = facts.statements(question)
    if side.get("goes_on") == "yes":
        said = [statement for statement in said if statement.said.is_period]
    if side.get("exactly") == "yes":
        sent = {claim.ref for claim in facts.claims_on(question) if claim.value in side["values"]}
        return {id(statement) for statement in said if statement.ref in sent}
    allowed = _allowed(side, pack.attributes[question.attribute])
    return {id(statement) for statement in said if not statement.mask & ~allowed}


def _allowed(side: Mapping[str, Any], attribute: Attribute) -> int:
    if "values" not in side:
        return -1
    return reduce(or_, (attribute.values[value] for value in side["values"]), 0)


def is_of(question: Question, side: Mapping[str, Any]) -> bool:
    """Whether a question is one of those on which statements can count on a side."""
    items, abouts, withs = side.get("items"), side.get("about"), side.get("with")
    without, named = side.get("without", ()), side.get("named", ())
    return (
        question.attribute == side["attribute"]
        and (items is None or question.item in {item_key(item) for item in items})
        and (abouts is None or question.about in abouts)
        and (withs is None or question.counterpart in withs)
        and not ("item" in without and question.item is not None)
        and not ("with" in without and question.counterpart is not None)
        and not ("item" in named and question.item is None)
        and not ("thing" in named and question.thing is None)
        and not ("with" in named and question.counterpart is None)
    )


def check_side(side: str, written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with a side of a rule as it is written; a fault's path starts with the side."""
    attribute = vocabulary.get(written[side]["attribute"])
    if attribute is None:
        yield (side, "attribute"), "the vocabulary has no such attribute"
        return
    if attribute["type"] not in {"state", "event"}:
        yield (side, "attribute"), "a constraint is between attributes of type state or event"
        return
    known = attribute["values"] if attribute["type"] == "state" else EVENT_VALUES
    for place, value in enumerate(written[side].get("values", ())):
        if value not in known:
            yield (side, "values", place), f"this attribute has the values: {', '.join(known)}"
    if written[side].get("exactly") == "yes" and "values" not in written[side]:
        yield (side, "exactly"), "say as which values exactly it must have been sent: add values"
