"""What must be known of a child or of an adult in the child's life, from when on, and who can find it out.

A rule names what must be known (``attribute``, of one of its ``items`` where it has some) and of whom (``about``). It
is asked for once something of ``when`` was said or done and its clock (``within``) has run out, not before the child
is ``at_age``, and only between ``from_age`` and ``until_age``; never where something of ``unless`` stands, nor of a
person whose part by their roles is none of ``parts``. Where ``agencies`` is given, so many must have said or done it;
where ``only_if`` is, something of that must stand too, and the clock runs from when both are so.

``at_work``: so many ``agencies`` within that time of each other. Once what the rule ``then`` awaits is late, that rule
speaks in its stead.

Any value answers, and so does what ``knows`` means; with ``met``, a contact at which this person was ``present``, or
``alone`` but for the child; with ``named``, the name with which somebody introduced them. With ``only_by``, nothing but
what that means. ``missing`` gives the values that say themselves that it is not known, with what they amount to. What
was answered longer ago than ``holds`` is stale; so is what was answered longer than ``fresh`` before something made it
necessary (of ``only_if``, where there is any): then it is asked for again, by the clock.

``asks`` are the agencies that can find out at their next contact, all where it is left out; ``ask_again`` is how long
whoever did not get an answer waits before asking again. After so many ``refusals`` it becomes an enquiry to one of
``enquire``, to be answered within ``enquiry_within``.

What it finds stands on the one question of what is not known, beside what agencies said that they do not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.act import MET
from ledger.domain.agency import AgencyWord
from ledger.domain.claim import PERSON
from ledger.domain.duration import Clock, parse_clock, parse_duration, refuse_clock, refuse_duration
from ledger.domain.gap import STATES_OF_GAP, State
from ledger.domain.pattern import Pattern, patterns
from ledger.domain.pattern_form import PATTERNS, pattern_faults
from ledger.domain.person import CHILD, ONE_PERSON_ROLES
from ledger.domain.question import Question, Topic, item_key
from ledger.domain.rule import ANYBODY, Family, Rule, Verdict, View
from ledger.domain.rules.adult_role import Part
from ledger.domain.shape import Count, Fault, Items, Named, Shape, Text, YesNo, word

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

BORN: Final = "date_of_birth"
EXPECTED: Final = "expected_date"
DEATH: Final = "death"
INVOLVEMENT: Final = "entry:involvement"
#: What of a record's acts is asked for, and is no attribute of the vocabulary.
OF_ACTS: Final = frozenset({"lead"})
_SAME: Final = "same"
_PATTERN_KEYS: Final = ("when", "only_if", "knows", "only_by", "unless", "tried")
_AGES: Final = ("at_age", "from_age", "until_age")
_NOW: Final = "P0D"


@dataclass(frozen=True)
class MustKnow:
    """One rule as it is read. ``items`` are in the form in which items are compared, the first of them in findings."""

    rule: Rule
    attribute: str
    about: str
    items: tuple[str, ...]
    when: tuple[Pattern, ...]
    only_if: tuple[Pattern, ...]
    knows: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    tried: tuple[Pattern, ...]
    missing: Mapping[str, State]
    within: Clock
    ages: Mapping[str, timedelta]
    holds: timedelta | None
    parts: frozenset[Part]
    agencies: int
    met: str
    named: bool
    at_work: timedelta | None
    then: str
    fresh: timedelta | None
    only_by: tuple[Pattern, ...]
    asks: frozenset[str]
    ask_again: timedelta
    refusals: int
    enquire: tuple[str, ...]
    enquiry_within: Clock

    @classmethod
    def of(cls, rule: Rule) -> MustKnow:
        """As a pack writes it."""
        written = rule.settings
        return cls(
            rule=rule,
            attribute=written["attribute"],
            about=written.get("about", _SAME),
            items=tuple(map(item_key, written.get("items", ()))),
            when=patterns(written.get("when")),
            only_if=patterns(written.get("only_if")),
            knows=patterns(written.get("knows")),
            unless=patterns(written.get("unless")),
            tried=patterns(written.get("tried")),
            missing=written.get("missing", {}),
            within=parse_clock(written.get("within", _NOW)),
            ages={name: _length(written[name]) for name in _AGES if name in written},
            holds=_length_in(written, "holds"),
            parts=frozenset(map(Part, written.get("parts", ()))),
            agencies=written.get("agencies", 1),
            met=written.get("met", ""),
            named=written.get("named") == "yes",
            at_work=_length_in(written, "at_work"),
            then=written.get("then", ""),
            fresh=_length_in(written, "fresh"),
            only_by=patterns(written.get("only_by")),
            asks=frozenset(written.get("asks", ())),
            ask_again=_length(written.get("ask_again", _NOW)),
            refusals=written.get("refusals", 0),
            enquire=tuple(written.get("enquire", ())),
            enquiry_within=parse_clock(written.get("enquiry_within", "10wd")),
        )

    @property
    def whom(self) -> str | None:
        """Whom alone it is about, where that is not whoever something is said of."""
        return None if self.about == _SAME else self.about

    @property
    def asks_again(self) -> bool:
        return self.holds is not None or self.fresh is not None

    @property
    def follows_age(self) -> bool:
        return bool(self.ages)

    def fits(self, area: Question) -> bool:
        """Whether this is one of its questions."""
        if self.whom not in {None, area.about} or (self.whom is None and area.about == CHILD):
            return False
        return area.counterpart is None and area.item == (self.items[0] if self.items else None)

    def area(self, about: str) -> Question:
        """The question of what is not known of this person."""
        return Question(self.attribute, about, item=self.items[0] if self.items else None)

    def around(self) -> Iterator[Topic]:
        """What of the child bears on it, whomever it is about."""
        if self.follows_age:
            yield from (Topic(BORN, CHILD), Topic(EXPECTED, CHILD))
        if self.when:
            yield Topic(DEATH, CHILD)

    def topics(self, about: str) -> Iterator[Topic]:
        """All that bears on what must be known of this person."""
        for one in (*self._patterns, *self.tried):
            yield one.topic(about)
        yield from self.around()
        if self.parts or self.named:
            yield Topic(PERSON, ANYBODY)
        if self.met:
            yield Topic(MET, about)
        if self.enquire:
            yield Topic(INVOLVEMENT, CHILD)

    def heard(self) -> frozenset[str]:
        """The attributes whose claims bear on it."""
        return frozenset(topic.attribute for topic in self.topics("")) | {self.attribute}

    def bears_on(self, question: Question, about: str) -> bool:
        """Whether what is said on this question bears on what must be known of this person."""
        if question.attribute == self.attribute and question.about == about:
            return True
        topics = (topic for topic in self.topics(about) if topic.attribute == question.attribute)
        return any(topic.about in {question.about, ANYBODY} for topic in topics)

    def is_far(self, question: Question) -> bool:
        """Whether a claim on this question bears on it for everybody whom it may be about."""
        if self.whom is not None:
            return False
        around = {topic.attribute for topic in self.around()} | ({INVOLVEMENT} if self.enquire else set())
        if question.about == CHILD and question.attribute in around:
            return True
        return any(one.attribute == question.attribute and one.about != _SAME for one in self._patterns)

    @property
    def _patterns(self) -> tuple[Pattern, ...]:
        return (*self.when, *self.only_if, *self.knows, *self.only_by, *self.unless)

    def told_of(self) -> Iterator[Topic]:
        """Where all those are of whom something is said that makes it necessary to know, or that it is missing."""
        yield from (Topic(one.attribute, ANYBODY) for one in self.when if one.about == _SAME)
        if self.missing:
            yield Topic(self.attribute, ANYBODY)


def _length(text: str) -> timedelta:
    length = parse_duration(text)
    return length if isinstance(length, timedelta) else timedelta.max


def _length_in(written: Mapping[str, Any], name: str) -> timedelta | None:
    return _length(written[name]) if name in written else None


def _no_verdict(_view: View) -> Verdict:
    """It speaks through the rule on what is not known."""
    return Verdict()


def _nothing(*_: object) -> Iterator[Any]:
    return iter(())


def _no_listens(_rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset()


def _no_areas(_rule: Rule, _question: Question, _facts: Facts) -> Iterator[Question]:
    return iter(())


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for key in _PATTERN_KEYS:
        yield from pattern_faults((key,), written.get(key), vocabulary)
    attribute = vocabulary.get(written["attribute"])
    if attribute is None and written["attribute"] not in OF_ACTS:
        yield ("attribute",), "the vocabulary has no such attribute"
        return
    known = {} if attribute is None else attribute.get("values", {})
    if attribute is not None and attribute["type"] == "event":
        known = dict.fromkeys(("happened", "did_not_happen", "not_seen"))
    for value in written.get("missing", {}):
        if value not in known:
            yield ("missing", value), f"there is no such value; there are: {', '.join(known)}"
    yield from _check_reach(written)


def _check_reach(written: Mapping[str, Any]) -> Iterator[Fault]:
    """What could never be asked for, or never be passed on."""
    if "when" not in written and "missing" not in written:
        yield (), "this can never be found: say when it must be known, or which values say that it is missing"
    ages = {name: _length(written[name]) for name in _AGES if name in written}
    if (
        "until_age" in ages
        and max(ages.get("at_age", timedelta()), ages.get("from_age", timedelta())) >= ages["until_age"]
    ):
        yield ("until_age",), "this can never be found: it is over before it begins"
    if written.get("refusals") and "enquire" not in written:
        yield ("refusals",), "say to whom it then goes: add enquire"
    if "enquire" in written and not written.get("refusals"):
        yield ("enquire",), "say after how many refusals: add refusals"
    of_same = [one for one in written.get("when", ()) if Pattern.of_written(one).about == _SAME]
    if written.get("about", _SAME) == _SAME and "when" in written and not of_same:
        yield ("when",), "say of whom: something of when is about the same person, or about names one"


FORM: Final[Mapping[str, Shape]] = {
    "attribute": Text(),
    "about": word(" ".join((_SAME, CHILD, *ONE_PERSON_ROLES))),
    "items": Items(Text(), least=1),
    "when": PATTERNS,
    "only_if": PATTERNS,
    "within": Text(refuse_clock),
    "agencies": Count(9, least=1),
    "at_age": Text(refuse_duration),
    "from_age": Text(refuse_duration),
    "until_age": Text(refuse_duration),
    "parts": Items(word(" ".join(Part)), least=1),
    "unless": PATTERNS,
    "knows": PATTERNS,
    "met": word("present alone"),
    "named": YesNo(),
    "at_work": Text(refuse_duration),
    "then": Text(),
    "fresh": Text(refuse_duration),
    "only_by": PATTERNS,
    "missing": Named(word(" ".join(STATES_OF_GAP))),
    "holds": Text(refuse_duration),
    "tried": PATTERNS,
    "asks": Items(AgencyWord(), least=1),
    "ask_again": Text(refuse_duration),
    "refusals": Count(9, least=1),
    "enquire": Items(AgencyWord(), least=1),
    "enquiry_within": Text(refuse_clock),
}
FAMILY: Final = Family(
    name="must_know",
    judge=_no_verdict,
    areas=_no_areas,
    reads=_nothing,
    listens=_no_listens,
    form=FORM,
    required="attribute",
    kinds=frozenset({"gap"}),
    check=_check,
    closes_as="answered",
)
