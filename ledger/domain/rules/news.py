"""What is news to a professional's judgement: what was seen or learned after it, and was not held before.

The settings are those of the rule whose judgement it is: see `ledger.domain.rules.reopened`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from ledger.domain.age import age_at
from ledger.domain.allows import named_in
from ledger.domain.claim import DECISION, PERSON, Claim
from ledger.domain.duration import parse_duration
from ledger.domain.person import CHILD
from ledger.domain.question import Topic
from ledger.domain.rule import ANYBODY, Rule, View
from ledger.domain.rules.spoken import has_word, is_after, is_said, latest, said_at, speaks_of

DEATH: Final = "death"
BORN: Final = "date_of_birth"
#: Words of a role of whom it is no news that they are there.
_NO_NEWS: Final = re.compile(r"\b(?:mother|mum|sibling|brother|sister|child|baby|twin|son|daughter)s?\b", re.IGNORECASE)
#: Who had the care when the judgement was made, whose account it heard: under the judgement's thing.
KNOWN_PEOPLE: Final = ("judgement_carers", "judgement_heard")


def events_since(judgement: Claim, view: View) -> Iterator[Claim]:
    """What was seen or learned after a judgement and was not held before."""
    if judgement.topic is not None and judgement.topic not in view.rule.settings["topics"]:
        return
    known = _known_people(judgement, view)
    decided = [claim for claim in view.facts.claims(Topic(DECISION, CHILD)) if _is_decided(claim, judgement, view)]
    died = [claim for claim in view.facts.claims(Topic(DEATH, CHILD)) if claim.value == "happened"]
    for topic in event_topics(view.rule, view.area.about):
        said = [claim for claim in view.facts.claims(topic) if is_said(claim)]
        before = [claim for claim in said if not is_after(claim, judgement)]
        for claim in said:
            if (
                is_after(claim, judgement)
                and not any(not is_after(one, claim) for one in died)
                and _is_of_judged(claim, view)
                and _is_new(claim, before, known, view)
                and not _is_as_decided(claim, decided, view)
            ):
                yield claim


def _is_decided(claim: Claim, judgement: Claim, view: View) -> bool:
    return claim.value in view.rule.settings["decided"] and not is_after(judgement, claim)


def _is_as_decided(claim: Claim, decided: Sequence[Claim], view: View) -> bool:
    """Whether a change came about as somebody decided after the judgement: then it is no news to it."""
    return claim.attribute in view.rule.settings.get("changes", ()) and any(not is_after(one, claim) for one in decided)


def _is_of_judged(claim: Claim, view: View) -> bool:
    """Whether it bears on whom the judgement is about: of a judgement of an adult, what others do is another matter."""
    about = view.facts.person(claim.about, claim.agency)
    if claim.attribute in view.rule.settings.get("changes", ()):
        return about == view.area.about
    return view.area.about == CHILD or about in {CHILD, view.area.about} or claim.attribute in comes_new(view.rule)


def comes_new(rule: Rule) -> Mapping[str, Sequence[str]]:
    found: Mapping[str, Sequence[str]] = rule.settings.get("comes_new", {})
    return found


def _known_people(judgement: Claim, view: View) -> frozenset[str]:
    """Whom the judgement knew of, as it says itself."""
    thing = view.facts.question_of(judgement).thing
    found: set[str] = set()
    for attribute in KNOWN_PEOPLE:
        for claim in view.facts.claims(Topic(attribute, view.area.about)):
            named = named_in(claim, view.facts.people)
            if named is not None and not named.is_none_of_them and view.facts.question_of(claim).thing == thing:
                found |= named.names
    return frozenset(found)


def _is_new(claim: Claim, before: Sequence[Claim], known: frozenset[str], view: View) -> bool:
    """Whether nobody held it when the judgement was made."""
    question = view.facts.question_of(claim)
    if claim.attribute in view.rule.settings.get("changes", ()):
        return _is_changed(claim, [one for one in before if view.facts.question_of(one) == question], view)
    if has_word(claim, comes_new(view.rule)):
        return _is_unknown_adult(question.about, known, view) and not _was_known(question.about, before, view)
    if not _reopens(claim, view):
        return False
    if question.thing is not None:
        alike = [one for one in before if view.facts.question_of(one).thing == question.thing]
        return not any(one.value == claim.value or _masks_meet(one, claim, view) for one in alike)
    alike = [one for one in before if view.facts.question_of(one) == question and one.value == claim.value]
    return not any(_is_of_one_time(one, claim) for one in alike)


def _reopens(claim: Claim, view: View) -> bool:
    """Whether it is a reason to look again: by the rule's words, else by the polarity of its value."""
    attribute = view.pack.attributes[claim.attribute]
    topic = claim.topic or attribute.topic
    is_of_topic = topic is None or topic in view.rule.settings["topics"]
    if not is_of_topic or not has_word(claim, view.rule.settings["reopens"]) or _is_ordinary(claim, view):
        return False
    is_by_polarity = not view.rule.settings["reopens"][claim.attribute] and bool(attribute.polarity)
    return not is_by_polarity or attribute.polarity_of(claim.value) == "concern"


def _is_ordinary(claim: Claim, view: View) -> bool:
    """Whether it is of an everyday injury of a child old enough to have such: by all that is said of it."""
    ordinary, facts = view.rule.settings.get("ordinary", {}), view.facts
    thing = facts.question_of(claim).thing
    if claim.attribute not in ordinary or thing is None or facts.person(claim.about, claim.agency) != CHILD:
        return False
    said = {
        name: [
            one for one in facts.claims(Topic(name, CHILD)) if facts.question_of(one).thing == thing and is_said(one)
        ]
        for name in ordinary
    }
    beside = view.rule.settings.get("ordinary_beside", {})
    for claims in said.values():
        # A vaguer word counts as everyday only beside one that says it more exactly.
        if not any(has_word(one, ordinary) for one in claims):
            return False
        if not all(has_word(one, ordinary) or has_word(one, beside) for one in claims):
            return False
    age = age_at(said_at(claim), facts.claims(Topic(BORN, CHILD)))
    grown = parse_duration(view.rule.settings["ordinary_from"])
    return age is not None and isinstance(grown, timedelta) and age.least >= grown.days


def _is_unknown_adult(person: str, known: frozenset[str], view: View) -> bool:
    """Whether the judgement cannot have known of somebody: not the mother, whom everybody knows, and no child."""
    if person in {*known, CHILD, "mother"}:
        return False
    keys = (key.rpartition("/")[2].replace("_", " ") for key in view.facts.people.keys_of(person))
    return not any(_NO_NEWS.search(word) for word in (*view.facts.roles(person), *keys))


def _masks_meet(one: Claim, other: Claim, view: View) -> bool:
    values = view.pack.attributes[one.attribute].values
    return bool(values.get(one.value or "", 0) & values.get(other.value or "", 0))


def _is_of_one_time(one: Claim, other: Claim) -> bool:
    """Whether the later word speaks of the time of the earlier one: then it is the same news again."""
    (start, end), (since, until) = speaks_of(one), speaks_of(other)
    return start < until and since < end


def _is_changed(claim: Claim, before: Sequence[Claim], view: View) -> bool:
    """Whether it is otherwise than what was last said before."""
    if not before:
        return False
    held = latest(before)
    values = view.pack.attributes[claim.attribute].values
    return not _masks_meet(held, claim, view) if values else held.value != claim.value


def _was_known(person: str, before: Iterable[Claim], view: View) -> bool:
    """Whether anybody had spoken by then of this person's being there."""
    return any(
        view.facts.person(one.about, one.agency) == person and has_word(one, comes_new(view.rule)) for one in before
    )


def event_topics(rule: Rule, about: str) -> list[Topic]:
    """What may reopen a judgement of this person: about an adult, also what concerns the child."""
    names = {*rule.settings["reopens"], *rule.settings.get("changes", ())}
    people = [ANYBODY] if about == CHILD else sorted({about, CHILD})
    return [
        *(Topic(name, person) for name in sorted(names) for person in people),
        *(Topic(name, ANYBODY) for name in sorted(comes_new(rule))),
    ]


def around(rule: Rule) -> list[Topic]:
    """What else tells whether an event is news: who is who, what was decided, how old the child is, and its death."""
    names = (BORN, DEATH, DECISION, *sorted(rule.settings.get("ordinary", {})))
    return [*(Topic(name, CHILD) for name in names), Topic(PERSON, ANYBODY)]
