"""What the markings of some records leave to one reader: of an entry, of each claim in it, of each person in it.

Markings count as of now, and a past view takes the stricter of then and now. What corrects an entry, is corrected by it
or speaks of it shares its markings, through however many steps; a claim that is put right keeps the mark of the claim
on the same attribute of the same person. So it is with what is left where claims or people are held back: the words of
one go with the parts of another, and where nothing is left of one, nothing is seen of the others.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from ledger.domain.claim import observation_of
from ledger.domain.marking import NEVER_MARKED, WHOLE, Level, Mark, Sharing, marks_in
from ledger.domain.person import Links, declared_roles
from ledger.domain.redaction import persons_in, without_entries
from ledger.services.correction_chains import chains
from ledger.services.marked_for import Reads
from ledger.services.marked_parts import Parts, Redaction, Told, left_of
from ledger.services.rests_on import Resting
from ledger.store.markings import Holding, Leading, MarkRow

Place = tuple[UUID, int]
#: A mark with the agency whose it is.
_Owned = tuple[str, Sharing]
_NO_LINKS: Final = Links()
_NONE: Final = Parts()


class Marks:
    """The marks of some records, for one reader. Made once for a reading; asked for each entry of it."""

    def __init__(
        self,
        rows: Iterable[MarkRow],
        pairs: Iterable[tuple[UUID, int, int]],
        *,
        ties: Mapping[Place, int] | None = None,
        resting: Mapping[Place, Resting] | None = None,
        leading: Mapping[UUID, Leading] | None = None,
        holding: Mapping[UUID, Collection[Holding]] | None = None,
        links: Mapping[UUID, Links] | None = None,
        bodies: Mapping[Place, Told] | None = None,
    ) -> None:
        """`pairs` are (record, number, the number that withdraws it); `bodies` those entries' (kind, agency, body)."""
        self._on: dict[tuple[UUID, int, int], list[MarkRow]] = {}
        self._on_people: dict[UUID, dict[tuple[str, str], list[MarkRow]]] = {}
        self._rows, self._pairs = sorted(rows, key=lambda row: row.by_number), tuple(pairs)
        for row in self._rows:
            if row.mark.person:
                self._on_people.setdefault(row.record_id, {}).setdefault((row.agency, row.mark.person), []).append(row)
            else:
                self._on.setdefault((row.record_id, row.number, row.mark.index), []).append(row)
        self._chains = chains(self._pairs)
        self._ties, self._leading, self._links = ties or {}, leading or {}, links or {}
        self._holding, self._bodies, self._resting = holding or {}, bodies or {}, resting or {}
        self._known_parts: dict[tuple[Place, int | None, Reads], Parts] = {}
        self._known_people: dict[tuple[UUID, str, int | None, Reads], Mapping[str, Level]] = {}

    @cached_property
    def records(self) -> frozenset[UUID]:
        """The records in which anything is marked, or was."""
        return frozenset({record for record, _, _ in self._on} | self._on_people.keys())

    def say_nothing_of(self, record: UUID, number: int) -> bool:
        """Whether nothing is marked in its record, and nothing ties it to another entry; what itself carries apart."""
        if self._is_silent:
            return True
        return record not in self._marked and not any(
            (record, number) in tied for tied in (self._chains, self._ties, self._resting) if tied
        )

    @cached_property
    def _is_silent(self) -> bool:
        return not (self._marked or self._chains or self._ties or self._resting)

    @cached_property
    def _marked(self) -> frozenset[UUID]:
        carrying = (place[0] for place, (kind, by, body) in self._bodies.items() if marks_in(kind, body, by))
        return self.records.union(carrying)

    def as_of(self, number: int) -> "Marks":
        """Those that had been made by an entry, for what parts anybody saw then; not for what may be shown now."""
        rows = [row for row in self._rows if row.by_number <= number]
        return Marks(rows, [pair for pair in self._pairs if pair[2] <= number], links=self._links, bodies=self._bodies)

    def of_entry(self, place: Place, reads: Reads, *, body: Told | None, up_to: int | None) -> Level:
        """How much of an entry as a whole its markings leave, its author's agency apart."""
        level = Level.FULL
        for member in self._bearing(place, reads):
            told = body if member == place else self._bodies.get(member)
            for owned in self._whole(member, told, up_to):
                level = max(level, self._level(place[0], owned, reads))
        return level

    def look(self, place: Place, reads: Reads, told: Told | None, up_to: int | None) -> Redaction:
        """What is left of an entry: of one that is erased, or that the database keeps back, the level alone."""
        anyhow, reads = reads, self._of_holder(place, reads)
        level = self.of_entry(place, reads, body=told, up_to=up_to)
        if level is not Level.FULL:
            return Redaction(level)
        if told is None:
            return Redaction(self._worst_of_rows(place, reads, up_to))
        own = self._parts(place, reads, told, up_to)
        chain = {
            member: (self._bodies[member], self._parts(member, reads, self._bodies[member], up_to))
            for member in self._chains.get(place, ())
            if member != place and member in self._bodies
        } | {place: (told, own)}
        worst = max(parts.worst for _, parts in chain.values())
        level = max([self._spoken_of(place, reads, up_to), *(left_of(*one, worst) for one in chain.values())])
        if level is not Level.FULL:
            return Redaction(level)
        left = told[2] if worst is Level.FULL else own.cut_from(told, wordless=True).body
        hidden = dict(own.hidden)
        left = without_entries(
            told[0],
            left,
            lambda number: self._is_unknown((place[0], number), anyhow, up_to),
            lambda number: self._is_held((place[0], number), anyhow, up_to),
        )
        hidden |= {index: Level.NOTHING for index, one in enumerate(left.get("relies_on", ())) if not one}
        unknown = frozenset(index for index, level in hidden.items() if level is Level.NOTHING)
        return Redaction(Level.FULL, left, frozenset(hidden), unknown, Level.POINTER in hidden.values())

    def _is_held(self, place: Place, reads: Reads, up_to: int | None) -> bool:
        """Whether anything of an entry is held back."""
        if max(self.of_entry(place, reads, body=None, up_to=up_to), self._worst_of_rows(place, reads, up_to)):
            return True
        if (told := self._bodies.get(place)) is not None:
            return self._parts(place, reads, told, up_to).worst is not Level.FULL
        # Whom it is about is not at hand: as if it were about whoever is held back from this reader.
        return any(self._people(place[0], agency, up_to, reads) for agency, _ in self._on_people.get(place[0], {}))

    def _is_unknown(self, place: Place, reads: Reads, up_to: int | None) -> bool:
        return self.of_entry(place, reads, body=None, up_to=up_to) is Level.NOTHING

    def _of_holder(self, place: Place, reads: Reads) -> Reads:
        """Whoever holds an alert is pointed to what it rests on, as whoever leads is: else nobody could act on it."""
        held = self._holding.get(place[0], ())
        holds = not reads.audience and any(one.is_with(reads.agency, reads.person_ref, place[1]) for one in held)
        return replace(reads, holds=True) if holds else reads

    def _bearing(self, place: Place, reads: Reads) -> Iterable[Place]:
        """An entry with all whose markings it shares: those that correct it or it corrects, and what these speak of."""
        if place not in self._chains and place not in self._ties and place not in self._resting:
            return (place,)
        todo, known = [place], set[Place]()
        while todo:
            member = todo.pop()
            if member not in known:
                known.add(member)
                todo += self._chains.get(member, ())
                todo += [(place[0], self._ties[member])] if member in self._ties else []
                todo += self._resting[member].bearing(reads) if member in self._resting else []
        return known

    def _spoken_of(self, place: Place, reads: Reads, up_to: int | None) -> Level:
        """What speaks of an entry of which anything is held back is held back with it: it may say the same in words."""
        others = set(self._bearing(place, reads)) - set(self._chains.get(place, {place}))
        known = [(other, self._bodies.get(other)) for other in others]
        found = [
            self._worst_of_rows(other, reads, up_to) if told is None else self._parts(other, reads, told, up_to).worst
            for other, told in known
        ]
        return max(found, default=Level.FULL)

    def _worst_of_rows(self, place: Place, reads: Reads, up_to: int | None) -> Level:
        """Of what cannot be read any more: as if all of it were that of which the least may be seen."""
        owned = [one for rows in self._by_entry.get(place, ()) for one in _standing(rows, up_to)]
        return max((self._level(place[0], one, reads) for one in owned), default=Level.FULL)

    @cached_property
    def _by_entry(self) -> Mapping[Place, list[list[MarkRow]]]:
        found: dict[Place, list[list[MarkRow]]] = {}
        for (record, number, _), rows in self._on.items():
            found.setdefault((record, number), []).append(rows)
        return found

    def _parts(self, place: Place, reads: Reads, told: Told, up_to: int | None) -> Parts:
        key = (place, up_to, reads)
        if key not in self._known_parts:
            self._known_parts[key] = self._weigh_parts(place, reads, told, up_to)
        return self._known_parts[key]

    def _weigh_parts(self, place: Place, reads: Reads, told: Told, up_to: int | None) -> Parts:
        kind, agency, body = told
        if agency == reads.agency and not reads.audience:
            return _NONE
        levels: dict[int, Level] = {}
        for index, owned in self._claims(place, kind, agency, body, up_to):
            levels[index] = max(levels.get(index, Level.FULL), self._level(place[0], owned, reads))
        claims = {index: level for index, level in levels.items() if level is not Level.FULL}
        # Who came to see the record, and why, is told to all who are told of it: no name that they declare hides it.
        is_told = kind in NEVER_MARKED and not reads.audience
        people = {} if is_told else self._people(place[0], agency, up_to, reads)
        if not claims and not people:
            return _NONE
        return Parts.of(told, claims, people)

    def _level(self, record: UUID, owned: _Owned, reads: Reads) -> Level:
        agency, sharing = owned
        if reads.audience and not sharing.not_to.isdisjoint(self._reach(record, reads.audience)):
            return Level.NOTHING
        if agency == reads.agency:
            return Level.FULL
        return sharing.level(reads.agency, leads=reads.leads(self._leading.get(record)))

    def _reach(self, record: UUID, people: Collection[str]) -> frozenset[str]:
        links = self._links.get(record, _NO_LINKS)
        return frozenset(key for one in people for key in {one, *links.keys_of(links.name_of(one))})

    # ── what stands ──

    def _whole(self, place: Place, told: Told | None, up_to: int | None) -> list[_Owned]:
        rows = self._on.get((*place, WHOLE))
        if rows:
            return _standing(rows, up_to)
        # An entry of which no mark is kept as a row, but whose body has one.
        if told is None:
            return []
        kind, agency, body = told
        return [(agency, mark.sharing) for mark in marks_in(kind, body, agency) if mark.index == WHOLE]

    def _claims(
        self, place: Place, kind: str, agency: str, body: Mapping[str, Any], up_to: int | None
    ) -> list[tuple[int, _Owned]]:
        """The marks on the claims of an entry, and those that claims put right hand on to it."""
        claims = (observation_of(kind, body) or {}).get("claims", ())
        if not claims:
            return []
        found = [
            (index, owned)
            for index in range(len(claims))
            for owned in _standing(self._on.get((*place, index), ()), up_to)
        ]
        found += [
            (mark.index, (agency, mark.sharing))
            for mark in marks_in(kind, body, agency)
            if mark.index >= 0 and (*place, mark.index) not in self._on
        ]
        alike = self._alike.get(id(self._chains.get(place)))
        if alike:
            roles = declared_roles(observation_of(kind, body) or {})
            for index, claim in enumerate(claims):
                for source, at, said in alike:
                    if source != place and said & _says(claim, agency, roles):
                        found += [(index, owned) for owned in _standing(self._on[*source, at], up_to)]
        return found

    @cached_property
    def _alike(self) -> Mapping[int, list[tuple[Place, int, frozenset[tuple[str, str]]]]]:
        """Of each chain of corrections the marked claims, and of whom and on what they are."""
        found: dict[int, list[tuple[Place, int, frozenset[tuple[str, str]]]]] = {}
        for record, number, index in self._on:
            place = (record, number)
            chain, told = self._chains.get(place), self._bodies.get(place)
            if index < 0 or chain is None or told is None:
                continue
            kind, agency, body = told
            observation = observation_of(kind, body) or {}
            claims = observation.get("claims", ())
            if index < len(claims):
                said = _says(claims[index], agency, declared_roles(observation))
                found.setdefault(id(chain), []).append((place, index, frozenset(said)))
        return found

    def _people(self, record: UUID, agency: str, up_to: int | None, reads: Reads) -> Mapping[str, Level]:
        """The people who are held back from what this agency wrote: by its own marks, and from their reach by all."""
        key = (record, agency, up_to, reads)
        if key not in self._known_people:
            levels: dict[str, Level] = {}
            for (whose, person), rows in self._on_people.get(record, {}).items():
                if whose != agency and not reads.audience:
                    continue
                for owner, sharing in _standing(rows, up_to):
                    bears = sharing if owner == agency else Sharing(not_to=sharing.not_to)
                    level = self._level(record, (owner, bears), reads)
                    if level is not Level.FULL:
                        levels |= {one: max(levels.get(one, level), level) for one in self._reach(record, [person])}
            self._known_people[key] = levels
        return self._known_people[key]


def held_back(kind: str, body: Mapping[str, Any], agency: str) -> list[Mark]:
    """The marks of a body that hold something back from an agency."""
    return [mark for mark in marks_in(kind, body, agency) if mark.sharing.marking != "shared"]


def _standing(rows: Sequence[MarkRow], up_to: int | None) -> list[_Owned]:
    """What stands now on one target, and what stood at a point in the past."""
    if not rows:
        return []
    then = [row for row in rows if up_to is not None and row.by_number <= up_to][-1:]
    return [(row.agency, row.mark.sharing) for row in {id(row): row for row in (rows[-1], *then)}.values()]


def _says(claim: object, agency: str, roles: Mapping[str, str]) -> set[tuple[str, str]]:
    if not isinstance(claim, Mapping) or "attribute" not in claim:
        return set()
    about = {"about": claim.get("about")}
    return {(str(claim["attribute"]), key) for key in persons_in(about, agency, roles)}
