"""Who belongs to a child's family and household, and by what: what a genogram is drawn from.

It is read from a picture: of each tie what is held of it, by whom, and whether anybody says otherwise. Nothing is
decided. Of two whom agencies name as the father both are there, and both are contested; whom nobody names is there as
missing. What an agency calls somebody ties them where no statement does, as that agency's word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from ledger.domain.claim import Claim
from ledger.domain.genogram_tie import Tie, couples_in, parents_in, relations_in, roles_in
from ledger.domain.household import Household, household_of
from ledger.domain.person import CHILD, ONE_PERSON_ROLES
from ledger.domain.picture import Person, Picture
from ledger.domain.role_word import RoleWord, Sex, role_word
from ledger.domain.row import Hold, Row

#: How many generations above whom the tie is with its first person stands.
_ABOVE: Final[Mapping[str, int]] = {
    "parent": 1, "step_parent": 1, "parents_partner": 1, "parents_former_partner": 1, "partner": 1, "former_partner": 1,
    "foster_carer": 1, "adopter": 1, "aunt_or_uncle": 1, "grandparent": 2, "sibling": 0, "full_sibling": 0,
    "half_sibling": 0, "cousin": 0,
}  # fmt: skip
#: Which tie places somebody before which: blood, then a couple, then the part that they play.
_PLACES_FIRST: Final = ("parent", "sibling", "kin", "couple", "part")
_SLOT: Final[Mapping[str | None, str]] = {"female": "mother", "male": "father"}
_OTHER_SLOT: Final = {"mother": "father", "father": "mother"}
_BORN: Final = "date_of_birth"

Doubt = Literal["yes", "contested"]


@dataclass(frozen=True, slots=True)
class Member:
    """One person. ``generation``: of the child's 0, of its parents 1; None where nothing said places them."""

    name: str
    sex: Sex | None
    generation: int | None
    household: Household | None
    died: Doubt | None
    pregnant: Doubt | None
    born: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A parent of whom nobody has said who that is. ``not_known``: the words of those who say that they do not know."""

    of: str
    slot: str | None
    not_known: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Genogram:
    """Everybody of a record, the child first, with their ties."""

    members: tuple[Member, ...]
    ties: tuple[Tie, ...]
    missing: tuple[Missing, ...]


def genogram(picture: Picture) -> Genogram:
    """The family and household of this picture. Cost: that of its rows on who people are."""
    return _Reading(picture).found()


@dataclass
class _Reading:
    picture: Picture
    words: dict[str, list[RoleWord]] = field(default_factory=dict)

    def found(self) -> Genogram:
        people = self.picture.people
        self.words = {person.name: [role_word(role) for role in roles_in(person)] for person in people}
        rows = [row for person in people for row in person.rows]
        named = [person.name for person in people]
        sexes = {name: self._sex(name) for name in named}
        said = [*self._parents(rows, sexes), *couples_in(rows), *relations_in(rows)]
        ties = [*said, *self._by_roles(said)]
        generations = _generations(ties)
        members = tuple(self._member(person, sexes, generations) for person in people)
        missing = tuple(_missing(members, ties, rows))
        return Genogram(members, tuple(ties), missing)

    def _parents(self, rows: Iterable[Row], sexes: Mapping[str, Sex | None]) -> list[Tie]:
        """Each parent of each person; those are contested who are named in one place, or of whom it is denied."""
        found: dict[tuple[str, str], Tie] = {}
        denied: set[tuple[str, str]] = set()
        for tie, is_denied in parents_in(rows):
            pair = (tie.one, tie.other)
            if is_denied:
                denied.add(pair)
                continue
            placed = tie if tie.slot else replace(tie, slot=_SLOT.get(sexes.get(tie.one)))
            found[pair] = found[pair].with_more(placed) if pair in found else placed
        for role in ONE_PERSON_ROLES:
            if role in sexes:
                found.setdefault((role, CHILD), Tie("parent", role, CHILD, "parent", "stands", slot=role))
        of_slot: dict[tuple[str, str], set[str]] = defaultdict(set)
        for tie in found.values():
            if tie.slot:
                of_slot[tie.other, tie.slot].add(tie.one)
        return [
            replace(tie, standing="contested")
            if (tie.one, tie.other) in denied
            or (tie.slot and len(of_slot[tie.other, tie.slot]) > 1 and tie.standing != "open")
            else tie
            for tie in found.values()
        ]

    def _by_roles(self, said: Iterable[Tie]) -> Iterator[Tie]:
        """What an agency's word for somebody says, where no statement says it of the two."""
        known = {frozenset({tie.one, tie.other}) for tie in said}
        known_to_child = {tie.one for tie in said if tie.other == CHILD and tie.sort != "part"}
        given = set[tuple[str, str]]()
        for person in self.picture.people:
            for word in self.words[person.name]:
                tie = _tie_of(person.name, word)
                if tie is None or (tie.one, tie.other) in given or frozenset({tie.one, tie.other}) in known:
                    continue
                if tie.sort in ("kin", "sibling") and tie.one in known_to_child:
                    continue
                given.add((tie.one, tie.other))
                yield tie

    def _sex(self, name: str) -> Sex | None:
        if name in ONE_PERSON_ROLES:
            return "female" if name == "mother" else "male"
        found = {word.sex for word in self.words[name] if word.sex}
        return found.pop() if len(found) == 1 else None

    def _member(self, person: Person, sexes: Mapping[str, Sex | None], generations: Mapping[str, int]) -> Member:
        rows = {row.question.attribute: row for row in person.rows if row.question.counterpart is None}
        return Member(
            person.name,
            sexes[person.name],
            generations.get(person.name),
            "in" if person.name == CHILD else household_of(person.rows),
            _doubted(rows.get("death"), "happened", "did_not_happen"),
            _doubted(rows.get("pregnancy"), "pregnant", "not_pregnant"),
            _born(rows.get(_BORN)),
            tuple(roles_in(person)),
        )


def _tie_of(name: str, word: RoleWord) -> Tie | None:
    if word.part in ("partner", "former_partner"):
        if word.through is None or word.through == name:
            return Tie("part", name, CHILD, word.part, "one_word") if name != CHILD else None
        state = "separated" if word.part == "former_partner" else "together"
        return Tie("couple", name, word.through, state, "one_word")
    if name == CHILD or word.part is None or name in ONE_PERSON_ROLES:
        return None
    if word.part == "grandparent" and word.through is not None:
        return Tie("parent", name, word.through, "parent", "one_word", slot=_SLOT.get(word.sex))
    if word.part in ("sibling", "half_sibling"):
        return Tie("sibling", name, CHILD, word.part, "one_word")
    if word.part in ("aunt_or_uncle", "cousin", "grandparent"):
        return Tie("kin", name, CHILD, word.part, "one_word")
    if word.part == "parent":
        return Tie("parent", name, CHILD, "parent", "one_word", slot=_SLOT.get(word.sex))
    return Tie("part", name, CHILD, word.part, "one_word")


def _generations(ties: Iterable[Tie]) -> dict[str, int]:
    """How far above the child each stands whom the ties place, nearest first."""
    placed, waiting = {CHILD: 0}, sorted(ties, key=lambda tie: _PLACES_FIRST.index(tie.sort))
    moved = True
    while moved:
        moved = False
        for tie in waiting:
            above = 0 if tie.sort == "couple" else _ABOVE.get(tie.word)
            if above is None or (tie.one in placed) == (tie.other in placed):
                continue
            if tie.other in placed:
                placed[tie.one] = placed[tie.other] + above
            else:
                placed[tie.other] = placed[tie.one] - above
            moved = True
            break
    return placed


def _missing(members: Iterable[Member], ties: Iterable[Tie], rows: Iterable[Row]) -> Iterator[Missing]:
    """Of the child the parents whom nobody names; of another child the other parent of one who is named."""
    parents: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.sort == "parent":
            parents[tie.other].append(tie)
    not_known: dict[str, list[Claim]] = defaultdict(list)
    for row in rows:
        if row.question.about == CHILD and row.question.attribute in ("father", "mother_of_child"):
            slot = "father" if row.question.attribute == "father" else "mother"
            not_known[slot] += [claim for cell in row.cells for claim in cell.not_known]
    for member in members:
        slots = {tie.slot for tie in parents[member.name]}
        if member.name == CHILD:
            without_slot = sum(tie.slot is None for tie in parents[CHILD])
            lacking = [slot for slot in ONE_PERSON_ROLES if slot not in slots]
            for slot in lacking[: max(len(lacking) - without_slot, 0)]:
                yield Missing(CHILD, slot, tuple(not_known[slot]))
        elif member.generation is not None and member.generation <= 0 and len(parents[member.name]) == 1:
            yield Missing(member.name, _OTHER_SLOT.get(next(iter(slots)) or ""))


def _holds(row: Row | None) -> list[Hold]:
    return [hold for cell in row.cells for hold in cell.holds if hold.state != "later"] if row else []


def _doubted(row: Row | None, yes: str, no: str) -> Doubt | None:
    """Whether all that is said now says so, or somebody says otherwise; None where nobody says so."""
    now = [set(hold.allows or ()) for hold in _holds(row) if hold.state != "ended" or yes == "happened"]
    if {yes} not in now:
        return None
    return "contested" if {no} in now else "yes"


def _born(row: Row | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(hold.claim.value) for hold in _holds(row) if hold.claim.value))
