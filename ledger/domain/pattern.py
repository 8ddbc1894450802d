"""How a rule pack names statements and acts: by what they say, of whom, on what basis, and by which sort of agency.

A pattern is of an ``attribute`` of the vocabulary or of an ``entry``, an act of an agency. Whatever it leaves out may
be anything, but for two things: of an attribute it means statements that are compared (no plans, intentions or
omissions) unless it names others, and claims that have a value unless it names states of not knowing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.act import ACTS, CONTACT, LEAD_ENDED, PREFIX, fields_of, named_by
from ledger.domain.civil_day import civil_date, day_stretch
from ledger.domain.claim import Claim, Ref
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.handed_on import has_to_do
from ledger.domain.matter import gives, is_addressed_alike, is_one_matter, tells_of
from ledger.domain.pattern_form import FIELD_NAMES, ITSELF, OF_TRIGGER, PARTIES, WHOM
from ledger.domain.question import Topic, item_key
from ledger.domain.statement import COMPARED
from ledger.domain.valid_time import Observed

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

#: What a claim and its trigger may have in common beyond parts of their questions.
_SHARED: Final[Mapping[str, Callable[[Claim, Claim, Facts], bool]]] = {
    "to": is_addressed_alike,
    "matter": is_one_matter,
}
#: Where an act names an agency, by its id or in its author's words.
_AGENCIES: Final = frozenset({"to", "with"})
#: What is known no worse than this has a time of its own, and not only a day.
_MOMENT: Final = timedelta(minutes=1)
_TIME: Final = itemgetter(0, 1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern. ``about``: same (as the trigger), child, mother, father or anyone. ``by``: agencies, or `PARTIES`.

    ``topics``: what a claim says that it is about. ``has`` and ``has_not``: phrases, of which one stands, or none, in
    what it is about (`ledger.domain.matter`).
    ``gives`` and ``lacks``: fields of an act, or parts of a claim, that it has or has not. ``is_later``: it is of a day
    after that of the trigger.
    """

    attribute: str
    about: str = "same"
    values: frozenset[str] = frozenset()
    not_known: frozenset[str] = frozenset()
    statements: frozenset[str] = COMPARED
    bases: frozenset[str] = frozenset()
    depths: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    by: frozenset[str] = frozenset()
    same: frozenset[str] = frozenset()
    has: frozenset[str] = frozenset()
    has_not: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    is_later: bool = False
    of: str = ""
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)

    @classmethod
    def of_written(cls, written: Mapping[str, Any]) -> Pattern:
        """As a pack writes it."""
        entry = written.get("entry")
        return cls(
            attribute=PREFIX + entry if entry else written["attribute"],
            about=written.get("about", "child" if entry and entry != "check" else "same"),
            values=frozenset(written.get("values", ())),
            not_known=frozenset(written.get("not_known", ())),
            statements=frozenset(written.get("statements", COMPARED)),
            bases=frozenset(written.get("bases", ())),
            depths=frozenset(written.get("depths", ())),
            items=frozenset(map(item_key, written.get("items", ()))),
            topics=frozenset(written.get("topics", ())),
            by=frozenset(written.get("by", ())),
            same=frozenset(written.get("same", ())),
            has=frozenset(written.get("has", ())),
            has_not=frozenset(written.get("has_not", ())),
            gives=frozenset(written.get("gives", ())),
            lacks=frozenset(written.get("lacks", ())),
            is_later=written.get("later") == "yes",
            of=written.get("of", ""),
            fields={name: frozenset(written[name]) for name in FIELD_NAMES if name in written and entry},
        )

    @property
    def is_act(self) -> bool:
        return self.attribute in ACTS or self.attribute in ITSELF

    def topic(self, about: str) -> Topic:
        """Where the claims are that it may mean; ``about``: whom the trigger is about."""
        return Topic(self.attribute, WHOM[self.about] or about)

    def matches(self, claim: Claim, facts: Facts) -> bool:
        """Whether a claim is one of those that it means, whatever the trigger."""
        return (
            claim.attribute == self.attribute
            and self._says(claim)
            and claim.statement in self.statements
            and (not self.bases or claim.basis in self.bases)
            and (not self.depths or claim.depth in self.depths)
            and (not self.items or (claim.item is not None and item_key(claim.item) in self.items))
            and (not self.topics or claim.topic in self.topics)
            and (self.about in {"same", "anyone"} or facts.question_of(claim).about == WHOM[self.about])
            and (not self.fields or all(_has(claim, name, wanted, facts) for name, wanted in self.fields.items()))
            and (not self.by or self._is_by_kind(claim, facts))
            and (not self.has or any(tells_of(claim, phrase) for phrase in self.has))
            and not (self.has_not and any(tells_of(claim, phrase) for phrase in self.has_not))
            and not (self.gives and not all(gives(claim, name) for name in self.gives))
            and not (self.lacks and any(gives(claim, name) for name in self.lacks))
            and (not self.of or self.of == OF_TRIGGER or fields_of(claim).get("of") == self.of)
        )

    def follows(self, claim: Claim, trigger: Claim, facts: Facts) -> bool:
        """Whether a claim is one that it means and may answer this trigger: of the same matter, and not before it."""
        return self.matches(claim, facts) and self.answers(claim, trigger, facts)

    def answers(self, claim: Claim, trigger: Claim, facts: Facts) -> bool:
        """Whether a claim that it means may answer this trigger."""
        if claim.ref == trigger.ref:
            return False
        if self.of == OF_TRIGGER:
            return named_by(claim) == trigger.number and self._is_by(claim, trigger, facts)
        return self.goes_with(claim, trigger, facts) and self._is_after(claim, trigger)

    def goes_with(self, claim: Claim, trigger: Claim, facts: Facts) -> bool:
        """Whether a claim is of the trigger's matter, and by whom it should be."""
        return self._is_of_same(claim, trigger, facts) and self._is_by(claim, trigger, facts)

    def _is_after(self, claim: Claim, trigger: Claim) -> bool:
        """Not before the trigger, by when each was so; of one day, where no times are known, by `_may_follow`."""
        if self.is_later:
            said, asked = told_when(claim), told_when(trigger)
            return said.end > asked.end and said.start >= asked.start
        # A lead ends when that is recorded, and of what was recorded before then nothing names another.
        is_ordered = trigger.attribute in {claim.attribute, LEAD_ENDED}
        if is_ordered and self.is_act and self.attribute != CONTACT:
            return claim.ref > trigger.ref
        return may_answer(claim, trigger)

    def find(self, about: str, facts: Facts) -> list[Claim]:
        """The claims that it means, in the order of the record; ``about``: whom the trigger is about."""
        topic = self.topic(about)
        return facts.once_on(
            topic, ("find", self, topic), lambda: [one for one in facts.claims(topic) if self.matches(one, facts)]
        )

    def find_in_time(self, about: str, facts: Facts) -> list[tuple[datetime, Ref, Claim, Pattern]]:
        """The same by when each was over, with this pattern beside each."""
        topic = self.topic(about)
        return facts.once_on(topic, ("in time", self, topic), lambda: sorted(self._in_time(about, facts), key=_TIME))

    def _in_time(self, about: str, facts: Facts) -> Iterator[tuple[datetime, Ref, Claim, Pattern]]:
        return ((told_when(claim).end, claim.ref, claim, self) for claim in self.find(about, facts))

    def _says(self, claim: Claim) -> bool:
        if claim.not_known is not None:
            return claim.not_known in self.not_known
        if claim.value is None or (self.not_known and not self.values):
            return False
        return not self.values or claim.value in self.values

    def _is_by_kind(self, claim: Claim, facts: Facts) -> bool:
        """Whether it is by such an agency as is named by what it is, and not by its part in what is awaited."""
        kinds = self.by.difference(PARTIES)
        return not kinds or facts.is_of_kind(claim.agency, kinds)

    def _is_by(self, claim: Claim, trigger: Claim, facts: Facts) -> bool:
        parties = self.by.intersection(PARTIES)
        return (
            not parties
            or bool(self.by - parties)
            or ("author" in parties and claim.agency == trigger.agency)
            or ("another" in parties and claim.agency != trigger.agency)
            or ("receiver" in parties and has_to_do(claim.agency, trigger, facts))
        )

    def _is_of_same(self, claim: Claim, trigger: Claim, facts: Facts) -> bool:
        one, other = facts.question_of(claim), facts.question_of(trigger)
        if self.about == "same" and one.about != other.about:
            return False
        parts = {"thing": (one.thing, other.thing), "item": (one.item, other.item)}
        parts["with"] = (one.counterpart, other.counterpart)
        return all(
            parts[part][0] == parts[part][1] if part in parts else _SHARED[part](claim, trigger, facts)
            for part in self.same
        )


def patterns(written: Any) -> tuple[Pattern, ...]:
    """The patterns that a pack writes, one or a list of them: read once, for a pack never changes."""
    return _patterns(_Written(written)) if written else ()


class _Written:
    """What a pack writes as a key: the very same is the same key."""

    def __init__(self, written: Any) -> None:
        self.written = written

    def __hash__(self) -> int:
        return id(self.written)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Written) and other.written is self.written


@lru_cache(maxsize=2048)
def _patterns(key: _Written) -> tuple[Pattern, ...]:
    listed: Iterable[Mapping[str, Any]] = [key.written] if isinstance(key.written, Mapping) else key.written
    return tuple(map(Pattern.of_written, listed))


def when_of(claim: Claim) -> Observed:
    """When what a claim tells was so, from its first moment to the last it speaks of: observed, where it says nothing.

    What goes on is told of up to when it was observed.
    """
    return _when(claim.observed, claim.valid)


@lru_cache(maxsize=8192)
def _when(observed_at: str, valid_at: str | None) -> Observed:
    observed = observed_bounds(observed_at)
    try:
        valid = parse(valid_at, observed=observed) if valid_at else None
    except EdtfError:
        valid = None
    if valid is None:
        return observed
    end = valid.latest_end if valid.ending == "stated" and valid.latest_end else observed.end
    return Observed(valid.earliest_start, max(end, valid.earliest_start))


def told_when(claim: Claim) -> Observed:
    """When what a claim tells was so, as far as it was over when it was told: what is to come may come sooner."""
    return _told(claim.observed, claim.valid)


@lru_cache(maxsize=8192)
def _told(observed_at: str, valid_at: str | None) -> Observed:
    when, observed = _when(observed_at, valid_at), observed_bounds(observed_at)
    return Observed(min(when.start, observed.start), min(when.end, observed.end))


def _is_timed(said: Observed, asked: Observed) -> bool:
    """Whether what is known of when they were so says by itself that the first was not over before the other."""
    if said.end > day_stretch(civil_date(asked.end - timedelta.resolution))[1]:
        return True
    return max(said.end - said.start, asked.end - asked.start) <= _MOMENT


def may_answer(claim: Claim, trigger: Claim) -> bool:
    """Whether what a claim tells may have come of what the trigger does: not before it, nor sent before by others."""
    said, asked = told_when(claim), told_when(trigger)
    return said.end > asked.start and (_is_timed(said, asked) or _may_follow(claim, trigger, said, asked))


def _may_follow(claim: Claim, trigger: Claim, said: Observed, asked: Observed) -> bool:
    """Of one day: what one agency did it sends in any order; what another had sent before can be no answer to it.

    Nothing tells of what came after it was sent, and an act was done when it was sent where another looks at it.
    """
    if claim.recorded_at <= asked.start:
        return False
    is_sooner = trigger.attribute in ACTS and trigger.attribute != CONTACT and said.end <= trigger.recorded_at
    return claim.agency == trigger.agency or (claim.ref > trigger.ref and not is_sooner)


def _has(claim: Claim, name: str, wanted: frozenset[str], facts: Facts) -> bool:
    if ITSELF.get(claim.attribute) == name:
        return claim.value in wanted
    said = fields_of(claim).get(name)
    if isinstance(said, Mapping):
        return not wanted.isdisjoint(str(part) for part in said.values())
    if isinstance(said, list | tuple):
        return any(facts.is_of_kind(str(one), wanted) for one in said)
    if name in _AGENCIES and isinstance(said, str):
        return facts.is_of_kind(said, wanted) or facts.pack.agency_kind(said) in wanted
    return str(said) in wanted
