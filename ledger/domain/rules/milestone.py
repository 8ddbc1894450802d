"""Whether a baby moves about by itself yet: by what was seen of it near that time, else by its age.

Partnerships draw the line at different steps: at rolling; at crawling or shuffling on the bottom; there too, a baby who
is only said to roll counting as one who does not move about; or at pulling to stand. So a pack names the step
(``from``, a state of the attribute ``mobility``) and the words that fall ``short`` of it where they are the last that
was reached, though by themselves they leave it open.

The latest word near that time decides, on one day the one that falls short. What a carer tells of a baby's skill does
not make it one that moves about: it is what explains injuries away. Where nothing was noted, babies are taken not to
move about ``before`` an age; those that are ``young`` count whatever they can do. Ages are corrected for early birth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.age import Age, age_at, days_early
from ledger.domain.civil_day import Stretch
from ledger.domain.duration import parse_duration, refuse_duration
from ledger.domain.question import Topic
from ledger.domain.rules.injury import MOBILITY
from ledger.domain.shape import Fault, Items, Keys, Path, Text, keys

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

_BORN: Final = ("date_of_birth", "expected_date", "gestation_weeks")
#: What is read of a child to tell whether it moves about.
READ: Final = (MOBILITY, *_BORN)
#: Babies soon learn to move: for so long what was noted tells of a later time.
_HOLDS: Final = timedelta(days=60)
#: As vague as a date of birth may be for the baby's doubtful age to count as the lower one.
_VAGUE_MOST: Final = 62

MILESTONE: Final[Keys] = keys(
    {
        "from": Text(),
        "short": Items(Text(), least=1),
        "before": Text(refuse_duration),
        "young": Text(refuse_duration),
    },
    "from before young",
)


@dataclass(frozen=True, slots=True)
class Milestone:
    """From which step on a child moves about by itself; ages in whole days."""

    start: str
    short: frozenset[str]
    before: int
    young: int

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Milestone:
        """As a pack writes it in the form of `MILESTONE`."""
        short = frozenset(written.get("short", ()))
        return cls(written["from"], short, _days(written["before"]), _days(written["young"]))


def is_not_mobile(about: str, when: Stretch, facts: Facts, milestone: Milestone) -> bool:
    """Whether somebody did not move about by themselves then, as far as is known; not so where nothing is.

    The topics of `READ` about the person must be named.
    """
    days = _youngest(_corrected(about, when, facts))
    if days is not None and days < milestone.young:
        return True
    moves = _noted(about, when, facts, milestone)
    if moves is not None:
        return not moves
    return days is not None and days < milestone.before


def milestone_faults(path: Path, written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    """What a milestone names that the vocabulary does not have."""
    attribute = vocabulary.get(MOBILITY, {})
    if written["from"] not in attribute.get("states", ()):
        yield (*path, "from"), f"{MOBILITY} has the states: {', '.join(attribute.get('states', ()))}"
    for place, word in enumerate(written.get("short", ())):
        if word not in attribute.get("values", {}):
            yield (*path, "short", place), f"{MOBILITY} has the values: {', '.join(attribute.get('values', {}))}"


def _noted(about: str, when: Stretch, facts: Facts, milestone: Milestone) -> bool | None:
    """Whether it moved about by the latest word that tells; None where none does."""
    attribute = facts.pack.attributes.get(MOBILITY)
    if attribute is None or milestone.start not in attribute.states:
        return None
    below = (1 << attribute.states.index(milestone.start)) - 1
    told: list[tuple[datetime, bool]] = []
    for question in facts.questions(Topic(MOBILITY, about)):
        words = {claim.ref: claim.value for claim in facts.claims_on(question)}
        for one in facts.statements(question):
            is_short = not one.mask & ~below or words[one.ref] in milestone.short
            if is_short and one.until >= when[0] - _HOLDS:
                told.append((one.observed.end, False))
            elif not one.mask & below and one.since < when[1] and (one.person is None or one.basis != "told"):
                told.append((one.observed.end, True))
    return min(told, key=lambda word: (-word[0].timestamp(), word[1]))[1] if told else None


def _corrected(about: str, when: Stretch, facts: Facts) -> Age | None:
    """The age then, less the days by which a child came early; by the due day where only that is known."""
    born, expected, gestations = (facts.claims(Topic(name, about)) for name in _BORN)
    age = age_at(when, born or expected)
    if age is None or not born:
        return age
    early = days_early(born, expected, gestations)
    return Age(max(age.least - early, 0), max(age.most - early, 0))


def _youngest(age: Age | None) -> int | None:
    """The age that counts: where it is known to the month or so the lower one, for in doubt it is a baby."""
    if age is None:
        return None
    return age.least if age.most - age.least <= _VAGUE_MOST else age.most


def _days(text: str) -> int:
    length = parse_duration(text)
    return 36_525 if isinstance(length, str) else length.days
