"""Rule packs: masks, digest, what is refused, and claims against the vocabulary."""

from itertools import combinations
from typing import Any

import pytest

from ledger.domain.conflict import least_empty
from ledger.domain.pack import Pack, PackError
from ledger.domain.worked_example import check_examples
from tests.saying import PRESENCE, pack_with, presence_pack

PACK = presence_pack()


def test_values_conflict_exactly_when_they_share_no_state() -> None:
    """The AND of two masks is empty exactly when the lists of states have nothing in common."""
    attribute, lists = PACK.attributes["presence"], PRESENCE["values"]
    for one, other in combinations(lists, 2):
        mask = attribute.values[one] & attribute.values[other]
        assert set(attribute.states_in(mask)) == set(lists[one]) & set(lists[other])


def test_least_sets_are_found_that_only_together_leave_nothing() -> None:
    """Three masks that share a state two by two, and none all together, are one set; more than needed is not."""
    assert least_empty([0b011, 0b110, 0b101]) == ((0b011, 0b101, 0b110),)
    assert least_empty([0b011, 0b110, 0b101, 0b111]) == ((0b011, 0b101, 0b110),)
    assert least_empty([0b01, 0b10]) == least_empty([0b011, 0b010, 0b110]) == ()


def test_the_digest_names_the_content_and_nothing_else() -> None:
    """Order of keys makes no difference; any change of content does."""
    again = Pack.from_mapping(
        {"attributes": {"presence": dict(reversed(PRESENCE.items()))}, "version": "1", "pack": "test"}
    )
    assert PACK.digest == again.digest
    assert presence_pack(holds_for="P91D").digest != PACK.digest


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "a value outside its states": ({"values": {"gone": ["left"]}}, "presence/values/gone/0"),
    "a rule without a source": ({"source": None}, "source"),
    "a rule without a counter-example": ({"examples": PRESENCE["examples"][:1]}, "counter-example"),
    "a rule without a worked example": ({"examples": PRESENCE["examples"][1:]}, "worked example"),
    "a duration without fixed length": ({"holds_for": "P3M"}, "holds_for"),
    "a word that always holds": ({"holds_for": "always"}, "holds_for"),
    "an unknown key": ({"holdsfor": "P90D"}, "holdsfor"),
    "critical and nothing to ask": ({"ask": None}, "ask"),
    "states without values": ({"values": None}, "values"),
    "a state named twice": ({"states": ["none", "none"]}, "states"),
    "states of what is no state": ({"type": "text"}, "state"),
    "a quantity without its unit": ({"type": "quantity", "states": None, "values": None}, "unit"),
    "text that is compared": ({"type": "text", "states": None, "values": None, "compared": "yes"}, "compared"),
    "a polarity of an unknown value": ({"polarity": {"gone": "concern"}}, "presence/polarity/gone"),
    "one polarity for all states": ({"polarity": "concern"}, "presence/polarity"),
    "a lean of an unknown value": ({"leans": {"gone": "none"}}, "presence/leans/gone"),
    "a lean to a state it does not allow": ({"leans": {"visits": "none"}}, "presence/leans/visits"),
    "a clock of an unknown value": ({"corroborate": {"gone": "never"}}, "presence/corroborate/gone"),
    "an unknown clock": ({"corroborate": "soon"}, "presence/corroborate"),
    "an unknown topic": ({"topic": "harm"}, "presence/topic"),
    "a claim of an example with an unknown key": (
        {"examples": [{"shows": "a", "finds": "nothing", "claims": [{"agncy": "csc"}]}]},
        "presence/examples/0/claims/0/agncy",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_pack_with_a_fault_is_no_pack(case: str) -> None:
    """Each fault is refused, at its place or naming what is missing."""
    changes, named = BROKEN[case]
    attribute = {key: value for key, value in {**PRESENCE, **changes}.items() if value is not None}
    with pytest.raises(PackError) as refused:
        pack_with(presence=attribute)
    assert named in str(refused.value)


def test_a_claim_outside_the_vocabulary_is_refused_without_repeating_it() -> None:
    """Every fault names its place in the claim and what could stand there, never what stood there."""
    secret = "Zebedee"
    claims: list[tuple[dict[str, Any], tuple[str | int, ...]]] = [
        ({"about": "father", "attribute": secret, "value": "absent"}, ("attribute",)),
        ({"about": "father", "attribute": "presence", "value": secret}, ("value",)),
        ({"about": "father", "attribute": "presence", "value": [secret]}, ("value",)),
        ({"about": "father", "attribute": "presence", "not_known": secret}, ("not_known",)),
        ({"about": "father", "attribute": "presence"}, ()),
        ({"about": "father", "attribute": "presence", "value": "absent", "not_known": "declined"}, ()),
        ({"about": "father", "attribute": "presence", "value": "absent", "thing": secret}, ("thing",)),
        ({"about": "child", "attribute": "presence", "value": "absent"}, ("about",)),
    ]
    for claim, place in claims:
        faults = PACK.check_claim(claim)
        assert place in [path for path, _ in faults]
        assert not any(secret in message for _, message in faults)
    assert PACK.check_claim({"about": "father", "attribute": "presence", "not_known": "declined"}) == []


def test_what_is_said_of_values_is_kept() -> None:
    """Polarity and clocks are told by value, of all alike where one word is written; leans are masks."""
    presence = pack_with(
        presence={
            **PRESENCE,
            "polarity": {"lives_here": "concern"},
            "leans": {"in_contact": "visits"},
            "corroborate": "within_10wd",
        }
    ).attributes["presence"]
    assert [presence.polarity_of(value) for value in ("lives_here", "absent")] == ["concern", None]
    assert presence.states_in(presence.leans["in_contact"]) == ("visits",)
    assert presence.corroborate_of("absent") == "within_10wd"


TYPES = [
    ("person", "father", {"is_not": 3}),
    ("person", {"one_of": ["a", "b"]}, {"maybe": "a"}),
    ("quantity", "3.42", 3.42),
    ("date", "2022-03", "March"),
    ("text", "Any words.", " "),
    ("event", "happened", "yes"),
    ("place", "At his mother's.", 7),
]


@pytest.mark.parametrize(("type_", "good", "bad"), TYPES)
def test_each_type_takes_its_own_values(type_: str, good: object, bad: object) -> None:
    """A value of the type stands; anything else is refused with how to write it."""
    unit = {"unit": "kg", "tolerance": "0.1"} if type_ == "quantity" else {}
    pack = pack_with(x={"about": "anyone", "type": type_, "meaning": "X.", **unit})
    assert pack.check_claim({"about": "child", "attribute": "x", "value": good}) == []
    assert pack.check_claim({"about": "child", "attribute": "x", "value": bad})


def test_an_example_that_finds_something_else_is_said() -> None:
    """A worked example is run, and its finding compared with what it says."""
    wrong = {**PRESENCE["examples"][1], "finds": "contradiction"}
    pack = pack_with(presence={**PRESENCE, "examples": [*PRESENCE["examples"], wrong]})
    assert check_examples(PACK) == []
    (failure,) = check_examples(pack)
    assert (failure.path, "finds nothing" in failure.why) == (("attributes", "presence", "examples", 2), True)
