"""Breaks that part a child from those who know it: moves, names, lists it was taken off, notes that never arrived.

Each may be well known where it happened, and none of those who come next know what went before. A finding where at
least ``times`` of them lie ``within``, of ``sorts`` different sorts or with at least ``moves_least`` moves, and nobody
on the other side has confirmed the child since. What is said of one sort within the time of ``together`` is one break.

``moves`` and ``names`` are attributes on which it is the change that counts: what is said first is none, and neither is
a place or a name that may be one of those before. A carer's move takes the child along. ``lists`` are words that
somebody is on a list no more, by attribute. ``confirmed`` says, for each of these attributes, the words that answer it,
in the record of whoever received the child: ``own_record`` or ``searched``, not what they were told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.claim import Claim
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.rules.spoken import WORDS, has_word, is_said, order, speaks_of, unknown_words
from ledger.domain.rules.spread import LENGTH, Occasion, claims_of, length_of, pattern, within
from ledger.domain.shape import Count, Fault, Items, Named, Text

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_OWN: Final = frozenset({"own_record", "searched", "seen", "measured"})
_MOVES: Final = "moves"
_NAMES: Final = "names"
#: Whose moves take the child along.
_CARERS: Final = ("mother",)


@dataclass(frozen=True, slots=True)
class _Break:
    """One break: when it began, and the attribute by which it is known, which is what may answer it."""

    occasion: Occasion
    attribute: str


def judge(view: View) -> Verdict:
    """The breaks that nobody answered, where enough of them lie together."""
    settings = view.rule.settings
    breaks = [one for one in _apart(_breaks(view), view) if not _is_answered(one, view)]

    def enough(some: Sequence[Occasion]) -> bool:
        moves = sum(one.sort == _MOVES for one in some)
        sorts = {one.sort for one in some}
        is_of_several = len(sorts) >= settings["sorts"] or moves >= settings["moves_least"]
        return bool(is_of_several and len(some) >= settings["times"])

    found = within((one.occasion for one in breaks), length_of(settings["within"]), enough)
    return Verdict(basis=pattern(claims_of(found)) if found else None)


def _breaks(view: View) -> Iterator[_Break]:
    settings = view.rule.settings
    for attribute in settings[_MOVES]:
        for person in (CHILD, *_CARERS):
            for when, claims in _moves(Topic(attribute, person), view.facts):
                yield _Break(Occasion(when, _MOVES, tuple(claims)), attribute)
    for attribute in settings.get(_NAMES, ()):
        for when, claims in _names(Topic(attribute, CHILD), view.facts):
            yield _Break(Occasion(when, _NAMES, tuple(claims)), attribute)
    for attribute in sorted(settings["lists"]):
        for claim in view.facts.claims(Topic(attribute, CHILD)):
            if is_said(claim) and has_word(claim, settings["lists"]):
                yield _Break(Occasion(speaks_of(claim)[0], attribute, (claim,)), attribute)


def _moves(topic: Topic, facts: Facts) -> Iterator[tuple[datetime, list[Claim]]]:
    """When somebody was first said to be at each place but the first, where it is certainly another than all before."""
    for question in facts.questions(topic):
        of_ref = {claim.ref: claim for claim in facts.claims_on(question)}
        told = [one for one in facts.statements(question) if one.ref in of_ref and one.mask > 0]
        known: list[int] = []
        for one in sorted(told, key=lambda one: (one.since, one.content)):
            if any(mask & one.mask for mask in known):
                continue
            known.append(one.mask)
            if len(known) > 1:
                yield one.since, [of_ref[one.ref]]


def _names(topic: Topic, facts: Facts) -> Iterator[tuple[datetime, list[Claim]]]:
    """When somebody was first called by a name that shares no word with those before."""
    known: set[str] = set()
    told = [claim for claim in facts.claims(topic) if is_said(claim)]
    for claim in sorted(told, key=lambda claim: (speaks_of(claim), order(claim))):
        words = {word for word in (claim.value or "").casefold().split() if len(word) > 1}
        if known and words and not words & known:
            yield speaks_of(claim)[0], [claim]
        known |= words


def _apart(breaks: Iterable[_Break], view: View) -> list[_Break]:
    """Each break once: what several say of one sort within the same time is one."""
    together = length_of(view.rule.settings["together"])
    found: dict[str, list[_Break]] = {}
    for one in sorted(breaks, key=lambda one: (one.occasion.when, one.attribute, order(one.occasion.claims[0]))):
        of_sort = found.setdefault(one.occasion.sort, [])
        if of_sort and one.occasion.when - of_sort[-1].occasion.when <= together:
            last = of_sort.pop()
            claims = (*last.occasion.claims, *one.occasion.claims)
            of_sort.append(_Break(Occasion(last.occasion.when, last.occasion.sort, claims), last.attribute))
        else:
            of_sort.append(one)
    return [one for of_sort in found.values() for one in of_sort]


def _is_answered(one: _Break, view: View) -> bool:
    """Whether somebody has the child in their own record since, as the rule has it for a break of this attribute."""
    words = view.rule.settings["confirmed"].get(one.attribute, {})
    for attribute in sorted(words):
        for claim in view.facts.claims(Topic(attribute, CHILD)):
            is_own = claim.basis in _OWN and is_said(claim) and has_word(claim, words)
            if is_own and speaks_of(claim)[0] >= one.occasion.when and _is_elsewhere(claim, one):
                return True
    return False


def _is_elsewhere(claim: Claim, one: _Break) -> bool:
    """Whether it is of another list than the one left; items are the names of lists."""
    left = {(said.attribute, said.item) for said in one.occasion.claims if said.item is not None}
    of_records = claim.attribute == "records_transfer"
    return of_records or (claim.attribute, claim.item) not in left


# ── what bears on what ──


def _areas(rule: Rule, _question: Question, _facts: Facts) -> Iterable[Question]:
    """The record has one: it is the child who is lost sight of."""
    yield Question(rule.settings[_MOVES][0], CHILD)


def _reads(rule: Rule, _area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(name, CHILD) for name in sorted(_attributes(rule)))
    yield from (Topic(name, person) for name in rule.settings[_MOVES] for person in _CARERS)


def _attributes(rule: Rule) -> frozenset[str]:
    settings = rule.settings
    answers = (name for words in settings["confirmed"].values() for name in words)
    return frozenset({*settings[_MOVES], *settings.get(_NAMES, ()), *settings["lists"], *answers})


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return _attributes(rule)


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for key in (_MOVES, _NAMES):
        for place, name in enumerate(written.get(key, ())):
            if name not in vocabulary:
                yield (key, place), "the vocabulary has no such attribute"
    yield from unknown_words(("lists",), written["lists"], vocabulary)
    for name, words in written["confirmed"].items():
        if name not in {*written[_MOVES], *written.get(_NAMES, ()), *written["lists"]}:
            yield ("confirmed", name), "nothing of this rule is known by this attribute"
        yield from unknown_words(("confirmed", name), words, vocabulary)


_LIST: Final = Items(Text(), least=1)

FAMILY = Family(
    name="continuity_breaks",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    form={
        _MOVES: _LIST,
        _NAMES: _LIST,
        "lists": WORDS,
        "confirmed": Named(WORDS),
        "times": Count(20, least=2),
        "sorts": Count(9, least=2),
        "moves_least": Count(20, least=2),
        "together": LENGTH,
        "within": LENGTH,
    },
    required="moves lists confirmed times sorts moves_least together within",
    kinds=frozenset({"pattern"}),
    check=_check,
)
