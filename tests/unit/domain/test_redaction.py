from typing import Any

import pytest

from ledger.domain.marking import POINTER, RESTRICTED, SHARED, Mark, Sharing, marks_in
from ledger.domain.redaction import cut, says_something, without_entries, without_places

BODY: dict[str, Any] = {
    "observed": "2023-10-05",
    "narrative": "She said where they live now.",
    "people": [{"ref": "partner", "name": "Perkins"}, {"ref": "mum", "role": "mother"}],
    "claims": [
        {"about": "partner", "attribute": "presence", "value": "visits"},
        {"about": "child", "attribute": "disclosure", "value": "it hurts", "informant": "partner"},
        {"about": "father", "attribute": "father", "value": {"one_of": ["partner", "nobody"]}},
        {"about": "mum", "attribute": "presence", "value": "lives_here", "sharing": {"not_to": ["partner"]}},
    ],
    "contact": {"depth": "doorstep", "outcome": "refused", "by_whom": "partner"},
}


def test_with_a_person_goes_all_that_names_them() -> None:
    """Claims about them, by them or with them as a value, who they are, the contact that they refused, the words."""
    left = without_places("observation", cut("observation", BODY, "hv", (), {"hv/partner"}).body)
    assert "partner" not in str(left)
    assert [claim["about"] for claim in left["claims"]] == ["mum"]
    assert left["people"] == [{"ref": "mum", "role": "mother"}]
    assert "narrative" not in left
    assert "contact" not in left


@pytest.mark.parametrize("key", ["mother", "hv/mum"])
def test_a_declared_role_is_the_reference_too(key: str) -> None:
    """Whether the mother is marked by her part or by the agency's own reference, what is said of her goes."""
    left = cut("observation", BODY, "hv", (), {key}).body
    assert left["claims"][3] == {}


def test_with_nothing_to_take_out_it_is_the_very_body() -> None:
    """Nothing is copied, and nothing lost, where nothing is held back; also of kinds that have no parts."""
    for kind in ("observation", "contact", "correction", "decision", "child", "link", "anything"):
        assert cut(kind, BODY, "hv", (), {"hv/stranger"}).body is BODY


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("link", {"people": ["partner", "police/p7"], "reason": "one"}),
        ("check", {"about": "partner", "result": "held"}),
        ("consent", {"of": "partner", "for": "help"}),
        ("some kind of later", {"deep": [{"in": {"it": "partner"}}]}),
    ],
)
def test_what_has_no_parts_goes_whole(kind: str, body: dict[str, Any]) -> None:
    """An entry of any other kind that names somebody is held back as a whole, however deep it names them."""
    assert set(cut(kind, body, "hv", (), {"hv/partner"}).whole) == {"hv/partner"}


def test_which_claim_a_request_names_is_told_with_the_claim_alone() -> None:
    """A request is shown without it to everybody but its author, whatever of the record is held back from them."""
    body = {"to": "gp", "asks": "Is he there?", "claim": {"entry": "a" * 26 + ".3", "index": 0}}
    left = without_entries("information_request", body, lambda _: False, lambda _: False)
    assert left == {"to": "gp", "asks": "Is he there?"}


def test_a_decision_loses_what_it_relies_on_and_its_reason() -> None:
    """A decision stays, without the belief about whoever is held back, and without the words that may tell of it."""
    body = {"kind": "step_down", "reason": "he left", "relies_on": [{"about": "partner"}, {"about": "child"}]}
    left = without_places("decision", cut("decision", body, "hv", (), {"hv/partner"}).body)
    assert left == {"kind": "step_down", "relies_on": [{"about": "child"}]}


def test_a_correction_that_is_left_with_nothing_says_nothing() -> None:
    """The reason why it was put right is not enough to show one by."""
    body = {
        "corrects": "x.1",
        "reason": "wrong house",
        "observation": {"observed": "2023", "claims": BODY["claims"][:1]},
    }
    left = cut("correction", body, "hv", {0}, ()).body
    assert "reason" not in left
    assert not says_something("correction", left)


def test_no_entry_is_named_that_is_not_there() -> None:
    """Of the entries that a share names those are left of which its reader may know."""
    entry = "a" * 26
    body = {"entries": [f"{entry}.4", f"{entry}.5"]}

    def nowhere(_number: int) -> bool:
        return False

    assert without_entries("share", body, lambda number: number == 4, nowhere)["entries"] == [f"{entry}.5"]
    assert without_entries("share", body, nowhere, nowhere) is body


def test_a_decision_does_not_say_over_again_what_is_held_back() -> None:
    """A belief goes with the entry that it names, in its place, and the decision's words with it."""
    relied = [{"about": "mother", "value": "12 Rookery Close", "entry": f"{'a' * 26}.4"}, {"about": "child"}]
    body = {"kind": "step_down", "reason": "she is at the refuge", "relies_on": relied}
    left = without_entries("decision", body, lambda _number: False, lambda number: number == 4)
    assert left == {"kind": "step_down", "relies_on": [{}, {"about": "child"}]}


def test_who_is_named_twice_in_one_body_has_the_stricter_mark() -> None:
    """Two marks on one person in one body: no more is left than each of them leaves."""
    people = [
        {"ref": "partner", "sharing": {"marking": marking, **more}}
        for marking, more in (("restricted", {"to": ["csc", "gp"]}), ("shared", {"not_to": ["father"]}))
    ]
    (mark,) = marks_in("observation", {"people": people}, "hv")
    assert mark == Mark(-2, Sharing(RESTRICTED, frozenset({"csc", "gp"}), frozenset({"father"})), "hv/partner")
    assert Sharing(POINTER).and_(Sharing(RESTRICTED, frozenset({"gp"}))) == Sharing(RESTRICTED)
    assert Sharing(SHARED).and_(Sharing(POINTER)).marking == POINTER
