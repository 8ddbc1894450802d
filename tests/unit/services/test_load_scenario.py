from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.domain.body import BODIES
from ledger.domain.scenario import opening_steps
from ledger.services.load_scenario import ScenarioError, load_scenarios, read_scenario

HEAD = """
scenario: unseen-father
source: constructed
nation: england
child: {ref: baby, expected: 2022-09}
people:
  - {ref: mother, role: mother}
  - {ref: partner, role: mother's partner}
  - {ref: dad, role: father}
agencies:
  - {ref: hv, kind: health_visiting}
  - {ref: csc, kind: childrens_social_care, people: [{ref: gran, role: grandparent}]}
lead: {agency: csc, person: sw1, role: social worker}
entries:
"""
ENTRIES = """
  - id: o2
    at: 2022-10-05T11:00:00Z
    agency: hv
    observation:
      observed: 2022-10-05
      statement: fact
      claims:
        - {about: father, attribute: presence, value: visits, valid: 2022-10/.., basis: told, informant: mother}
  - id: o1
    at: 2022-03-10T15:00:00Z
    agency: csc
    observation: {observed: 2022-03-10, statement: fact, narrative: He has gone.}
until: 2023-02-01
expect:
  - {kind: same_informant, rests_on: [o1, o2], by: 2022-10-05, severity: high}
reject:
  - {rests_on: [o1, o2], why: an example}
"""
SCENARIO = HEAD + ENTRIES


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(ScenarioError) as refusal:
        read_scenario(text, "a.yaml")
    return list(refusal.value.faults)


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_a_scenario_is_read_in_order_of_time() -> None:
    """Entries stand in the order in which the ledger received them, and days end in London."""
    found = read_scenario(SCENARIO, "a.yaml")
    assert [entry.id for entry in found.entries] == ["o1", "o2"]
    assert found.entries[1].line == line_of(SCENARIO, "- id: o2")
    assert found.starts_at == datetime(2022, 3, 10, 15, tzinfo=UTC)
    assert found.until == datetime(2023, 2, 2, tzinfo=UTC)
    assert found.expect[0].by == datetime(2022, 10, 5, 23, tzinfo=UTC)
    assert found.expect[0].rests_on == ("o1", "o2")
    assert found.reject[0].rests_on == ("o1", "o2")


NAMING = """
  - {id: %s, at: 2022-03-10T15:00Z, agency: %s, observation: {observed: 2022-03-10, statement: fact,
     claims: [{about: %s, attribute: presence, value: visits, basis: seen}]}}
"""


def opening(*named: tuple[str, str], head: str = HEAD) -> list[tuple[str, str, Mapping[str, Any]]]:
    """The opening of a scenario in which agencies name people."""
    text = head + "".join(NAMING % (f"e{place}", *one) for place, one in enumerate(named))
    return opening_steps(read_scenario(text, "a.yaml"))


def introduced(steps: list[tuple[str, str, Mapping[str, Any]]]) -> dict[str, list[Mapping[str, str]]]:
    return {agency: body["people"] for agency, kind, body in steps if kind == "observation"}


def linked(steps: list[tuple[str, str, Mapping[str, Any]]]) -> list[list[str]]:
    return [body["people"] for _, kind, body in steps if kind == "link"]


def test_people_of_the_scenario_are_introduced_and_linked_first() -> None:
    """What one reference means for all who name it becomes a link; a shared role and an agency's own person do not."""
    steps = opening(*((agency, ref) for agency in ("hv", "csc") for ref in ("mother", "partner", "dad", "gran")))
    assert [kind for _, kind, _ in steps] == ["child", "lead", "observation", "observation", "link", "link"]
    assert steps[0][2] == {"expected": "2022-09"}
    partner, dad = {"ref": "partner", "role": "mother's partner"}, {"ref": "dad", "role": "father"}
    assert introduced(steps) == {
        "hv": [partner, dad, {"ref": "gran"}],
        "csc": [partner, dad, {"ref": "gran", "role": "grandparent"}],
    }
    assert linked(steps) == [["hv/partner", "csc/partner"], ["hv/dad", "csc/dad", "father"]]


def test_only_who_is_named_is_introduced() -> None:
    """Of a scenario that names only roles nothing is introduced; an agency introduces whom its own entries name."""
    assert introduced(opening(("hv", "mother"), ("csc", "father"))) == {}
    steps = opening(("hv", "partner"), ("csc", "father"))
    assert list(introduced(steps)) == ["hv"]
    assert linked(steps) == []


def test_of_two_who_may_be_the_father_neither_is_said_to_be() -> None:
    """Where a scenario gives one person's role to several, it joins none of them with the role."""
    head = HEAD.replace("  - {ref: dad, role: father}", "  - {ref: dad, role: father}\n  - {ref: joe, role: father}")
    steps = opening(("hv", "dad"), ("hv", "joe"), ("csc", "joe"), head=head)
    assert introduced(steps)["hv"] == [
        {"ref": "dad", "role": "said to be the father"},
        {"ref": "joe", "role": "said to be the father"},
    ]
    assert linked(steps) == [["hv/joe", "csc/joe"]]


def test_things_with_one_key_are_linked_first() -> None:
    """A thing that two agencies call the same in a scenario is one thing; one agency's own needs no link."""
    claim = "{about: child, attribute: injury, value: bruise, basis: seen, thing: %s}"
    body = f"{{observed: 2022-03-10, statement: fact, claims: [{claim}]}}"
    entry = f"  - {{id: %s, at: 2022-03-10T15:00Z, agency: %s, observation: {body}}}\n"
    text = HEAD + "".join(
        entry % (name, agency, thing)
        for name, agency, thing in (("a", "hv", "arm"), ("b", "csc", "arm"), ("c", "hv", "leg"))
    )
    links = [body for _, kind, body in opening_steps(read_scenario(text, "a.yaml")) if "things" in body]
    assert [link["things"] for link in links] == [["hv/arm", "csc/arm"]]


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ("nation: england", "nation: france", "nation:", "one of: england"),
        ("source: constructed", "source: constructed\nauthor: x", "author:", "no such key"),
        ("value: visits", "valeu: visits", "valeu:", "no such key"),
        ("basis: told", "basis: heard", "basis: heard", "one of: agency"),
        ("statement: fact\n", "statement: rumour\n", "statement: rumour", "one of: admission"),
        ("valid: 2022-10/..", "valid: 2022-10/2021", "valid:", "exchange"),
        ("observed: 2022-10-05", "observed: last week", "observed: last", "give one day"),
        ("at: 2022-03-10T15:00:00Z", "at: 2022-03-10", "at: 2022-03-10\n", "with its zone"),
        ("rests_on: [o1, o2], by", "rests_on: [o1, o9], by", "  - {kind: same_informant", "no entry"),
        ("until: 2023-02-01", "until: 2022-02-01", "until:", "only moves forward"),
        ("id: o2", "id: o1", "id: o1\n    at: 2022-03", "here twice"),
        ("agency: hv\n", "agency: gp\n", "agency: gp", "not among the agencies"),
        ("kind: same_informant", "kind: lie", "kind: lie", "one of: concern"),
        ("expected: 2022-09}", "expected: 2022-09, born: 2022-09-01}", "child:", "exactly one of"),
        ("  - id: o1\n", "  - id: o1\n    void: {voids: o2, reason: typed}\n", "- id: o1", "exactly one of"),
    ],
)
def test_faults_name_their_line(old: str, new: str, at: str, words: str) -> None:
    """An unknown key, word, date or name is refused with the line it stands on."""
    text = SCENARIO.replace(old, new)
    assert text != SCENARIO
    found = faults(text)
    assert (line_of(text, at), True) in [(line, words in message) for line, message in found]


def test_faults_repeat_nothing() -> None:
    """What was written by mistake does not travel on in an error."""
    for old in ("statement: fact", "presence", "told", "2022-10/..", "england", "hv\n", "o1\n", "attribute"):
        text = SCENARIO.replace(old, "Quillfeather\n" if old.endswith("\n") else "Quillfeather")
        message = ""
        try:
            read_scenario(text, "a.yaml")
        except ScenarioError as refusal:
            message = str(refusal)
        assert "quillfeather" not in message.lower()


EXAMPLES = {
    "child": "{born: 2022-09-01, gestation_weeks: 38}",
    "observation": "{observed: 2022-10-05, statement: fact, author: {ref: hv7, role: health visitor}, also: [sib], "
    "people: [{ref: k, role: sibling, name: K, born: 2019, description: small}], "
    "contact: {depth: seen_alone, home_entered: yes, present: [mother], in_earshot: mother, outcome: held}, "
    "sharing: {lawful_basis: public_task, marking: shared, not_to: [father]}, claims: [{about: [mother, father], "
    "attribute: presence, not_known: declined, basis: agency, from: csc, informant: {agency: csc, role: clerk}, "
    "statement: opinion, thing: arm, with: child, item: plan, topic: home, in_earshot: [mother]}]}",
    "contact": "{observed: 2022-10-05, outcome: no_access, by_whom: mother, depth: doorstep}",
    "correction": "{corrects: first, reason: typed wrong, observation: {observed: 2022-10-05, statement: fact}}",
    "void": "{voids: first, reason: wrong child}",
    "decision": "{kind: step_down, to: early_help, reason: settled, relies_on: [{about: father, attribute: presence, "
    "value: absent}], override: {reason: seen since, second: {agency: csc, person: manager}}}",
    "decision_override": "{of: first, reason: seen since, second: {agency: csc, person: manager}}",
    "action": "{what: early help assessment, owner: {agency: hv, person: hv7}, due: 2022-11-01}",
    "done": "{of: first}",
    "referral": "{to: csc, reason: bruise}",
    "handover": "{of: lead, to: {agency: hv, person: hv7}, due: 2022-11-01}",
    "reply": "{of: first, answer: declined, reason: threshold not met}",
    "lead": "{agency: hv, person: hv7, role: health visitor, deputy: {agency: hv, person: hv8}}",
    "check": "{with: hv, asked: 2022-10-05, answered: 2022-10-06, result: nothing held}",
    "position": "{about: return home, stance: for_if, condition: he moves out}",
    "allegation": "{step: outcome, thing: alleged, outcome: unfounded}",
    "link": "{people: [hv/k, csc/j], reason: one girl}",
    "unlink": "{things: [hv/arm, csc/arm], reason: two bruises}",
    "share": "{with: csc, what: the bruise, decision: refused, lawful_basis: [public_task], reason: no need}",
    "information_request": "{to: police, about: father, asks: what is held, purpose: check, lawful_basis: public_task, "
    "by: 2022-11-08, claim: {entry: first, index: 0}}",
    "information_answer": "{of: first, answer: nothing_held, lawful_basis: public_task, bears: cannot_say}",
    "consent": "{of: mother, for: early help, answer: given, how: by word of mouth, observed: 2022-10-05}",
    "dispute": "{of: first, by: mother, says: never said so, on: 2022-10-05}",
    "rectification": "{of: first, asked_by: mother, says: wrong day, on: 2022-10-05}",
    "rectification_outcome": "{of: first, outcome: kept_dispute_noted, reason: as it was said, second: mgr1}",
    "glass": "{reason: unwell at the desk, hours: 2}",
    "glass_review": "{of: first, verdict: justified, reason: she was there}",
    "lead_ended": "{of: first, agency: csc, person: sw1, why: left}",
    "disagreement": "{with: [csc, hv], about: first, kind: threshold, view: closed too soon, wants: an assessment}",
    "family_summary": "{text: She lives with her mother., entries: [first]}",
    "family_summary_answer": "{of: first, answer: disputed, says: She does not.}",
    "disagreement_reply": "{of: first, answer: not_agreed, view: not called for}",
    "disagreement_step_up": "{of: first, reason: still differ}",
    "disagreement_settled": "{of: first, outcome: decided, what: it is assessed, by: {agency: csc, person: mgr1}}",
    "assessment": "{kind: child_and_family, asks: [hv], due: 2022-12-01, reason: the bruise}",
    "assessment_asked": "{of: first, agency: hv}",
    "assessment_reply": "{of: first, answer: replied, entries: [first]}",
    "assessment_signed": "{of: first, judgement: first, second: {agency: csc, person: mgr1}, reason: read whole}",
    "supervision": "{with: mgr1, about: the bruise, notes: ask the practice}",
    "concern": "{what: he flinches, topic: harm, entries: [first]}",
    "concern_answer": "{of: first, answer: answered, how: [examined], reason: no injury}",
    "involvement": "{role: health visiting, reason: universal, lawful_basis: public_task, until: 2027-01-01}",
}


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_every_body_is_taken(kind: str) -> None:
    """Whatever can be posted can stand in a scenario, whether or not detection reads it yet."""
    first = "  - {id: first, at: 2022-01-01T09:00Z, agency: hv, observation: {observed: 2022-01-01, statement: fact}}\n"
    text = f"{HEAD}{first}  - {{id: e, at: 2022-11-01T09:00Z, agency: csc, {kind}: {EXAMPLES[kind]}}}\n"
    entry = read_scenario(text, "a.yaml").entries[1]
    assert entry.kind == kind
    if kind == "child":
        assert entry.body["gestation_weeks"] == 38
    if kind == "observation":
        assert [claim["about"] for claim in entry.body["claims"]] == ["mother", "father"]


def test_json_and_folders(tmp_path: Path) -> None:
    """The same scenario in JSON is the same scenario, and a folder stands for every file in it."""
    (tmp_path / "inner").mkdir()
    content = {
        "scenario": "s",
        "source": "constructed",
        "nation": "wales",
        "child": {"born": "2022", "gestation_weeks": 38},
        "agencies": [{"ref": "hv", "kind": "health_visiting"}],
        "entries": [{"id": "a", "at": "2022-03-10T15:00Z", "agency": "hv", "contact": {"observed": "2022-03-10"}}],
    }
    (tmp_path / "inner" / "b.json").write_text(json.dumps(content, indent="\t"), encoding="utf-8")
    (tmp_path / "a.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a scenario", encoding="utf-8")
    assert [scenario.name for scenario in load_scenarios([tmp_path])] == ["unseen-father", "s"]
    assert load_scenarios([tmp_path / "inner"])[0].child == {"born": "2022", "gestation_weeks": 38}
    with pytest.raises(ScenarioError):
        load_scenarios([tmp_path / "missing.yaml"])


def test_the_child_is_posted_as_the_child() -> None:
    """Entries may call it by the scenario's reference, unless an agency has somebody of its own by that name."""
    claim = "claims: [{about: [baby, mother], with: baby, attribute: kin, value: x, basis: seen, in_earshot: baby}]"
    entry = "{id: a, at: 2022-03-10T15:00Z, agency: %s, contact: {observed: 2022-03-10, present: baby}}"
    body = f"{{observed: 2022-03-10, statement: fact, {claim}}}"
    observed = f"  - {{id: b, at: 2022-03-10T15:00Z, agency: hv, observation: {body}}}\n"
    found = read_scenario(f"{HEAD}  - {entry % 'hv'}\n{observed}", "a.yaml")
    assert found.entries[0].body["present"] == ["child"]
    assert [(one["about"], one["with"], one["in_earshot"]) for one in found.entries[1].body["claims"]] == [
        ("child", "child", ["child"]),
        ("mother", "child", ["child"]),
    ]
    others = HEAD.replace("{ref: gran, role: grandparent}", "{ref: baby, role: cousin}")
    assert read_scenario(f"{others}  - {entry % 'csc'}\n", "a.yaml").entries[0].body["present"] == ["baby"]


def test_kinds_of_published_cases_are_read() -> None:
    """A kind under the name that the published cases have for it is the same kind."""
    text = SCENARIO.replace("kind: same_informant, rests_on", "kind: explanation_conflict, rests_on")
    assert read_scenario(text, "a.yaml").expect[0].kind == "explanation"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("void: {voids: x, reason: itself}", "voids: x"),
        ("void: {voids: o1, reason: later in the file at the same moment}", "voids: o1"),
        ("decision: {kind: close, relies_on: [o2]}", "relies_on"),
    ],
)
def test_an_entry_names_only_what_came_before_it(entry: str, words: str) -> None:
    """Neither itself, nor a later one of the same moment, nor one that a decision could not yet rely on."""
    text = f"{HEAD}  - {{id: x, at: 2022-03-10T15:00:00Z, agency: csc, {entry}}}\n{ENTRIES}"
    assert faults(text) == [(line_of(text, words), "this names an entry that is not before it")]
