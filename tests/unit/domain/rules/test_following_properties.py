"""Properties of what must follow injuries and standings: steps, order, loading and explanations make no difference."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.event import EntryStep
from ledger.domain.facts import Facts
from ledger.domain.finding import Basis
from ledger.domain.fold import run, step
from ledger.domain.need import areas_of
from ledger.domain.outcome import CheckFailed
from ledger.domain.question import Question
from ledger.domain.record_state import RecordState, Surroundings
from ledger.domain.rule import View
from tests.folding import loaded
from tests.sizes import examples
from tests.unit.domain.rules.following import (
    FIXED,
    KINDS,
    Entry,
    acts,
    at,
    born,
    claim,
    entries,
    pack,
    said,
)

AROUND = Surroundings(agency_kinds=KINDS)
AGENCIES = ["hv", "csc", "hospital", "gp", "school", "police"]
OWN: dict[str, Any] = {"basis": "own_record"}
SPOKEN: list[dict[str, Any]] = [
    *(claim("injury", value, thing) for value in ("bruise", "fracture", "scratch", "mark") for thing in ("x", "y")),
    *(claim("injury_site", value, "x") for value in ("ear", "shin")),
    claim("injury", "skin_condition", "x"),
    claim("injury", "none", "y"),
    claim("account", "birth", "x", **OWN),
    claim("account_fits", "fits", "x", basis="judgement"),
    claim("cause_opinion", "inflicted", "y", basis="judgement"),
    claim("examined", "medical", "x"),
    claim("examined", "undressed"),
    *(claim("mobility", value) for value in ("rolls", "crawls", "walks", "not_mobile")),
    claim("referral", "made", item="social care", **OWN),
    claim("referral", "not_made", item="social care", **OWN),
    *(claim("plan", value, item="child protection", valid="2022-03-02/..", **OWN) for value in ("active", "ended")),
    claim("placement", "foster_care", valid="2022-03-05/..", **OWN),
    claim("placement", "with_parents", valid="2022-04-05/..", **OWN),
    claim("concern", "He cries."),
    claim("seen", "did_not_happen", valid="2022-03-01/2022-04-01", **OWN),
    claim("seen", "happened"),
    claim("death", "happened", **OWN),
]
ACCOUNTS = ["low_fall", "object_by_other_child", "birth", "treatment", "inflicted", "illness", "none_given"]


@st.composite
def posts(draw: st.DrawFn, on: int, hour: int) -> Entry:
    """What an agency posts, or does, on a day."""
    agency = draw(st.sampled_from(AGENCIES))
    kind = draw(st.sampled_from(["say"] * 6 + ["contact", "referral", "involvement", "lead", "return_home"]))
    if kind == "contact":
        how = draw(st.sampled_from([{"depth": "examined"}, {"depth": "seen"}, {"depth": "doorstep"}]))
        return acts(agency, "contact", on, hour, outcome=draw(st.sampled_from(["held", "no_access"])), **how)
    if kind == "referral":
        return acts(agency, "referral", on, hour, to=draw(st.sampled_from(["csc", "gp"])), reason="So.")
    if kind == "involvement":
        return acts(agency, "involvement", on, hour, role="something")
    if kind == "lead":
        return acts(agency, "lead", on, hour, agency=agency, person="w")
    if kind == "return_home":
        return acts("court", "decision", on, hour, kind="return_home")
    spoken = draw(st.lists(st.sampled_from(SPOKEN), min_size=1, max_size=3))
    contact = draw(st.sampled_from([{}, {}, {"contact": {"depth": "examined", "outcome": "held"}}]))
    return said(agency, on, *spoken, hour=hour, **contact)


@st.composite
def records(draw: st.DrawFn) -> list[Entry]:
    """A child of some age, and what is posted about it at different hours of some months."""
    times = draw(st.lists(st.tuples(st.integers(0, 90), st.integers(8, 18)), min_size=1, max_size=8, unique=True))
    child = draw(st.sampled_from([[], [born(-90)], [born(-300)], [born(-260, gestation_weeks="30")], [born(-1500)]]))
    return [*child, *(draw(posts(on, hour)) for on, hour in times)]


Gist = frozenset[tuple[Any, ...]]


def told(found: dict[str, tuple[str, Question, Basis]]) -> Gist:
    """What stands, but for how it is brought: who was once alerted stays so."""
    return frozenset(
        (rule, area, basis.topic, basis.sides, basis.due, basis.is_lapsed, basis.is_met)
        for rule, area, basis in found.values()
    )


def stepped(posted: Sequence[EntryStep], until: int) -> Gist:
    state = RecordState("r", around=AROUND)
    for _, after, outcomes in run(state, posted, pack(), until=at(until)):
        assert not [one for one in outcomes if isinstance(one, CheckFailed)]
        state = after
    return told({key: (one.rule, one.question, one.basis) for key, one in state.findings.items()})


def whole(posted: Sequence[EntryStep]) -> RecordState:
    state = RecordState("r", around=AROUND).under(pack())
    for entry in posted:
        state, _ = state.after(entry)
    return state


def looked_at(posted: Sequence[EntryStep], until: int) -> Gist:
    """What one look over the whole record finds then."""
    state = whole(posted)
    facts = Facts(state, pack())
    questions = {state.question_of(one) for many in state.claims.values() for one in many}
    found: dict[str, tuple[str, Question, Basis]] = {}
    for rule, area, _ in areas_of(questions, facts):
        basis = rule.family.judge(View(rule, area, pack(), at(until), facts)).basis
        if basis is not None:
            found[rule.key(area)] = (rule.name, area, basis)
    return told(found)


@settings(max_examples=examples(), deadline=None)
@given(records(), st.integers(91, 200))
def test_steps_find_what_one_look_finds(record: list[Entry], until: int) -> None:
    """Whatever came when, and whatever fell due meanwhile, what stands follows from what is known and the moment."""
    posted = entries(*record)
    assert stepped(posted, until) == looked_at(posted, until)


@settings(max_examples=examples(), deadline=None)
@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_claims_in_an_entry_makes_no_difference(record: list[Entry], chance: Any) -> None:
    """Which claim of one entry comes first decides nothing but the place that is named."""
    shuffled = []
    for one in record:
        claims = list(one["body"].get("claims", ()))
        chance.shuffle(claims)
        shuffled.append({**one, "body": {**one["body"], **({"claims": claims} if claims else {})}})

    def without_places(gist: Gist) -> frozenset[Any]:
        return frozenset((*one[:3], frozenset(ref.number for side in one[3] for ref in side), *one[4:]) for one in gist)

    assert without_places(stepped(entries(*record), 120)) == without_places(stepped(entries(*shuffled), 120))


@settings(max_examples=examples(), deadline=None)
@given(records(), st.sampled_from(ACCOUNTS), st.sampled_from(["x", "y"]), st.integers(0, 90))
def test_no_carers_account_changes_what_a_babys_injury_asks_for(
    record: list[Entry], account: str, thing: str, on: int
) -> None:
    """By the fixed rule the same is awaited, by the same moment, whatever the mother tells and whenever."""
    explained = said("hv", on, claim("account", account, thing, told="mother"), hour=19)

    def fixed(*posted: Entry) -> list[tuple[Any, ...]]:
        gist = stepped(entries(*posted), 120)
        return sorted((one[2], str(one[1]), one[4], one[5], one[6]) for one in gist if one[0] == FIXED)

    def less_seconds(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [(*one[:2], one[2].replace(second=0), *one[3:]) for one in found]

    assert less_seconds(fixed(*record, explained)) == less_seconds(fixed(*record))


@settings(max_examples=examples(), deadline=None)
@given(records())
def test_what_is_loaded_suffices(record: list[Entry]) -> None:
    """A step on the part of the record that it asks for says what a step on the whole of it says."""
    posted = entries(*record)
    state = RecordState("r", around=AROUND)
    for place, event in enumerate(posted):
        before = posted[:place]
        findings = [*state.findings.values()]
        full, said_by_all = step(state, event, pack())
        partial, said_by_part = step(loaded(before, event, findings, pack(), AROUND), event, pack())
        assert said_by_part == said_by_all
        assert partial.findings == full.findings
        state = full


#: What bears on an injury of the fifth day and is no act of the day on which it is entered: (day of it, claim).
AROUND_IT = [
    (1, claim("mobility", "rolls")),
    (3, claim("mobility", "crawls")),
    (4, claim("injury", "bruise", "before")),
    (5, claim("injury_site", "ear", "x")),
    (5, claim("injury_count", "3", "x")),
    (5, claim("account", "none_given", "x", told="mother")),
    (6, claim("account", "stairs", "x", told="mother")),
    (6, claim("account_fits", "doubtful", "x", basis="judgement")),
    (2, claim("plan", "active", item="child protection", valid="2022-03-02/..", **OWN)),
    (5, claim("gestation_weeks", "30", **OWN)),
]


@settings(max_examples=examples(), deadline=None)
@given(
    st.lists(st.sampled_from(AROUND_IT), min_size=1, max_size=6, unique_by=id).flatmap(
        lambda some: st.tuples(st.just(some), st.permutations(range(len(some))))
    ),
    st.sampled_from([-90, -200, -260, -300, -800]),
)
def test_the_order_in_which_it_is_entered_makes_no_difference(
    told_later: tuple[list[tuple[int, dict[str, Any]]], list[int]], birth: int
) -> None:
    """What agencies enter late of the time of an injury counts the same whichever of them enters it first."""
    some, order = told_later
    hurt = said("gp", 5, claim("injury", "bruise", "x"))

    def entered(places: Sequence[int]) -> list[EntryStep]:
        late = [{**said("hv", on, one), "at": at(10 + place)} for (on, one), place in zip(some, places, strict=True)]
        return entries(born(birth), hurt, *late)

    def without_numbers(gist: Gist) -> frozenset[Any]:
        return frozenset((one[0], one[1], one[2], one[5], one[6]) for one in gist if one[1].thing == "case/x")

    assert without_numbers(stepped(entered(range(len(some))), 60)) == without_numbers(stepped(entered(order), 60))
