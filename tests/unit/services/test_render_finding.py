import json
from typing import Any

import pytest

from ledger.domain.pack import Pack
from ledger.services.render_finding import places_of
from ledger.store.timeline import StoredEntry
from tests.partnership import default_pack
from tests.unit.services.seeing import CANARY, RECORD, changed, claim, entry, finding, observation, render, seen_by


@pytest.fixture(scope="module")
def pack() -> Pack:
    return default_pack()


ABSENT, THERE = claim(), claim(value="stays_overnight")


def test_both_statements_stand_with_who_said_them_and_since_when(pack: Pack) -> None:
    """A lead sees who said what to whom, since when each agency has held it, whom to ring and what to ask."""
    entries = [
        observation(1, "csc", ABSENT),
        observation(5, "hv", THERE),
        observation(6, "hv", claim(value="present")),
    ]
    told = render(changed(finding([1], [5, 6]), "2022-03-10"), entries, pack)
    assert told["headline"] == (
        "The mother told Children’s social care and Health visiting different things about the father’s presence"
    )
    assert told["severity"] == "high"
    assert told["severity_because"] == [
        "it is about something critical to a child’s safety",
        "one person gave two accounts",
    ]
    assert told["change_words"] == "This may be a change since 10 March 2022."
    first, second = told["sides"]
    assert first["statements"][0]["said"] == "Told by the mother"
    assert first["statements"][0]["agency_name"] == "Children’s social care"
    assert first["statements"][0]["words"] == "The father’s presence: absent"
    assert first["statements"][0]["valid_words"] == "from October 2022, still so when observed"
    assert [(held["agency"], held["since"]) for held in second["held_since"]] == [("hv", "2022-10-05T11:00:00.000000Z")]
    assert told["ring"] == [{"agency": "hv", "name": "Health visiting", "contact": "01743 000111"}]
    assert told["why"]
    assert told["meaning"]
    assert told["ask"]


def test_what_could_still_be_is_the_and_of_the_masks(pack: Pack) -> None:
    """The states that all statements allow together, or, where none is left, what each side allows."""
    vague = render(
        finding([1], [2]),
        [observation(1, "csc", claim(value="present")), observation(2, "hv", claim(value="visits"))],
        pack,
    )
    assert vague["possible"]["together"] == ["overnight", "visits"]
    torn = render(finding([1], [2]), [observation(1, "csc", ABSENT), observation(2, "hv", THERE)], pack)
    assert torn["possible"]["together"] == []
    assert [side["allows"] for side in torn["sides"]] == [["away contact", "none"], ["resident", "overnight"]]


def test_of_three_sides_it_says_what_is_left_without_each(pack: Pack) -> None:
    """Where only all together leave nothing, each side is set aside in turn."""
    entries = [
        observation(1, "csc", seen_by(value="present")),
        observation(2, "hv", seen_by(value="not_resident")),
        observation(3, "police", seen_by(value="absent")),
    ]
    told = render(finding([1], [2], [3], kind="contradiction"), entries, pack)
    assert told["possible"]["words"] == (
        "Nothing would make all of it true at one time. "
        "Without what Children’s social care says: away contact or none. "
        "Without what Police says: overnight or visits."
    )
    assert told["headline"] == (
        "What Children’s social care, Health visiting and Police say about the father’s presence cannot all be so"
    )


@pytest.mark.parametrize(
    ("attribute", "one", "other", "allowed"),
    [
        ("father", "mr_b", {"is_not": "hv/mr_b"}, [["Mr Bell"], ["somebody else"]]),
        ("weight", "3.4", "5.1", [["3.35 to 3.45 kg"], ["5.05 to 5.15 kg"]]),
        ("date_of_birth", "2022-09-01", "2022-08-30", [["1 September 2022"], ["30 August 2022"]]),
        ("address", "1 High Street, Ludlow", "9 Low Road, Telford", None),
    ],
)
def test_people_numbers_dates_and_places_have_states_too(
    pack: Pack, attribute: str, one: Any, other: Any, allowed: list[list[str]] | None
) -> None:
    """What each side allows is told of every type, people by what visible entries call them."""
    about = {"about": "child", "attribute": attribute, "valid": None}
    people = [{"ref": "mr_b", "name": "Mr Bell"}]
    entries = [
        observation(1, "hv", seen_by(**about, value=one), people=people),
        observation(2, "csc", seen_by(**about, value=other)),
    ]
    told = render(finding([1], [2], kind="contradiction"), entries, pack)
    assert told["possible"]["words"] == "Nothing would make all of it true at one time."
    expected = allowed or [[one], [other]]
    for side, words in zip(told["sides"], expected, strict=True):
        assert side["allows"] == words if attribute != "weight" else len(side["allows"]) == 1
    assert "{" not in told["sides"][1]["statements"][0]["words"]


@pytest.mark.parametrize("marking", ["restricted", "pointer"])
def test_a_side_that_is_withheld_leaves_a_pointer_and_nothing_else(pack: Pack, marking: str) -> None:
    """No attribute, value, severity, kind or rule, and not even the visible side: each would tell what the other is."""
    hidden = observation(5, "police", THERE, narrative=CANARY, marking=marking)
    told = render(finding([1], [5]), [observation(1, "csc", ABSENT), hidden], pack)
    assert told["headline"] == "Information held by Police bears on this: ring them"
    assert told["ring"] == [{"agency": "police", "name": "Police", "contact": "101"}]
    assert told["severity"] is None
    written = json.dumps(told)
    for word in (CANARY, "presence", "absent", "overnight", "father", "same_informant", "change"):
        assert word not in written


def test_a_withheld_statement_beside_visible_ones_goes_unmentioned(pack: Pack) -> None:
    """Where the finding stands without it, nothing tells that more is held, and no contact of its holder is given."""
    visible = [observation(1, "csc", ABSENT, observed="2022-10-04"), observation(5, "hv", THERE)]
    hidden = observation(6, "police", THERE, narrative=CANARY, marking="pointer")
    told = render(finding([1], [5, 6]), [*visible, hidden], pack)
    assert told == render(finding([1], [5]), visible, pack)
    assert "olice" not in json.dumps(told)


def test_what_a_withheld_statement_made_of_it_is_not_told(pack: Pack) -> None:
    """Doubt, age, a change and a decision are told only where what is visible makes them so."""
    visible = [observation(1, "csc", ABSENT, observed="2022-10-04"), observation(5, "hv", THERE)]
    hidden = observation(6, "police", THERE, marking="pointer")
    marked = finding([1], [5, 6], certain=False, is_stale=True, marks={"is_pending": True, "is_strain": True})
    told = render(changed(marked, "2022-03-10"), [*visible, hidden], pack)
    assert told == render(finding([1], [5]), visible, pack)


def test_what_only_the_withheld_statement_makes_a_conflict_is_a_pointer(pack: Pack) -> None:
    """Two visible statements that can both be so are not shown as if they could not: that would tell of a third."""
    entries = [
        observation(1, "csc", claim(value="visits")),
        observation(5, "hv", THERE),
        observation(6, "police", claim(value="lives_here"), narrative=CANARY, marking="restricted"),
    ]
    told = render(finding([1], [5, 6], kind="contradiction"), entries, pack)
    assert told["withheld"] is True
    assert [one["agency"] for one in told["ring"]] == ["police"]
    assert "presence" not in json.dumps(told)


def test_the_sharper_name_needs_its_evidence_to_be_visible(pack: Pack) -> None:
    """`same informant` is only said where the statements that are seen are one person's."""
    entries = [
        observation(1, "csc", ABSENT),
        observation(5, "hv", seen_by(value="stays_overnight")),
        observation(6, "police", THERE, narrative=CANARY, marking="restricted"),
    ]
    told = render(finding([1], [5, 6]), entries, pack)
    assert told["kind"] == "contradiction"
    assert CANARY not in json.dumps(told)


def test_withheld_evidence_is_left_out(pack: Pack) -> None:
    """Evidence that a reader may not see is not counted before them either."""
    entries = [
        observation(1, "csc", ABSENT),
        observation(5, "hv", THERE),
        observation(6, "police", claim(value="present"), narrative=CANARY, marking="pointer"),
        observation(7, "hv", claim(value="present")),
    ]
    told = render(finding([1], [5], evidence=[6, 7]), entries, pack)
    assert [said["number"] for said in told["evidence"]] == [7]
    assert CANARY not in json.dumps(told)


def test_a_rule_of_its_own_is_judged_again_on_what_is_visible(pack: Pack) -> None:
    """What an interested person said alone stays so without a withheld decision that leans on it, or is a pointer."""
    word = claim(attribute="substance_use", value="not_using", about="mother")
    relying = {
        "relies_on": [{"about": "mother", "attribute": "substance_use"}],
        "kind": "close",
        "narrative": "as agreed",
    }
    hidden = entry(9, "police", "decision", relying | {"sharing": {"marking": "pointer"}})
    told = render(
        finding(
            [1], kind="uncorroborated", rule="word_that_a_decision_leans_on", evidence=[9], marks={"is_pending": True}
        ),
        [observation(1, "csc", word), hidden],
        pack,
    )
    assert told["withheld"] is True
    assert "substance" not in json.dumps(told)


def test_the_holder_of_what_is_withheld_sees_it_all(pack: Pack) -> None:
    """A marking keeps nothing from its own agency, which is told to ring the others."""
    entries = [observation(1, "csc", ABSENT), observation(5, "police", THERE, marking="restricted")]
    told = render(finding([1], [5]), entries, pack, agency="police")
    assert told["severity"] == "high"
    assert [one["agency"] for one in told["ring"]] == ["csc"]


def test_erased_sides_say_so(pack: Pack) -> None:
    """A finding on erased content keeps its place and says why there is no more."""
    first = observation(1, "csc", ABSENT)
    erased = StoredEntry(RECORD, 5, first.recorded_at, "hv", "e", b"\1" * 32, None, None)
    told = render(finding([1], [5]), [first, erased], pack)
    assert told["headline"] == "What this rested on was erased"
    assert told["ring"] == []


def test_a_name_only_in_a_withheld_entry_never_labels_anybody(pack: Pack) -> None:
    """Labels of people come from bodies that the reader sees."""
    hidden = observation(5, "police", marking="pointer", people=[{"ref": "csc/uncle", "name": CANARY}])
    entries = [
        observation(1, "csc", claim(about="uncle", informant="nan")),
        observation(2, "hv", claim(about="csc/uncle", value="stays_overnight")),
    ]
    told = render(finding([1], [2], kind="contradiction"), entries, pack, around=[hidden])
    assert "the person whom Children’s social care calls uncle" in told["headline"]
    assert CANARY not in json.dumps(told)


def test_people_are_called_as_any_visible_entry_calls_them(pack: Pack) -> None:
    """A name that another entry gives, and a link that makes of a reference the father, are used in words."""
    entries = [
        observation(1, "csc", claim(about="uncle", informant="hv/mum")),
        observation(2, "hv", claim(about="csc/uncle", value="stays_overnight", informant="mum")),
    ]
    around = [
        observation(3, "csc", people=[{"ref": "uncle", "name": "Ray Tandy"}]),
        observation(4, "hv", people=[{"ref": "mum", "role": "mother"}]),
    ]
    told = render(finding([1], [2]), entries, pack, around=around)
    assert told["headline"] == (
        "The mother told Children’s social care and Health visiting different things about Ray Tandy’s presence"
    )


def test_of_a_claim_about_several_people_the_one_in_question_is_shown(pack: Pack) -> None:
    """A finding about the father never words the half of a claim that is about the mother."""
    entries = [
        observation(1, "csc", claim(about=["mother", "father"])),
        observation(2, "hv", THERE),
    ]
    told = render(finding([1], [2]), entries, pack)
    assert told["sides"][0]["statements"][0]["words"] == "The father’s presence: absent"


def test_without_a_directory_agencies_are_ids(pack: Pack) -> None:
    """The form for the interface's timeline names nothing that could change."""
    entries = [observation(1, "csc", ABSENT), observation(5, "hv", THERE)]
    told = render(finding([1], [5]), entries, pack, named=False)
    assert told["ring"] == [{"agency": "hv", "name": "hv", "contact": None}]


@pytest.mark.parametrize(
    ("version", "rule", "words"),
    [
        ("2.0.0", "states_of_the_world", None),
        ("1.0.0", "states_of_the_world", "Found by version 1.0.0 of the rule pack, and described here in the words of"),
        ("1.0.0", "a_rule_of_then", "Found by version 1.0.0 of the rule pack; version {} no longer has this rule."),
    ],
)
def test_another_packs_finding_is_rendered_and_says_so(pack: Pack, version: str, rule: str, words: str | None) -> None:
    """A finding whose rule or pack is of another time is told in today's words, and that it is."""
    entries = [observation(1, "csc", ABSENT), observation(5, "hv", THERE)]
    own = pack.version if version == "2.0.0" else version
    told = render(finding([1], [5], pack_version=own, rule=rule, kind="contradiction"), entries, pack)
    assert (told["pack_words"] or "").startswith((words or "").format(pack.version))
    assert bool(told["pack_words"]) is (words is not None)
    assert told["headline"]
    assert told["why"]


def test_what_the_vocabulary_no_longer_has_is_still_told(pack: Pack) -> None:
    """An attribute that a later pack dropped leaves the statements and a headline, and no reasons."""
    gone = claim(attribute="shoe_size", value="nine")
    told = render(
        finding([1], [2], kind="contradiction"),
        [observation(1, "csc", gone), observation(2, "hv", claim(attribute="shoe_size", value="four"))],
        pack,
    )
    assert "the father’s shoe size" in told["headline"]
    assert (told["why"], told["possible"]["words"]) == (None, None)


def test_rendering_asks_for_every_entry_it_needs() -> None:
    """Sides and evidence are all loaded."""
    assert places_of(finding([1], [5, 6], evidence=[9])) == {1, 5, 6, 9}
