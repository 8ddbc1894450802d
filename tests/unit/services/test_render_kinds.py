import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.finding import Kind
from tests.partnership import default_pack
from tests.unit.services.kinds import COMPARED
from tests.unit.services.kinds_following import FOLLOWING
from tests.unit.services.seeing import CANARY, claim, finding, look, observation, render, seen_by

CASES = COMPARED | FOLLOWING


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
            if isinstance(said, dict) and "attribute" in said
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
