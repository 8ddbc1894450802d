"""Properties of the fold: order, batches, interruption and loading make no difference."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import and_
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.domain.claim import Claim
from ledger.domain.event import DueStep, EntryStep, claims_in
from ledger.domain.finding import Finding
from ledger.domain.fold import run, step
from ledger.domain.outcome import Due, Outcome
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from tests.folding import at_once, gist, loaded, without_ties
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
LATER = END + timedelta(days=1)
#: Each entry named by its own number.
SAME = {number: number for number in range(1, 100)}


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


@given(records())
@settings(max_examples=examples(), deadline=None)
def test_loading_only_what_a_step_needs_gives_the_same_outcomes(entries: list[EntryStep]) -> None:
    """Every step says the same whether the whole record is at hand or only what it asked for."""
    findings: list[Finding] = []
    for event, after, expected in run(RecordState("r"), entries, PACK, until=END):
        _, said = step(loaded(entries, event, findings, PACK), event, PACK)
        assert expected == said
        findings = list(after.findings.values())


@st.composite
def reordered(draw: st.DrawFn, entries: Sequence[dict[str, Any]]) -> list[int]:
    """Places of entries in another order, in which each comes after those of its chain: what it refers to, and links.

    Corrections and voids refer to an entry; links count from when they are recorded, so theirs is one chain.
    """
    chains: dict[object, list[int]] = {}
    roots: dict[int, object] = {}
    for place, entry in enumerate(entries):
        target = entry.get("target")
        root = "links" if entry["kind"] in {"link", "unlink"} else place if target is None else roots[target - 1]
        roots[place] = root
        chains.setdefault(root, []).append(place)
    waiting, order = [chain[::-1] for chain in chains.values()], []
    while waiting := [chain for chain in waiting if chain]:
        order.append(draw(st.sampled_from(waiting)).pop())
    return order


@st.composite
def two_orders(draw: st.DrawFn) -> tuple[list[EntryStep], list[EntryStep], Mapping[int, int]]:
    """One record recorded in two orders, and for each number in the second that in the first."""
    one: list[dict[str, Any]] = [
        {"agency": e.agency, "kind": e.kind, "body": e.body, "target": e.target} for e in draw(records())
    ]
    order = draw(reordered(one))
    number_of = {place + 1: number for number, place in enumerate(order, 1)}
    other = [{**one[place], "target": number_of.get(one[place]["target"] or 0)} for place in order]
    later = [END] * len(one)
    return steps(*one, at=later), steps(*other, at=later), {number: place for place, number in number_of.items()}


@given(two_orders())
@settings(max_examples=2 * examples(), deadline=None)
def test_the_order_of_arrival_decides_nothing(
    given_: tuple[list[EntryStep], list[EntryStep], Mapping[int, int]],
) -> None:
    """The same statements, corrections, voids and links in any order leave the same findings open."""
    one, other, names = given_
    theirs = gist(whole(other, until=LATER)[0], names, PACK)
    assert without_ties(gist(whole(one, until=LATER)[0], SAME, PACK)) == without_ties(theirs)


@given(two_orders())
@settings(max_examples=2 * examples(), deadline=None)
def test_the_order_of_arrival_decides_no_side_where_each_was_observed_on_its_own_day(
    given_: tuple[list[EntryStep], list[EntryStep], Mapping[int, int]],
) -> None:
    """With no two observed on one day, sides and evidence are the same too."""
    one, other, names = given_
    days = [(entry.body.get("observation") or entry.body).get("observed") for entry in one]
    assume(len({*filter(None, days)}) == len([*filter(None, days)]))
    assert gist(whole(one, until=LATER)[0], SAME, PACK) == gist(whole(other, until=LATER)[0], names, PACK)


@given(records())
@settings(max_examples=2 * examples(), deadline=None)
def test_one_by_one_leaves_what_detecting_over_the_whole_record_at_once_finds(entries: list[EntryStep]) -> None:
    """What is open after the last step is what every rule says of the finished record, and nothing else."""
    state, _ = whole(entries, until=END)
    assert {key: finding.basis for key, finding in state.findings.items()} == at_once(entries, END, PACK)


@given(st.lists(statements(), min_size=2, max_size=7), st.integers(1, 7))
@settings(max_examples=examples(), deadline=None)
def test_what_a_person_settled_stays_settled_in_any_order_of_what_follows(said: list[dict[str, Any]], cut: int) -> None:
    """After an outcome the rest may come in any order: the same findings are open, those on new evidence alone."""
    distinct = list({entry["body"]["observed"]: entry for entry in said}.values())
    later = [END] * len(distinct)
    first, rest = steps(*distinct, at=later)[:cut], steps(*distinct, at=later)[cut:]
    before, _ = whole(first)
    for finding in list(before.findings.values()):
        body = {"finding": finding.id, "outcome": "known_and_assessed"}
        before, _ = step(before, EntryStep(len(distinct) + 1, END + timedelta(hours=1), "outcome", "csc", body), PACK)
    one, other = before, before
    for entry in rest:
        one, _ = step(one, entry, PACK)
    for entry in reversed(rest):
        other, _ = step(other, entry, PACK)
    assert gist(one, SAME, PACK) == gist(other, SAME, PACK)


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
