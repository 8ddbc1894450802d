"""An agency's record of what another one told it has less than that one's own record of the same occasion.

An entry passes on what another agency told when its claims say so (basis ``agency`` or ``document`` with ``from``, or a
professional of that agency as the informant). It is held against what that agency itself had recorded by then of the
same thing, of the same day or, where it speaks of an injury, of the same attendance (no longer than ``within`` apart):
what is missing there, and is held from nowhere else, was lost on the way. An agency's summary of its own file is read
alike.

Vaguer is not less: a word that leaves room for another covers it, one that sums up (``sums_up``) covers all, and who
speaks of an injury without saying of what sort it is has it. A view of concern is passed on by such a view alone, if
whoever held it had not come to another. What is ``slight`` is missed only of the same thing or day.

The settings name attributes: ``things`` (injuries), ``parts`` of these (where, how many: less only for who says some of
them), ``opinions`` and ``words`` (what a child said). ``alike``: words of two attributes that say the same.
``shows``: words of other attributes that show that the occasion was spoken of, and make less of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.domain.civil_day import Stretch
from ledger.domain.claim import Claim
from ledger.domain.duration import parse_duration, refuse_duration
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, Basis
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.rules.spoken import (
    WORDS,
    agency_heard,
    has_word,
    is_after,
    is_said,
    latest,
    order,
    said_at,
    side,
    speaks_of,
    unknown_words,
)
from ledger.domain.shape import Fault, Items, Text

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

#: Of what a finding shows, each side has half.
_HALF: Final = ENTRIES_MAX // 2
_READ_MAX: Final = 256
_HELD: Final = ("things", "parts", "opinions", "words")


class _Heard(NamedTuple):
    """One entry of a receiving agency, as far as it is another agency's word."""

    receiver: str
    sender: str
    claims: tuple[Claim, ...]


class _Less(NamedTuple):
    """What the receiver's entry lacks of what its sender holds."""

    heard: _Heard
    omitted: tuple[Claim, ...]


def judge(view: View) -> Verdict:
    """The latest entry that holds less than there was to tell, beside what it lacks."""
    reading = _Reading(view)
    found = [_Less(heard, omitted) for heard in reading.heard() if (omitted := tuple(reading.omitted(heard)))]
    if not found:
        return Verdict()
    shown = max(found, key=lambda one: order(latest(one.heard.claims)))
    alike = [one for one in found if set(shown.omitted) <= set(one.omitted)]
    sides = (side(shown.omitted, _HALF), side((claim for one in alike for claim in one.heard.claims), _HALF))
    in_sides = {ref for shown_side in sides for ref in shown_side}
    rest = {claim.ref for one in found for claim in (*one.omitted, *one.heard.claims)} - in_sides
    return Verdict(basis=Basis(kind="passing_on", sides=sides, evidence=tuple(sorted(rest)[-EVIDENCE_MAX:])))


class _Reading:
    """What is held of one person's injuries and what bears on them, by everybody."""

    def __init__(self, view: View) -> None:
        self._view, self._facts, self._settings = view, view.facts, view.rule.settings
        topics = _topics(view.rule, view.area.about)
        claims = sorted((claim for topic in topics for claim in view.facts.claims(topic) if is_said(claim)), key=order)
        self._held = [claim for claim in claims if claim.attribute in _attributes(view.rule)][-_READ_MAX:]
        self._shows = [claim for claim in claims if has_word(claim, self._settings.get("shows", {}))][-_READ_MAX:]
        self._sums_up = [claim for claim in claims if has_word(claim, self._settings.get("sums_up", {}))][-_READ_MAX:]
        within = parse_duration(self._settings["within"])
        assert isinstance(within, timedelta), "the form refuses always"
        self._within = within

    def heard(self) -> Iterator[_Heard]:
        """The entries that pass on what another agency told."""
        entries: dict[tuple[int, str], list[Claim]] = {}
        for claim in dict.fromkeys([*self._held, *self._shows]):
            sender = agency_heard(claim, self._facts.source(claim))
            if sender is not None:
                entries.setdefault((claim.number, sender), []).append(claim)
        for (_, sender), claims in entries.items():
            yield _Heard(claims[0].agency, sender, tuple(claims))

    def omitted(self, heard: _Heard) -> Iterator[Claim]:
        """What the sender held of the occasion by then, and the receiver has from nowhere."""
        if self._is_summed_up(heard):
            return
        own = [claim for claim in self._held if claim.agency == heard.sender and self._is_own(claim, heard)]
        named = {self._thing(claim) for claim in own}
        received = [claim for claim in self._held if self._is_received(claim, heard)]
        for claim in own:
            if (
                _is_before(claim, heard)
                and any(self._is_of_one(claim, one) or self._is_of_attendance(claim, one, own) for one in heard.claims)
                and self._is_worth_telling(claim)
                and not self._is_covered(claim, received, named)
                and not self._is_given_up(claim, heard, own)
            ):
                yield claim

    def _is_own(self, claim: Claim, heard: _Heard) -> bool:
        return claim.number != heard.claims[0].number and agency_heard(claim, self._facts.source(claim)) is None

    def _is_received(self, claim: Claim, heard: _Heard) -> bool:
        """Whether the receiver has it: of its own file an agency's summary has only what is in it."""
        if heard.sender == heard.receiver:
            return claim in heard.claims
        if claim.agency != heard.receiver:
            return False
        return any(self._is_near(claim, one) or self._is_of_one(claim, one) for one in heard.claims)

    def _is_near(self, claim: Claim, other: Claim) -> bool:
        """Whether it may be of the same occasion: what is held of long ago is of another."""
        (start, end), (since, until) = speaks_of(claim), speaks_of(other)
        return start < until + self._within and since - self._within < end

    def _is_of_one(self, claim: Claim, other: Claim) -> bool:
        """Whether two speak of one thing, or of the same short time."""
        thing = self._thing(claim)
        if thing is not None and thing == self._thing(other):
            return True
        (start, end), (since, until) = speaks_of(claim), speaks_of(other)
        return max(end - start, until - since) <= self._within and start < until and since < end

    def _is_of_attendance(self, claim: Claim, told: Claim, own: Sequence[Claim]) -> bool:
        """Whether it is of about the time of what was told of an injury, and not slight.

        That somebody is well is said of a day; of an injury one is told after the day, and of the others with it.
        """
        if told not in self._held or self._is_slight(claim, own):
            return False
        (start, end), (since, until) = self._about_when(claim), self._about_when(told)
        is_short = max(end - start, until - since) <= self._within
        return is_short and start < until + self._within and since - self._within < end

    def _about_when(self, claim: Claim) -> Stretch:
        """The time of which it speaks; of one that is vague and not over, when it was said."""
        (start, end), said = speaks_of(claim), said_at(claim)
        return said if end - start > self._within and said[0] < end else (start, end)

    def _is_slight(self, claim: Claim, own: Sequence[Claim]) -> bool:
        """Whether all that its holder says of that injury is slight."""
        slight = self._settings.get("slight", {})
        of_it = [one for one in own if self._thing(one) == self._thing(claim)]
        sorts = [one for one in of_it if one.attribute in self._settings["things"]]
        return bool(sorts) and all(has_word(one, slight) for one in sorts)

    def _thing(self, claim: Claim) -> str | None:
        return self._facts.question_of(claim).thing

    def _is_worth_telling(self, claim: Claim) -> bool:
        """Whether leaving it out makes less of the matter: no reassurance, and nothing that leaves all open."""
        attribute = self._view.pack.attributes[claim.attribute]
        if attribute.polarity:
            return attribute.polarity_of(claim.value) == "concern"
        return attribute.type != "state" or self._mask(claim) != (1 << len(attribute.states)) - 1

    # ── what covers what ──

    def _is_summed_up(self, heard: _Heard) -> bool:
        numbers = {claim.number for claim in heard.claims}
        return any(claim.number in numbers for claim in self._sums_up)

    def _is_covered(self, claim: Claim, received: Sequence[Claim], named: set[str | None]) -> bool:
        """Whether the receiver holds as much, be it vaguer. ``named``: the things that the sender tells apart."""
        if claim.attribute in self._settings.get("words", ()):
            return any(other.attribute == claim.attribute for other in received)
        if claim.attribute in self._settings.get("opinions", ()):
            return any(self._is_opinion_like(other, claim) for other in received)
        thing = self._thing(claim)
        may_be_it = [other for other in received if self._thing(other) == thing or self._thing(other) not in named]
        if claim.attribute in self._settings.get("parts", ()):
            return self._is_part_covered(claim, may_be_it)
        of_it = [other for other in received if self._thing(other) == thing]
        is_vague = bool(of_it) and not any(other.attribute in self._settings["things"] for other in of_it)
        return is_vague or any(self._agrees(other, claim) for other in may_be_it)

    def _is_part_covered(self, claim: Claim, received: Sequence[Claim]) -> bool:
        """Who says nothing of where, how many or how bad was vague; who says some of it and not all has less."""
        said = [other for other in received if other.attribute == claim.attribute]
        if self._view.pack.attributes[claim.attribute].type == "quantity":
            return not said or any(float(other.value or 0) >= float(claim.value or 0) for other in said)
        item = self._facts.question_of(claim).item
        return not said or any(
            self._agrees(other, claim) and self._facts.question_of(other).item in {None, item} for other in said
        )

    def _is_opinion_like(self, other: Claim, claim: Claim) -> bool:
        if other.attribute not in self._settings["opinions"]:
            return False
        return self._is_of_concern(other) or (other.attribute == claim.attribute and not self._is_lesser(other, claim))

    def _is_lesser(self, other: Claim, claim: Claim) -> bool:
        """Whether a view of concern stands there as one of none, or as none at all; a doubt that leans is a view."""
        return self._is_of_concern(claim) or not self._agrees(other, claim)

    def _is_of_concern(self, claim: Claim) -> bool:
        attribute = self._view.pack.attributes[claim.attribute]
        return attribute.polarity_of(claim.value) == "concern"

    def _is_given_up(self, claim: Claim, heard: _Heard, own: Sequence[Claim]) -> bool:
        """Whether whoever held it had come to see it otherwise by the call: that, and no less, was told.

        What another in the same agency came to think is a second view, and takes nothing back.
        """
        return claim.attribute in self._settings.get("opinions", ()) and any(
            one.attribute == claim.attribute
            and self._thing(one) == self._thing(claim)
            and not self._is_of_concern(one)
            and self._facts.source(one).key == self._facts.source(claim).key
            and is_after(one, claim)
            and _is_before(one, heard)
            for one in own
        )

    def _agrees(self, other: Claim, claim: Claim) -> bool:
        """Whether one word leaves room for the other, or two of two attributes say the same."""
        if other.attribute == claim.attribute:
            mine, theirs = self._mask(claim), self._mask(other)
            return mine is None or theirs is None or bool(mine & theirs)
        groups: Sequence[Mapping[str, Sequence[str]]] = self._settings.get("alike", ())
        return any(has_word(other, group) and has_word(claim, group) for group in groups)

    def _mask(self, claim: Claim) -> int | None:
        return self._view.pack.attributes[claim.attribute].values.get(claim.value or "")


def _is_before(claim: Claim, heard: _Heard) -> bool:
    """Whether the sender had it by then; of what both said on one day, whether it was recorded first."""
    told = latest(heard.claims)
    if is_after(claim, told):
        return False
    return is_after(told, claim) or claim.recorded_at < told.recorded_at


# ── what bears on what ──


def _attributes(rule: Rule) -> frozenset[str]:
    return frozenset(name for key in _HELD for name in rule.settings.get(key, ()))


def _topics(rule: Rule, about: str) -> list[Topic]:
    return [Topic(name, about) for name in sorted(_listened(rule))]


def _listened(rule: Rule) -> frozenset[str]:
    return _attributes(rule).union(rule.settings.get("shows", {}), rule.settings.get("sums_up", {}))


def _areas(rule: Rule, question: Question, _facts: Facts) -> Iterator[Question]:
    """All that is held of one person's injuries: they are told of together."""
    yield Question(rule.settings["things"][0], question.about)


def _reads(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from _topics(rule, area.about)


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return _listened(rule)


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for key in _HELD:
        for place, name in enumerate(written.get(key, ())):
            if name not in vocabulary:
                yield (key, place), "the vocabulary has no such attribute"
    for key in ("shows", "sums_up", "slight"):
        yield from unknown_words((key,), written.get(key, {}), vocabulary)
    for place, group in enumerate(written.get("alike", ())):
        for path, message in unknown_words((), group, vocabulary):
            yield ("alike", place, *path), message


def _refuse_within(text: str) -> str | None:
    return "write a length of time, as P7D" if text == "always" else refuse_duration(text)


_NAMES: Final = Items(Text(), least=1)

FAMILY = Family(
    name="holds_less",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    form={
        **dict.fromkeys(_HELD, _NAMES),
        "shows": WORDS,
        "sums_up": WORDS,
        "slight": WORDS,
        "alike": Items(WORDS, least=1),
        "within": Text(_refuse_within),
    },
    required="things within",
    kinds=frozenset({"passing_on"}),
    check=_check,
    closes_as="now_held",
)
