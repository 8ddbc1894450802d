import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.finding import Kind
from ledger.store.findings import StoredFinding
from ledger.store.timeline import StoredEntry
from tests.partnership import default_pack
from tests.unit.services.seeing import CANARY, claim, entry, finding, look, observation, render, seen_by

INJURY = {"about": "child", "attribute": "account", "thing": "left-cheek", "valid": "2022-10-04"}
SUBSTANCE = {"about": "mother", "attribute": "substance_use", "value": "not_using", "informant": "mother"}
RELIED_ON = {"kind": "no_action", "relies_on": [{"about": "mother", "attribute": "substance_use"}]}


@dataclass(frozen=True)
class Case:
    """One finding of a kind, what it rests on, and the headline that it has."""

    kind: Kind
    headline: str
    sides: tuple[tuple[int, ...], ...]
    bodies: tuple[tuple[str, Any], ...]
    more: dict[str, Any] = field(default_factory=dict)

    def finding(self) -> StoredFinding:
        return finding(*self.sides, kind=self.kind, **self.more)

    def entries(self, withheld: frozenset[int] = frozenset()) -> list[StoredEntry]:
        """The entries by number, csc's own first, of the rest some withheld by the police with a canary in each."""
        made = []
        for number, (agency, body) in enumerate(self.bodies, 1):
            hidden = number in withheld
            holder = "police" if hidden else agency
            more = {"narrative": CANARY, "marking": "restricted"} if hidden else {}
            if isinstance(body, dict) and "relies_on" in body:
                marked = {"sharing": {"marking": "restricted"}} if hidden else {}
                made.append(entry(number, holder, "decision", body | {"narrative": CANARY if hidden else ""} | marked))
            else:
                claims = body if isinstance(body, list) else [body]
                made.append(observation(number, holder, *claims, **more))
        return made


CASES = {
    "two agencies": Case(
        "contradiction",
        "The mother (to Children’s social care) and Health visiting disagree about the father’s presence",
        ((1,), (2,)),
        (("csc", claim()), ("hv", seen_by(value="lives_here"))),
    ),
    "two agencies, perhaps": Case(
        "contradiction",
        "Children’s social care and Health visiting may disagree about the father’s presence",
        ((1,), (2,)),
        (("csc", seen_by()), ("hv", seen_by(value="lives_here"))),
        {"certain": False},
    ),
    "two sources of one agency": Case(
        "contradiction",
        "The mother (to Children’s social care) and the father (to Children’s social care) disagree about the father’s "
        "presence",
        ((1,), (2,)),
        (("csc", claim()), ("csc", claim(value="lives_here", informant="father"))),
    ),
    "one agency, two workers": Case(
        "contradiction",
        "Statements of Children’s social care about the father’s presence cannot both be so",
        ((1,), (2,)),
        (("csc", seen_by()), ("csc", seen_by(value="lives_here"))),
    ),
    "across two attributes": Case(
        "contradiction",
        "What Children’s social care says of the father’s presence and what Health visiting says of the father’s "
        "contact condition (supervised) cannot both be so",
        ((1,), (2,)),
        (
            ("csc", seen_by(value="lives_here")),
            ("hv", seen_by(attribute="contact_condition", value="in_force", item="supervised")),
        ),
        {"marks": {"by": "no_such_rule"}},
    ),
    "pulling apart": Case(
        "contradiction",
        "What Children’s social care and Health visiting say about the father’s presence pull apart",
        ((1,), (2,)),
        (("csc", seen_by()), ("hv", seen_by(value="lives_here"))),
        {"marks": {"is_strain": True}},
    ),
    "one person, two agencies": Case(
        "same_informant",
        "The mother told Children’s social care and Health visiting different things about the father’s presence",
        ((1,), (2,)),
        (("csc", claim()), ("hv", claim(value="lives_here"))),
    ),
    "one person, one agency": Case(
        "same_informant",
        "The mother told Children’s social care two different things about the father’s presence",
        ((1,), (2,)),
        (("csc", claim()), ("csc", claim(value="lives_here"))),
    ),
    "who the father is": Case(
        "identity",
        "Children’s social care and Health visiting name different people as the child’s father",
        ((1,), (2,)),
        (
            ("csc", seen_by(about="child", attribute="father", value="mr_a", valid=None)),
            ("hv", seen_by(about="child", attribute="father", value="mr_b", valid=None)),
        ),
    ),
    "what somebody is to the child": Case(
        "identity",
        "Children’s social care and Health visiting disagree about the kinship of the person whom Children’s social "
        "care calls mr a",
        ((1,), (2,)),
        (
            ("csc", seen_by(about="mr_a", attribute="kinship", value="birth_father", valid=None)),
            ("hv", seen_by(about="csc/mr_a", attribute="kinship", value="uncle", valid=None)),
        ),
    ),
    "two accounts of an injury": Case(
        "explanation",
        "Explanations about the child (left-cheek) cannot both be so: what the mother (to Children’s social care) and "
        "the father (to Health visiting) say",
        ((1,), (2,)),
        (
            ("csc", claim(**INJURY, value="level_fall")),
            ("hv", claim(**INJURY | {"thing": "csc/left-cheek"}, value="other_child", informant="father")),
        ),
    ),
    "a worry that was met": Case(
        "concern",
        "What the mother (to Health visiting) says does not answer the worry of Children’s social care about the "
        "child’s presentation",
        ((1,), (2,)),
        (
            ("csc", seen_by(about="child", attribute="presentation", value="unkempt")),
            ("hv", claim(about="child", attribute="presentation", value="well")),
        ),
        {"rule": "unanswered_worry"},
    ),
    "what did not arrive": Case(
        "passing_on",
        "What Children’s social care holds about the child’s injury (left-cheek) did not reach Health visiting whole",
        ((1,), (2,)),
        (
            ("csc", seen_by(about="child", attribute="injury", value="bruise", thing="left-cheek")),
            ("hv", claim(about="child", attribute="assessment_omits", value="the bruise", informant=None)),
        ),
    ),
    "a word alone": Case(
        "uncorroborated",
        "What is held about the mother’s substance use rests on the word of the mother alone",
        ((1,),),
        (("csc", claim(**SUBSTANCE)), ("hv", RELIED_ON)),
        {"rule": "word_that_a_decision_leans_on", "evidence": [2], "marks": {"is_pending": True}},
    ),
    "overtaken": Case(
        "overtaken",
        "What Children’s social care holds about the mother’s substance use may be overtaken by what Health visiting "
        "says",
        ((1,), (2,)),
        (
            ("csc", claim(**SUBSTANCE)),
            ("hv", seen_by(about="mother", attribute="substance_use", value="using")),
            ("csc", RELIED_ON),
        ),
        {"evidence": [3], "marks": {"is_pending": True}},
    ),
    "a word that grew stale": Case(
        "gap",
        "Nobody has confirmed the father’s presence for too long",
        ((1,),),
        (("hv", claim()),),
        {"rule": "stale_belief", "marks": {"tier": "prompt"}},
    ),
    "what is not known": Case(
        "gap",
        "The father’s presence: this is not known, or not known well enough",
        ((1,),),
        (("hv", claim(value=None, not_known="not_asked")),),
        {"rule": "a_rule_on_gaps"},
    ),
    "what did not follow": Case(
        "expectation",
        "What should have followed the child’s injury (left-cheek) is not in the record",
        ((1,),),
        (("hv", seen_by(about="child", attribute="injury", value="bruise", thing="left-cheek")),),
        {"rule": "a_fixed_rule"},
    ),
    "a pattern": Case(
        "pattern",
        "Entries about the child’s visit need to be read together",
        ((1, 2),),
        (
            ("csc", seen_by(about="child", attribute="visit", value="did_not_happen")),
            ("hv", seen_by(about="child", attribute="visit", value="did_not_happen")),
        ),
        {"rule": "repeated_no_access"},
    ),
    "a decision's basis": Case(
        "decision_basis",
        "A decision relies on the mother’s substance use, which is open to question",
        ((1,),),
        (("hv", RELIED_ON),),
        {"rule": "a_rule_on_decisions"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_kind_says_who_differs_about_what(name: str) -> None:
    """One line in plain words, with neither a verdict nor a value in it; and all the rest that a finding shows."""
    case, pack = CASES[name], default_pack()
    told = render(case.finding(), case.entries(), pack)
    assert told["headline"] == case.headline
    assert (told["withheld"], told["kind"], told["rule"]) == (False, case.kind, case.finding().rule)
    assert told["severity"] in {"high", "medium", "low"}
    assert told["severity_because"]
    assert [len(side["statements"]) for side in told["sides"]] == [len(side) for side in case.sides]
    for side in told["sides"]:
        assert all(said["words"] and said["said"] and said["recorded_at"] for said in side["statements"])
        assert side["held_since"]
    assert told["meaning"], "each says what it is about, be it the attribute's meaning"
    assert told["pending"] is bool(case.more.get("marks", {}).get("is_pending"))
    assert json.loads(json.dumps(told)) == told


def test_every_kind_has_its_case() -> None:
    """No kind of finding is without its words."""
    assert {case.kind for case in CASES.values()} == set(Kind.__args__)  # type: ignore[attr-defined]


@given(name=st.sampled_from(sorted(CASES)), data=st.data())
def test_what_is_withheld_leaks_through_nothing(name: str, data: st.DataObject) -> None:
    """Whatever of a finding is withheld: no word, number, holder's statement or mark of it stands in what is shown.

    Either all that is shown are statements that the reader sees, or it is a pointer with no more than whom to ring.
    """
    case, pack = CASES[name], default_pack()
    numbers = range(1, len(case.bodies) + 1)
    withheld = data.draw(st.frozensets(st.sampled_from(list(numbers)), min_size=1))
    entries = case.entries(withheld)
    told = render(case.finding(), entries, pack)
    written = json.dumps(told)
    assert CANARY not in written
    if told["withheld"]:
        attributes = {
            said["attribute"]
            for _, body in case.bodies
            for said in (body if isinstance(body, list) else [body])
            if "attribute" in said
        }
        for word in (case.kind, case.finding().rule, *attributes, "father", "decision", "relies", "change", "possible"):
            assert word not in written, word
        assert {one["agency"] for one in told["ring"]} == {"police"}
        assert (told["sides"], told["evidence"], told["severity"], told["why"]) == ([], [], None, None)
        return
    shown = [said["number"] for side in told["sides"] for said in side["statements"]]
    assert not withheld.intersection(shown + [said["number"] for said in told["evidence"]])
    assert "olice" not in written
    seen = look(entries, "csc")
    assert all(seen[number].body for number in shown)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"certain": False}, "The dates are vague: they may or may not be about the same time."),
        ({"is_stale": True}, "One side was already out of date when the other was said"),
        ({"marks": {"is_strain": True}}, "These pull apart."),
        ({"marks": {"answered": [2, 0]}}, "entry 2, recorded by Family court"),
    ],
)
def test_what_bears_on_a_finding_is_said(more: dict[str, Any], words: str) -> None:
    """Doubt, age, strain and an answer are each a sentence; an answer leaves the finding open."""
    judged = seen_by(value="lives_here", statement="finding")
    entries = [observation(1, "csc", claim()), observation(2, "court", judged)]
    told = render(finding([1], [2], kind="contradiction", **more), entries, default_pack())
    said = [told["certainty_words"], *told["marks_words"]]
    assert any(words in one for one in said)
    if "answered" in more.get("marks", {}):
        assert told["answered_by"] == {"entry": "p" * 26 + ".2", "index": 0}
        assert any("stays open until somebody records an outcome" in one for one in said)


def test_the_constraint_that_speaks_gives_its_reasons() -> None:
    """Where a rule of the pack set the statements against each other, its meaning, source and question are given."""
    pack = default_pack()
    by = next(rule for rule in pack.rules.values() if rule.family.meets is not None)
    told = render(
        finding([1], [2], kind=by.finds, marks={"by": by.name}),
        [observation(1, "csc", claim()), observation(2, "hv", seen_by(value="lives_here"))],
        pack,
    )
    assert (told["constraint"], told["meaning"], told["why"]) == (by.name, by.meaning, by.source)


@pytest.mark.parametrize(
    ("family", "sides", "headline"),
    [
        ("late_entry", ((1,),), "What Children’s social care knew of the child’s injury (left-cheek) was entered late"),
        (
            "not_received",
            ((1,), (2,)),
            (
                "What Children’s social care holds of the child’s injury (left-cheek) as sent or done is not in the "
                "record of Health visiting"
            ),
        ),
        (
            "not_passed_on",
            ((1,), (2,)),
            (
                "What Children’s social care holds about the child’s injury (left-cheek) was not passed on, by the "
                "word of Health visiting"
            ),
        ),
        (
            "own_not_known",
            ((1,), (3,)),
            (
                "Children’s social care says that it does not know the child’s injury (left-cheek), and holds an "
                "entry on it"
            ),
        ),
    ],
)
def test_what_was_not_passed_on_says_in_which_way(
    family: str, sides: tuple[tuple[int, ...], ...], headline: str
) -> None:
    """Late, not received, said aloud and not known against one's own entries are each told as what they are."""
    held = {"about": "child", "attribute": "injury", "value": "bruise", "thing": "left-cheek"}
    entries = [observation(number, agency, seen_by(**held)) for number, agency in enumerate(("csc", "hv", "csc"), 1)]
    pack = default_pack()
    rule = next(rule.name for rule in pack.rules.values() if rule.family.name == family)
    told = render(finding(*sides, kind="passing_on", rule=rule), entries, pack)
    assert told["headline"] == headline
