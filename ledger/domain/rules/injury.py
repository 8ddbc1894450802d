"""Whether an injury is of concern, whatever is said of its cause.

Most injuries of a child that walks are everyday life, and a rule that asked about each would be switched off. An
injury is of concern by what it is (a burn, a break, a bleed in the head), where it is (the ear, the neck, the trunk:
places that children seldom hurt by falling), how many and in what arrangement, by how old and how mobile the child is,
and by what went before: an injury not long ago, a plan, a return home.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from ledger.domain.age import Age
from ledger.domain.civil_day import Stretch
from ledger.domain.duration import parse_duration, refuse_duration
from ledger.domain.shape import Items, Named, Shape, Text

INJURY: Final = "injury"
SITE: Final = "injury_site"
COUNT: Final = "injury_count"
PATTERN: Final = "injury_pattern"
SEVERITY: Final = "injury_severity"
AGE_OF_INJURY: Final = "injury_age"
FRACTURE: Final = "fracture"
#: What describes an injury, each about the thing that the injury is.
PARTS: Final = (INJURY, SITE, COUNT, PATTERN, SEVERITY, AGE_OF_INJURY, FRACTURE)
#: What a word on a fracture says where there is, or may be, one.
BROKEN: Final = frozenset({"present", "suspected", "likely"})
MOBILITY: Final = "mobility"
PLAN: Final = "plan"
BORN: Final = "date_of_birth"
#: What else is read of the child to tell whether an injury is of concern.
AROUND: Final = (MOBILITY, PLAN, BORN)
_GRAVE: Final = frozenset({"serious", "life_threatening", "fatal"})
_OLD: Final = frozenset({"healing", "old", "healed", "different_ages"})
_SEVERAL: Final = "multiple"


@dataclass(frozen=True, slots=True)
class Criteria:
    """What makes an injury one of concern: words of the vocabulary, and lengths of time. A pack's rule sets them.

    ``slight`` sorts count for nothing by themselves in a child that moves about; ``everyday`` are the places that such
    a child hurts in play. ``young``: below this age every injury is of concern. ``after`` gives for a kind of decision
    how long after it every injury is.
    """

    sorts: frozenset[str]
    sites: frozenset[str]
    everyday: frozenset[str]
    slight: frozenset[str]
    no_injury: frozenset[str]
    young: timedelta
    not_mobile: frozenset[str]
    recurs_within: timedelta
    plans: frozenset[str]
    after: Mapping[str, timedelta]

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Criteria:
        """As a pack's rule writes them, under the keys of `CRITERIA_FORM`."""
        return cls(
            **{key: frozenset(settings.get(key, ())) for key in _LISTS if key != "plans"},
            plans=frozenset(map(plain, settings.get("plans", ()))),
            young=_length(settings["young"]),
            recurs_within=_length(settings["recurs_within"]),
            after={kind: _length(text) for kind, text in settings.get("after", {}).items()},
        )


@dataclass(frozen=True, slots=True)
class Injury:
    """One injury, or what came of one event, in the words of all who described it; ``when`` it was first noticed.

    ``places`` counts those that are certainly different: the head and the forehead may be one, left and right are two.
    ``before``: the injuries of the same person in the time before that.
    """

    when: Stretch
    sorts: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    places: int = 0
    count: int = 0
    patterns: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    ages: frozenset[str] = frozenset()
    age: Age | None = None
    is_not_mobile: bool = False
    before: tuple[Injury, ...] = ()
    plans: frozenset[str] = frozenset()
    decided: frozenset[str] = frozenset()
    has_no_account: bool = False


def concerns(injury: Injury, criteria: Criteria) -> tuple[str, ...]:
    """Why this injury is of concern, in words of this module; nothing where it is everyday life."""
    if injury.sorts and injury.sorts <= criteria.no_injury:
        return ()
    holds = {**_by_itself(injury, criteria), **_by_whose_it_is(injury, criteria)}
    return tuple(name for name, is_so in holds.items() if is_so)


def is_open(injury: Injury, criteria: Criteria) -> bool:
    """Whether it may be of concern for all that is known: it is described, and not as everyday life has it."""
    is_none = bool(injury.sorts) and injury.sorts <= criteria.no_injury
    return bool(injury.sorts or injury.sites) and not is_none and not _is_everyday(injury, criteria)


def _by_itself(injury: Injury, criteria: Criteria) -> Mapping[str, bool]:
    is_everyday, is_slight = _is_everyday(injury, criteria), _is_slight(injury, criteria)
    return {
        "sort": bool(injury.sorts & criteria.sorts),
        "site": bool(injury.sites & criteria.sites) and not is_slight,
        "several": _is_several(injury) and not is_everyday,
        "pattern": bool(injury.patterns - {"none"}),
        "severity": bool(injury.severities & _GRAVE),
        "age_of_injury": bool(injury.ages & _OLD) and not is_everyday,
        "no_account": injury.has_no_account and not is_everyday,
    }


def _by_whose_it_is(injury: Injury, criteria: Criteria) -> Mapping[str, bool]:
    is_everyday, is_slight = _is_everyday(injury, criteria), _is_slight(injury, criteria)
    return {
        "young": injury.age is not None and injury.age.most < criteria.young.days,
        "not_mobile": injury.is_not_mobile,
        "recurs": any(not (is_everyday and _is_everyday(one, criteria)) for one in injury.before),
        "plan": bool(injury.plans) and not is_slight,
        "decision": bool(injury.decided) and not is_slight,
    }


def _is_slight(injury: Injury, criteria: Criteria) -> bool:
    return bool(injury.sorts) and injury.sorts <= criteria.slight


def _is_everyday(injury: Injury, criteria: Criteria) -> bool:
    """Whether it is of a sort, or in places, that a child who moves about has from playing."""
    if _is_slight(injury, criteria):
        return True
    return bool(injury.sites) and injury.sites <= criteria.everyday and not injury.sorts & criteria.sorts


def _is_several(injury: Injury) -> bool:
    return injury.count > 1 or injury.places > 1 or _SEVERAL in injury.sorts or "several" in injury.sites


def plain(words: str) -> str:
    """The name of a plan as everybody spells it."""
    return " ".join(words.replace("_", " ").split()).casefold()


def _length(text: str) -> timedelta:
    length = parse_duration(text)
    return timedelta.max if isinstance(length, str) else length


_WORDS: Final = Items(Text(), least=1)
_LISTS: Final = ("sorts", "sites", "everyday", "slight", "no_injury", "not_mobile", "plans")
#: The keys by which a rule of a pack says what is of concern to it.
CRITERIA_FORM: Final[Mapping[str, Shape]] = {
    **dict.fromkeys(_LISTS, _WORDS),
    "young": Text(refuse_duration),
    "recurs_within": Text(refuse_duration),
    "after": Named(Text(refuse_duration)),
}
CRITERIA_REQUIRED: Final = "sorts sites everyday slight no_injury young not_mobile recurs_within plans after"
