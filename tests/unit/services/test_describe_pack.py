"""The reference of a pack: what it tells, and that what it shows is taken."""

from pathlib import Path
from typing import Any

import pytest

from ledger.domain.body import BODIES
from ledger.domain.body_part import BASIS, DEPTH, NOT_KNOWN, OUTCOME, STATEMENT
from ledger.domain.pack import Pack
from ledger.domain.scenario import KINDS
from ledger.domain.shape import conform
from ledger.services.describe_attribute import sample
from ledger.services.describe_pack import GUIDE, describe_pack
from ledger.services.load_pack import SHIPPED, LoadedPack, load_pack_with_places
from ledger.services.load_scenario import load_scenarios
from ledger.services.read_yaml import read_yaml
from tests.markdown import blocks
from tests.packs import written
from tests.saying import PRESENCE

EXAMPLES = [block.text for block in blocks(GUIDE.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def default() -> LoadedPack:
    """The pack that ships."""
    return load_pack_with_places(SHIPPED / "default")


def described(**changes: Any) -> str:
    pack = Pack.from_mapping({**written(), **changes})
    return describe_pack(LoadedPack(pack, lambda _path: ("test/adults.yaml", 1)))


def test_everything_is_told_of_an_attribute() -> None:
    """Meaning, states in words, what is critical, lengths of time, what to ask, source, and what it finds or leaves."""
    text = described(
        attributes={
            **written()["attributes"],
            "presence": {
                **PRESENCE,
                "topic": "safety",
                "owner": "police",
                "polarity": {"lives_here": "concern"},
                "leans": {"in_contact": "visits"},
                "corroborate": {"absent": "within_10wd"},
            },
        }
    )
    for told in (
        "**Adults**",
        "### presence\n\nWhat part this adult has in the home.",
        "| `absent` | away contact or none |  |  | within 10 working days |",
        "| `lives_here` | resident | concern |  |  |",
        "| `in_contact` | resident or overnight or visits or away contact |  | visits |  |",
        "Critical: ",
        "for 90 days.",
        "for 60 days after",
        "- Topic: `safety`.",
        "- Who would know: police.",
        "- Ask: Who lives there?",
        "- Source: A case review.",
        "- gone and there (`contradiction`)",
        "Left alone:\n\n- there and there",
        "`item` (needed)",
        "| `safety` | Safety. | being seen | A guide |",
    ):
        assert told in text


def test_everything_is_told_of_a_rule() -> None:
    """Family, settings, meaning, source, what raises it and what does not; and why one is switched off."""
    text = described()
    for told in (
        "### order_breached\n\nA person whom an order keeps away is there.",
        "- Raised as `contradiction`, critical.",
        "`one: {attribute: order, values: [in_force], items: [no contact]}`",
        "- seen in the home (`contradiction`)",
        "Left alone:\n\n- an order that has ended",
    ):
        assert told in text
    off = described(rules={"order_breached": {**written()["rules"]["order_breached"], "off": "Not here."}})
    assert "- `order_breached`: Not here." in off


def test_the_claims_that_it_shows_are_taken(default: LoadedPack) -> None:
    """The example of each attribute fits the vocabulary, so it can be copied."""
    pack = default.pack
    assert {
        name: pack.check_claim(sample(one)) for name, one in pack.attributes.items() if pack.check_claim(sample(one))
    } == {}


@pytest.mark.parametrize("text", EXAMPLES[:-1])
def test_the_claims_of_the_guide_are_taken(text: str, default: LoadedPack) -> None:
    """What the guide shows of observations has their form, and fits the vocabulary."""
    observation = read_yaml(text).content
    assert isinstance(observation, dict)
    body, faults = conform({"observed": "2024-11-12", "statement": "fact", **observation}, BODIES["observation"])
    assert faults == []
    assert isinstance(body, dict)
    assert [fault for claim in body["claims"] for fault in default.pack.check_claim(claim)] == []


def test_the_scenario_of_the_guide_is_read(tmp_path: Path, default: LoadedPack) -> None:
    """The scenario can be copied and run; its claims fit the vocabulary."""
    (tmp_path / "s.yaml").write_text(EXAMPLES[-1])
    (scenario,) = load_scenarios([tmp_path])
    claims = [claim for entry in scenario.entries for claim in entry.body.get("claims", ())]
    assert len(claims) == 2
    assert [fault for claim in claims for fault in default.pack.check_claim(claim)] == []


def test_the_guide_has_every_word_of_a_body() -> None:
    """Every basis, statement, depth, outcome, kind of entry and kind of finding is named."""
    guide = GUIDE.read_text(encoding="utf-8")
    words = {*BODIES, *NOT_KNOWN.words, *STATEMENT.words, *BASIS.words, *DEPTH.words, *OUTCOME.words, *KINDS}
    assert {word for word in words if f"`{word}`" not in guide} == set()


def test_the_same_pack_gives_the_same_text(default: LoadedPack) -> None:
    """The page is a function of the pack: loading it again changes nothing."""
    assert describe_pack(default) == describe_pack(load_pack_with_places(SHIPPED / "default"))
    assert f"# The vocabulary: default {default.pack.version}" in describe_pack(default)
