"""What one agency alone holds, and what rests on one person's word, of claims without a database."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.claim import Claim, claims_of_entry
from ledger.domain.facts import Facts
from ledger.domain.record_state import RecordState, Surroundings
from ledger.domain.reliance import borne_out, held_alone, is_material, one_words, says_as_much
from tests.shipped import shipped_pack
from tests.sizes import examples

AT = datetime(2022, 6, 1, tzinfo=UTC)
PACK = shipped_pack()
#: (agency, value, informant or None for the agency's own sight)
Said = tuple[str, str, str | None]
KINDS = {"hv": "health_visiting", "csc": "childrens_social_care", "gp": "general_practice"}
VALUES = ("lives_here", "stays_overnight", "visits", "absent", "no_contact", "in_contact")


def claims(said: list[Said]) -> list[Claim]:
    made: list[Claim] = []
    people = [{"ref": "n1", "role": "neighbour"}]
    for number, (agency, value, informant) in enumerate(said, 1):
        told = {"basis": "told", "informant": informant} if informant else {"basis": "seen"}
        claim = {"about": "father", "attribute": "presence", "value": value, "valid": "2022-05-01/..", **told}
        body: dict[str, Any] = {"observed": "2022-05-20", "statement": "fact", "people": people, "claims": [claim]}
        made += claims_of_entry("observation", body, agency=agency, number=number, recorded_at=AT)
    return made


def facts_of(said: list[Said]) -> Facts:
    state = RecordState("r", Surroundings("england", KINDS)).under(PACK)
    return Facts(state.adding(claims(said)), PACK)


def alone(said: list[Said]) -> list[tuple[int, tuple[str, ...]]]:
    return [(one.claim.number, one.denied_by) for one in held_alone(facts_of(said))]


def words(said: list[Said]) -> list[tuple[str, list[int]]]:
    return [
        (word.person, [claim.number for claim in word.claims])
        for one in one_words(facts_of(said))
        for word in one.alone
    ]


def test_what_another_says_more_precisely_it_holds_too() -> None:
    """Whoever says no less holds as much; whoever leaves room for more does not, and whoever denies it says so."""
    assert alone([("hv", "in_contact", "mother"), ("csc", "lives_here", "mother")]) == [(2, ())]
    assert alone([("hv", "lives_here", "mother"), ("csc", "lives_here", None)]) == []
    assert alone([("hv", "stays_overnight", "mother"), ("csc", "no_contact", "mother")]) == [
        (1, ("csc",)),
        (2, ("hv",)),
    ]


def test_one_person_told_to_many_is_one_word() -> None:
    """However many agencies repeat the mother; a neighbour, or what somebody saw, is another source."""
    mother: list[Said] = [("hv", "absent", "mother"), ("csc", "absent", "mother"), ("gp", "absent", "mother")]
    assert words(mother) == [("mother", [3, 2, 1])]
    assert words([*mother, ("hv", "absent", "n1")]) == []
    assert words([*mother, ("hv", "absent", None)]) == []


@pytest.mark.parametrize(
    ("said", "out", "against"),
    [
        ([("hv", "lives_here", "mother"), ("csc", "lives_here", "mother")], [], []),
        ([("hv", "lives_here", "mother"), ("csc", "lives_here", "father")], [], []),
        ([("hv", "lives_here", "mother"), ("csc", "lives_here", None)], [2], []),
        ([("hv", "lives_here", "mother"), ("csc", "absent", None)], [], [2]),
        ([("hv", "absent", "mother"), ("csc", "absent", "n1")], [2], []),
        ([("hv", "lives_here", "mother"), ("csc", "absent", "mother")], [], [2]),
    ],
)
def test_what_bears_a_claim_out(said: list[Said], out: list[int], against: list[int]) -> None:
    """Sight and the free word of another do, one's own word again and an interested one do not; any may deny it."""
    facts = facts_of(said)
    found = borne_out(claims(said)[0], facts)
    assert [[ref.number for ref in refs] for refs in found] == [out, against]


def test_what_its_own_source_has_replaced_speaks_against_nothing() -> None:
    """The mother's word of last year is no denial of her word of now; that of now denies the old one."""
    told = {"about": "father", "attribute": "presence", "basis": "told", "informant": "mother"}
    said: list[Claim] = []
    for number, (day, value) in enumerate((("2021-05-20", "lives_here"), ("2022-05-20", "absent")), 1):
        body = {"observed": day, "statement": "fact", "claims": [{**told, "value": value, "valid": "2021-05-01/.."}]}
        said += claims_of_entry("observation", body, agency="hv", number=number, recorded_at=AT)
    facts = Facts(RecordState("r", Surroundings("england", KINDS)).under(PACK).adding(said), PACK)
    assert [[ref.number for ref in borne_out(one, facts)[1]] for one in said] == [[2], []]
    assert [(one.claim.number, one.denied_by) for one in held_alone(facts)] == [(2, ())]


def test_what_matters() -> None:
    """What is critical, a concern or to be borne out; what is not known, or not in the vocabulary, is none of these."""
    presence = PACK.attributes["presence"]
    assert is_material(presence, "visits")
    assert not is_material(presence, None)
    assert not is_material(None, "visits")
    assert not is_material(PACK.attributes["gp_registration"], "registered")


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*KINDS]), st.sampled_from(VALUES), st.sampled_from([None, "mother", "father", "n1"])
        ),
        max_size=7,
    )
)
@settings(max_examples=examples())
def test_adding_what_somebody_hides_only_lessens(said: list[Said]) -> None:
    """Without any one agency's entries nothing that others alone hold is held by more than before."""
    whole = {one.claim.number for one in held_alone(facts_of(said))}
    for agency in KINDS:
        # The same numbers, so that a claim is the same.
        state = RecordState("r", Surroundings("england", KINDS)).under(PACK)
        left = Facts(state.adding(one for one in claims(said) if one.agency != agency), PACK)
        assert {number for number in whole if said[number - 1][0] != agency} <= {
            one.claim.number for one in held_alone(left)
        }


@given(st.sampled_from(VALUES), st.sampled_from(VALUES))
def test_saying_as_much_is_allowing_no_more(one: str, other: str) -> None:
    """By the states that the pack's values allow, whichever two they are."""
    presence, (first, *_), (second, *_) = (
        PACK.attributes["presence"],
        claims([("hv", one, None)]),
        claims([("csc", other, None)]),
    )
    assert says_as_much(first, second, presence) == (not presence.values[other] & ~presence.values[one])
