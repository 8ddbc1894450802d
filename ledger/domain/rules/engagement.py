"""Contact that a family keeps with one service and not with another, and contacts missed across several.

Described and never labelled: it says which service was refused or let in, and not why. One finding for the record,
which grows, where

* somebody refuses or is hostile to a service for the child (``poor``), or it is ``missed`` ``times`` ``within`` without
  having been kept since, while another such service says that all goes well (``good``), or saw ``kept_times`` of its
  contacts kept; the last word on each service is the one that counts, so what got better is no conflict;
* or contacts were missed by ``many``: so many ``times`` ``within`` a time of its own, with so many ``services`` at
  least; with one alone they count from when it last saw the family as agreed. Without ``within`` all of them count
  from when each service last saw the child or was content, however long ago that is.

A word said to go on holds as long as ``carried``, any other ``within``. A contact counts by the words that it was
``missed`` or ``kept``, or by its own ``outcomes``; what by the words in ``not_theirs`` was the service's doing was not
missed. What is said of an adult counts for the ``services`` that see parents for a child's sake, unless its item is one
of their ``own_needs``; what is said of the child counts for all. One missed contact is no pattern, and one service does
not speak against itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.act import CONTACT
from ledger.domain.agency import AgencyWord
from ledger.domain.body_part import OUTCOME
from ledger.domain.claim import Claim
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.rules.keeping import ENGAGEMENT, Contact, Said, kept, missed, said, seen, topics
from ledger.domain.rules.spoken import WORDS, unknown_words
from ledger.domain.rules.spread import LENGTH, Occasion, claims_of, length_of, moment_of, pattern, within
from ledger.domain.shape import Count, Fault, Items, Text, keys
from ledger.domain.statement import BEGINNING

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_BY_WORDS: Final = ("poor", "good", "missed", "kept", "not_theirs")


def judge(view: View) -> Verdict:
    """What is kept with one service and not with another, and what was missed across several."""
    not_kept, were_kept = missed(view), kept(view)
    poor, good = _standing(said(view.rule.settings["poor"], view), said(view.rule.settings["good"], view))
    unbroken = dict(_unbroken(not_kept, were_kept, good))
    poor = [*poor, *chain.from_iterable(_missed_often(one, view) for one in unbroken.values())]
    good = [*good, *_kept_often(were_kept, view)]
    bad = [one for one in poor if any(one.meets(other) for other in good)]
    well = [one for one in good if any(one.meets(other) for other in poor)]
    since_seen = dict(_unbroken(not_kept, [*were_kept, *seen(view)], good))
    across = claims_of(_missed_by_many(not_kept, unbroken, since_seen, view))
    if not bad and not across:
        return Verdict()
    is_well = {one.claim.ref for one in well}

    def part(claim: Claim) -> Hashable:
        return claim.ref in is_well, claim.agency

    return Verdict(basis=pattern([*(one.claim for one in chain(bad, well)), *across], part))


def _standing(poor: Sequence[Said], good: Sequence[Said]) -> tuple[list[Said], list[Said]]:
    """The words on each service that no later one on it, of the other sense, has overtaken."""
    return [one for one in poor if not _is_overtaken(one, good)], [one for one in good if not _is_overtaken(one, poor)]


def _is_overtaken(one: Said, others: Iterable[Said]) -> bool:
    return any(
        other.about == one.about and other.service == one.service and moment_of(other.claim) > moment_of(one.claim)
        for other in others
    )


def _unbroken(
    not_kept: Sequence[Contact], were_kept: Sequence[Contact], good: Sequence[Said]
) -> Iterator[tuple[str, list[Contact]]]:
    """The contacts of each service that were missed since it last saw the family as agreed, or was content with it."""
    for service in sorted({one.occasion.sort for one in not_kept}):
        ends = [one.occasion.when for one in were_kept if one.occasion.sort == service]
        ends += [moment_of(one.claim) for one in good if one.service == service]
        since = max(ends, default=BEGINNING)
        yield service, [one for one in not_kept if one.occasion.sort == service and one.occasion.when > since]


def _missed_often(contacts: Sequence[Contact], view: View) -> Iterator[Said]:
    return _as_said(contacts, view.rule.settings["times"], length_of(view.rule.settings["within"]))


def _kept_often(were_kept: Sequence[Contact], view: View) -> Iterator[Said]:
    length, times = length_of(view.rule.settings["within"]), view.rule.settings["kept_times"]
    for service in sorted({one.occasion.sort for one in were_kept}):
        yield from _as_said([one for one in were_kept if one.occasion.sort == service], times, length)


def _as_said(contacts: Sequence[Contact], times: int, length: timedelta) -> Iterator[Said]:
    """Contacts that are enough of one sort within the time, each as a word that holds for as long."""
    of_occasion = {id(one.occasion): one for one in contacts}

    def enough(some: Sequence[Occasion]) -> bool:
        return sum(of_occasion[id(one)].times for one in some) >= times

    for occasion in within((one.occasion for one in contacts), length, enough):
        about = of_occasion[id(occasion)].about
        for claim in occasion.claims:
            yield Said(claim, about, occasion.sort, occasion.when, occasion.when + length)


def _missed_by_many(
    not_kept: Sequence[Contact],
    unbroken: Mapping[str, Sequence[Contact]],
    since_seen: Mapping[str, Sequence[Contact]],
    view: View,
) -> Iterator[Occasion]:
    """The contacts that were missed so often, or with so many services, that it is more than one missed contact."""
    for many in view.rule.settings["many"]:
        of_service, of_all = unbroken, not_kept
        if "within" not in many:
            of_service, of_all = since_seen, [*chain.from_iterable(since_seen.values())]
        groups = of_service.values() if many["services"] == 1 else [of_all]
        yield from chain.from_iterable(_enough(contacts, many) for contacts in groups)


def _enough(contacts: Sequence[Contact], many: Mapping[str, Any]) -> list[Occasion]:
    of_occasion = {id(one.occasion): one for one in contacts}

    def enough(some: Sequence[Occasion]) -> bool:
        times = sum(of_occasion[id(one)].times for one in some)
        return bool(len({one.sort for one in some}) >= many["services"] and times >= many["times"])

    length = length_of(many["within"]) if "within" in many else timedelta.max
    return within((one.occasion for one in contacts), length, enough)


# ── what bears on what ──


def _areas(_rule: Rule, _question: Question, _facts: Facts) -> Iterable[Question]:
    """The record has one: a visit to the child, and what its mother says, are of one family."""
    yield Question(ENGAGEMENT, CHILD)


def _reads(rule: Rule, _area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from topics(_attributes(rule))


def _attributes(rule: Rule) -> frozenset[str]:
    return frozenset(name for key in _BY_WORDS for name in rule.settings[key])


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return _attributes(rule) | {CONTACT}


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for key in _BY_WORDS:
        yield from unknown_words((key,), written[key], vocabulary)


_NAMES: Final = Items(Text(), least=1)

_MANY: Final = keys({"times": Count(50, least=2), "services": Count(9, least=1), "within": LENGTH}, "times services")

FAMILY = Family(
    name="engagement",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    form={
        **dict.fromkeys(_BY_WORDS, WORDS),
        "outcomes": Items(OUTCOME, least=1),
        "services": Items(AgencyWord(), least=1),
        "own_needs": _NAMES,
        "times": Count(20, least=2),
        "kept_times": Count(20, least=2),
        "many": Items(_MANY, least=1),
        "within": LENGTH,
        "carried": LENGTH,
    },
    required="poor good missed kept not_theirs outcomes services times kept_times many within carried",
    kinds=frozenset({"pattern"}),
    check=_check,
)
