"""What is held about each person of a record, side by side: attributes by agencies, at one moment of the child's life.

The picture is worked out from claims alone, those that count at one point of the record, in any order. It decides
nothing: what beliefs say is shown as they say it, with what cannot all be so among them. `row_of` says what of each
question is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ledger.domain.claim import PERSON, RELIED_ON, Claim, Ref
from ledger.domain.pack import Pack
from ledger.domain.person import CHILD, ONE_PERSON_ROLES, Links
from ledger.domain.question import Question, question_of
from ledger.domain.row import Row, Words, words_of
from ledger.domain.vocabulary import Attribute

#: What is read of an entry outside its claims is no attribute of anybody.
_OF_ENTRIES = "entry:"


@dataclass(frozen=True, slots=True)
class Person:
    """One person by the links that stand: the name by which they are compared, and what agencies said who they are."""

    name: str
    rows: tuple[Row, ...]
    introduced: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everybody of a record, the child first; rows in the pack's order."""

    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """By what claims are read: who and what is one, the vocabulary, and what sort of agency each is."""

    people: Links
    things: Links
    pack: Pack
    agency_kinds: Mapping[str, str] = field(default_factory=dict)


def picture(
    claims: Iterable[Claim],
    frame: Frame,
    at: datetime,
    *,
    history: bool = False,
    newest: Mapping[str, int] | None = None,
    words_of: Callable[[Iterable[Claim], Attribute | None, Links, Mapping[str, str]], Words] = words_of,
) -> Picture:
    """The picture of these claims, none of them withdrawn, at one moment; all stretches of time for a history.

    ``newest``: of an attribute's rows no more of a history than so many stretches, the newest.

    ``words_of`` makes of one question's claims the words on it: whoever has them already gives them.
    Cost: that of the beliefs on every question.
    """
    people, pack = frame.people, frame.pack
    asked: dict[Question, dict[Ref, Claim]] = defaultdict(dict)
    introduced: dict[str, list[Claim]] = defaultdict(list)
    names, known = {CHILD}, dict[tuple[str | None, ...], Question]()
    for claim in sorted(claims, key=lambda one: (one.number, one.index, one.about, one.counterpart or "")):
        named = (claim.agency, claim.attribute, claim.about, claim.thing, claim.counterpart, claim.item)
        question = known.get(named)
        if question is None:
            question = known[named] = question_of(claim, people, frame.things)
            names |= {name for name in (question.about, question.counterpart) if name is not None}
        if claim.attribute == PERSON:
            introduced[question.about].append(claim)
        elif not claim.attribute.startswith(_OF_ENTRIES) and claim.statement != RELIED_ON:
            asked[question][claim.ref] = claim
    rows: dict[str, list[Row]] = defaultdict(list)
    for question in sorted(asked, key=_order_of(pack)):
        attribute = pack.attributes.get(question.attribute)
        words = words_of(asked[question].values(), attribute, people, frame.agency_kinds)
        row = words.row(question, at, history=history, newest=(newest or {}).get(question.attribute))
        if row.cells:
            rows[question.about].append(row)
    ordered = sorted(names, key=lambda name: (name != CHILD, name not in ONE_PERSON_ROLES, name))
    return Picture(tuple(Person(name, tuple(rows[name]), tuple(introduced[name])) for name in ordered))


def _order_of(pack: Pack) -> Callable[[Question], tuple[int, tuple[str, ...]]]:
    place = {name: number for number, name in enumerate(pack.attributes)}
    return lambda question: (place.get(question.attribute, len(place)), question.sort_key)
