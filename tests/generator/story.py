"""Stories: a few entries of a record in which something is planted, or that only look like it.

A story is about people and things of its own, so that many fit into one record; what its entries say is made up from
the vocabulary of the pack in use. Each is written from what detection is to find and not to find, in words, and never
from how it finds it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from ledger.domain.pack import Pack
from ledger.domain.vocabulary import Attribute

#: Each agency with the offices that write in its name.
OFFICES = {
    "hv": ("health visitor", "nursery nurse"),
    "gp": ("general practitioner", "practice nurse"),
    "csc": ("social worker", "duty worker"),
    "police": ("constable", "detective"),
    "school": ("teacher", "head teacher"),
    "midwifery": ("midwife", "matron"),
    "hospital": ("paediatrician", "radiologist"),
    "housing": ("housing officer", "warden"),
}
_TEXTS = ("As it was said that day.", "Noted on the visit.", "From the telephone note.", "Told at the clinic.")


@dataclass(frozen=True)
class Written:
    """One entry of a story, with the moment at which the ledger takes it in; ``target``: the place of one it names."""

    at: datetime
    agency: str
    kind: str
    body: dict[str, Any]
    target: int | None = None


@dataclass
class Story:
    """Entries, and what must come of them.

    ``kind`` is what must be found, with the entries at ``core`` in its sides, or None where nothing may be found.
    ``also`` are kinds that a story may raise beside that without being wrong. ``topic`` is what is not known, where
    that is what must be found; ``silent`` is what is known at the end, and of whom, so that nobody may be asked for it.
    """

    name: str
    kind: str | None
    entries: list[Written]
    core: tuple[int, ...] = ()
    also: frozenset[str] = frozenset()
    topic: str | None = None
    silent: frozenset[tuple[str, str]] = frozenset()


@dataclass
class Teller:
    """What stories are made with: chance, a pack's vocabulary, fresh names, and days within one child's record."""

    random: Random
    pack: Pack
    began: date
    names: Iterator[int] = field(default_factory=count)
    #: Attributes about the child on which one story of the record already speaks.
    taken: set[str] = field(default_factory=set)

    def day(self, least: int = 60, most: int = 700) -> date:
        """A day within the record, so far in that what is said of the months before lies in it too."""
        return self.began + timedelta(days=self.random.randint(least, most))

    def agencies(self, number: int, among: Sequence[str] = tuple(OFFICES)) -> list[str]:
        """So many agencies, each another."""
        return self.random.sample(list(among), number)

    def person(self) -> str:
        """Somebody of whom nothing else in the record speaks; the name is one agency's and all agencies use it."""
        return f"csc/person-{next(self.names)}"

    def thing(self) -> str:
        """An injury, a visit or an incident of its own."""
        return f"csc/thing-{next(self.names)}"

    def about(self, attribute: Attribute) -> str:
        """Somebody whom a claim on this attribute may be about."""
        return "child" if attribute.about == "child" else self.person()

    def parts(self, attribute: Attribute) -> dict[str, str]:
        """The thing, the person and the item that this attribute cannot do without."""
        parts = {}
        if attribute.thing == "required":
            parts["thing"] = self.thing()
        if attribute.counterpart == "required":
            parts["with"] = self.person()
        if attribute.item == "required":
            parts["item"] = f"matter {next(self.names)}"
        return parts

    def since(self, day: date, *, vague: bool = True) -> str:
        """From this day or thereabouts on and still so when observed, as somebody in the field may write it."""
        forms: list[Callable[[], str]] = [lambda: f"{day}/..", lambda: f"{day}/..", lambda: f"{self.time_of(day)}/.."]
        if vague:
            forms += [lambda: f"{day:%Y-%m}/..", lambda: f"{day}~/..", lambda: f"{day:%Y-%m}~/..", lambda: f"{day}?/.."]
        return self.random.choice(forms)()

    def time_of(self, day: date) -> str:
        """A time of day in its zone, as systems send it: in UTC or with the hour's difference."""
        hour, minute = self.random.randint(8, 17), self.random.choice((0, 15, 20, 40))
        return f"{day}T{hour:02}:{minute:02}{self.random.choice(('Z', '+00:00', '+01:00'))}"

    def said(self, agency: str, observed: date, *claims: dict[str, Any], late: int = 6, **more: Any) -> Written:
        """An observation, taken in within so many days of being made; often on the day itself."""
        lag = self.random.choice((0, 0, 0, self.random.randint(0, late)))
        at = datetime(observed.year, observed.month, observed.day, tzinfo=UTC) + timedelta(
            days=lag, hours=23, minutes=self.random.randrange(59)
        )
        body: dict[str, Any] = {
            "observed": observed.isoformat(),
            "statement": "fact",
            "narrative": self.random.choice(_TEXTS),
            "author": {"ref": f"{agency}-1", "role": OFFICES[agency][0]},
            "claims": [{name: value for name, value in claim.items() if value is not None} for claim in claims],
        }
        return Written(at, agency, "observation", body | more)

    def correction(self, of: Written, place: int, observation: Written) -> Written:
        """The author's agency puts the story's entry at ``place`` right within a day."""
        body = {"reason": "Typed wrongly.", "observation": observation.body}
        return Written(of.at + timedelta(hours=self.random.randint(1, 20)), of.agency, "correction", body, place)

    def void(self, of: Written, place: int) -> Written:
        """The author's agency takes the story's entry at ``place`` back within a day."""
        after = of.at + timedelta(hours=self.random.randint(1, 20))
        return Written(after, of.agency, "void", {"reason": "Meant for another child."}, place)

    def act(self, agency: str, day: date, kind: str, body: dict[str, Any]) -> Written:
        """Another entry of this kind, at noon."""
        return Written(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), agency, kind, body)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def claim(attribute: str, value: Any, *, about: str, valid: str | None = None, **more: Any) -> dict[str, Any]:
    """A claim of the agency's own seeing, unless said otherwise."""
    return {"about": about, "attribute": attribute, "value": value, "valid": valid, "basis": "seen"} | more


def told(by: str) -> dict[str, Any]:
    """What makes a claim somebody's word."""
    return {"basis": "told", "informant": by}
