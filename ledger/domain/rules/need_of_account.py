"""What a child must be able to do for an account of its injury to be so, as whoever took the account noted it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ledger.domain.question import Question, Topic
from ledger.domain.rule import Rule
from ledger.domain.rules.account import ACCOUNT, Word, words_about, words_on

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

NEEDS: Final = "account_needs"


def needs_of(area: Question, facts: Facts) -> Iterator[tuple[Word, str]]:
    """Each account of an injury for which a need was noted, and the need; the note itself where no account was sent."""
    accounts = words_on(area, facts)
    for need in words_about(NEEDS, area.about, facts, area.thing):
        own = [account for account in accounts if account.claim.number == need.claim.number]
        for word in own or [need]:
            yield word, need.claim.value or ""


def enumerates_needs(_rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    """To name the accounts on which something bears, all accounts and needs about that person are required."""
    yield Topic(ACCOUNT, question.about)
    yield Topic(NEEDS, question.about)


def areas_with_needs(_rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """The question of the account of every injury of which an account was given, or noted what it needs."""
    for attribute in (ACCOUNT, NEEDS):
        for one in facts.questions(Topic(attribute, question.about)):
            if one.thing is not None:
                yield Question(ACCOUNT, one.about, one.thing)
