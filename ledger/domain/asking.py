"""What is open in a record and could be asked at an agency's next contact: which few of it, and in which order.

An open gap is read from what detection keeps of it: whom and what it is of, who tried to find out and when. What a
reader may not see of that does not count for it, and of a gap of which it may see nothing it is told nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.claim import observation_of
from ledger.domain.finding import Basis, read_marks
from ledger.domain.gap import MISSING, REFUSED, state_of
from ledger.domain.person import CHILD, ONE_PERSON_ROLES, declared_roles, person_key
from ledger.domain.question import Question, item_key

if TYPE_CHECKING:
    from ledger.domain.pack import Pack

#: How many a post is answered with: a contact has room for few questions (a default of ours).
PROMPTS_MOST: Final = 3
#: What a pattern of an act says beside the act's fields.
_OF_ACTS: Final = frozenset({"entry", "about", "by", "of", "same", "gives", "lacks"})
#: Ways of not knowing in which nobody has asked yet.
_NOT_TRIED: Final = frozenset({MISSING, "not_asked"})


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt that a gap keeps: its entry, whose it is, in what way it is still not known, and the day."""

    number: int
    agency: str
    state: str
    day: str


@dataclass(frozen=True, slots=True)
class OpenGap:
    """One open gap. ``keys`` are all names of whom it is about; ``sides`` the entries that show it.

    ``hidden`` are entries of these, and of those of the attempts, that only the agency named may see.
    """

    id: str
    rule: str
    since: datetime
    basis: Basis
    question: Question
    keys: frozenset[str]
    sides: tuple[int, ...]
    tried: tuple[Tried, ...] = ()
    hidden: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any]) -> OpenGap:
        """The gap that a record keeps: what `note_gaps` writes, with the finding's id, rule, marks and beginning."""
        return cls(
            id=kept["id"],
            rule=kept["rule"],
            since=datetime.fromisoformat(kept["since"]),
            basis=Basis("gap", (), **read_marks(kept["marks"])),
            question=Question.from_mapping(kept["question"]),
            keys=frozenset(kept["keys"]),
            sides=tuple(kept["sides"]),
            tried=tuple(Tried(*one) for one in kept["tried"]),
            hidden={int(number): agency for number, agency in kept["hidden"].items()},
        )

    @property
    def asks_by(self) -> str:
        """The rule that asks: the pack's where one does."""
        return self.basis.by or self.rule

    def is_open_to(self, agency: str) -> bool:
        """Whether this agency may know of it: it sees something of what shows it."""
        return any(self.hidden.get(number, agency) == agency for number in self.sides)

    def hides_from(self, agency: str) -> bool:
        """Whether some of it is not for this agency."""
        return any(of != agency for of in self.hidden.values())

    def tried_for(self, agency: str) -> list[Tried]:
        """The attempts that this agency may know of."""
        return [one for one in self.tried if self.hidden.get(one.number, agency) == agency]

    def asked_for(self, agency: str) -> int:
        """How often somebody tried to find out, as far as this agency may know."""
        return len({one.number for one in self.tried_for(agency) if one.state not in _NOT_TRIED})

    def refused_for(self, agency: str) -> int:
        """How often whoever was asked gave no answer, as far as this agency may know."""
        return len({one.number for one in self.tried_for(agency) if one.state in REFUSED})

    def state_for(self, agency: str) -> str:
        """In what way it is not known, as far as this agency may know."""
        if not self.hides_from(agency):
            return state_of(self.basis)
        return next((one.state for one in reversed(self.tried_for(agency))), MISSING)

    def due_for(self, agency: str) -> datetime | None:
        """By when this agency is to answer, where it has become an enquiry to it."""
        return self.basis.due if self.basis.owed_by == agency else None

    def name_for(self, agency: str) -> str | None:
        """How this agency calls whom it is about: by the part, or by its own reference; None where it has no name."""
        if self.question.about == CHILD or self.question.about in ONE_PERSON_ROLES:
            return self.question.about
        own = sorted(key for key in self.keys if key.startswith(f"{agency}/"))
        return own[0].partition("/")[2] if own else None


class Candidate:
    """An open gap that one agency may be asked for. It is read in full only once its turn comes, and then kept so."""

    def __init__(self, kept: Mapping[str, Any], agency: str, pack: Pack) -> None:
        again = kept["marks"].get("tried", {}).get(agency)
        self._kept, self._agency, self._pack = kept, agency, pack
        self.again: datetime | None = None if again is None else datetime.fromisoformat(again)
        self.is_enquiry = kept["marks"].get("owed_by") == agency
        #: For whoever puts it into words, to do that once.
        self.rendered: Mapping[str, Any] | None = None

    @cached_property
    def gap(self) -> OpenGap:
        """The gap."""
        return OpenGap.of_kept(self._kept)

    @cached_property
    def about(self) -> frozenset[str]:
        """Every name of whom it is about."""
        return self.gap.keys | {self.gap.question.about}

    @cached_property
    def _patterns(self) -> tuple[Mapping[str, Any], ...]:
        """What answers it, or is an attempt, beside the attribute itself."""
        rule = self._pack.rules.get(self.gap.asks_by)
        settings: Mapping[str, Any] = {} if rule is None else rule.settings
        return tuple(one for part in ("knows", "tried") for one in _listed(settings.get(part)))

    @cached_property
    def _heard(self) -> frozenset[str]:
        """The attributes and entries by which it may be spoken of."""
        named = {str(one.get("attribute") or one.get("entry")) for one in self._patterns}
        return frozenset({self.gap.question.attribute, *named})

    def is_spoken_of(self, answered: Answered) -> bool:
        """Whether what is asked was just spoken of, whether it was answered or not."""
        attribute = self.gap.question.attribute
        if answered.named.isdisjoint(self._heard):
            return False
        return (
            answered.speaks(attribute, self.about, ())
            or answered.does(attribute)
            or any(answered.meets(one, self.about) for one in self._patterns)
        )

    @cached_property
    def can_be_told(self) -> bool:
        """Whether the agency may know of it, and it can be named without anybody's own words."""
        gap, question = self.gap, self.gap.question
        return (
            gap.is_open_to(self._agency)
            and gap.name_for(self._agency) is not None
            and question.counterpart is None
            and question.thing is None
            and (question.item is None or item_told(gap, self._pack) is not None)
        )


def candidates(
    kept: Sequence[Mapping[str, Any]], *, agency: str, kind: str | None, pack: Pack
) -> tuple[Candidate, ...]:
    """What this agency could close: enquiries to it, then what is critical, then the oldest.

    ``kept`` are a record's open gaps as `OpenGap.of_kept` reads them, the oldest first.
    """
    ranked = [
        (not is_enquiry, not _is_critical(one["question"]["attribute"], rule, pack), place)
        for place, one in enumerate(kept)
        for rule in [one["marks"].get("by") or one["rule"]]
        for is_enquiry in [one["marks"].get("owed_by") == agency]
        if is_enquiry or _could_close(rule, kind, pack)
    ]
    return tuple(Candidate(kept[place], agency, pack) for _, _, place in sorted(ranked))


def to_ask(found: Iterable[Candidate], *, at: datetime, answered: Answered) -> list[Candidate]:
    """The few of these that are asked at this moment: not whoever tried lately, and not what was just spoken of."""
    asked: list[Candidate] = []
    for one in found:
        may_ask = one.is_enquiry or one.again is None or at >= one.again
        if may_ask and one.can_be_told and not one.is_spoken_of(answered):
            asked.append(one)
            if len(asked) == PROMPTS_MOST:
                break
    return asked


def _could_close(rule: str, kind: str | None, pack: Pack) -> bool:
    asking = pack.rules.get(rule)
    return asking is None or could_ask(kind, asking.settings.get("asks", ()), pack)


def could_ask(kind: str | None, asks: Collection[str], pack: Pack) -> bool:
    """Whether an agency of this kind could find out, where these are asked, or all where there are none.

    One of a kind that the pack does not know is not left out: it may be any.
    """
    if not asks:
        return True
    known = pack.agency_kind(kind)
    return not known or known in asks


def is_critical(gap: OpenGap, pack: Pack) -> bool:
    """Whether the pack calls what is not known, or the rule that asks for it, critical."""
    return _is_critical(gap.question.attribute, gap.asks_by, pack)


def _is_critical(attribute: str, rule: str, pack: Pack) -> bool:
    known, asking = pack.attributes.get(attribute), pack.rules.get(rule)
    return (known is not None and known.critical) or (asking is not None and asking.critical)


def item_told(gap: OpenGap, pack: Pack) -> str | None:
    """Which of several it is, in the pack's words; None where somebody else's words say it, or it is one."""
    rule = pack.rules.get(gap.asks_by)
    items = [] if rule is None else rule.settings.get("items", ())
    return next((str(item) for item in items if item_key(str(item)) == gap.question.item), None)


class Answered:
    """What one or more bodies of an agency speak of: whom, on which attributes, and what is done by them."""

    def __init__(self) -> None:
        self._claims: set[tuple[str, str, str | None]] = set()
        self._acts: list[tuple[str, Mapping[str, Any]]] = []
        #: The attributes spoken of and the sorts of acts.
        self.named: set[str] = set()

    def add(self, kind: str, body: Mapping[str, Any], agency: str) -> None:
        """Take up one more body."""
        observation = observation_of(kind, body)
        if observation is None:
            self._do(kind, body)
            return
        contact = observation if kind == "contact" else observation.get("contact")
        if isinstance(contact, Mapping):
            self._do("contact", contact)
        roles = declared_roles(observation)
        for claim in observation.get("claims", ()):
            about, value = claim.get("about"), claim.get("value")
            if isinstance(about, str):
                said = value if isinstance(value, str) else None
                self._claims.add((str(claim.get("attribute")), person_key(about, agency, roles), said))
                self.named.add(str(claim.get("attribute")))

    def _do(self, kind: str, body: Mapping[str, Any]) -> None:
        self._acts.append((kind, body))
        self.named.add(kind)

    def does(self, kind: str) -> bool:
        """Whether one of them is itself what is not there yet, as who leads."""
        return any(kind == done for done, _ in self._acts)

    def speaks(self, attribute: str, about: Collection[str], values: Collection[str]) -> bool:
        """Whether a claim is on this attribute, about one of these (or anybody), with one of these values (or any)."""
        return any(
            attribute == of and (not about or key in about) and (not values or value in values)
            for of, key, value in self._claims
        )

    def meets(self, pattern: Mapping[str, Any], about: Collection[str]) -> bool:
        """Whether a claim or an act is one that a pattern of the pack may mean, as far as a body shows by itself."""
        if "attribute" in pattern:
            whom = about if pattern.get("about", "same") == "same" else ()
            return self.speaks(pattern["attribute"], whom, pattern.get("values", ()))
        wanted = {name: value for name, value in pattern.items() if name not in _OF_ACTS}
        return any(
            kind == pattern.get("entry")
            and all(str(body.get(name)) in map(str, value) for name, value in wanted.items())
            for kind, body in self._acts
        )


def _listed(written: Any) -> list[Mapping[str, Any]]:
    return [written] if isinstance(written, Mapping) else list(written or ())
