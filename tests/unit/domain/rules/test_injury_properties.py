"""Properties of the rules on accounts of injuries: order and loading make no difference."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.event import EntryStep
from ledger.domain.facts import Facts
from ledger.domain.finding import Basis, Finding
from ledger.domain.fold import run, step
from ledger.domain.need import areas_of
from ledger.domain.outcome import CheckFailed
from ledger.domain.record_state import RecordState
from ledger.domain.rule import View
from tests.folding import loaded
from tests.saying import links, steps
from tests.sizes import examples
from tests.unit.domain.rules.injuring import (
    END,
    born,
    claim,
    decided,
    entry,
    injury_pack,
    mother_is_known,
)

PACK = injury_pack()
THINGS = ["case/one", "case/two", "hv/own", None]
WORDS = {
    "injury": ["bruise", "fracture", "scratch", "multiple", "skin_condition", "none", "brain_injury"],
    "injury_site": ["ear", "shin", "head", "forehead", "back", "ribs", "several"],
    "injury_count": ["1", "3"],
    "injury_pattern": ["none", "hand_shaped"],
    "injury_age": ["fresh", "different_ages"],
    "injury_severity": ["minor", "serious"],
    "account": [
        "low_fall",
        "level_fall",
        "none_given",
        "inflicted",
        "other_child",
        "self",
        "other",
        "illness",
        "height",
    ],
    "account_needs": ["rolls", "walks", "nothing", "condition", "delay"],
    "account_fits": ["fits", "does_not_fit", "doubtful", "undetermined"],
    "cause_opinion": ["accident", "inflicted", "likely_accident", "likely_inflicted"],
    "account_doer": ["father", "hv/k", "child"],
    "injury_time": ["2021-12", "2022-03-01"],
    "fracture": ["present", "absent"],
    "examined": ["undressed", "not_examined"],
}
OF_CHILD = {
    "mobility": ["not_rolling", "rolls", "walks", "not_mobile"],
    "date_of_birth": ["2021-11-05", "2021-06", "2019"],
    "gestation_weeks": ["30", "40"],
    "expected_date": ["2022-01-20"],
    "development": ["on_track", "delayed"],
}


@st.composite
def claims(draw: st.DrawFn) -> dict[str, Any]:
    """A claim on an injury, or on the child, by an agency's own knowledge or as told."""
    told = draw(st.sampled_from([None, None, "mother", "child", "hv/c1", "hv/c2"]))
    more: dict[str, Any] = (
        {"told": told} if told else {"basis": draw(st.sampled_from(["seen", "judgement", "measured"]))}
    )
    if draw(st.integers(0, 3)) == 0:
        attribute = draw(st.sampled_from([*OF_CHILD, "plan", "diagnosis"]))
        if attribute == "plan":
            return claim("plan", draw(st.sampled_from(["active", "ended"])), None, item="child protection", **more)
        if attribute == "diagnosis":
            return claim("diagnosis", "ruled_out", None, item="bleeding disorder", **more)
        return claim(attribute, draw(st.sampled_from(OF_CHILD[attribute])), None, **more)
    attribute = draw(st.sampled_from([*WORDS, "account", "account", "injury"]))
    about = draw(st.sampled_from(["child"] * 4 + ["hv/k"]))
    word, thing = draw(st.sampled_from(WORDS[attribute])), draw(st.sampled_from(THINGS))
    return claim(attribute, word, thing, about=about, **more)


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Entries of a few agencies, no two on one day, with a birth, decisions, people and links among them."""
    entries: list[dict[str, Any]] = []
    for number in draw(st.lists(st.integers(0, 400), min_size=1, max_size=8, unique=True)):
        kind = draw(st.sampled_from(["say"] * 7 + ["born", "decide", "know", "link"]))
        if kind == "born":
            entries.append(born(draw(st.integers(-60, 0)), **draw(st.sampled_from([{}, {"gestation_weeks": "31"}]))))
        elif kind == "decide":
            entries.append(decided("return_home"))
        elif kind == "know":
            entries.append(mother_is_known(number))
        elif kind == "link":
            entries.append(links("case/one", "hv/own", sort="things"))
        else:
            agency = draw(st.sampled_from(["hv", "hospital", "school"]))
            depth = draw(st.sampled_from([{}, {}, {"contact": {"depth": "examined"}}, {"contact": {"depth": "seen"}}]))
            office = draw(st.sampled_from([{}, {"author": {"ref": "d", "role": "paediatrician"}}]))
            entries.append(entry(agency, number, *draw(st.lists(claims(), min_size=1, max_size=3)), **depth, **office))
    return entries


def _named(one: dict[str, Any], place: int) -> dict[str, Any]:
    """The entry with a name for what its claims leave without one."""
    said = one["body"].get("claims", [])
    named = [{"thing": f"case/{place}", **claim_} if claim_["attribute"] in WORDS else claim_ for claim_ in said]
    return {**one, "body": {**one["body"], "claims": named}} if said else one


def gist(state: RecordState, names: Mapping[int, int]) -> frozenset[Any]:
    """What is open: by key, rule, kind and sides, with the entries by the places that they have in the record."""
    return frozenset(
        (
            one.key,
            one.kind,
            one.basis.by,
            one.basis.is_strain,
            frozenset(frozenset((names[ref.number], ref.index) for ref in side) for side in one.sides),
        )
        for one in state.findings.values()
    )


def folded(entries: list[EntryStep]) -> RecordState:
    """The state after all entries; no rule may have failed on the way."""
    state = RecordState("r")
    for _, after, said in run(state, entries, PACK, until=END):
        assert not [one for one in said if isinstance(one, CheckFailed)]
        state = after
    return state


@given(records(), st.randoms(use_true_random=False))
@settings(max_examples=2 * examples(), deadline=None)
def test_the_order_of_arrival_decides_nothing(entries: list[dict[str, Any]], chance: Any) -> None:
    """The same entries in any order leave the same findings on the same sides.

    What names no thing is about one of its own entry, which the entry's number names, so each has a name here.
    """
    entries = [_named(one, place) for place, one in enumerate(entries)]
    order = list(range(len(entries)))
    chance.shuffle(order)
    later = [END] * len(entries)
    names = {number: place + 1 for number, place in enumerate(order, 1)}
    same = {number: number for number in range(1, len(entries) + 1)}
    one = folded(steps(*entries, at=later))
    other = folded(steps(*(entries[place] for place in order), at=later))
    assert gist(one, same) == gist(other, names)


@given(records())
@settings(max_examples=2 * examples(), deadline=None)
def test_loading_only_what_a_step_needs_gives_the_same_outcomes(entries: list[dict[str, Any]]) -> None:
    """Every step says the same whether the whole record is at hand or only what it asked for."""
    made = steps(*entries)
    findings: list[Finding] = []
    for event, after, expected in run(RecordState("r"), made, PACK):
        if isinstance(event, EntryStep):
            _, said = step(loaded(made, event, findings, PACK), event, PACK)
            assert expected == said
        findings = list(after.findings.values())


@given(records())
@settings(max_examples=2 * examples(), deadline=None)
def test_one_by_one_leaves_what_judging_the_whole_record_at_once_finds(entries: list[dict[str, Any]]) -> None:
    """What is open after the last entry is what every rule says of the finished record."""
    state = folded(steps(*entries, at=[END] * len(entries)))
    facts = Facts(state, PACK)
    questions = {state.question_of(one) for said in state.claims.values() for one in said}
    at_once: dict[str, Basis] = {}
    for rule, area, _ in areas_of(questions, facts):
        basis = rule.family.judge(View(rule, area, PACK, END, facts)).basis
        if basis is not None:
            at_once[rule.key(area)] = basis
    explained = {key: one.basis for key, one in state.findings.items() if one.kind == "explanation"}
    assert explained == {key: basis for key, basis in at_once.items() if basis.kind == "explanation"}
