"""What a headline needs of a finding besides its statements: how sure it is, what is awaited or lacking, by when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ledger.domain.claim import Claim
from ledger.domain.finding import Basis
from ledger.domain.gap import STALE, State, state_of
from ledger.domain.question import Question
from ledger.domain.rule import Rule
from ledger.domain.vocabulary import Attribute
from ledger.services.see import Seen
from ledger.services.word_claim import Wording

Side = list[tuple[Seen, Claim | None]]


@dataclass(frozen=True, slots=True)
class Manner:
    """What a headline needs of a finding besides its statements."""

    is_certain: bool = True
    is_strain: bool = False
    #: The family of the rule that found it; empty where the pack at hand has no such rule.
    family: str = ""
    #: What is disputed is which person it is.
    is_of_person: bool = False
    #: Of what must follow: what is awaited, by when, and whether all of it has come.
    topic: str = ""
    due: datetime | None = None
    is_met: bool = False
    #: Of what is not known: what, in what way, and which agency is asked to find out, by ``due``.
    lacking: str = ""
    state: State = STALE
    owed_by: str = ""
    is_lapsed: bool = False
    #: Of a decision: what it rests on that is the gravest in question.
    resting: str = ""
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


def manner_of(
    basis: Basis,
    rule: Rule | None,
    area: Question | None,
    wording: Wording,
    attributes: Mapping[str, Attribute] | None = None,
    *,
    is_of_person: bool = False,
    resting: str = "",
) -> Manner:
    """What a headline needs of a finding on this area."""
    return Manner(
        basis.certain,
        basis.is_strain,
        family=rule.family.name if rule else "",
        is_of_person=is_of_person,
        topic=basis.topic,
        due=basis.due,
        is_met=basis.is_met,
        lacking=wording.lacking(area) if area is not None and area.attribute else "",
        state=state_of(basis),
        owed_by=basis.owed_by,
        is_lapsed=basis.is_lapsed,
        resting=resting,
        attributes=attributes or {},
    )
