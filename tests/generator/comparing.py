"""Stories of statements that cannot all be so, over the whole vocabulary of the pack."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import reduce
from itertools import combinations
from operator import and_
from typing import Any

from ledger.domain.vocabulary import Attribute
from tests.generator.story import Story, Teller, Written, claim, days, told

#: A judgement that every injury and every new adult in the record bears on, whosever story they are of.
_ON_EVERYTHING = frozenset({"carer_approval"})
#: Kinds that may stand beside a difference because of what was said, and not because it differs.
BESIDE = frozenset({"uncorroborated", "concern", "passing_on"})


def states(teller: Teller, fits: Callable[[Attribute], bool] = lambda _: True) -> Attribute:
    """An attribute of states on which statements are compared, and on which no other story of the child speaks."""
    found = [
        attribute
        for attribute in teller.pack.attributes.values()
        if attribute.type == "state"
        and attribute.is_compared
        and attribute.name not in _ON_EVERYTHING
        and fits(attribute)
    ]
    attribute = teller.random.choice([a for a in found if apart(a) and a.name not in teller.taken])
    if attribute.about == "child":
        teller.taken.add(attribute.name)
    return attribute


def apart(attribute: Attribute) -> list[tuple[str, str]]:
    """Pairs of values that leave no state."""
    return [pair for pair in combinations(attribute.values, 2) if not _left(attribute, pair)]


def alike(attribute: Attribute) -> list[tuple[str, str]]:
    """Pairs of different values that leave one."""
    return [pair for pair in combinations(attribute.values, 2) if _left(attribute, pair)]


def jointly(attribute: Attribute) -> list[tuple[str, ...]]:
    """Threes of values that leave none though every two of them do."""
    return [
        three
        for three in combinations(attribute.values, 3)
        if not _left(attribute, three) and all(_left(attribute, two) for two in combinations(three, 2))
    ]


def _left(attribute: Attribute, values: tuple[str, ...]) -> int:
    return reduce(and_, (attribute.values[value] for value in values))


def changes(attribute: Attribute) -> bool:
    """Whether what it states can change, in either direction."""
    return not attribute.is_unchanging and not attribute.only_forward


def is_ordinary(attribute: Attribute) -> bool:
    """Whether a change on it is no more than a change."""
    return changes(attribute) and not attribute.critical and attribute.finds == "contradiction"


def drawn(teller: Teller, pairs: list[tuple[str, ...]]) -> list[str]:
    """One of these, its parts in any order."""
    some = teller.random.choice(pairs)
    return teller.random.sample(list(some), len(some))


def within(attribute: Attribute) -> int:
    """How many days after it was last said a word on this attribute still meets what begins."""
    return attribute.compare_within.days if isinstance(attribute.compare_within, timedelta) else 0


# ── planted ──


def meeting(teller: Teller) -> Story:
    """Two agencies, each of its own knowledge or somebody's word, say of the same weeks what cannot both be so."""
    attribute, first, second, about, parts, day = _two(teller)
    one, other = teller.agencies(2)
    entries = [
        _says(teller, one, attribute, first, about, parts, day, day - days(teller.random.randint(35, 50))),
        _says(teller, other, attribute, second, about, parts, day + days(teller.random.randint(0, 3)), day - days(36)),
    ]
    return Story("meeting", attribute.finds, entries, (0, 1), BESIDE)


def carried(teller: Teller) -> Story:
    """One agency was told, and within the time for which that is taken to hold another sees otherwise."""
    attribute = states(teller, lambda a: within(a) >= 14 and changes(a))
    first, second = drawn(teller, [*apart(attribute)])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)
    seen = day + days(teller.random.randint(2, within(attribute) - 2))
    entries = [
        teller.said(
            one, day, claim(attribute.name, first, about=about, valid=teller.since(day), **parts, **told("mother"))
        ),
        teller.said(other, seen, claim(attribute.name, second, about=about, **parts)),
    ]
    return Story("carried", attribute.finds, entries, (0, 1), BESIDE)


def jointly_impossible(teller: Teller) -> Story:
    """Three agencies agree two by two, and not all together."""
    attribute = states(teller, lambda a: bool(jointly(a)))
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    values, agencies = drawn(teller, [*jointly(attribute)]), teller.agencies(3)
    entries = [
        _says(teller, agency, attribute, value, about, parts, day + days(place), day - days(40))
        for place, (agency, value) in enumerate(zip(agencies, values, strict=True))
    ]
    return Story("jointly_impossible", attribute.finds, entries, (0, 1, 2), BESIDE)


def two_informants(teller: Teller) -> Story:
    """One agency is told by two people what cannot both be so."""
    attribute, first, second, about, parts, day = _two(teller)
    (agency,) = teller.agencies(1)
    since = teller.since(day - days(40))
    entries = [
        teller.said(agency, day, claim(attribute.name, first, about=about, valid=since, **parts, **told("mother"))),
        teller.said(
            agency, day + days(1), claim(attribute.name, second, about=about, valid=since, **parts, **told("father"))
        ),
    ]
    return Story("two_informants", attribute.finds, entries, (0, 1), BESIDE)


def two_accounts(teller: Teller) -> Story:
    """One person tells two agencies of the same weeks what cannot both be so."""
    attribute, first, second, about, parts, day = _two(teller)
    one, other = teller.agencies(2)
    who = teller.random.choice(("mother", "father"))
    entries = [
        teller.said(
            agency,
            day + days(place),
            claim(attribute.name, value, about=about, valid=teller.since(day - days(40)), **parts, **told(who)),
        )
        for place, (agency, value) in enumerate(((one, first), (other, second)))
    ]
    return Story("two_accounts", _of_one_person(attribute), entries, (0, 1), BESIDE)


def long_after(teller: Teller) -> Story:
    """On something critical, one person tells another agency otherwise, long after: it may be a change, or not."""
    attribute = states(teller, lambda a: a.critical and changes(a) and within(a) > 0)
    first, second = drawn(teller, [*apart(attribute)])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)
    later = day + days(within(attribute) + teller.random.randint(40, 150))
    entries = [
        teller.said(
            one, day, claim(attribute.name, first, about=about, valid=teller.since(day), **parts, **told("mother"))
        ),
        teller.said(
            other,
            later,
            claim(
                attribute.name, second, about=about, valid=teller.since(later, vague=False), **parts, **told("mother")
            ),
        ),
    ]
    return Story("long_after", _of_one_person(attribute), entries, (0, 1), BESIDE)


def second_version(teller: Teller) -> Story:
    """Asked again about one day, the same person gives the same agency another account of it."""
    attribute, first, second, about, parts, day = _two(teller)
    (agency,) = teller.agencies(1)
    entries = [
        teller.said(
            agency,
            day + days(after),
            claim(attribute.name, value, about=about, valid=str(day), **parts, **told("mother")),
        )
        for after, value in ((1, first), (teller.random.randint(4, 12), second))
    ]
    return Story("second_version", _of_one_person(attribute), entries, (0, 1), BESIDE)


def _of_one_person(attribute: Attribute) -> str:
    return "same_informant" if attribute.finds == "contradiction" else attribute.finds


def born_apart(teller: Teller) -> Story:
    """Two agencies hold two dates of birth for one person."""
    about, day = teller.person(), teller.day()
    one, other = teller.agencies(2)
    born = date(1990 + teller.random.randrange(12), teller.random.randint(1, 12), teller.random.randint(1, 28))
    entries = [
        teller.said(one, day, claim("date_of_birth", born.isoformat(), about=about, basis="document")),
        teller.said(
            other,
            day + days(20),
            claim(
                "date_of_birth",
                (born + days(teller.random.randint(40, 900))).isoformat(),
                about=about,
                basis="own_record",
            ),
        ),
    ]
    return Story("born_apart", "contradiction", entries, (0, 1), BESIDE)


def _two(teller: Teller) -> tuple[Attribute, str, str, str, dict[str, str], date]:
    attribute = states(teller)
    first, second = drawn(teller, [*apart(attribute)])
    return attribute, first, second, teller.about(attribute), teller.parts(attribute), teller.day()


def _says(  # noqa: PLR0917 - a sentence has many parts
    teller: Teller,
    agency: str,
    attribute: Attribute,
    value: str,
    about: str,
    parts: dict[str, str],
    observed: date,
    since: date,
) -> Written:
    """An open-ended word on what has been so for weeks; of its own knowledge, or an own informant's."""
    how: dict[str, Any] = {"basis": teller.random.choice(("seen", "own_record", "document", "judgement"))}
    if teller.random.random() < 0.4:
        how = told(teller.person())
    return teller.said(
        agency, observed, claim(attribute.name, value, about=about, valid=teller.since(since), **parts, **how)
    )


PLANTED = (meeting, carried, jointly_impossible, two_informants, two_accounts, long_after, second_version, born_apart)
