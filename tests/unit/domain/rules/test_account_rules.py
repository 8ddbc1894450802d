"""What speaks against an account of an injury: by which rule, on which sides, and what does not."""

from copy import deepcopy
from typing import Any

import pytest

from ledger.domain.families import FAMILIES
from ledger.domain.finding import Finding
from ledger.domain.pack import Pack, PackError
from ledger.domain.rule import RESERVED
from ledger.services.load_pack import SHIPPED
from ledger.services.read_yaml import read_yaml
from tests.saying import links
from tests.unit.domain.rules.injuring import RULES, born, claim, decided, entry, injury_pack, mother_is_known, opened

BRUISE = claim("injury", "bruise")
TOLD = claim("account", "other_child", told="mother")
FALL = claim("account", "low_fall", told="mother")
DEEP = {"contact": {"depth": "examined"}}
DOCTOR = {"author": {"ref": "d", "role": "paediatrician"}}
PLAN = claim("plan", "active", None, item="Child Protection", basis="own_record", valid="2021-11-01/..")
ON_EAR = claim("injury_site", "ear")
ON_KNEE = [BRUISE, claim("injury_site", "knee"), TOLD]
VISIT = entry("csc", 20, claim("presentation", "well", None))
HOME = [VISIT, decided("return_home")]


def sides(found: Finding) -> set[frozenset[int]]:
    """The entries on each side."""
    return {frozenset(ref.number for ref in side) for side in found.sides}


@pytest.mark.parametrize(
    ("entries", "rule", "expected"),
    [
        pytest.param([*HOME, entry("hv", 40, BRUISE), entry("hv", 40, TOLD)],
            "account_nobody_checked", {frozenset({3}), frozenset({4})}, id="home again"),
        pytest.param([entry("csc", 1, PLAN), entry("hv", 40, BRUISE, TOLD)],
            "account_nobody_checked", {frozenset({2})}, id="on a plan"),
        pytest.param([born(-200), entry("hv", 40, claim("mobility", "not_crawling", None)),
            entry("hv", 42, BRUISE, TOLD)], "account_nobody_checked", {frozenset({3})}, id="sits and no more"),
        pytest.param([entry("gp", 1, claim("injury", "bruise", "case/b")), entry("hv", 90, BRUISE, TOLD)],
            "account_nobody_checked", {frozenset({2})}, id="a second one in three months"),
        pytest.param([born(-20), entry("hv", 10, TOLD)],
            "account_nobody_checked", {frozenset({2})}, id="an account of what nobody described"),
        pytest.param([entry("hv", 1, claim("injury", "burn", None), claim("account", "water", None, told="mother"))],
            "account_nobody_checked", {frozenset({1})}, id="neither names a thing"),
        pytest.param([entry("hv", 1, claim("injury", "burn"), claim("account", "hot_surface", told="c1")),
            mother_is_known(3)],
            "account_nobody_checked", {frozenset({1})}, id="who told it is known later"),
        pytest.param([entry("hv", 1, claim("injury", "burn", "hv/x")), entry("school", 2, claim("account", "water",
            "school/x", told="mother")), links("hv/x", "school/x", sort="things")],
            "account_nobody_checked", {frozenset({1}), frozenset({2})}, id="two names of one injury, linked"),
        pytest.param([entry("hv", 1, claim("account_doer", "hv/brother", told="mother")), entry("school", 2,
            claim("account_doer", "father", told="child"))],
            "accounts_differ_in_a_detail", {frozenset({1}), frozenset({2})}, id="whose doing it was"),
        pytest.param([entry("hv", 1, FALL), entry("gp", 2, claim("account_fits", "doubtful"))],
            "account_does_not_fit", {frozenset({1}), frozenset({2})}, id="a doctor doubts it"),
        pytest.param([entry("hospital", 1, claim("injury", "brain_injury"), **DEEP), entry("csc", 2, FALL)],
            "small_event_and_grave_injury", {frozenset({1}), frozenset({2})}, id="a bleed in the head from a sofa"),
        pytest.param([born(-100), entry("hospital", 1, claim("fracture", "present", basis="measured")),
            entry("csc", 2, claim("account", "found_so", told="father"))],
            "small_event_and_grave_injury", {frozenset({2}), frozenset({3})}, id="a break before walking"),
        pytest.param([entry("school", 1, *(claim("injury_site", site) for site in ("scalp", "shoulder", "hip"))),
            entry("csc", 2, FALL)],
            "small_event_and_grave_injury", {frozenset({1}), frozenset({2})}, id="three places at once"),
        pytest.param([entry("hospital", 1, claim("fracture", "present", basis="measured"),
            claim("account", "stairs", told="mother")), entry("hospital", 2,
            claim("injury_count", "14", "case/marks"), claim("injury", "bruise", "case/marks"))],
            "small_event_and_grave_injury", {frozenset({1}), frozenset({2})}, id="the stairs, and too many bruises"),
        pytest.param([entry("hospital", 1, claim("injury", "bruise"), claim("injury_site", "genitals"), **DEEP),
            entry("csc", 2, claim("account", "height", told="father"))],
            "small_event_and_grave_injury", {frozenset({1}), frozenset({2})}, id="no fall, however high"),
        pytest.param([entry("hospital", 1, claim("injury", "mark"), claim("injury_pattern", "cigarette"), **DEEP),
            entry("csc", 2, claim("account", "illness", told="father"))],
            "small_event_and_grave_injury", {frozenset({1}), frozenset({2})}, id="no illness, of whatever sort"),
    ],
)  # fmt: skip
def test_what_speaks_against_an_account_is_raised(
    entries: list[dict[str, Any]], rule: str, expected: set[frozenset[int]]
) -> None:
    """One finding on the account, by the rule that has the most to say, with those entries on its sides."""
    found = {by: one for (by, _), one in opened(*entries).items()}
    assert list(found) == [rule]
    assert sides(found[rule]) == expected


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([entry("nursery", 1, BRUISE, claim("injury_site", "shin"), TOLD)], id="a shin"),
        pytest.param([*HOME, entry("hv", 41, claim("injury", "none")), entry("hv", 42, TOLD)],
            id="looked for, and none there"),
        pytest.param([*HOME, entry("hv", 500, *ON_KNEE)], id="home for more than a year"),
        pytest.param([VISIT, decided("close"), entry("hv", 40, *ON_KNEE)], id="a decision of another kind"),
        pytest.param([entry("csc", 1, {**PLAN, "valid": "2021-01-01/2021-06-30"}), entry("hv", 40, *ON_KNEE)],
            id="a plan that is over"),
        pytest.param([entry("csc", 1, {**PLAN, "value": "considered"}), entry("hv", 40, *ON_KNEE)],
            id="a plan that is thought of"),
        pytest.param([entry("gp", 1, claim("injury", "bruise", "case/b")), entry("hv", 300, *ON_KNEE)],
            id="an injury of long ago"),
        pytest.param([entry("gp", 1, claim("injury", "skin_condition", "case/b")), entry("hv", 20, *ON_KNEE)],
            id="what was no injury"),
        pytest.param([entry("hv", 1, claim("injury", "burn"), claim("account", "hot_surface", told="hv/stranger"))],
            id="nobody knows who told it"),
        pytest.param([entry("hv", 1, claim("injury", "burn"), claim("account", "inflicted", told="mother"))],
            id="an allegation"),
        pytest.param([entry("hv", 1, claim("injury", "burn")), entry("hospital", 2, claim("cause_opinion", "accident",
            basis="judgement"), **DOCTOR), entry("hv", 3, claim("account", "hot_surface", told="mother"))],
            id="a doctor's opinion"),
        pytest.param([entry("hv", 1, claim("injury", "burn"), claim("account", "hot_surface", told="mother")),
            entry("csc", 2, claim("examined", "medical", None, basis="agency", **{"from": "hospital"}))],
            id="examined, as another agency passes on"),
        pytest.param([entry("hv", 1, claim("injury", "burn"), claim("account", "hot_surface", told="mother")),
            entry("csc", 2, claim("cause_opinion", "undetermined", basis="told", informant={"agency": "hospital",
            "role": "consultant paediatrician"}))], id="what a doctor said on the telephone"),
        pytest.param([entry("hospital", 1, claim("injury", "brain_injury"), claim("account", "low_fall", told="mother"),
            claim("account_fits", "fits", basis="judgement"), **DEEP)], id="the clinician finds that it fits"),
        pytest.param([entry("gp", 1, ON_EAR, claim("injury", "scratch"), claim("account", "animal", told="mother"))],
            id="a cat's scratch"),
        pytest.param([entry("hospital", 1, claim("injury_site", "ribs", "case/ribs")),
            entry("school", 9, BRUISE, claim("account", "low_fall", told="school/stranger"))],
            id="found a week apart, under names of their own"),
        pytest.param([entry("hospital", 1, claim("account_fits", "does_not_fit", basis="judgement"), FALL, **DEEP),
            entry("hospital", 3, claim("account_fits", "fits", basis="judgement"), **DEEP)],
            id="the doctor revises the opinion"),
        pytest.param([entry("gp", 1, claim("injury", "fracture"), claim("account", "height", told="mother"),
            claim("cause_opinion", "accident", basis="judgement"), **DEEP)], id="a large event"),
        pytest.param([entry("hospital", 1, claim("injury", "burn"), **DEEP), entry("csc", 2, claim("account",
            "hot_surface", told="mother"))], id="examined before anybody told of it"),
        pytest.param([born(-2000), entry("hospital", 1, claim("fracture", "present", basis="measured"),
            claim("injury_site", "forearm"), claim("account", "stairs", told="mother"), **DEEP)],
            id="one long bone, on the stairs"),
        pytest.param([born(-2000), entry("hospital", 1, claim("injury", "bruise"), claim("injury_count", "6"),
            *(claim("injury_site", site) for site in ("forehead", "shoulder", "back", "shin")),
            claim("account", "stairs", told="mother"), **DEEP)], id="several places, on the stairs"),
        pytest.param([entry("gp", 1, claim("injury", "swelling"), claim("injury_site", "genitals"), **DEEP),
            entry("gp", 1, claim("account", "illness", told="mother"))], id="sore with an illness"),
        pytest.param([entry("school", 1, claim("account", "illness", "case/away", told="mother"),
            claim("injury_age", "different_ages", "case/legs"), claim("injury", "bruise", "case/legs"))],
            id="an illness that is told of an absence"),
    ],
)  # fmt: skip
def test_what_is_no_finding_is_not_raised(entries: list[dict[str, Any]]) -> None:
    """What a careful lead would be annoyed to be asked about."""
    assert opened(*entries) == {}


@pytest.mark.parametrize(("who", "is_asked"), [("older brother", True), ("mother", False), ("mother's brother", False)])
def test_children_of_the_family_are_asked_after_and_adults_are_not(who: str, *, is_asked: bool) -> None:
    """What adults say of their own injuries is no account of a child's; who somebody is may come to be known later."""
    hurt = [claim("injury", "burn", about="k"), claim("account", "water", told="mother", about="k")]
    found = opened(entry("hv", 1, *hurt), entry("hv", 3, people=[{"ref": "k", "role": who}]))
    assert [by for by, _ in found] == (["account_nobody_checked"] if is_asked else [])


@pytest.mark.parametrize("more", [[], [claim("injury_site", "head")], [claim("injury_site", "arm")]])
def test_of_an_injury_that_is_hardly_described_it_is_only_asked(more: list[dict[str, Any]]) -> None:
    """A prompt, with all that it rests on on one side: nothing is set against each other, and nobody is alerted."""
    (found,) = opened(entry("hv", 1, BRUISE, *more), entry("csc", 2, TOLD)).values()
    assert (found.tier, sides(found)) == ("prompt", {frozenset({1, 2})})


def test_an_examination_closes_what_nobody_had_checked() -> None:
    """What was raised at once is open until somebody who can tell has looked, and no longer."""
    told = [*HOME, entry("hv", 40, BRUISE, TOLD)]
    assert list(opened(*told)) == [("account_nobody_checked", "case/hurt")]
    visited = entry("hv", 41, claim("account_fits", "fits", basis="judgement"), contact={"depth": "seen"})
    assert list(opened(*told, visited)) == [("account_nobody_checked", "case/hurt")]
    assert opened(*told, visited, entry("gp", 42, claim("injury", "bruise"), **DEEP)) == {}


def test_an_opinion_is_of_what_was_heard_by_then() -> None:
    """A second account that comes after the opinion is not what it was on; one that it names alone is."""
    first, opinion = entry("hv", 1, FALL), entry("gp", 2, claim("account_fits", "does_not_fit", basis="judgement"))
    second = entry("csc", 3, claim("account", "animal", told="father"))
    found = opened(first, opinion, second)
    assert sides(found["account_does_not_fit", "case/hurt"]) == {frozenset({1}), frozenset({2})}
    both = entry("hv", 1, FALL, claim("account", "fall", told="father"))
    named = entry("gp", 2, claim("account_fits", "does_not_fit", item="low fall", basis="judgement"))
    found = opened(both, named)
    on_account = min(found["account_does_not_fit", "case/hurt"].sides)
    assert {ref.index for ref in on_account} == {0}


def test_one_injury_has_one_finding() -> None:
    """However much speaks against an account, and however many accounts there are, the lead is asked once."""
    everything = [
        born(-20),
        entry("hv", 10, BRUISE, ON_EAR, FALL, claim("account_needs", "rolls", basis="judgement")),
        entry("hv", 11, claim("mobility", "not_rolling", None)),
        entry("hospital", 12, claim("account_fits", "does_not_fit", basis="judgement"), **DEEP),
        entry("csc", 13, claim("account", "animal", told="father")),
    ]
    assert len(opened(*everything)) == 1


def test_age_is_read_so_that_every_date_agrees() -> None:
    """Two dates of birth of which one leaves the child old enough rule nothing out; being born early may."""
    needs = entry("gp", 40, claim("account_needs", "rolls", basis="judgement"))
    assert list(opened(born(-10), needs)) == [("too_young_for_account", "case/hurt")]
    assert opened(born(-10), entry("gp", 20, claim("date_of_birth", "2021-05-01", None)), needs) == {}
    later = entry("gp", 150, claim("account_needs", "rolls", basis="judgement"))
    assert opened(born(0), later) == {}
    assert opened(born(0, gestation_weeks="28"), later)["too_young_for_account", "case/hurt"].basis.is_strain


BROKEN: dict[str, tuple[str, dict[str, Any], str]] = {
    "an account that is none": ("account_does_not_fit", {"one": {"attribute": "account", "values": ["slip"]}},
        "account_does_not_fit/one/values/0"),
    "an opinion that is none": ("account_does_not_fit", {"other": {"attribute": "account_fits", "refutes": ["no"]}},
        "account_does_not_fit/other/refutes/0"),
    "an attribute that is none": ("account_does_not_fit", {"other": {"attribute": "fits", "refutes": ["no"]}},
        "needs attributes that the vocabulary lacks: fits"),
    "an ability that is none": ("too_young_for_account", {"none_before": {"flies": "P9D"}},
        "too_young_for_account/none_before/0"),
    "an age that is no length": ("too_young_for_account", {"none_before": {"rolls": "P9M"}},
        "too_young_for_account/none_before/rolls"),
    "a small event that is none": ("small_event_and_grave_injury", {"small": ["slip"]},
        "small_event_and_grave_injury/small/0"),
    "an account of a further group that is none": ("small_event_and_grave_injury", {"never": [{"accounts": ["slip"]}]},
        "small_event_and_grave_injury/never/0/accounts/0"),
    "a grave site that is none": ("small_event_and_grave_injury", {"grave": {"sites": ["tail"]}},
        "small_event_and_grave_injury/grave/sites/0"),
    "a site that is none": ("account_nobody_checked", {"sites": ["tail"]}, "account_nobody_checked/sites/0"),
    "a state that is none": ("account_nobody_checked", {"not_mobile": ["lies"]}, "account_nobody_checked/not_mobile/0"),
    "a detail of no one thing": ("accounts_differ_in_a_detail", {"details": ["name_used"]},
        "accounts_differ_in_a_detail/details/0"),
    "a need that is none": ("condition_needed_and_not_found", {"needs": {"luck": {"attribute": "diagnosis", "values":
        ["ruled_out"]}}}, "condition_needed_and_not_found/needs/0"),
}  # fmt: skip


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    """The vocabulary that ships, with the rules on accounts, as they are written."""
    content: dict[str, Any] = {"pack": "test", "version": "1", "attributes": {}, "topics": {}}
    for file in sorted((SHIPPED / "default").glob("*.yaml")):
        read = read_yaml(file.read_text(encoding="utf-8")).content
        assert isinstance(read, dict)
        for section in ("attributes", "topics"):
            content[section] |= read.get(section, {})
        if file.name == RULES:
            content["rules"] = read["rules"]
    return content


@pytest.mark.parametrize("case", BROKEN)
def test_words_that_the_vocabulary_lacks_are_refused(case: str, written: dict[str, Any]) -> None:
    """A rule that names what is not there makes no pack, and the place is said."""
    name, changes, where = BROKEN[case]
    content = deepcopy(written)
    content["rules"][name] |= changes
    with pytest.raises(PackError) as refused:
        Pack.from_mapping(content)
    assert where in str(refused.value)


def test_every_family_of_accounts_has_a_rule() -> None:
    """No family is code that nothing uses."""
    used = {rule.family.name for rule in injury_pack().rules.values()}
    assert used >= {
        "details_differ",
        "refutes",
        "beyond_ability",
        "too_young",
        "small_cause",
        "unexamined",
        "unmet_need",
    }
    assert used <= FAMILIES.keys() | {*RESERVED}
