"""Consistency at the door: what in a body does not fit the dates that the record holds already.

Only what no reading of any date makes fit is told, to whoever sends it, as a warning: it is stored as it was sent, and
whether it is a slip is for its author to say. Nothing here repeats what anybody wrote.

* An age that no known date of birth of that person gives, by the same measure as detection's.
* A living sign of somebody on a day after they died; what is learnt of the dead later is none.
* Something said of the child before it was conceived; and the child seen before it was born, where it is not antenatal.
* A contact with a practice or a school, by itself, before the child was on its list.
* Sharing on a consent that was not given, was taken back or had ended (`ledger.domain.consent`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.age import FULL_WEEKS, TERM_WEEKS, age_between
from ledger.domain.civil_day import Stretch
from ledger.domain.claim import observation_of
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.landmark import ASSERTED, Known, Landmark, Sort, landmarks_of
from ledger.domain.owner import owns
from ledger.domain.person import CHILD, declared_roles, person_key
from ledger.domain.valid_time import ValidTime
from ledger.domain.vocabulary import QUANTITY

if TYPE_CHECKING:
    from ledger.domain.pack import Pack

_AGES: Final = ("age_stated", "age_in_months")
_DAYS: Final = {"years": Decimal("365.25"), "months": Decimal("30.4375")}
_GUESSED: Final = frozenset({"seen", "judgement"})
_SEEN: Final = frozenset({"seen", "seen_alone"})
#: What only the living do or are; an examination may be one after death.
_LIVING: Final = frozenset(
    {"seen", "seen_alone", "left_alone", "self_harm", "visit", "presentation", "behaviour", "mobility", "feeding",
     "school_attendance", "own_account", "disclosure", "wishes"}
)  # fmt: skip
_LIVING_CONTACT: Final = frozenset({"remote", "seen", "seen_alone"})
_DID_NOT: Final = frozenset({"did_not_happen", "not_seen", "died"})
#: What is said at a contact with an unborn child's mother, and the offices that hold such contacts.
_ANTENATAL: Final = frozenset({"pregnancy", "antenatal_booking", "expected_date", "gestation_weeks", "scan"})
_ANTENATAL_OFFICES: Final = ("midwi", "obstet", "antenatal", "sonograph", "fetal", "maternity")
#: The list that a contact must follow, and the attribute whose owner keeps it.
_LISTS: Final[tuple[tuple[Sort, str, str], ...]] = (
    ("registration", "gp_registration", "before_registration"),
    ("enrolment", "school_enrolment", "before_enrolment"),
)
#: What is said of days at a school.
_SCHOOL_DAYS: Final = frozenset({"school_attendance", "attendance_percent", "exclusion"})

_WORDS_AT_DATES: Final[dict[str, tuple[str, str]]] = {
    "age_and_birth": (
        "This age does not fit the date of birth that is held for this person.",
        "Check both against a document, and correct the one that is wrong.",
    ),
    "after_death": (
        "This is dated after this person died, by what is held here.",
        "Check the date and whom it is about, and correct the one that is wrong.",
    ),
    "before_conception": (
        "This is dated before the child was conceived, by the date of birth that is held here.",
        "Check the date and whom it is about: what concerns a parent's past is about the parent.",
    ),
    "before_birth": (
        "The child is said to have been seen before it was born, by the date of birth that is held here.",
        "Check both dates; for a contact in the pregnancy say so by a claim on it.",
    ),
    "before_registration": (
        "This contact is on a day before the child was registered with your practice, by your own record.",
        "Check both dates, and say where the child was registered on that day.",
    ),
    "before_enrolment": (
        "This is on a day before the child was on the roll of that school, by what is held here.",
        "Check both dates, and say where the child was on the roll on that day.",
    ),
    "photograph_has_location": (
        "This file says where it was taken, by coordinates that nobody sees by looking.",
        "Consider who may open it: where the place must not be known, have it erased and post it without.",
    ),
}
_WORDS_OF_CONSENT: Final[dict[str, tuple[str, str]]] = {
    "consent_not_given": (
        "This rests on consent, and by the entry that is named it was not given.",
        "Name the lawful basis that you do rely on, or the entry in which consent was given.",
    ),
    "consent_withdrawn": (
        "This rests on consent that had been taken back by then.",
        "Name the lawful basis that you do rely on; where there is none, say what is done about what was shared.",
    ),
    "consent_ended": (
        "This rests on consent that had ended by then.",
        "Ask again, or name the lawful basis that you do rely on.",
    ),
}
_WORDS: Final = _WORDS_AT_DATES | _WORDS_OF_CONSENT
#: What there is to warn of.
CODES: Final = tuple(_WORDS)


@dataclass(frozen=True, slots=True)
class DoorWarning:
    """One thing that does not fit. ``pointer``: where in the body, as RFC 6901 has it.

    ``rests_on`` are the numbers of the record's entries that it was judged by; who may not see these may not see it.
    """

    code: str
    pointer: str
    rests_on: tuple[int, ...] = ()

    @property
    def detail(self) -> str:
        return _WORDS[self.code][0]

    @property
    def fix(self) -> str:
        return _WORDS[self.code][1]


def warnings_of(
    kind: str, body: Mapping[str, Any], *, agency: str, known: Sequence[Known], pack: Pack
) -> list[DoorWarning]:
    """What in a body of this kind does not fit what is ``known``, or what the body says itself; in its order."""
    if kind == "attachment":
        # Whether the file does was found when it was taken in: it is refused unless the body says so.
        return [DoorWarning("photograph_has_location", "/location_kept")] if "location_kept" in body else []
    observation = observation_of(kind, body)
    if observation is None:
        return []
    own = [Known(landmark, 0, agency) for landmark in landmarks_of(kind, body, agency)]
    found = dict[tuple[str, str], DoorWarning]()
    for warning in _Door(kind, observation, agency, [*known, *own], pack).warnings():
        found.setdefault((warning.code, warning.pointer), warning)
    return list(found.values())


class _Door:
    """One observation or contact, beside the landmarks of its record."""

    def __init__(
        self, kind: str, observation: Mapping[str, Any], agency: str, known: Sequence[Known], pack: Pack
    ) -> None:
        self._observation, self._agency, self._known, self._pack = observation, agency, known, pack
        self._within = "/observation" if kind == "correction" else ""
        self._contact = observation if kind == "contact" else observation.get("contact") or {}
        self._roles = declared_roles(observation)
        bounds = observed_bounds(observation["observed"])
        self._observed: Stretch = (bounds.start, bounds.end)

    def warnings(self) -> Iterator[DoorWarning]:
        if not self._known:
            return
        yield from self._of_contact()
        for place, claim in enumerate(self._observation.get("claims", ())):
            if isinstance(claim.get("about"), str) and "value" in claim:
                yield from self._of_claim(f"{self._within}/claims/{place}", claim)

    def _of_contact(self) -> Iterator[DoorWarning]:
        depth, pointer = self._contact.get("depth"), f"{self._within}/observed"
        if self._contact.get("outcome", "held") != "held":
            return
        if depth in _LIVING_CONTACT:
            yield from self._after_death(CHILD, self._observed, pointer)
        if depth in _SEEN or CHILD in _listed(self._contact.get("present")):
            yield from self._before_birth(self._observed, pointer)
        if self._contact:
            for sort, attribute, code in _LISTS:
                since = [known for known in self._of(sort, CHILD) if self._keeps_list(known, attribute)]
                yield from self._before(since, self._observed, code, pointer)

    def _of_claim(self, at: str, claim: Mapping[str, Any]) -> Iterator[DoorWarning]:
        statement = claim.get("statement", self._observation.get("statement", "fact"))
        about = person_key(claim["about"], self._agency, self._roles)
        attribute, value = claim.get("attribute"), claim["value"]
        when = self._when(claim)
        if attribute in _AGES:
            yield from self._age(f"{at}/value", claim, about, when)
        if statement not in ASSERTED or when is None:
            return
        pointer = f"{at}/valid" if "valid" in claim else f"{self._within}/observed"
        if attribute in _LIVING and value not in _DID_NOT:
            yield from self._after_death(about, when, pointer)
        if about != CHILD:
            return
        if attribute in _SEEN and value == "happened":
            yield from self._before_birth(when, pointer)
        elif attribute not in _ANTENATAL:
            yield from self._before_conception(when, pointer)
        if attribute in _SCHOOL_DAYS and claim.get("item"):
            school = str(claim["item"]).strip().casefold()
            since = [known for known in self._of("enrolment", CHILD) if known.landmark.at == school]
            yield from self._before(since, when, "before_enrolment", pointer)

    def _when(self, claim: Mapping[str, Any]) -> Stretch | None:
        """When what a claim tells of may have been: the time that it gives, up to when it was told."""
        observed = self._observed
        if "valid" not in claim:
            return observed
        try:
            valid = parse(claim["valid"], observed=observed_bounds(self._observation["observed"]))
        except EdtfError:
            return None
        if valid.earliest_start >= observed[1]:
            return None
        return valid.earliest_start, min(valid.latest_end or observed[1], observed[1])

    def _of(self, sort: Sort, about: str) -> list[Known]:
        return [known for known in self._known if known.landmark.sort == sort and known.landmark.about == about]

    def _keeps_list(self, known: Known, attribute: str) -> bool:
        """Whether the sender is the practice or the school that says so of itself."""
        owner = self._pack.attributes[attribute].owner if attribute in self._pack.attributes else None
        return known.agency == self._agency and known.number > 0 and owns(owner, known.agency_kind)

    def _age(self, pointer: str, claim: Mapping[str, Any], about: str, when: Stretch | None) -> Iterator[DoorWarning]:
        births = self._of("birth", about)
        attribute = self._pack.attributes.get(str(claim["attribute"]))
        said = str(claim["value"])
        if when is None or attribute is None or attribute.unit not in _DAYS or not QUANTITY.match(said):
            return
        half = Decimal(attribute.tolerance or "0") / 2
        slack = max(half, Decimal(said) / 5) if claim.get("basis") in _GUESSED else half
        days = _DAYS[attribute.unit]
        least, most = (Decimal(said) - slack) * days, (Decimal(said) + 1 + slack) * days
        early = self._days_early(about)
        ages = [age for one in births if (age := age_between(when, _dates([one]))) is not None]
        if ages and all(age.most < least or age.least - early > most for age in ages):
            yield _warning("age_and_birth", pointer, births)

    def _days_early(self, about: str) -> int:
        weeks = self._weeks(about)
        return round((FULL_WEEKS - max(weeks)) * 7) if weeks and max(weeks) < TERM_WEEKS else 0

    def _weeks(self, about: str) -> list[float]:
        said = [known.landmark.said for known in self._of("weeks", about)]
        return [float(text) for text in said if QUANTITY.match(text)]

    def _after_death(self, about: str, when: Stretch, pointer: str) -> Iterator[DoorWarning]:
        deaths = self._of("death", about)
        ends = [_end_of(date) for date in _dates(deaths)]
        if ends and when[0] >= max(ends):
            yield _warning("after_death", pointer, deaths)

    def _before_conception(self, when: Stretch, pointer: str) -> Iterator[DoorWarning]:
        births = self._of("birth", CHILD)
        born = [date.earliest_start for date in _dates(births)]
        weeks = max([FULL_WEEKS, *self._weeks(CHILD)])
        if born and when[1] <= min(born) - timedelta(weeks=weeks):
            yield _warning("before_conception", pointer, [*births, *self._of("weeks", CHILD)])

    def _before_birth(self, when: Stretch, pointer: str) -> Iterator[DoorWarning]:
        before_conception = list(self._before_conception(when, pointer))
        if before_conception:
            yield from before_conception
        elif not self._is_antenatal():
            yield from self._before(self._of("birth", CHILD), when, "before_birth", pointer)

    def _is_antenatal(self) -> bool:
        office = str((self._observation.get("author") or {}).get("role", "")).casefold()
        said = {claim.get("attribute") for claim in self._observation.get("claims", ())}
        return any(part in office for part in _ANTENATAL_OFFICES) or not said.isdisjoint(_ANTENATAL)

    def _before(self, since: Sequence[Known], when: Stretch, code: str, pointer: str) -> Iterator[DoorWarning]:
        starts = [date.earliest_start for date in _dates(since)]
        if starts and when[1] <= min(starts):
            yield _warning(code, pointer, since)


def _warning(code: str, pointer: str, rests_on: Iterable[Known]) -> DoorWarning:
    return DoorWarning(code, pointer, tuple(sorted({known.number for known in rests_on if known.number})))


def _dates(known: Iterable[Known]) -> list[ValidTime]:
    return [date for one in known if (date := _date(one.landmark)) is not None]


def _date(landmark: Landmark) -> ValidTime | None:
    try:
        return parse(landmark.said)
    except EdtfError:
        return None


def _end_of(date: ValidTime) -> datetime:
    """The last moment at which a death on this date can have been."""
    if not date.is_period and date.latest_end is not None:
        return date.latest_end
    return max(date.latest_start, date.written_start[1]) if date.written_start else date.latest_start


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
