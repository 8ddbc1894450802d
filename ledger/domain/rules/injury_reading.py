"""One injury as all agencies together describe it: read from a record, for `ledger.domain.rules.injury` to judge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.age import age_at
from ledger.domain.civil_day import Stretch, civil_date
from ledger.domain.claim import DECISION, Claim
from ledger.domain.edtf import observed_bounds
from ledger.domain.person import CHILD
from ledger.domain.question import Topic
from ledger.domain.rules.injury import (
    AGE_OF_INJURY,
    BORN,
    BROKEN,
    COUNT,
    FRACTURE,
    INJURY,
    MOBILITY,
    PARTS,
    PATTERN,
    PLAN,
    SEVERITY,
    SITE,
    Criteria,
    Injury,
    plain,
)
from ledger.domain.statement import COMPARED
from ledger.domain.vocabulary import QUANTITY

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

#: Babies soon learn to move: for so long what was said of it tells of an injury's time.
_MOBILITY_HOLDS: Final = timedelta(days=60)
_CHILDREN: Final = re.compile(
    r"\b(?:child|children|baby|infant|toddler|sibling|twin|(?:half|step)?-?(?:brother|sister)|son|daughter|nephew|"
    r"niece|pupil)s?\b",
    re.IGNORECASE,
)
_ADULT: Final = re.compile(
    r"\b(?:adult|mother's|father's|parent's|carer's|partner's|in-law|minder|childminder|teacher|nurse|worker|doctor)\b",
    re.IGNORECASE,
)


def injury_of(about: str, thing: str, said: Iterable[Claim], facts: Facts, pack: Pack, criteria: Criteria) -> Injury:
    """The injury ``thing`` of one person, by what was ``said`` of it (its parts and its accounts) and of the person.

    The topics of `PARTS` and `AROUND` about the person, and of all decisions where it is the child, must be named.
    """
    said = list(said)
    when = _first(said)
    before = tuple(injury for injury, _ in noticed_before(about, thing, when, facts, criteria))
    return replace(injury_by_itself(about, said, when, facts, pack, criteria), before=before)


def injury_by_itself(
    about: str, said: Iterable[Claim], when: Stretch, facts: Facts, pack: Pack, criteria: Criteria
) -> Injury:
    """The same of an injury of that time, without the injuries that went before it."""
    return Injury(
        **described(said, facts),
        when=when,
        age=age_at(when, facts.claims(Topic(BORN, about))),
        is_not_mobile=_is_not_mobile(about, when, facts, pack, criteria),
        plans=_plans(about, when, facts, criteria),
        decided=_decided(about, when, facts, criteria),
    )


def is_child(person: str, facts: Facts) -> bool:
    """Whether somebody is the child, or a child of the family by their role: what adults say of themselves is else.

    The topic of all people must have been named.
    """
    if person == CHILD:
        return True
    words = [*facts.roles(person), *(key.rpartition("/")[2].replace("_", " ") for key in facts.people.keys_of(person))]
    return any(_CHILDREN.search(word) for word in words) and not any(_ADULT.search(word) for word in words)


def parts_of(about: str, facts: Facts) -> dict[str, list[Claim]]:
    """What was said of each injury of one person, by the thing that it is; nothing of where there was none."""
    found: dict[str, list[Claim]] = {}
    for part in PARTS:
        for claim in facts.claims(Topic(part, about)):
            thing = facts.question_of(claim).thing
            is_none = part == FRACTURE and claim.value not in BROKEN
            if thing is not None and claim.value is not None and claim.statement in COMPARED and not is_none:
                found.setdefault(thing, []).append(claim)
    sorts = {thing: {c.value for c in said if c.attribute == INJURY} for thing, said in found.items()}
    return {thing: said for thing, said in found.items() if sorts[thing] != {"none"}}


def described(said: Iterable[Claim], facts: Facts) -> dict[str, Any]:
    """What the words on an injury's parts say of it, as arguments of `Injury`."""
    words: dict[str, set[str]] = {part: set() for part in PARTS}
    sites: set[tuple[str, str]] = set()
    for claim in said:
        if claim.attribute in words and claim.value is not None:
            words[claim.attribute].add(claim.value)
            if claim.attribute == SITE:
                sites.add((claim.value, facts.question_of(claim).item or ""))
    return {
        "sorts": frozenset(words[INJURY] - {"none"} | ({FRACTURE} if words[FRACTURE] & BROKEN else set())),
        "sites": frozenset(words[SITE]),
        "places": _different(sites, facts),
        "count": max((int(float(value)) for value in words[COUNT] if QUANTITY.match(value)), default=0),
        "patterns": frozenset(words[PATTERN]),
        "severities": frozenset(words[SEVERITY]),
        "ages": frozenset(words[AGE_OF_INJURY]),
    }


def _different(sites: Iterable[tuple[str, str]], facts: Facts) -> int:
    """How many of these places, each with its side, are certainly not one and the same."""
    values = facts.pack.attributes[SITE].values if SITE in facts.pack.attributes else {}
    apart: list[tuple[int, str]] = []
    for mask, side in sorted((values.get(place, -1), side) for place, side in sites):
        if not any(mask & other and (side == beside or not side or not beside) for other, beside in apart):
            apart.append((mask, side))
    return len(apart)


def _first(said: Iterable[Claim]) -> Stretch:
    return min(_seen(claim) for claim in said)


def _seen(claim: Claim) -> Stretch:
    observed = observed_bounds(claim.observed)
    return observed.start, observed.end


def noticed_before(
    about: str, thing: str, when: Stretch, facts: Facts, criteria: Criteria
) -> Iterator[tuple[Injury, list[Claim]]]:
    """The person's other injuries that were noticed on an earlier day, not longer ago than counts; and what said so."""
    for other, said in parts_of(about, facts).items():
        first = _first(said)
        if other != thing and first[1] <= when[0] and _days_between(first, when) <= criteria.recurs_within:
            injury = Injury(when=first, **described(said, facts))
            if not (injury.sorts and injury.sorts <= criteria.no_injury):
                yield injury, said


def _days_between(earlier: Stretch, later: Stretch) -> timedelta:
    return civil_date(later[0]) - civil_date(earlier[1] - timedelta.resolution)


def _is_not_mobile(about: str, when: Stretch, facts: Facts, pack: Pack, criteria: Criteria) -> bool:
    """Whether it was said, not long before or after, that the child did not move about by itself, and not otherwise."""
    values = pack.attributes[MOBILITY].values if MOBILITY in pack.attributes else {}
    still = 0
    for value in criteria.not_mobile:
        still |= values.get(value, 0)
    words = [statement for on in facts.questions(Topic(MOBILITY, about)) for statement in facts.statements(on)]
    near = [one for one in words if not one.mask & ~still and _is_near(one.since, one.until, when)]
    moves = any(not one.mask & still and one.since < when[1] for one in words)
    return bool(near) and not moves


def _is_near(since: datetime, until: datetime, when: Stretch) -> bool:
    return until >= when[0] - _MOBILITY_HOLDS and since <= when[1] + _MOBILITY_HOLDS


def _plans(about: str, when: Stretch, facts: Facts, criteria: Criteria) -> frozenset[str]:
    """The plans of the criteria that somebody held to be in force then, and nobody to have ended."""
    found: set[str] = set()
    for question in facts.questions(Topic(PLAN, about)):
        if plain(question.item or "") not in criteria.plans:
            continue
        attribute = facts.pack.attributes[PLAN]
        held = [one for one in facts.beliefs(question).held if one.start < when[1] and one.end > when[0]]
        active = attribute.values.get("active", 0)
        if any(not one.mask & ~active for one in held) and not any(not one.mask & active for one in held):
            found.add(plain(question.item or ""))
    return frozenset(found)


def _decided(about: str, when: Stretch, facts: Facts, criteria: Criteria) -> frozenset[str]:
    """The kinds of decision on the child that were taken before, not longer ago than the criteria say."""
    if about != CHILD:
        return frozenset()
    taken = ((claim.value or "", _seen(claim)) for claim in facts.claims(Topic(DECISION, CHILD)))
    return frozenset(
        kind
        for kind, made in taken
        if kind in criteria.after and made[0] < when[1] and _days_between(made, when) <= criteria.after[kind]
    )
