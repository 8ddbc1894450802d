"""Properties of unanswered concerns: order, batches and loading make no difference."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.folding import at_once, parts_suffice
from tests.saying import corrects, links, steps, voids
from tests.sizes import examples
from tests.unit.domain.rules.concerning import AROUND, FIRST, PACK, last, said

SPOKEN = [
    ("concern", ["Worry."], {"topic": "harm"}),
    ("reassurance", ["Calm."], {"topic": "harm"}),
    ("reassurance", ["Calm."], {}),
    ("injury", ["bruise", "scratch", "none"], {"thing": "x"}),
    ("injury_site", ["knee", "cheek"], {"thing": "x"}),
    ("injury_count", ["1", "3"], {"thing": "x"}),
    ("account", ["fall"], {"thing": "x"}),
    ("cause_opinion", ["accident", "inflicted"], {"thing": "x"}),
    ("examined", ["medical"], {"thing": "x"}),
    ("judgement", ["no_concerns", "concerns"], {}),
    ("risk_position", ["poses_risk", "none_known"], {"about": "father"}),
    ("allegation", ["made", "unfounded"], {"about": "father", "thing": "x"}),
]


@st.composite
def spoken(draw: st.DrawFn, on: int) -> dict[str, Any]:
    """Something said of the child or its father on the day of this number."""
    attribute, values, more = draw(st.sampled_from(SPOKEN))
    agency = draw(st.sampled_from(["csc", "hospital", "hv"]))
    told: dict[str, Any] = draw(st.sampled_from([{}, {}, {"told": "mother"}, {"told": "father"}]))
    contact = draw(st.sampled_from([{}, {}, {"contact": {"depth": "examined"}}, {"contact": {"depth": "doorstep"}}]))
    more = dict(more)
    if "thing" in more:
        more["thing"] = draw(st.sampled_from(["csc/x", "hv/x"]))
    if draw(st.integers(0, 9)) == 0:
        more["about"] = "k1"
    return said(agency, on, attribute, draw(st.sampled_from(values)), **more, **told, **contact)


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A record with corrections, voids, births, outcomes and links among what is said; no two on one day."""
    days = draw(st.lists(st.integers(0, 120), min_size=2, max_size=9, unique=True))
    entries: list[dict[str, Any]] = []
    for number, on in enumerate(days):
        kind = draw(st.sampled_from(["say"] * 7 + ["correct", "void", "link", "outcome", "born"]))
        earlier = [n + 1 for n in range(number) if entries[n]["kind"] == "observation"]
        if kind == "link":
            sort = draw(st.sampled_from(["people", "things"]))
            names = ["father", "hv/k1"] if sort == "people" else ["csc/x", "hv/x"]
            entries.append(links(*names, sort=sort, kind=draw(st.sampled_from(["link", "unlink"]))))
        elif kind == "outcome":
            entries.append({"agency": "csc", "kind": "allegation", "body": {"step": "unfounded", "thing": "x"}})
        elif kind == "born":
            entries.append(
                {"agency": "hv", "kind": "child", "body": {"born": draw(st.sampled_from(["2016", "2022-01"]))}}
            )
        elif kind == "correct" and earlier:
            entries.append(corrects(draw(st.sampled_from(earlier)), draw(spoken(on))))
        elif kind == "void" and earlier:
            entries.append(voids(draw(st.sampled_from(earlier)), draw(st.sampled_from(["csc", "hospital", "hv"]))))
        else:
            entries.append(draw(spoken(on)))
    return entries


@given(records())
@settings(max_examples=2 * examples(), deadline=None)
def test_loading_only_what_a_step_needs_gives_the_same_outcomes(given_: list[dict[str, Any]]) -> None:
    """Every step says the same whether the whole record is at hand or only what it asked for."""
    assert parts_suffice(steps(*given_), PACK, AROUND)


@given(records())
@settings(max_examples=2 * examples(), deadline=None)
def test_one_by_one_leaves_what_detecting_over_the_whole_record_at_once_finds(given_: list[dict[str, Any]]) -> None:
    """What is open after the last step is what the rule says of the finished record, and nothing else."""
    entries = steps(*given_)
    verdicts = at_once(entries, entries[-1].at, PACK, AROUND)
    assert verdicts == {one.key: one.basis for one in last(entries).findings.values()}


@given(records(), st.randoms(use_true_random=False))
@settings(max_examples=2 * examples(), deadline=None)
def test_the_order_of_arrival_decides_nothing(given_: list[dict[str, Any]], chance: Any) -> None:
    """The same statements in any order leave the same findings, with the same sides."""
    plain = [(place, entry) for place, entry in enumerate(given_) if "target" not in entry and entry["kind"] != "link"]
    plain = [(place, entry) for place, entry in plain if entry["kind"] != "unlink"]
    other = list(plain)
    chance.shuffle(other)
    at = [FIRST + timedelta(days=500)] * len(plain)

    def found(chosen: list[tuple[int, dict[str, Any]]]) -> set[Any]:
        findings = last(steps(*(entry for _, entry in chosen), at=at)).findings.values()
        return {
            (
                one.question,
                one.certain,
                *(frozenset((chosen[ref.number - 1][0], ref.index) for ref in side) for side in one.sides),
                frozenset((chosen[ref.number - 1][0], ref.index) for ref in one.evidence),
            )
            for one in findings
        }

    assert found(plain) == found(other)


@given(records())
@settings(max_examples=2 * examples(), deadline=None)
def test_no_entry_stands_on_both_sides(given_: list[dict[str, Any]]) -> None:
    """A contact is never set against itself, and each side has something."""
    for one in last(steps(*given_)).findings.values():
        concerns, reassurances = ({ref.number for ref in side} for side in one.sides)
        assert concerns
        assert reassurances
        assert not concerns & reassurances
