"""A concern that was met by a reassurance too shallow to answer it, and that nobody has answered since.

A rule keeps some ``topics``. On each, about each person, a reassurance is set against a concern when it is of the same
matter, from another contact and another source, said after the concern or at most ``before`` it, and shallower than
what the pack says answers the topic. A concern is open until somebody looks that deep, an enquiry has its outcome, or
whoever raised it takes it back after looking as deep again. A word for what can change, said ``lapses_after`` it, may
be of another time (see `concern_age`). The finding closes when every concern in it is answered.

What a claim is follows from the vocabulary (polarity, topic, owner) and from these settings, all optional:

* ``any_topic``: attributes whose claims may name another topic than their own; ``usual_topic``: what claims are taken
  to be on that have none and name none. ``of_anything``: what is said with no topic and reassures on every one, by
  value (text: no values). ``general``: what answers a concern without a topic.
* ``broad``: attributes that speak of all of their topic; ``apart``: ones that speak of nothing but themselves.
* ``lasting``: topics whose concerns do not lapse; ``changing``: topics of states, and ``passing``: attributes of
  states on a topic that lasts, whose concerns lapse when they are over or by another's word that is met by another's;
  ``moments``: attributes that say how it was that day, which lapse unless they say that it goes on.
* ``reassures`` and ``aside``: values that explain away though they have no polarity, and ones that count for nothing
  though they have, by attribute; no values: all of them. ``raises``: by topic, values of attributes of another topic;
  ``calms``: the same for reassurances, where nobody so much as saw for themselves, or those saw
  ``whose_turn`` it is to answer. ``passes``: topics on which what was over when it was said worries nobody.
* ``lesser``: where a second-hand account of a thing that makes less of it reassures (``lower``: a lesser number or an
  earlier state; else the values that are less). ``ordinary``: everyday injuries of a child that moves: by attribute,
  values of which all that is said of a thing must be, once the child is ``ordinary_from`` old; ``ordinary_beside``:
  vaguer ones, which are so too where somebody named the thing more exactly.
* ``depth_from``: claims that say how deep the contact of their entry went, by value. ``eased``: what answers a concern
  on an attribute instead, by topic. ``shown_by``: by topic, attributes of another that show what answers it, as that
  the child was seen shows where it is. ``replies``: outcomes of enquiries and answers of owners, by value.
  ``examiners`` and ``may_examine``: offices, and kinds of agency, as an ``owner`` is written; ``whose_turn`` likewise.
  ``clinical``: attributes on which an agency that may examine speaks from an examination, whoever passes it on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.domain.claim import ALLEGATION
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, Basis
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Rule, Verdict, View
from ledger.domain.rules.concern_age import comes_to
from ledger.domain.rules.concern_form import FORM, check
from ledger.domain.rules.concern_matter import Said, is_one_contact, matter
from ledger.domain.rules.concern_reading import (
    BORN,
    GENERAL,
    bearing,
    days,
    explains_away,
    is_open,
    read,
    topics_of,
)

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

#: The word for what a finding of this family is about, beside its topic.
CONCERN: Final = "concern"
#: Of more concerns, reassurances or answers on one topic about one person, the latest count.
_READ_MAX: Final = 32
_ANSWERS_MAX: Final = 128


class _Pair(NamedTuple):
    """A concern and a reassurance that met it; ``is_sure`` unless they may be of two things."""

    concern: Said
    reassurance: Said
    is_sure: bool

    @property
    def order(self) -> tuple[Any, ...]:
        return (self.is_sure, self.reassurance.order, self.concern.order)


def judge(view: View) -> Verdict:
    """The concerns on one topic about one person that a reassurance met and nothing has answered."""
    said = sorted(read(view), key=lambda one: one.order)
    concerns = [one for one in said if one.polarity == "concern"][-_READ_MAX:]
    reassurances = [one for one in said if one.polarity == "reassurance" and not one.depth.is_final][-_READ_MAX:]
    if not concerns or not reassurances:
        return Verdict()
    answers = [one for one in said if one.depth.is_own or one.depth.is_final][-_ANSWERS_MAX:]
    pairs = [pair for one in concerns for pair in _met(one, reassurances, answers, view)]
    if not pairs:
        return Verdict()
    # An account of that very injury alerts by the rules on accounts: here it is kept, and nobody is told twice.
    is_told_elsewhere = all(
        explains_away(pair.reassurance.claim, view.rule) and _is_of_one_thing(pair.concern, pair.reassurance)
        for pair in pairs
    )
    return Verdict(basis=replace(_basis(pairs), tier="prompt" if is_told_elsewhere else "queue"))


def _met(concern: Said, reassurances: Sequence[Said], answers: Sequence[Said], view: View) -> Iterator[_Pair]:
    """The reassurances that met a concern and left it open."""
    needed, owner = _needed(concern, view), _owner(concern, view)
    is_deep = concern.depth.reach(needed, owner) == "deep"
    met = []
    for one in reassurances:
        if one.depth.reach(needed, owner) != "shallow" or not comes_to(concern, one, view.rule, view.area.item):
            continue
        if is_deep and explains_away(one.claim, view.rule):
            continue  # an account of what was examined is weighed against what was found, by other rules
        alike = matter(concern, one, view.rule.settings)
        if alike is not None:
            met.append(_Pair(concern, one, alike == "same"))
    if met and not any(_answers(one, concern, needed, owner, view.rule, is_deep=is_deep) for one in answers):
        yield from met


def _is_of_one_thing(concern: Said, other: Said) -> bool:
    return concern.thing is not None and concern.thing == other.thing


def _needed(concern: Said, view: View) -> str:
    """How deep a contact must go, or what else it takes, to answer a concern."""
    topic = view.area.item
    if topic is None:
        return str(view.rule.settings[GENERAL])
    eased = view.rule.settings.get("eased", {}).get(topic, {})
    return str(eased.get(concern.claim.attribute) or view.pack.topics[topic].answered_by)


def _owner(concern: Said, view: View) -> str | None:
    """Whose fact it is: as the concern's attribute says, else of any attribute of the topic."""
    if concern.attribute.owner is not None or view.area.item is None:
        return concern.attribute.owner
    owners = {view.pack.attributes[name].owner for name in view.pack.attributes_of_topic(view.area.item)}
    return ", ".join(sorted(owner for owner in owners if owner)) or None


def _answers(answer: Said, concern: Said, needed: str, owner: str | None, rule: Rule, *, is_deep: bool) -> bool:
    """Whether a claim answers a concern: said no sooner, of the same matter, and as deep as it takes.

    What somebody concluded in looking that deep need not reassure; but a concern that was itself raised as deep is
    answered only by a reassurance.
    """
    is_of_thing = concern.thing is not None and concern.thing == answer.thing
    since = concern.observed.start - (days(rule, "before") if is_of_thing else timedelta())
    if answer.claim.ref == concern.claim.ref or answer.observed.end <= since:
        return False
    if answer.polarity != "reassurance" and (is_deep or is_one_contact(concern, answer)):
        return False
    if matter(concern, answer, rule.settings) != "same":
        return False
    if answer.depth.reach(needed, owner) == "deep":
        return True
    return (
        answer.polarity == "reassurance"
        and answer.depth.is_own
        and answer.source == concern.source
        and answer.depth.least >= concern.depth.least
        and answer.observed.start >= concern.observed.start
    )


def _basis(pairs: Sequence[_Pair]) -> Basis:
    """The latest of what met, the surest first; each concern shown was met by each reassurance shown."""
    shown = max(pairs, key=lambda pair: pair.order)
    met = {(pair.concern.claim.ref, pair.reassurance.claim.ref) for pair in pairs if pair.is_sure == shown.is_sure}
    concerns, reassurances = [shown.concern], [shown.reassurance]
    entries = {shown.concern.claim.number, shown.reassurance.claim.number}
    for pair in sorted(pairs, key=lambda pair: pair.order, reverse=True):
        for one, mine, theirs in (
            (pair.concern, concerns, reassurances),
            (pair.reassurance, reassurances, concerns),
        ):
            is_concern = mine is concerns
            ref = one.claim.ref
            meets_all = all(
                ((ref, other.claim.ref) if is_concern else (other.claim.ref, ref)) in met for other in theirs
            )
            has_room = len(entries | {one.claim.number}) <= ENTRIES_MAX
            if meets_all and has_room and all(ref != known.claim.ref for known in mine):
                mine.append(one)
                entries.add(one.claim.number)
    sides = tuple(
        tuple(one.claim.ref for one in sorted(side, key=lambda one: one.order)) for side in (concerns, reassurances)
    )
    rest = {one.claim.ref for pair in pairs for one in (pair.concern, pair.reassurance)} - {
        ref for side in sides for ref in side
    }
    return Basis(kind="concern", sides=sides, evidence=tuple(sorted(rest)[-EVIDENCE_MAX:]), certain=shown.is_sure)


# ── what bears on what ──


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """One area for each topic about each person."""
    people = {question.about}
    if question.attribute == ALLEGATION:
        for name in sorted(_heard_of_enquiries(rule)):
            people |= {one.about for one in facts.questions(Topic(name, ANYBODY)) if one.thing == question.thing}
    attribute = facts.pack.attributes.get(question.attribute)
    is_any = attribute is None or is_open(rule, attribute)
    topics = rule.settings["topics"] if attribute is None or is_any else [attribute.topic]
    for person in sorted(people):
        for topic in topics:
            if topic in rule.settings["topics"]:
                yield Question(CONCERN, person, item=topic)
        if is_any and GENERAL in rule.settings:
            yield Question(CONCERN, person)


def _enumerates(rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute == ALLEGATION:
        for attribute in _heard_of_enquiries(rule):
            yield Topic(attribute, ANYBODY)


def _reads(rule: Rule, area: Question, pack: Pack) -> Iterator[Topic]:
    yield from topics_of(rule, area, pack)


def _listens(rule: Rule, pack: Pack) -> frozenset[str]:
    born = {BORN} if "ordinary_from" in rule.settings else set()
    return frozenset(bearing(rule, pack)) | {ALLEGATION} | born


def _heard_of_enquiries(rule: Rule) -> frozenset[str]:
    """The attributes whose things an enquiry may have an outcome on."""
    return frozenset(rule.settings.get("replies", {}))


FAMILY = Family(
    name="unanswered_concern",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    form=FORM,
    required="topics",
    kinds=frozenset({"concern"}),
    check=check,
    closes_as="answered",
)
