"""Properties of the rules on what is not known: order, loading and stepping make no difference."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.finding import Basis
from tests.folding import at_once, parts_suffice
from tests.saying import corrects, links, steps, voids
from tests.sizes import examples
from tests.unit.domain.rules.gapping import (
    AROUND,
    FIRST,
    born,
    check,
    claim,
    decision,
    involved,
    moment,
    pack,
    said,
    stepped,
    visit,
)

Words = tuple[str, list[str], dict[str, Any]]
WORDS: list[Words] = [
    ("father", ["father", "k1"], {"about": "child"}),
    ("presence", ["lives_here", "absent", "undetermined"], {}),
    ("presence", ["lives_here", "stays_overnight"], {"about": "k1", "valid": "2022-03-01/.."}),
    ("contact_with_child", ["overnight", "none"], {"about": "k1"}),
    ("advice_given", ["given", "not_given", "declined"], {"item": "coping with crying"}),
    ("checks", ["not_asked", "nothing_found", "refused"], {"item": "police"}),
    ("plan", ["active", "ended"], {"about": "child", "item": "child in need"}),
    ("relationship_to_child", ["parent", "sibling"], {}),
    ("seen_alone", ["happened", "did_not_happen"], {"about": "mother"}),
    ("injury", ["bruise"], {"about": "child", "thing": "x"}),
    ("mobility", ["rolls", "undetermined"], {"about": "child"}),
    ("sleep_arrangement", ["own_cot", "shares_sofa"], {"about": "child"}),
    ("visit_outcome", ["not_brought"], {"about": "child", "thing": "v"}),
    ("weight", ["3.4"], {"about": "child"}),
    ("not_seen_because", ["At work."], {}),
    ("heard", ["happened", "did_not_happen"], {}),
    ("domestic_abuse", ["alleged", "denied"], {"about": "k1", "with": "mother"}),
    ("concern", ["Was hit."], {"about": "child", "topic": "harm"}),
    ("death", ["happened"], {"about": "child"}),
]
WAYS = ["unknown", "not_asked", "declined", "evaded"]
AGENCIES = ["hv", "csc", "gp"]
LONG = moment(500)


@st.composite
def claims(draw: st.DrawFn) -> dict[str, Any]:
    """A claim on something that must be known, or that makes it necessary; or that it is not known."""
    attribute, values, more = draw(st.sampled_from(WORDS[:-1] * 4 + WORDS[-1:]))
    basis = draw(st.sampled_from([{}, {"told": "mother"}, {"basis": "searched"}]))
    if draw(st.integers(0, 3)) == 0:
        return claim(attribute, **{**more, **basis, "not_known": draw(st.sampled_from(WAYS))})
    return claim(attribute, draw(st.sampled_from(values)), **{**more, **basis})


@st.composite
def spoken(draw: st.DrawFn, on: int) -> dict[str, Any]:
    """What an agency says on the day of this number; some introduce somebody."""
    people = draw(st.sampled_from([{}, {"people": [{"ref": "k1", "role": "friend"}]}]))
    return said(draw(st.sampled_from(AGENCIES)), on, *draw(st.lists(claims(), min_size=1, max_size=3)), **people)[1]


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A record with a birth, contacts, corrections, voids and links among what is said; no two on one day."""
    days = draw(st.lists(st.integers(0, 90), min_size=2, max_size=8, unique=True))
    entries: list[dict[str, Any]] = []
    for number, on in enumerate(days):
        kinds = ["say"] * 6 + ["correct", "void", "link", "born", "visit", "involve", "check", "decide"]
        kind = draw(st.sampled_from(kinds))
        earlier = [n + 1 for n in range(number) if entries[n]["kind"] == "observation"]
        if kind == "link":
            entries.append(links("father", "hv/k1", kind=draw(st.sampled_from(["link", "unlink"]))))
        elif kind == "born":
            entries.append(born(0)[1])
        elif kind == "visit":
            present = draw(st.sampled_from([["mother", "child"], ["mother", "father"], ["k1"], []]))
            entries.append(visit(draw(st.sampled_from(AGENCIES)), on, *present, home_entered="yes")[1])
        elif kind == "check":
            entries.append(check(on, draw(st.sampled_from(["father", "k1"])), draw(st.sampled_from([None, on])))[1])
        elif kind == "decide":
            entries.append(decision("csc", on, draw(st.sampled_from(["close", "return_home"])))[1])
        elif kind == "involve":
            entries.append(involved(draw(st.sampled_from(AGENCIES)), on)[1])
        elif kind == "correct" and earlier:
            entries.append(corrects(draw(st.sampled_from(earlier)), draw(spoken(on))))
        elif kind == "void" and earlier:
            entries.append(voids(draw(st.sampled_from(earlier)), draw(st.sampled_from(AGENCIES))))
        else:
            entries.append(draw(spoken(on)))
    return entries


@given(records())
@settings(max_examples=examples(), deadline=None)
def test_loading_only_what_a_step_needs_gives_the_same_outcomes(given_: list[dict[str, Any]]) -> None:
    """Every step, of an entry or a moment, says the same whether the whole record is at hand or what it asked for."""
    assert parts_suffice(steps(*given_), pack(), AROUND, LONG)


@given(records())
@settings(max_examples=examples(), deadline=None)
def test_stepping_leaves_what_judging_the_whole_record_at_that_time_finds(given_: list[dict[str, Any]]) -> None:
    """Once every moment has come, what is open is what every rule says of the finished record; alerts stay alerts."""
    entries = steps(*given_)
    state, _ = stepped(entries, LONG)
    assert {key: _said(basis) for key, basis in at_once(entries, LONG, pack(), AROUND).items()} == {
        one.key: _said(one.basis) for one in state.findings.values()
    }


@given(records(), st.randoms(use_true_random=False))
@settings(max_examples=examples(), deadline=None)
def test_the_order_of_arrival_decides_nothing(given_: list[dict[str, Any]], chance: Any) -> None:
    """The same entries in any order leave the same gaps, in the same states, as often refused, asked of the same."""
    apart = {"link", "unlink", "correction", "void"}
    plain = [(place, entry) for place, entry in enumerate(given_) if entry["kind"] not in apart]
    other = list(plain)
    chance.shuffle(other)
    at = [FIRST + timedelta(days=100)] * len(plain)

    def open_after(chosen: list[tuple[int, dict[str, Any]]]) -> set[Any]:
        findings = stepped(steps(*(entry for _, entry in chosen), at=at), LONG)[0].findings.values()
        return {
            (one.question, one.basis.by, one.basis.state, one.basis.refusals, one.basis.owed_by, one.basis.tier)
            for one in findings
        }

    assert open_after(plain) == open_after(other)


@given(records())
@settings(max_examples=examples(), deadline=None)
def test_no_question_has_two_gaps(given_: list[dict[str, Any]]) -> None:
    """Whatever made it necessary and in whatever way it is not known, one question is one gap."""
    found = stepped(steps(*given_), LONG)[0].findings.values()
    questions = [one.question for one in found]
    assert len(questions) == len(set(questions))


def _said(basis: Basis) -> tuple[Any, ...]:
    return (basis.sides, basis.by, basis.state, basis.refusals, basis.due, basis.owed_by)
