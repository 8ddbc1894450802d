"""What answers a question that somebody could not answer, and whether an earlier word was still held at the time.

A value that anybody learned later answers, and so does one that the same agency held. What another agency held
already answers too, unless it is critical: then whoever does not know it must learn it. That one register has nobody
any more does not undo what another, whose fact it is too, wrote down shortly before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from ledger.domain.claim import Claim
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.gap import State, way_of
from ledger.domain.owner import owns
from ledger.domain.question import Question
from ledger.domain.rules.spoken import is_said, said_at
from ledger.domain.statement import COMPARED

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

_LOOKED: Final = frozenset({"searched", "own_record"})
#: How long what one register says stands against another's newer word.
_LATELY: Final = timedelta(days=91)
Words = Mapping[str, State]


def is_try(claim: Claim, words: Words, facts: Facts) -> bool:
    """Whether a claim says that something is not known; that its owner holds nothing of it is an answer, and no try."""
    if claim.statement not in COMPARED or way_of(claim, words) is None:
        return False
    attribute = facts.pack.attributes.get(claim.attribute)
    is_owners = attribute is not None and owns(attribute.owner, facts.agency_kind(claim.agency), claim.office)
    return not (is_owners and claim.not_known == "unknown" and claim.basis in _LOOKED)


def is_answer(claim: Claim, words: Words) -> bool:
    """Whether a claim says what is the case."""
    return is_said(claim) and claim.value not in words


def how_answered(
    tried: Claim, answers: Iterable[Claim], named: Iterable[Claim], facts: Facts
) -> tuple[Literal["answered", "known_elsewhere", "open"], list[Claim]]:
    """Whether something answers a try; or what others held already of what is critical, which does not.

    ``answers`` are values of the attribute itself, on whatever item; ``named`` what a rule says answers it.
    """
    held = []
    of_one = [one for one in answers if _is_of_one(facts.question_of(tried), facts.question_of(one))]
    for answer in reversed((*named, *of_one)):  # a late answer settles it soonest
        if _is_no_earlier(answer, tried):
            return "answered", []
        if _is_of_own_books(answer, tried, facts):
            return "answered", []
        if tried.not_known is None and (answer.agency == tried.agency or _may_change(tried, facts)):
            continue  # the newer word, that it is not so or was not done, has ended that one
        if still_holds(answer, said_at(tried)[0], facts):
            if answer.agency == tried.agency or not _is_critical(tried, facts):
                return "answered", []
            held.append(answer)
    return ("known_elsewhere", held) if held else ("open", [])


def still_holds(claim: Claim, at: datetime, facts: Facts) -> bool:
    """Whether what a claim said was still taken to be so at a later time: it had not ended, and was not stale."""
    attribute = facts.pack.attributes.get(claim.attribute)
    if attribute is None or attribute.is_unchanging or attribute.only_forward or attribute.type == "event":
        return True
    try:
        valid = parse(claim.valid, observed=observed_bounds(claim.observed))
    except EdtfError:
        return False
    if valid.ending == "stated" and valid.is_period and valid.latest_end is not None and valid.latest_end <= at:
        return False
    return attribute.holds_for is None or said_at(claim)[1] + attribute.holds_for > at


def _is_no_earlier(answer: Claim, tried: Claim) -> bool:
    """Whether it was learned later, or on the same day."""
    if answer.agency == tried.agency and tried.not_known is None:
        return said_at(answer)[0] >= said_at(tried)[1] or answer.number == tried.number
    return said_at(answer)[1] > said_at(tried)[0]


def _is_of_own_books(answer: Claim, tried: Claim, facts: Facts) -> bool:
    """Whether another agency that keeps the fact has written it down lately: one register does not end another."""
    attribute = facts.pack.attributes.get(answer.attribute)
    return (
        attribute is not None
        and answer.attribute == tried.attribute
        and answer.agency != tried.agency
        and answer.basis in _LOOKED
        and owns(attribute.owner, facts.agency_kind(answer.agency) or answer.agency, answer.office)
        and said_at(answer)[1] + _LATELY > said_at(tried)[0]
        and still_holds(answer, said_at(tried)[0], facts)
    )


def _may_change(tried: Claim, facts: Facts) -> bool:
    attribute = facts.pack.attributes.get(tried.attribute)
    return attribute is not None and attribute.is_compared


def _is_critical(tried: Claim, facts: Facts) -> bool:
    attribute = facts.pack.attributes.get(tried.attribute)
    return attribute is not None and attribute.critical


def _is_of_one(tried: Question, answer: Question) -> bool:
    """Whether they are of one thing, person and item, or one of them does not say of which."""
    parts = (
        (tried.thing, answer.thing),
        (tried.counterpart, answer.counterpart),
        (tried.item, answer.item),
    )
    return all(one is None or other is None or one == other for one, other in parts)
