"""What was worked out of entries once, kept in this process for whoever reads them next.

Three things are kept. Of an entry that its reader sees whole its gist, by the entry's hash, which commits to every byte
of it. Of claims the words on one question, and the facts of a record, by these very claims. So whoever does not see an
entry whole gets nothing from here that rests on it, and who reads is no part of any key. Of an entry that is met erased
what was kept goes at once, and with it all that may rest on it; nobody could come by it before that either, for of an
erased entry nobody gets the claims by which the rest is found.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, TypeVar

from ledger.domain.claim import Claim, claims_of_entry, observation_of
from ledger.domain.facts import Facts
from ledger.domain.mention import declared_in, mentions_in
from ledger.domain.pack import Pack
from ledger.domain.person import LinkFact, Links, declared_roles, link_facts, person_key
from ledger.domain.record_state import RecordState
from ledger.domain.row import Words, words_of
from ledger.domain.vocabulary import Attribute
from ledger.services.see import Seen, Sight
from ledger.services.word_claim import Wording, called_in

#: So many claims are kept, and so many in words: some twenty thousand take 30 MB.
CLAIMS_MOST: Final = 20_000
#: Words on a question with fewer claims are as soon made as found.
WORTH: Final = 4
#: So often facts are given again: what is worked out of them for one moment or other stays with them.
ASKED_MOST: Final = 50

_Key = tuple[int, int, Links, tuple[tuple[str, str], ...], tuple[int, ...]]

_FactsKey = tuple[str, int, Links, Links, tuple[int, ...]]

_ViewKey = tuple[str, int, tuple[bytes, ...], tuple[tuple[int, int], ...]]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Gist:
    """What views take from an entry: its claims, whom and what it links, and what it calls whom."""

    claims: tuple[Claim, ...]
    links: tuple[LinkFact, ...]
    called: tuple[tuple[str, str], ...]
    #: Of whom it says who they are, as it was sent.
    declared: tuple[Mapping[str, Any], ...]
    #: The keys of all whom it names, in order; with the attribute where it is a value, which may be no person's.
    named: tuple[tuple[str | None, str], ...]
    #: When it was seen or heard, as it was sent.
    observed: str | None = None


_NO_GIST: Final = Gist((), (), (), (), ())


class Kept:
    """The gists of entries, and the words on questions; what was kept longest ago goes first."""

    def __init__(self) -> None:
        self._gists: dict[bytes, Gist] = {}
        #: What the key's numbers stand for is held with the words, so that none of them is given to anything else.
        self._words: OrderedDict[_Key, tuple[Words, Attribute | None, tuple[Claim, ...]]] = OrderedDict()
        self._facts: OrderedDict[_FactsKey, tuple[Facts, RecordState, tuple[Claim, ...]]] = OrderedDict()
        self._states: OrderedDict[tuple[str, tuple[bytes, ...]], tuple[RecordState, RecordState]] = OrderedDict()
        #: By the id of a state among these, which is held beside them; and how often they were given.
        self._judged: OrderedDict[int, tuple[Facts, RecordState, Pack, list[int]]] = OrderedDict()
        self._views: OrderedDict[_ViewKey, tuple[Any, Pack, frozenset[bytes]]] = OrderedDict()
        self._asked: dict[_FactsKey, int] = {}
        self._claims_held = self._words_held = self._facts_held = 0
        self._lock = Lock()

    def gist_of(self, entry: Seen) -> Gist:
        """What an entry says, as far as it is seen."""
        if entry.kind is None:
            if entry.sight is Sight.ERASED:
                self.let_go(entry.hash)
            return _NO_GIST
        if entry.sight is not Sight.FULL or not entry.hash:  # a scenario's entries stand in no record
            return _read(entry)
        found = self._gists.get(entry.hash)
        if found is not None:
            return found
        made = _read(entry)
        with self._lock:
            if entry.hash not in self._gists:
                self._gists[entry.hash] = made
                self._claims_held += len(made.claims) + 1
            while self._claims_held > CLAIMS_MOST:
                self._claims_held -= len(self._gists.pop(next(iter(self._gists))).claims) + 1
        return made

    def words_of(
        self, claims: Iterable[Claim], attribute: Attribute | None, people: Links, agency_kinds: Mapping[str, str]
    ) -> Words:
        """The words on one question, from its claims, each once."""
        listed = tuple(claims)
        if len(listed) < WORTH:
            return words_of(listed, attribute, people, agency_kinds)
        kinds = tuple(sorted(agency_kinds.items()))
        key = (id(attribute), len(listed), people, kinds, tuple(map(id, listed)))
        with self._lock:
            found = self._words.get(key)
            if found is not None:
                self._words.move_to_end(key)
                return found[0]
        made = words_of(listed, attribute, people, agency_kinds)
        with self._lock:
            if key not in self._words:
                self._words[key] = (made, attribute, listed)
                self._words_held += len(listed)
            while self._words_held > CLAIMS_MOST:
                self._words_held -= len(self._words.popitem(last=False)[1][2])
        return made

    def facts_of(self, state: RecordState, claims: Sequence[Claim], pack: Pack) -> Facts:
        """The facts of a record of which these claims are seen; ``state`` has none yet."""
        key = (state.record, id(pack), state.people, state.things, tuple(map(id, claims)))
        with self._lock:
            found = self._facts.get(key)
            if found is not None and found[1] == state and self._asked[key] < ASKED_MOST:
                self._asked[key] += 1
                self._facts.move_to_end(key)
                return found[0]
        made = Facts(state.under(pack).adding(claims), pack)
        with self._lock:
            if key not in self._facts:
                self._facts_held += len(claims)
            self._facts[key], self._asked[key] = (made, state, tuple(claims)), 0
            while self._facts_held > CLAIMS_MOST:
                oldest, (_, _, held) = self._facts.popitem(last=False)
                self._facts_held -= len(held)
                del self._asked[oldest]
        return made

    def state_of(self, start: RecordState, hashes: Sequence[bytes], work_out: Callable[[], RecordState]) -> RecordState:
        """The state in which the contents of these hashes count, all of them whole; ``start`` has none of them yet."""
        key, most = (start.record, tuple(hashes)), CLAIMS_MOST // 2
        with self._lock:
            found = self._states.get(key)
        if found is not None and found[0] == start:
            return found[1]
        made = work_out()
        with self._lock:
            self._states[key] = (start, made)
            while len(self._states) > 1 and sum(len(one[1]) for one in self._states) > most:
                self._states.popitem(last=False)
        return made

    def facts_in(self, state: RecordState, pack: Pack) -> Facts:
        """The facts of a state under a pack: with one that `state_of` keeps they are kept."""
        with self._lock:
            found = self._judged.get(id(state))
            if found is not None and found[1] is state and found[2] is pack and found[3][0] < ASKED_MOST:
                found[3][0] += 1
                return found[0]
        made = Facts(state, pack)
        with self._lock:
            if any(kept is state for _, kept in self._states.values()):
                self._judged[id(state)] = (made, state, pack, [0])
            while len(self._judged) > len(self._states):
                self._judged.popitem(last=False)
        return made

    def view_of(self, what: str, pack: Pack, entries: Sequence[Seen], work_out: Callable[[], _T]) -> _T:
        """What is worked out of these entries under a pack, of nothing else and for no reader: nobody may change it.

        It is kept where every one of the entries is seen whole.
        """
        if not all(entry.sight is Sight.FULL and entry.hash for entry in entries):
            return work_out()
        hashes = tuple(entry.hash for entry in entries)
        gone = tuple((entry.number, entry.withdrawn_by) for entry in entries if entry.withdrawn_by is not None)
        key, most = (what, id(pack), hashes, gone), CLAIMS_MOST // 2
        with self._lock:
            found = self._views.get(key)
            if found is not None:
                self._views.move_to_end(key)
                kept: _T = found[0]
                return kept
        made = work_out()
        with self._lock:
            self._views[key] = (made, pack, frozenset(hashes))  # the pack is held, so that its id stays its own
            while len(self._views) > 1 and sum(len(one[2]) for one in self._views.values()) > most:
                self._views.popitem(last=False)
        return made

    def forget(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._gists.clear()
            self._clear_views()
            self._claims_held = 0

    def let_go(self, erased: bytes) -> None:
        """Let go of what rests on an entry that was met erased."""
        with self._lock:
            gone = self._gists.pop(erased, None)
            if gone is not None:
                self._claims_held -= len(gone.claims) + 1
            kept = [*(hashes for _, hashes in self._states), *(hashes for _, _, hashes in self._views.values())]
            if gone is not None or any(erased in hashes for hashes in kept):
                self._clear_views()

    def _clear_views(self) -> None:
        self._words.clear()
        self._facts.clear()
        self._states.clear()
        self._judged.clear()
        self._views.clear()
        self._asked.clear()
        self._words_held = self._facts_held = 0


def _read(entry: Seen) -> Gist:
    kind, body = str(entry.kind), dict(entry.body)  # of what is not opened yet every look at a name is a call
    claims = claims_of_entry(kind, body, agency=entry.agency, number=entry.number, recorded_at=entry.recorded_at)
    return Gist(
        tuple(claims),
        tuple(link_facts(kind, entry.agency, body)),
        tuple(called_in(entry).items()),
        tuple(declared_in(kind, body)),
        tuple(_named(kind, body, entry.agency)),
        (observation_of(kind, body) or {}).get("observed"),
    )


def _named(kind: str, body: Mapping[str, Any], agency: str) -> Iterator[tuple[str | None, str]]:
    observation = observation_of(kind, body) or {}
    roles, claims = declared_roles(observation), observation.get("claims", ())
    attributes = {str(claim.get("attribute")) for claim in claims}
    for one in mentions_in(kind, body, attributes):
        _, is_value, _ = one.pointer.partition("/value")
        place = one.pointer.partition("/claims/")[2].partition("/")[0]
        yield str(claims[int(place)]["attribute"]) if is_value else None, person_key(one.ref, agency, roles)


def wording_of_kept(seen: Iterable[Seen], agencies: Mapping[str, str]) -> Wording:
    """As `wording_of`, of what is kept."""
    whole = sorted((entry for entry in seen if entry.is_visible), key=lambda entry: entry.number)
    gists = [KEPT.gist_of(entry) for entry in whole]
    facts = [fact for gist in gists for fact in gist.links]
    people = {key: called for gist in gists for key, called in gist.called}
    links, things = (Links.of(fact for fact in facts if fact.sort == sort) for sort in ("people", "things"))
    return Wording(agencies, people, links, things)


#: One for a process, whoever reads: what is in it is told by entries' own bytes.
KEPT: Final = Kept()
