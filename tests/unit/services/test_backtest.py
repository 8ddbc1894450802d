from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ledger.api.schemas.children import ChildSchema
from ledger.api.schemas.kinds import OF_A_CHILD
from ledger.api.schemas.observations import ObservationSchema
from ledger.domain.noise import noise
from ledger.domain.pack import Pack
from ledger.domain.scenario import Scenario, opening_steps
from ledger.services.backtest import Backtest, backtest, finding_json, warnings
from ledger.services.load_scenario import load_scenarios, read_scenario
from tests.shipped import shipped_pack
from tests.small_pack import small_pack

CONFIG = Path(__file__).resolve().parents[3] / "config"
CASES = {scenario.name: scenario for scenario in load_scenarios(sorted((CONFIG / "scenarios").glob("*.yaml")))}

HEAD = """
scenario: constructed
source: constructed
nation: england
child: {ref: baby, born: 2022-01-01}
people:
  - {ref: mother, role: mother}
  - {ref: dad, role: father}
  - {ref: partner, role: mother's partner}
agencies:
  - {ref: hv, kind: health_visiting}
  - {ref: csc, kind: childrens_social_care, people: [{ref: lodger, role: lodger}]}
  - {ref: gp, kind: gp}
entries:
"""


@cache
def pack() -> Pack:
    return shipped_pack()


@cache
def small() -> Pack:
    """A pack whose rules stay as they are, whatever the default pack comes to find."""
    with TemporaryDirectory() as folder:
        return small_pack(Path(folder) / "pack")


@cache
def case(name: str) -> Backtest:
    return backtest(CASES[name], pack())


def said(name: str, agency: str, day: str, who: str, value: str, *, valid: str = "", informant: str = "mother") -> str:
    """One statement about somebody's presence, on the day it was made."""
    claim = f"about: {who}, attribute: presence, value: {value}, basis: told, informant: {informant}"
    return (
        f"  - {{id: {name}, at: {day}T15:00Z, agency: {agency}, observation: {{observed: {day}, statement: fact, "
        f"claims: [{{{claim}, valid: {valid or day + '/..'}}}]}}}}\n"
    )


def run(*entries: str, until: str = "2022-04-30") -> Backtest:
    return backtest(read_scenario(f"{HEAD}{''.join(entries)}until: {until}\n", "a.yaml"), small())


def kinds(result: Backtest) -> list[tuple[str, tuple[tuple[str, ...], ...]]]:
    return [(one.kind, one.sides) for one in result.findings if one.kind != "gap"]


def test_the_five_reviews_load_and_fit_the_pack() -> None:
    """Each published review is a scenario, and a ledger would take every claim in it."""
    assert len(CASES) == 5
    for name in CASES:
        assert list(warnings(case(name))) == []


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_interface_takes_every_body(name: str) -> None:
    """What a scenario runs without a server can be posted to one, its opening included."""
    schemas = dict(OF_A_CHILD.values()) | {"observation": ObservationSchema}
    bodies = [(kind, kind == "child", body) for _, kind, body in opening_steps(CASES[name])]
    bodies += [(entry.kind, False, entry.body) for entry in CASES[name].entries]
    for kind, is_new_child, body in bodies:
        schema = ChildSchema if is_new_child else schemas[kind]
        sent = {**body, "event_id": "e1"} | ({"child": {"reference": "c1"}} if kind == "observation" else {})
        assert schema(pack=pack()).validate(sent) == {}


@pytest.mark.parametrize(
    ("name", "kind", "entries"),
    [
        ("shropshire-unseen-men", "same_informant", ("o2", "o3")),
        ("wiltshire-child-k", "contradiction", ("o3", "o4")),
    ],
)
def test_conflicting_accounts_are_found_on_the_day(name: str, kind: str, entries: tuple[str, ...]) -> None:
    """Two accounts that cannot both be so are raised under their sharpest name on the day the second one comes."""
    verdict = next(one for one in case(name).score.verdicts if one.expected.rests_on == entries)
    assert verdict.finding is not None
    assert verdict.finding.kind == kind
    assert not verdict.is_late
    assert verdict.finding.severity == "high"


@pytest.mark.parametrize("name", sorted(CASES))
def test_nothing_rejected_is_raised(name: str) -> None:
    """What only looks like a conflict stays quiet in every review."""
    assert case(name).score.false == ()


def test_alerts_stay_few() -> None:
    """Alerts that no review expects stay at one in eight observations, and no week has more than three alerts."""
    results = [case(name) for name in CASES]
    heard = noise([(result.scenario, result.raised) for result in results])
    met = {verdict.finding.id for result in results for verdict in result.score.verdicts if verdict.finding}
    unasked = [one for result in results for one in result.findings if one.is_alert and one.id not in met]
    assert len(unasked) / heard.observations <= 1 / 8
    assert heard.worst_week[0] <= 3


def test_a_run_is_the_same_every_time() -> None:
    """Nothing but the scenario and the pack goes into a result."""
    first, again = (backtest(CASES["shropshire-unseen-men"], pack()) for _ in range(2))
    assert first == again
    assert len({one.id for one in first.raised}) == len(first.raised)


def test_json_names_entries_as_the_scenario_does() -> None:
    """A finding is told in the scenario's own ids and references, with its sides apart."""
    result = case("shropshire-unseen-men")
    found = next(one for one in result.findings if one.kind == "same_informant")
    told = finding_json(result, found)
    explanation = told.pop("explanation")
    assert told == {
        "scenario": "shropshire-unseen-men",
        "kind": "same_informant",
        "rule": "states_of_the_world",
        "severity": "high",
        "rests_on": ["o2", "o3", "o4"],
        "raised_at": "2022-10-05T11:00:00Z",
        "about": "father",
        "attribute": "presence",
        "topic": None,
        "sides": [["o2"], ["o3"]],
        "evidence": ["o4"],
        "is_alert": True,
        "closed_at": None,
    }
    assert "Children's social care" in explanation
    assert "told by the mother" in explanation


def test_what_a_constraint_sets_apart_is_told_in_its_words() -> None:
    """The constraint is the rule that is named, its meaning is told, and what may both be so is not said to exclude."""
    pulled = [
        told
        for name in CASES
        for found in case(name).findings
        if found.by and (told := finding_json(case(name), found))
    ]
    assert pulled
    for told in pulled:
        rule = pack().rules[told["rule"]]
        assert rule.meaning.partition(". ")[0].rstrip(".") in told["explanation"]
        if rule.family.name == "strains":
            assert "pull apart" in told["explanation"]
            assert "be so" not in told["explanation"].partition(". ")[0]


def test_one_reference_of_a_scenario_is_one_person() -> None:
    """People at the top are linked for all agencies, under a reference of any name; the finding uses that reference."""
    for ref in ("partner", "dad"):
        result = run(said("a", "csc", "2022-03-01", ref, "absent"), said("b", "hv", "2022-03-02", ref, "lives_here"))
        assert kinds(result) == [("same_informant", (("a",), ("b",)))]
        assert [one.about for one in result.findings] == [ref]
    shared = run(said("a", "csc", "2022-03-01", "father", "absent"), said("b", "hv", "2022-03-02", "dad", "lives_here"))
    assert kinds(shared) == [("same_informant", (("a",), ("b",)))]


def test_an_agencys_own_people_are_its_own() -> None:
    """Two agencies may call two people by one word: nobody has said that they are one."""
    first = said("a", "csc", "2022-03-01", "lodger", "absent")
    assert kinds(run(first, said("b", "hv", "2022-03-02", "lodger", "lives_here"))) == []
    link = "  - {id: l, at: 2022-03-01T16:00Z, agency: csc, link: {people: [csc/lodger, hv/lodger], reason: one man}}\n"
    assert kinds(run(first, link, said("b", "hv", "2022-03-02", "lodger", "lives_here"))) == [
        ("same_informant", (("a",), ("b",)))
    ]


def test_the_clock_moves_on_and_wakes_what_is_due() -> None:
    """What grows stale between entries, or after the last one, is raised at its own moment and not before."""
    told = said("a", "csc", "2022-03-01", "partner", "absent")
    assert run(told, until="2022-05-01").findings == ()
    (gap,) = run(told, until="2022-06-30").findings
    assert gap.kind == "gap"
    assert gap.topic == "presence"
    assert gap.raised_at == datetime(2022, 3, 2, tzinfo=UTC) + timedelta(days=90)
    later = said("b", "gp", "2022-06-20", "mother", "lives_here", informant="partner")
    assert [one.raised_at for one in run(told, later, until="2022-06-30").findings] == [gap.raised_at]


def test_order_of_writing_does_not_matter() -> None:
    """Entries count in the order of their moments, however the file lists them."""
    one, other = (
        said("a", "csc", "2022-03-01", "partner", "absent"),
        said("b", "hv", "2022-03-02", "partner", "lives_here"),
    )
    assert [(f.kind, f.raised_at) for f in run(other, one).findings] == [
        (f.kind, f.raised_at) for f in run(one, other).findings
    ]


def test_a_correction_takes_its_entry_away() -> None:
    """What its author has put right counts no more, and what was raised before stays raised."""
    wrong = said("a", "csc", "2022-03-01", "partner", "absent")
    right = (
        "  - {id: c, at: 2022-03-01T17:00Z, agency: csc, correction: {corrects: a, reason: wrong man, observation: "
        "{observed: 2022-03-01, statement: fact}}}\n"
    )
    later = said("b", "hv", "2022-03-02", "partner", "lives_here")
    assert kinds(run(wrong, right, later)) == []
    void = "  - {id: v, at: 2022-03-03T17:00Z, agency: csc, void: {voids: a, reason: wrong child}}\n"
    assert kinds(run(wrong, later, void)) == [("same_informant", (("a",), ("b",)))]


def test_a_claim_that_a_ledger_would_refuse_is_said_and_says_nothing() -> None:
    """An unknown attribute or value is named by line, repeats nothing, and stops no other claim."""
    odd = said("x", "gp", "2022-02-01", "partner", "lives_here").replace(
        "attribute: presence", "attribute: quillfeather"
    )
    result = run(
        odd,
        said("y", "gp", "2022-02-02", "partner", "quillfeather"),
        said("a", "csc", "2022-03-01", "partner", "absent"),
        said("b", "hv", "2022-03-02", "partner", "lives_here"),
    )
    told = list(warnings(result))
    assert [slip.place for slip in result.refused] == ["x/claims/0/attribute", "y/claims/0/value"]
    assert all("left out" in text and "line" in text for text in told)
    assert not any("quillfeather" in text for text in told)
    assert kinds(result) == [("same_informant", (("a",), ("b",)))]


def test_what_a_ledger_would_warn_of_is_said_and_run_all_the_same() -> None:
    """A date that does not fit what was said before is named by line and place; nothing is refused or left out."""
    early = "  - {id: s, at: 2022-03-10T12:00Z, agency: csc, contact: {observed: 2001-05-05, depth: seen}}\n"
    result = run(early, said("a", "csc", "2022-03-12", "partner", "lives_here"))
    assert [(slip.place, slip.is_refused, slip.is_left_out) for slip in result.slips] == [("s/observed", False, False)]
    assert "line 1" in "".join(warnings(result))
    assert "a ledger would warn of this" in "".join(warnings(result))


def test_one_claim_about_two_people_is_one_about_each() -> None:
    """What is said of several people at once is compared for each of them."""
    both = said("a", "csc", "2022-03-01", "[partner, dad]", "absent")
    result = run(both, said("b", "hv", "2022-03-02", "dad", "lives_here"))
    assert [(one.kind, one.about) for one in result.findings if one.kind != "gap"] == [("same_informant", "dad")]


def test_the_child_by_its_reference_is_the_child() -> None:
    """A scenario may call the child by its reference there."""
    bone = (
        "  - {{id: {0}, at: 2022-03-0{1}T15:00Z, agency: {2}, observation: {{observed: 2022-03-0{1}, "
        "statement: opinion, claims: [{{about: {3}, attribute: fracture, thing: femur, value: {4}, "
        "basis: judgement}}]}}}}\n"
    )
    result = run(bone.format("a", 1, "gp", "child", "present"), bone.format("b", 2, "hv", "baby", "absent"))
    assert [(one.kind, one.about, one.sides) for one in result.findings] == [
        ("contradiction", "child", (("a",), ("b",)))
    ]


def test_opening_comes_before_the_first_entry() -> None:
    """The child, the lead and the links are there when the first entry is read."""
    scenario: Scenario = CASES["shropshire-unseen-men"]
    assert [kind for _, kind, _ in opening_steps(scenario)][:2] == ["child", "lead"]
    assert scenario.lead is not None
    assert scenario.lead["agency"] in {agency.ref for agency in scenario.agencies}
    for each in CASES.values():
        involved = {entry.agency for entry in each.entries if entry.kind == "involvement"}
        assert involved == {entry.agency for entry in each.entries}
