"""A pack over another: what it may add and change, what it may not, and where each fault is."""

from copy import deepcopy
from typing import Any

import pytest

from ledger.domain.pack import Pack
from ledger.domain.pack_layer import lay_over
from ledger.domain.worked_example import check_examples
from tests.packs import BREACHED, ORDER, written
from tests.saying import PRESENCE

BENEATH = {**written(compare_within="P60D"), "pack": "default", "version": "1.1.0"}


def over(**sections: Any) -> dict[str, Any]:
    return {"pack": "wessex", "version": "2.1.0", **sections}


def presence(**said: Any) -> dict[str, Any]:
    return over(attributes={"presence": {"over": "yes", **said}})


def test_a_layer_adds_and_changes_numbers() -> None:
    """Values, attributes, topics and rules are added, lengths of time changed; the pack beneath stays as it was."""
    before = deepcopy(BENEATH)
    above = over(
        attributes={
            "presence": {
                "over": "yes",
                "values": {"on_the_sofa": ["overnight"]},
                "polarity": {"on_the_sofa": "concern"},
                "holds_for": "P30D",
                "corroborate": {"on_the_sofa": "at_once"},
            },
            "note": {"about": "anyone", "type": "text", "meaning": "A note."},
        },
        topics={"travel": {"meaning": "Travel.", "answered_by": "seen", "source": "A guide"}},
        rules={
            "order_breached": {"over": "yes", "compare_within": "P10D"},
            "another": {**BREACHED, "family": "strains"},
        },
        severity={"pending": "2"},
    )
    pack = Pack.from_mapping(lay_over(BENEATH, above).content)
    assert before == BENEATH
    assert (pack.name, pack.version) == ("wessex", "2.1.0 over default 1.1.0")
    sofa = pack.attributes["presence"]
    assert sofa.states_in(sofa.values["on_the_sofa"]) == ("overnight",)
    assert (sofa.polarity_of("on_the_sofa"), sofa.corroborate_of("on_the_sofa")) == ("concern", "at_once")
    assert (sofa.holds_for is not None and sofa.holds_for.days, sofa.critical) == (30, True)
    assert pack.attributes.keys() == {"presence", "order", "note"}
    assert ({*pack.topics}, pack.severity["pending"]) == ({"safety", "travel"}, 2)
    assert pack.rules["order_breached"].settings["compare_within"] == "P10D"
    assert "another" in pack.rules


def test_a_layer_adds_to_what_views_show() -> None:
    """Lists of views are lengthened, none is replaced, and what is wrong in one is said where the layer has it."""
    words = {"engagement": {"words": {"active": {"presence": ["visits"]}}}, "care": {"nights": ["presence"]}}
    beneath = {**BENEATH, "views": words}
    above = over(views={"engagement": {"words": {"active": {"presence": ["present"]}}}, "care": {"nights": ["order"]}})
    layered = lay_over(beneath, above)
    views = Pack.from_mapping(layered.content).views
    assert views.engagement.column_of == {("presence", "visits"): "active", ("presence", "present"): "active"}
    assert views.care["nights"] == ("presence", "order")
    assert words["care"] == {"nights": ["presence"]}
    assert layered.place(("views", "care", "nights", 1)) == (True, ("views", "care", "nights", 0))


def test_a_layer_says_anew_which_babies_a_rule_is_about() -> None:
    """The line at which a child moves about is the partnership's, and said whole; clocks of every form change too."""
    rules = {
        "bruised": {
            "babies": {"from": "crawls", "short": ["rolls"], "young": "P30D"},
            "within": "same_day",
            "to": ["x"],
        }
    }
    above = {"bruised": {"over": "yes", "babies": {"from": "rolls", "young": "P60D"}, "within": "P1D"}}
    merged = lay_over({**BENEATH, "rules": rules}, over(rules=above))
    assert (merged.faults, merged.content["rules"]["bruised"]) == (
        [],
        {"babies": {"from": "rolls", "young": "P60D"}, "within": "P1D", "to": ["x"]},
    )
    assert merged.place(("rules", "bruised", "babies", "from")) == (True, ("rules", "bruised", "babies", "from"))
    refused = lay_over({**BENEATH, "rules": rules}, over(rules={"bruised": {"over": "yes", "to": ["y"]}}))
    assert [path for path, _ in refused.faults] == [("rules", "bruised", "to")]


def test_a_layer_switches_a_rule_off_with_its_reason() -> None:
    """The rule is gone and the reason is kept; an attribute that is added beside it is whole."""
    pack = Pack.from_mapping(
        lay_over(BENEATH, over(rules={"order_breached": {"over": "yes", "off": "Not here."}})).content
    )
    assert ("order_breached" in pack.rules, dict(pack.switched_off)) == (False, {"order_breached": "Not here."})


def test_the_digest_covers_both_layers() -> None:
    """A change in either makes another pack."""
    changed = {**BENEATH, "attributes": {"order": ORDER, "presence": {**PRESENCE, "ask": "Who?"}}}
    packs = [
        lay_over(BENEATH, presence(holds_for="P30D")),
        lay_over(BENEATH, presence(holds_for="P31D")),
        lay_over(changed, presence(holds_for="P30D")),
    ]
    assert len({Pack.from_mapping(one.content).digest for one in packs}) == 3


REFUSED: dict[str, tuple[dict[str, Any], tuple[str | int, ...]]] = {
    "an attribute that is there, unsaid": (over(attributes={"presence": PRESENCE}), ("attributes", "presence")),
    "over what is not there": (
        over(attributes={"presense": {"over": "yes", "holds_for": "P1D"}}),
        ("attributes", "presense", "over"),
    ),
    "over: no": (over(attributes={"presence": {"over": "no"}}), ("attributes", "presence", "over")),
    "another meaning of a value": (
        presence(values={"absent": ["none"]}),
        ("attributes", "presence", "values", "absent"),
    ),
    "another type": (presence(type="text"), ("attributes", "presence", "type")),
    "another about": (presence(about="anyone"), ("attributes", "presence", "about")),
    "further states": (presence(states=["here"]), ("attributes", "presence", "states")),
    "what is critical": (presence(critical="no"), ("attributes", "presence", "critical")),
    "the polarity of a value that is there": (
        presence(polarity={"absent": "concern"}),
        ("attributes", "presence", "polarity", "absent"),
    ),
    "the lean of a value that is there": (
        presence(leans={"in_contact": "visits"}),
        ("attributes", "presence", "leans", "in_contact"),
    ),
    "a topic that is there": (
        over(topics={"safety": {"meaning": "S.", "answered_by": "told", "source": "s"}}),
        ("topics", "safety"),
    ),
    "over a topic": (over(topics={"safety": {"over": "yes"}}), ("topics", "safety", "over")),
    "a rule that is there, unsaid": (over(rules={"order_breached": BREACHED}), ("rules", "order_breached")),
    "what a rule sets apart": (
        over(rules={"order_breached": {"over": "yes", "one": {"attribute": "presence"}}}),
        ("rules", "order_breached", "one", "attribute"),
    ),
    "a rule's source": (
        over(rules={"order_breached": {"over": "yes", "source": "Another"}}),
        ("rules", "order_breached", "source"),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_layer_changes_no_meaning(case: str) -> None:
    """What would change what a word means, or hide a slip of the pen, is refused at its place in the layer."""
    above, path = REFUSED[case]
    assert [place for place, _ in lay_over(BENEATH, above).faults] == [path]


def test_every_part_is_traced_to_the_layer_that_wrote_it() -> None:
    """A fault in what was added is the layer's, by its own path; one in the rest belongs to the pack beneath."""
    example = PRESENCE["examples"][1]
    again = {**PRESENCE["examples"][0], "finds": "nothing"}
    above = presence(values={"sofa": ["overnight"]}, examples=[{**example, "shows": "more"}, again])
    layered = lay_over(BENEATH, above)
    assert layered.place(("attributes", "presence", "values", "sofa", 0)) == (
        True,
        ("attributes", "presence", "values", "sofa", 0),
    )
    assert layered.place(("attributes", "presence", "examples", 2, "finds")) == (
        True,
        ("attributes", "presence", "examples", 0, "finds"),
    )
    assert layered.place(("attributes", "presence", "examples", 0)) == (True, ("attributes", "presence", "examples", 1))
    assert layered.place(("attributes", "presence", "examples", 1)) == (
        False,
        ("attributes", "presence", "examples", 1),
    )
    assert layered.place(("version",)) == (True, ("version",))


def test_an_example_gives_way_to_one_that_shows_the_same() -> None:
    """Where a changed number changes what an example beneath finds, the layer says what it finds now."""
    stale = {
        "shows": "nobody asks again for two months",
        "finds": "nothing",
        "until": "2022-05-30",
        "claims": [{"agency": "csc", "observed": "2022-03-10", "value": "absent", "valid": "2022/..", "basis": "seen"}],
    }
    beneath = deepcopy(BENEATH)
    beneath["attributes"]["presence"] = {**PRESENCE, "examples": [*PRESENCE["examples"], stale]}
    (failure,) = check_examples(Pack.from_mapping(lay_over(beneath, presence(holds_for="P30D")).content))
    assert failure.why == "says that it finds nothing, and finds gap"
    fixed = presence(holds_for="P30D", examples=[{**stale, "finds": "gap"}])
    assert check_examples(Pack.from_mapping(lay_over(beneath, fixed).content)) == []
