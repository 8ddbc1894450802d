"""Rules of a pack: what is refused, what each bears on, and their examples."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from ledger.domain.families import FAMILIES
from ledger.domain.pack import Pack, PackError
from ledger.domain.rule import RESERVED
from ledger.domain.shape import Either, Items, Named, Text
from ledger.domain.weight import WEIGHTS
from ledger.domain.worked_example import check_examples
from tests.packs import BREACHED, FORBIDDEN, SAID, THERE, written
from tests.saying import PRESENCE

BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown family": ({"family": "forbids"}, "order_breached/family: there is no such family"),
    "no family": ({"family": None}, "add family"),
    "no source": ({"source": None}, "order_breached: this lacks: source"),
    "no examples": ({"examples": None}, "worked example"),
    "no counter-example": ({"examples": BREACHED["examples"][:1]}, "counter-example"),
    "no worked example": ({"examples": BREACHED["examples"][1:]}, "worked example"),
    "an unknown attribute": ({"one": {"attribute": "ordre"}}, "order_breached/one/attribute"),
    "an unknown value": ({"other": {"attribute": "presence", "values": ["gone"]}}, "order_breached/other/values/0"),
    "a key of no family": ({"between": "x"}, "order_breached/between"),
    "a kind that its family never finds": ({"finds": "gap"}, "order_breached/finds"),
    "critical and nothing to ask": ({"ask": None}, "add ask"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_rule_with_a_fault_makes_no_pack(case: str) -> None:
    """Each fault is refused, at its place and with what to do."""
    changes, named = BROKEN[case]
    with pytest.raises(PackError) as refused:
        Pack.from_mapping(written(**changes))
    assert named in str(refused.value)


@pytest.mark.parametrize("name", RESERVED)
def test_the_names_of_what_is_always_there_are_taken(name: str) -> None:
    """A rule of the pack cannot stand in for one that is built in."""
    content = written()
    content["rules"] = {name: BREACHED}
    with pytest.raises(PackError, match="choose another name"):
        Pack.from_mapping(content)


@pytest.mark.parametrize(
    "said", [{"topic": "weather"}, {"topics": ["safety", "weather"]}, {"topics": {"weather": "x"}}]
)
def test_a_rule_names_topics_that_there_are(said: dict[str, Any]) -> None:
    """Of whatever family it is, a topic that it names is one of the pack's."""
    shape = Either(Text(), Named(Text())) if isinstance(said.get("topics"), dict) else Items(Text())
    excludes = FAMILIES["excludes"]
    families = {"excludes": replace(excludes, form={**excludes.form, "topic": Text(), "topics": shape})}
    with pytest.raises(PackError, match="there is no such topic; there are: safety"):
        Pack.from_mapping(written(**said), families)


def test_rules_are_found_by_what_they_hear() -> None:
    """A claim leads to the rules and constraints on which it bears, and to no other."""
    pack = Pack.from_mapping(written())
    (breached,) = pack.constraints_on("order")
    assert (breached.name, breached.finds, breached.critical) == ("order_breached", "contradiction", True)
    assert pack.constraints_from("presence") == pack.constraints_from("order") == (breached,)
    assert pack.constraints_on("presence") == ()
    assert {rule.name for rule in pack.rules_on("order")} >= {"states_of_the_world"}
    assert (pack.rules_on("entry:nothing"), pack.attributes_of_topic("safety")) == ((), ("order",))


def test_a_rule_that_is_switched_off_is_not_there() -> None:
    """It hears nothing, its examples do not run, and its reason is kept."""
    pack = Pack.from_mapping(written(off="The court's system tells us."))
    assert (pack.constraints_on("order"), dict(pack.switched_off)) == (
        (),
        {"order_breached": "The court's system tells us."},
    )
    assert check_examples(pack) == []


def test_weights_are_the_usual_unless_the_pack_says() -> None:
    """A pack may change some of them; the rest stay."""
    pack = Pack.from_mapping({**written(), "severity": {"pending": "2", "gap": "-2"}})
    assert pack.severity == {**WEIGHTS, "pending": 2, "gap": -2}
    with pytest.raises(PackError, match="severity/gap"):
        Pack.from_mapping({**written(), "severity": {"gap": "-99"}})


def test_the_digest_covers_rules_topics_and_weights() -> None:
    """Whatever is changed, it is another pack."""
    changed = [written() for _ in range(3)]
    changed[0]["rules"]["order_breached"] = {**BREACHED, "ask": "Who?"}
    changed[1]["topics"]["safety"] = {**changed[1]["topics"]["safety"], "answered_by": "examined"}
    changed[2]["severity"] = {"gap": "-2"}
    assert len({Pack.from_mapping(one).digest for one in (written(), *changed)}) == 4


def test_the_examples_of_a_rule_are_run() -> None:
    """What a rule finds is looked for under its own name, and what finds nothing must find nothing there."""
    assert check_examples(Pack.from_mapping(written())) == []
    wrong = deepcopy(BREACHED["examples"])
    wrong[0]["finds"], wrong[1]["finds"] = "nothing", "contradiction"
    failures = check_examples(Pack.from_mapping(written(examples=wrong)))
    assert [(failure.path, failure.why) for failure in failures] == [
        (("rules", "order_breached", "examples", 0), "says that it finds nothing, and finds contradiction"),
        (("rules", "order_breached", "examples", 1), "says that it finds contradiction, and finds nothing"),
    ]


def test_an_example_may_have_entries_of_every_kind() -> None:
    """A void takes back what an entry before it said; one that names none is said to be wrong."""
    void = {"agency": "hv", "kind": "void", "body": {"voids": "2", "reason": "Another child."}}
    misses = {"agency": "hv", "kind": "void", "body": {"voids": "9", "reason": "Another child."}}
    example = {"shows": "taken back", "finds": "nothing", "entries": [FORBIDDEN, THERE, void]}
    lost = {"shows": "taken back", "finds": "nothing", "entries": [FORBIDDEN, misses]}
    pack = Pack.from_mapping(written(examples=[*BREACHED["examples"], example, lost]))
    (failure,) = check_examples(pack)
    assert (failure.place, "entry 2, voids" in failure.why) == (3, True)
    early = {"shows": "at no time", "finds": "nothing", "entries": [void]}
    (failure, *_) = check_examples(Pack.from_mapping(written(examples=[*BREACHED["examples"], early])))
    assert "on what day" in failure.why


def test_an_example_waits_for_what_falls_due() -> None:
    """Until the day that it gives, and no longer, clocks run out."""
    gone = {**SAID, "attribute": "presence", "value": "absent", "valid": "2022-03/.."}
    stale = {"shows": "nobody asks again", "finds": "gap", "until": "2022-06-30", "claims": [gone]}
    fresh = {**stale, "shows": "not yet", "until": "2022-05-30"}
    content = written()
    content["attributes"]["presence"] = {**PRESENCE, "examples": [*PRESENCE["examples"], stale, fresh]}
    (failure,) = check_examples(Pack.from_mapping(content))
    assert (failure.shows, failure.why) == ("not yet", "says that it finds gap, and finds nothing")


def test_a_claim_on_an_unknown_topic_is_refused() -> None:
    """Where a pack has topics, a claim's own topic is one of them."""
    pack = Pack.from_mapping(written())
    claim = {"about": "father", "attribute": "presence", "value": "absent"}
    assert pack.check_claim({**claim, "topic": "safety"}) == []
    assert [path for path, _ in pack.check_claim({**claim, "topic": "weather"})] == [("topic",)]
