"""What a rule is: which claims bear on it, what it judges as a whole, and what it says of that.

A rule pack's rules are of a few families, each a module of code with a form of its own in the pack; a rule is one
family with settings, a source and examples. Two rules are always there, whatever the pack says: that statements
cannot all be so, and that a word has grown stale.

A rule judges *areas*: a question, an injury, one topic about one person. It names what must be loaded before it can
(``enumerates``, ``reads``) and reads nothing else, so a new claim costs as much in a long record as in a short one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from ledger.domain.claim import Ref
from ledger.domain.example import Example
from ledger.domain.finding import Basis, Kind
from ledger.domain.question import Question, Topic, digest_of
from ledger.domain.shape import Fault, Shape

if TYPE_CHECKING:
    from ledger.domain.expectation import Awaited
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack
    from ledger.domain.side import Meeting

#: In a topic that a rule reads: all claims of the attribute, whomever they are about.
ANYBODY = "*"
#: The rule on statements that cannot all be so; it is always there, and constraints of a pack speak through it.
STATES = "states_of_the_world"
#: Of what agencies are told that is no finding: their word was overtaken, something is soon due, something is asked.
NoticeKind = Literal["overtaken", "due_soon", "enquiry"]
#: The rule on words that are carried for longer than they hold; it is always there.
STALE = "stale_belief"
#: The rule on what is not known; it is always there, and rules of a pack on what must be known speak through it.
NOT_KNOWN = "not_known"
#: The rule that each breaking of the glass is reviewed; it is always there, and no outcome of people ends its findings.
GLASS_BROKEN = "glass_broken"
#: The families of rules on decisions, by whose names the pack's rules go: what they alert to is alerted to once.
DECISION_CONTESTED = "decision_contested"
DECISION_LEFT_OPEN = "decision_left_open"
#: The rules that are always there; no pack names one so.
RESERVED = (STATES, STALE, NOT_KNOWN, GLASS_BROKEN)


@dataclass(frozen=True, slots=True)
class Overtaken:
    """An agency's word that a newer one elsewhere may have overtaken."""

    agency: str
    newer: Ref


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """What an agency is told of an area beside its finding: ``held`` is what it is about, ``newer`` what came of it."""

    kind: NoticeKind
    agency: str
    held: Ref
    newer: Ref


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands in an area: the finding that should be open, who is overtaken or told, and what falls due when."""

    basis: Basis | None = None
    overtaken: Mapping[Ref, Overtaken] = field(default_factory=dict)
    due: Mapping[Ref, datetime] = field(default_factory=dict)
    told: frozenset[Told] = frozenset()


@dataclass(frozen=True, slots=True)
class View:
    """What a rule judges: one area of a record, and the step's only now."""

    rule: Rule
    area: Question
    pack: Pack
    at: datetime
    facts: Facts


def _none(*_: object) -> Iterator[Any]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of rule.

    ``form`` and ``required`` are a pack's keys for it beyond those that every rule has; ``check`` finds what no single
    key shows, given the rule and the vocabulary as written. ``listens``: the attributes whose claims bear on a rule.
    ``enumerates``: what must be loaded before it can be said which areas a question bears on. ``reads``: what judging
    an area needs. Where that depends on what the record says, ``areas`` requires it of the facts, and is asked again
    once it is loaded. ``judge`` is pure.

    ``meets`` makes a family one of constraints: its rules have no finding of their own, and say which statements
    conflict on a question of the attribute that ``one`` names; `states_of_the_world` finds it there.

    ``may_stand``, where it is given, says of an area in which nothing is open whether anything can be: False only where
    ``judge`` would say nothing at all, by what ``enumerates`` had loaded. Such an area is neither read nor judged.

    ``awaits`` makes it one of what must follow: everything that its rules await in an area, come or not, by then.
    """

    name: str
    judge: Callable[[View], Verdict]
    areas: Callable[[Rule, Question, Facts], Iterable[Question]]
    reads: Callable[[Rule, Question, Pack], Iterable[Topic]]
    listens: Callable[[Rule, Pack], frozenset[str]]
    enumerates: Callable[[Rule, Question, Pack], Iterable[Topic]] = _none
    meets: Callable[[Rule, Question, Facts, Pack], Iterator[Meeting]] | None = None
    form: Mapping[str, Shape] = field(default_factory=dict)
    required: str = ""
    kinds: frozenset[str] = frozenset()
    check: Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[Fault]] = _none
    awaits: Callable[[Rule, Question, Facts, datetime], Iterator[Awaited]] | None = None
    may_stand: Callable[[Rule, Question, Facts], bool] | None = None
    closes_as: str = "no_longer_stands"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack. ``settings`` are its family's own keys as written; ``finds`` is the kind of its findings.

    ``told_by`` names rules that tell of the same thing (`ledger.domain.telling`).
    """

    name: str
    family: Family
    finds: Kind
    settings: Mapping[str, Any] = field(default_factory=dict)
    critical: bool = False
    meaning: str = ""
    source: str | None = None
    ask: str | None = None
    examples: tuple[Example, ...] = ()
    told_by: tuple[str, ...] = ()

    @property
    def needs_two(self) -> bool:
        """Whether only two people together can close what it finds."""
        return self.settings.get("close") == "two_people"

    def key(self, area: Question) -> str:
        """What no two open findings of a record share: among statements that cannot all be so, the question alone."""
        return _key(self.name, area)


@lru_cache(maxsize=4096)
def _key(rule: str, area: Question) -> str:
    return area.digest if rule == STATES else digest_of([rule, *area])
