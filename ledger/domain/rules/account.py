"""What constraints on an account of an injury have in common: whose words they read, and what they set against it.

All of them stand on the question of the account itself, one for each injury, collapse or incident, so that whatever
speaks against an account is one finding beside the other accounts that were given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from ledger.domain.belief import Held
from ledger.domain.civil_day import Stretch
from ledger.domain.claim import Claim
from ledger.domain.conflict import Conflict
from ledger.domain.duration import ALWAYS
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.finding import Tier
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Rule, Verdict, View
from ledger.domain.shape import Fault, Keys, keys, word
from ledger.domain.side import Meeting
from ledger.domain.statement import Statement

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

ACCOUNT: Final = "account"
KINDS: Final = frozenset({"explanation"})
ON_ACCOUNT: Final[Keys] = keys({"attribute": word(ACCOUNT)}, "attribute")
_ACCOUNT_SIDE, _OTHER_SIDE = 1, 2


@dataclass(frozen=True, slots=True)
class Word:
    """A claim that counts, with what detection reads in it and the question that it answers."""

    claim: Claim
    statement: Statement
    question: Question


def words_on(question: Question, facts: Facts) -> list[Word]:
    """What is said on one question and still held by whoever said it, in the order of the record."""
    held = {id(one.statement) for one in facts.beliefs(question).held}
    claims = {claim.ref: claim for claim in facts.claims_on(question)}
    return [
        Word(claims[statement.ref], statement, question)
        for statement in facts.statements(question)
        if id(statement) in held
    ]


def words_about(attribute: str, about: str, facts: Facts, thing: str | None = None) -> list[Word]:
    """What is said on an attribute about one person; of one thing only where it is named."""
    questions = facts.questions(Topic(attribute, about))
    return [one for on in questions if thing in {None, on.thing} for one in words_on(on, facts)]


def told_of(claim: Claim) -> Stretch:
    """When what an account tells of may have been: the time that it gives, up to when it was given."""
    observed = observed_bounds(claim.observed)
    try:
        valid = parse(claim.valid, observed=observed)
    except EdtfError:
        return observed.start, observed.end
    end = min(valid.latest_end or observed.end, observed.end)
    return min(valid.earliest_start, end - timedelta.resolution), end


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against an account; ``other`` is None where it is the account alone.

    ``tier``: a prompt, where it only needs asking.
    """

    account: Statement
    other: Statement | None
    is_strain: bool = False
    tier: Tier = "queue"


@dataclass(slots=True)
class _Ground:
    """The two sides: an account is of the one, what speaks against it of the other."""

    held: list[Held]
    masks: Mapping[int, int]

    def last_said(self, held: Held, at: datetime) -> datetime:
        return min(held.statement.until, at)

    def present_word(self, statement: Statement) -> Statement:
        return statement

    def mask_of(self, statement: Statement) -> int:
        return self.masks[id(statement)]

    def ended_by(self, _agency: str) -> Sequence[Held]:
        return ()


@dataclass(frozen=True, slots=True)
class _Fixed:
    """An injury is past: what was said of it is not overtaken by what is said later."""

    critical: bool
    compare_within: timedelta | Literal["always"] = ALWAYS
    holds_for: timedelta | None = None
    past_matters: bool = True
    is_unchanging: bool = True

    def goes_back(self, _earlier: int, _later: int) -> bool:
        return False


def meetings_of(rule: Rule, found: Iterable[Against]) -> Iterator[Meeting]:
    """What a rule found against the accounts of one injury, as conflicts."""
    pairs = list(found)
    masks = {id(one.account): _ACCOUNT_SIDE for one in pairs}
    masks |= {id(one.other): _OTHER_SIDE for one in pairs if one.other is not None}
    ground, comparing = _Ground([], masks), _Fixed(rule.critical)
    for one in pairs:
        said = [statement for statement in (one.account, one.other) if statement is not None]
        held = tuple(Held(statement, statement.said, masks[id(statement)]) for statement in said)
        conflict = Conflict(
            held=held,
            since=max(statement.observed.start for statement in said),
            is_certain=True,
            is_firm=True,
            change_since=None,
            carried=(),
        )
        yield Meeting(conflict, ground, comparing, rule.finds, rule.name, one.is_strain, one.tier)


def is_account(question: Question) -> bool:
    """Whether a question is of an account; one names its injury always."""
    return question.attribute == ACCOUNT and question.thing is not None


def accounts_about(_rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    """To name the accounts on which something bears, all accounts about that person are needed."""
    yield Topic(ACCOUNT, question.about)


def areas_about(_rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """Every account of an injury of the same person."""
    yield from filter(is_account, facts.questions(Topic(ACCOUNT, question.about)))


def no_verdict(_view: View) -> Verdict:
    """A constraint speaks through the question of the account, never by itself."""
    return Verdict()


def unknown_attributes(names: Iterable[str], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    """What a family reads, and a vocabulary does not have."""
    lacking = sorted(set(names) - vocabulary.keys())
    if lacking:
        yield (), f"a rule of this family needs attributes that the vocabulary lacks: {', '.join(lacking)}"


def unknown_values(
    path: tuple[str | int, ...], values: Iterable[str], attribute: str, vocabulary: Mapping[str, Any]
) -> Iterator[Fault]:
    """Values of an attribute that it does not have."""
    known = vocabulary.get(attribute, {}).get("values", {})
    for place, value in enumerate(values):
        if known and value not in known:
            yield (*path, place), f"{attribute} has the values: {', '.join(known)}"
