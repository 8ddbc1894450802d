"""Adults of many made-up records, some of them planted in two, and look-alikes planted as what they are: two."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from ledger.domain.adult_match import Adult, Who
from ledger.domain.person_match import Known

_FIRST_NAMES: Final = """
    Amelia Jake Luke Sophie Mohammed Fatima Aleksandra Piotr Kelly Dean Tracey Lee Craig Stacey Chloe Ryan Gareth Sian
    Owen Bethan Ibrahim Aisha Kwame Abena Nathan Leanne Marcus Jade Shane Donna Wayne Kirsty Callum Paige Oleksandr
    Daryna Yusuf Zainab Declan Niamh Ffion Rhys Tariq Samina Joseph Grace Victor Hannah"""
_LAST_NAMES: Final = """
    Smith Jones Khan Patel Brown Williams Kowalski Nowak Okafor Mensah Davies Evans Hughes Begum Ahmed Taylor Marsh
    Brook Holt Finch Doyle Byrne Moss Reid Shaw Webb Pike Lowe Croft Vale Hale Stone Wood Field Ash Thorne Bale Kerr
    Penn Rook Swift Teale Usher Voss Wyatt Yardley Zeller Quinn Nash Oakes"""
_FIRST, _LAST = _FIRST_NAMES.split(), _LAST_NAMES.split()
_SPELT: Final = {
    "Mohammed": "Muhammad", "Aleksandra": "Alexandra", "Fatima": "Fatimah", "Yusuf": "Yousuf", "Craig": "Kraig",
    "Tracey": "Tracy", "Stacey": "Stacy", "Oleksandr": "Olexandr", "Kowalski": "Kowalsky", "Ahmed": "Ahmad",
    "Chloe": "Cloe", "Sophie": "Sofie", "Niamh": "Niamhe", "Davies": "Davis", "Byrne": "Burne", "Reid": "Read",
}  # fmt: skip


@dataclass
class Made:
    """The adults, which pairs are one person and by which twist, and which look alike and are two."""

    adults: list[Adult] = field(default_factory=list)
    one: dict[frozenset[Who], str] = field(default_factory=dict)
    two: dict[frozenset[Who], str] = field(default_factory=dict)


def made(seed: int, records: int) -> Made:
    """So many records with two or three adults each; every tenth adult is in another record too, twisted."""
    return _Making(Random(seed), records).all()


class _Making:
    def __init__(self, random: Random, records: int) -> None:
        self._random, self._records, self._made = random, records, Made()
        self._count = 0

    def all(self) -> Made:
        for record in range(self._records):
            for role in ("mother", "father", "partner")[: self._random.choice((2, 2, 3))]:
                adult = self._adult(f"r{record}", role)
                if self._random.random() < 0.1:
                    self._again(adult, f"r{(record + self._random.randrange(1, self._records)) % self._records}")
        self._random.shuffle(self._made.adults)
        return self._made

    def _adult(self, record: str, role: str) -> Adult:
        random = self._random
        born = f"{random.randrange(1965, 2004)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"
        return self._put(
            record,
            name=f"{random.choice(_FIRST)} {random.choice(_LAST)}",
            born=born if random.random() < 0.8 else None,
            role=role,
            place=f"{random.randrange(1, 200)} {random.choice(_LAST)} Street",
        )

    def _put(self, record: str, *, name: str, born: str | None, role: str, place: str) -> Adult:
        self._count += 1
        days = () if born is None else (born,)
        known = Known(f"hv/p{self._count}", (name,), days, (role,), (place,), agencies=frozenset({"hv"}))
        adult = Adult(record, known)
        self._made.adults.append(adult)
        return adult

    def _again(self, adult: Adult, record: str) -> None:
        """The same person in another record, or somebody who looks like them."""
        known = adult.known
        born = known.born[0] if known.born else None
        said: dict[str, Any] = {"name": known.names[0], "born": born, "role": known.roles[0], "place": known.places[0]}
        twist = self._random.choice(sorted(_TWISTS if born else _UNDATED))
        said |= _TWISTS[twist](self._random, said)
        again = self._put(record, **said)
        pair = frozenset({adult.who, again.who})
        (self._made.two if twist in LOOK_ALIKE else self._made.one)[pair] = twist


def _name(said: Mapping[str, Any]) -> tuple[str, str]:
    first, last = str(said["name"]).split()
    return first, last


def _other(random: Random, names: Sequence[str], than: str) -> str:
    return random.choice([name for name in names if name[0] != than[0]])


def _spelt(_random: Random, said: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": " ".join(_SPELT.get(part, part) for part in _name(said))}


def _typed(random: Random, said: Mapping[str, Any]) -> dict[str, Any]:
    """A slip in the longer of the two names."""
    name, longer = str(said["name"]), max(_name(said), key=len)
    at = random.randrange(1, len(longer))
    return {"name": name.replace(longer, longer[:at] + random.choice("aeioulnrst") + longer[at + 1 :])}


def _mistyped_date(_random: Random, said: Mapping[str, Any]) -> dict[str, Any]:
    day = str(said["born"])
    return {"born": f"{day[:9]}{int(day[9]) % 8 + 1}"}


def _moved(random: Random, _said: Mapping[str, Any]) -> dict[str, Any]:
    return {"place": f"{random.randrange(1, 200)} {random.choice(_LAST)} Way"}


def _younger(random: Random, said: Mapping[str, Any]) -> dict[str, Any]:
    return {"born": f"{int(str(said['born'])[:4]) + random.randrange(18, 30)}{str(said['born'])[4:]}"}


_Twist = Callable[[Random, Mapping[str, Any]], dict[str, Any]]
#: How somebody is described the second time.
_TWISTS: Final[Mapping[str, _Twist]] = {
    "same": lambda _random, _said: {},
    "moved": _moved,
    "reordered": lambda _random, said: {"name": f"{_name(said)[1].upper()}, {_name(said)[0]}"},
    "spelt": _spelt,
    "typed": _typed,
    "slip": _mistyped_date,
    "year": lambda _random, said: {"born": str(said["born"])[:4]},
    "surname": lambda random, said: {
        "name": f"{_name(said)[0]} {_other(random, _LAST, _name(said)[1])}", **_moved(random, said),
    },
    "middle": lambda random, said: {"name": f"{_name(said)[0]} {random.choice(_FIRST)} {_name(said)[1]}"},
    "undated": lambda _random, _said: {"born": None},
    "undated and moved": lambda random, said: {"born": None, **_moved(random, said)},
    # Two, who look like one.
    "son": _younger,
    "twin": lambda random, said: {"name": f"{_other(random, _FIRST, _name(said)[0])} {_name(said)[1]}"},
    "sister": lambda random, said: {
        "name": f"{_other(random, _FIRST, _name(said)[0])} {_name(said)[1]}", **_younger(random, said),
    },
    "namesake": lambda random, said: {**_younger(random, said), **_moved(random, said)},
}  # fmt: skip
#: Those of the twists that make two people.
LOOK_ALIKE: Final = frozenset({"son", "twin", "sister", "namesake"})
#: What can be said the second time of somebody whose date of birth nobody knows.
_UNDATED: Final = frozenset({"same", "moved", "spelt", "middle"})
