"""Properties of the fold: order, interruption and loading make no difference; and an oracle by brute force."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import combinations
from operator import and_
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.claim import Claim
from ledger.domain.event import DueStep, EntryStep, claims_in
from ledger.domain.finding import Finding
from ledger.domain.fold import run, step
from ledger.domain.outcome import Due, Outcome
from ledger.domain.pack import Pack
from ledger.domain.person import link_facts
from ledger.domain.record_state import RecordState
from ledger.domain.statement import STRENGTH
from tests.saying import PRESENCE, corrects, links, presence_pack, says, steps, voids
from tests.sizes import examples

PACK = presence_pack()
VALUES = list(PRESENCE["values"])
FIRST = datetime(2022, 3, 1, tzinfo=UTC)


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).date().isoformat()


@st.composite
def statements(draw: st.DrawFn, last: int = 40) -> dict[str, Any]:
    """A statement about the father's presence by one of a few agencies, from one of a few sources."""
    start = draw(st.integers(0, last))
    end = draw(st.integers(start, last))
    observed = draw(st.integers(end, last))
    form = draw(st.sampled_from(["day", "period", "open", "open"]))
    valid = {"day": day(start), "period": f"{day(start)}/{day(end)}", "open": f"{day(start)}/.."}[form]
    basis = draw(st.sampled_from(["told", "told", "agency", "judgement", "seen"]))
    more: dict[str, Any] = {"basis": basis, "author": {"ref": "w", "role": draw(st.sampled_from(["nurse", "doctor"]))}}
    if basis in {"told", "agency"}:
        more |= {"informant": draw(st.sampled_from(["mother", "father"])), "from": "csc"}
    agency = draw(st.sampled_from(["csc", "hv", "police"]))
    return says(agency, draw(st.sampled_from(VALUES)), day(observed), valid, **more)


@st.composite
def records(draw: st.DrawFn) -> list[EntryStep]:
    """A record of statements with links, unlinks, corrections and voids among them."""
    entries: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(["say"] * 6 + ["correct", "void", "link", "unlink"]))
        earlier = [n + 1 for n in range(number) if entries[n]["kind"] == "observation"]
        said = draw(statements(last=200))
        if draw(st.booleans()):
            said["body"]["claims"][0]["about"] = "k1"
        if kind in {"link", "unlink"}:
            entries.append(links(*draw(st.permutations(["csc/k1", "hv/k1", "father"])), kind=kind))
        elif kind == "correct" and earlier:
            entries.append(corrects(draw(st.sampled_from(earlier)), said))
        elif kind == "void" and earlier:
            entries.append(voids(draw(st.sampled_from(earlier)), draw(st.sampled_from(["csc", "hv", "police"]))))
        else:
            entries.append(said)
    return steps(*entries)


def whole(entries: list[EntryStep], pack: Pack = PACK, until: datetime | None = None) -> tuple[RecordState, list[Any]]:
    state, said = RecordState("r"), []
    for event, after, outcomes in run(state, entries, pack, until=until):
        state = after
        said.append((event, outcomes))
    return state, said


END = FIRST + timedelta(days=400)


@given(records(), st.integers(0, 9))
@settings(max_examples=examples(), deadline=None)
def test_a_fold_that_was_interrupted_says_what_one_that_was_not_says(entries: list[EntryStep], cut: int) -> None:
    """Stopping after any entry and going on from state and due moments gives the same outcomes, ids and times."""
    _, expected = whole(entries, until=END)
    first = list(run(RecordState("r"), entries[:cut], PACK))
    state = first[-1][1] if first else RecordState("r")
    stepped = {event for event, _, _ in first if isinstance(event, DueStep)}
    due = [o for _, _, said in first for o in said if isinstance(o, Due)]
    left = [o for o in due if DueStep(o.at, o.cause, o.number, o.index) not in stepped]
    rest = list(run(state, entries[cut:], PACK, due=left, until=END))
    assert expected == [(event, said) for event, _, said in [*first, *rest]]


def loaded(entries: list[EntryStep], event: EntryStep | DueStep, findings: list[Finding]) -> RecordState:
    """The state before ``event`` of which only what it needs was loaded, as from a store."""
    before = [entry for entry in entries if not isinstance(event, EntryStep) or entry.number < event.number]
    if isinstance(event, DueStep):
        before = [entry for entry in entries if (entry.at, entry.number) <= (event.at, event.number)]
    full = RecordState("r")
    for entry in before:
        full, _ = full.after(entry)
    facts = [fact for entry in before for fact in link_facts(entry.kind, entry.agency, entry.body)]
    live = [claim for claims in full.claims.values() for claim in claims]
    state = RecordState.partial("r", facts).with_findings(findings)
    while need := state.questions_needed(event):
        if need.everything:
            state = state.with_everything(live)
        for number in need.entries:
            claims = [claim for entry in before if entry.number == number for claim in claims_in(entry)]
            state = state.with_entry(number, claims, full.withdrawn.get(number))
        keys = {(scope.topic.attribute, key) for scope in need.scopes for key in scope.keys}
        state = state.with_scopes(need.scopes, [c for c in live if (c.attribute, c.about) in keys])
    return state


@given(records())
@settings(max_examples=examples(), deadline=None)
def test_loading_only_what_a_step_needs_gives_the_same_outcomes(entries: list[EntryStep]) -> None:
    """Every step says the same whether the whole record is at hand or only what it asked for."""
    findings: list[Finding] = []
    for event, after, expected in run(RecordState("r"), entries, PACK, until=END):
        _, said = step(loaded(entries, event, findings), event, PACK)
        assert expected == said
        findings = list(after.findings.values())


def gist(state: RecordState, names: dict[int, int]) -> set[tuple[Any, ...]]:
    """What is open, whenever and by whichever step it was raised."""
    return {
        (
            f.key,
            f.kind,
            frozenset(frozenset((names[r.number], r.index) for r in side) for side in f.sides),
            frozenset((names[r.number], r.index) for r in f.evidence),
            f.certain,
            f.change_since,
            f.basis.is_stale,
        )
        for f in state.findings.values()
    }


@given(
    st.lists(statements(), min_size=1, max_size=7).flatmap(
        lambda s: st.tuples(st.just(s), st.permutations(range(len(s))))
    )
)
@settings(max_examples=examples(), deadline=None)
def test_the_order_of_arrival_decides_nothing(given_: tuple[list[dict[str, Any]], list[int]]) -> None:
    """The same statements in any order leave the same findings open, resting on the same statements."""
    said, order = given_
    later = [END] * len(said)
    one, _ = whole(steps(*said, at=later), until=END + timedelta(days=1))
    other, _ = whole(steps(*(said[place] for place in order), at=later), until=END + timedelta(days=1))
    ours = {number: number for number in range(1, len(said) + 1)}
    theirs = {number: place + 1 for number, place in enumerate(order, 1)}
    assert kinds_of(gist(one, ours)) == kinds_of(gist(other, theirs))


def kinds_of(gist_: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """A finding without which of equal statements it shows: ties in all but arrival are told apart by number alone."""
    return {(key, kind, certain, change, stale) for key, kind, _, _, certain, change, stale in gist_}


@given(st.lists(statements(), min_size=1, max_size=7))
@settings(max_examples=examples(), deadline=None)
def test_the_order_of_arrival_decides_no_side_where_each_was_observed_on_its_own_day(
    said: list[dict[str, Any]],
) -> None:
    """With no two observed on one day, sides and evidence are the same too."""
    distinct = list({entry["body"]["observed"]: entry for entry in said}.values())
    later = [END] * len(distinct)
    one, _ = whole(steps(*distinct, at=later), until=END)
    other, _ = whole(steps(*reversed(distinct), at=later), until=END)
    count = len(distinct)
    assert gist(one, {n: n for n in range(1, count + 1)}) == gist(
        other, {n: count + 1 - n for n in range(1, count + 1)}
    )


@given(records())
@settings(max_examples=examples(), deadline=None)
def test_what_shares_a_state_is_never_set_against_each_other(entries: list[EntryStep]) -> None:
    """The sides of every finding that compares leave no state that all their statements allow."""
    claims: dict[Any, Claim] = {claim.ref: claim for entry in entries for claim in claims_in(entry)}
    values = PACK.attributes["presence"].values
    _, said = whole(entries, until=END)
    for _, outcomes in said:
        for finding in (o.finding for o in outcomes if hasattr(o, "finding")):
            if finding.kind != "gap":
                sides = [reduce(and_, (values[str(claims[ref].value)] for ref in side)) for side in finding.sides]
                assert all(sides)
                assert reduce(and_, sides) == 0


# ── the oracle: brute force over the days, three moments in each ──


class Said:
    """One statement, its days counted from FIRST, with the three moments of day d being 3d, 3d+1 and 3d+2."""

    def __init__(self, entry: dict[str, Any]) -> None:
        body = entry["body"]
        claim = body["claims"][0]
        start, _, end = claim["valid"].partition("/")
        self.first = self.nth(start)
        self.observed = self.nth(body["observed"])
        self.is_open = end == ".."
        self.is_day = end in {"", start}
        self.last = self.observed if self.is_open else self.nth(end or start)
        self.agency, self.own = entry["agency"], claim["basis"] not in {"told", "agency"}
        self.strength = STRENGTH[claim["basis"]]
        self.source = body["author"]["role"] if self.own else claim["informant"]
        self.mask = PACK.attributes["presence"].values[claim["value"]]

    @staticmethod
    def nth(text: str) -> int:
        return (datetime.fromisoformat(text).replace(tzinfo=UTC) - FIRST).days

    def ends(self, other: "Said") -> bool:
        if self.agency != other.agency or self.observed <= other.observed:
            return False
        is_next = self.source == other.source and self.own == other.own
        if self.is_day and other.is_day:
            return is_next and self.own
        return is_next or (self.own and self.strength >= other.strength)

    def asserts(self, t: int) -> bool:
        """Periods run from within their first day to within their last; a day is its noon."""
        if self.is_day:
            return t == 3 * self.first + 1
        end = 3 * self.last + (3 if self.is_open else 1)
        return 3 * self.first + 1 < t < end

    def touches(self, t: int) -> bool:
        return 3 * self.first <= t < 3 * self.last + 3

    def is_held(self, t: int, all_: "list[Said]") -> bool:
        enders = [other for other in all_ if other.ends(self)]
        if t < 3 * self.last + 3:
            return self.asserts(t) and not any(other.touches(t) for other in enders)
        return self.is_open and not any(
            (other.last > self.last and 3 * other.first <= t and (other.is_open or not self.is_nested(other)))
            or (other.last == self.last and other.is_open)
            for other in enders
        )

    def is_nested(self, other: "Said") -> bool:
        return self.mask & other.mask in {self.mask, other.mask}


def disagreements(said: list[Said]) -> Iterator[tuple[Said, ...]]:
    """Sets that leave no state at some moment at which one is asserted, and every smaller part of which does."""
    for t in range(3 * 45):
        held = [one for one in said if one.is_held(t, said)]
        for size in (2, 3, 4):
            for some in combinations(held, size):
                empty = reduce(and_, (one.mask for one in some)) == 0
                least = all(reduce(and_, (one.mask for one in part)) for part in combinations(some, size - 1))
                sources = {(one.agency, one.own, one.source) for one in some}
                if empty and least and (len(sources) > 1 or not some[0].own) and any(one.asserts(t) for one in some):
                    yield some


@given(st.lists(statements(), min_size=2, max_size=6))
@settings(max_examples=2 * examples(), deadline=None)
def test_an_oracle_by_brute_force_agrees(said: list[dict[str, Any]]) -> None:
    """Trying every moment and every set of statements finds a disagreement exactly when the detector does."""
    pack = presence_pack(past_matters="yes", compare_within="P1000D")
    state, _ = whole(steps(*said, at=[END] * len(said)), pack)
    expected = any(True for _ in disagreements([Said(entry) for entry in said]))
    assert expected == any(finding.kind != "gap" for finding in state.findings.values())


@given(records())
@settings(max_examples=examples(), deadline=None)
def test_findings_survive_being_written_down(entries: list[EntryStep]) -> None:
    """A finding read back from JSON is the finding that was written."""
    _, said = whole(entries)
    outcomes: list[Outcome] = [outcome for _, outcomes in said for outcome in outcomes]
    for outcome in outcomes:
        if hasattr(outcome, "finding"):
            finding: Finding = outcome.finding
            assert finding == Finding.from_mapping(finding.as_mapping())
            assert finding == replace(finding)
