"""The rules that run on one question, each a pure function of what is held on it and of the step's time.

* ``states_of_the_world``: statements that cannot all be so (kinds ``contradiction`` and ``same_informant``).
* ``stale_belief``: on a critical attribute, a word that is still held though nobody has said it for longer than it
  holds (kind ``gap``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ledger.domain.belief import Beliefs, Held
from ledger.domain.claim import Ref
from ledger.domain.conflict import Conflict, conflicts_in
from ledger.domain.finding import ENTRIES_MAX, Basis
from ledger.domain.outcome import BELIEFS_AGREE, REFRESHED
from ledger.domain.question import Question, digest_of
from ledger.domain.side import basis_of
from ledger.domain.statement import Statement
from ledger.domain.vocabulary import Attribute


@dataclass(frozen=True, slots=True)
class View:
    """What a rule reads: one question, all that is held on it, and the step's only now."""

    question: Question
    attribute: Attribute
    beliefs: Beliefs
    at: datetime


@dataclass(frozen=True, slots=True)
class Overtaken:
    """An agency's word that a newer one elsewhere may have overtaken."""

    agency: str
    newer: Ref


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands on a question: the finding that should be open, who is overtaken, and what falls due when."""

    basis: Basis | None = None
    overtaken: Mapping[Ref, Overtaken] = field(default_factory=dict)
    due: Mapping[Ref, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by name: how its findings are keyed, how it judges, and why its findings close."""

    name: str
    key: Callable[[Question], str]
    judge: Callable[[View], Verdict]
    closes_as: Literal["beliefs_now_agree", "refreshed"]


def states_of_the_world(view: View) -> Verdict:
    """The conflicts that stand, as one finding; and the words that others have overtaken where it is no finding."""
    attribute, beliefs = view.attribute, view.beliefs
    standing = [c for c in conflicts_in(beliefs, attribute) if attribute.past_matters or _stands(c, beliefs)]
    raised = [conflict for conflict in standing if conflict.is_firm or attribute.critical]
    basis = basis_of(raised, beliefs, attribute) if raised else None
    overtaken: dict[Ref, Overtaken] = {}
    for conflict in standing:
        if not conflict.is_firm and not attribute.critical:
            overtaken.update(_overtaken(conflict, beliefs))
    return Verdict(basis=basis, overtaken=overtaken)


def stale_belief(view: View) -> Verdict:
    """What is still held and has grown stale by now, and when the rest will."""
    attribute, beliefs = view.attribute, view.beliefs
    if not attribute.critical or attribute.holds_for is None:
        return Verdict()
    stale, due = [], {}
    for held in beliefs.held:
        if not (held.is_still_held and held.statement.is_carried):
            continue
        stale_at = beliefs.last_confirmed(held) + attribute.holds_for
        if stale_at <= view.at:
            stale.append(held.statement)
        else:
            due[held.statement.ref] = stale_at
    return Verdict(basis=_gap(stale) if stale else None, due=due)


RULES: tuple[Rule, ...] = (
    Rule("states_of_the_world", lambda question: question.digest, states_of_the_world, BELIEFS_AGREE),
    Rule("stale_belief", lambda question: digest_of(["stale_belief", *question]), stale_belief, REFRESHED),
)


def _stands(conflict: Conflict, beliefs: Beliefs) -> bool:
    """Whether the beliefs in conflict still leave no state: they agree once what their agencies say by now does.

    A word holds until its agency says otherwise of a later time, be it ever so short: a sighting on one day is not
    taken back by the day's end, nor by what somebody else says later. Only a period whose end was stated with it says
    nothing of the present, once another side has spoken of a later time.
    """
    said = [held.statement for held in conflict.held]
    by_now = [beliefs.present_word(statement) for statement in said]
    has_moved_on = any(now is not then for now, then in zip(by_now, said, strict=True))
    left = -1
    for now, then in zip(by_now, said, strict=True):
        if not (now is then and then.is_over and has_moved_on):
            left &= now.mask
    return left == 0


def _overtaken(conflict: Conflict, beliefs: Beliefs) -> dict[Ref, Overtaken]:
    carried = {held.statement.ref for held in conflict.carried}
    newer = max((held.statement for held in conflict.held if held.statement.ref not in carried), key=_said)
    return {
        held.statement.ref: Overtaken(held.statement.agency, newer.ref)
        for held in conflict.carried
        if _is_unaware(held, newer, beliefs)
    }


def _is_unaware(held: Held, newer: Statement, beliefs: Beliefs) -> bool:
    statement = held.statement
    return statement.agency != newer.agency and beliefs.present_word(statement) is statement


def _said(statement: Statement) -> tuple[datetime, Ref]:
    return (statement.observed.end, statement.ref)


def _gap(stale: list[Statement]) -> Basis:
    latest = sorted(stale, key=_said)[-ENTRIES_MAX:]
    return Basis(kind="gap", sides=(tuple(sorted(statement.ref for statement in latest)),))
