"""Who a contact shows to have been in the home, and who not."""

from typing import Any

import pytest

from ledger.domain.claim import Claim, claims_of_entry
from ledger.domain.fold import run
from ledger.domain.record_state import RecordState
from ledger.domain.seen_there import is_professional
from tests.saying import presence_pack, says, steps

AT = steps(says("hv", "present", "2022-04-02"))[0].at
HOME = {"depth": "seen", "home_entered": "yes", "outcome": "held"}
PACK = presence_pack()


def visit(*present: str, people: tuple[dict[str, str], ...] = (), **changes: Any) -> dict[str, Any]:
    """A contact entry of a health visitor with these people present."""
    body = {"observed": "2022-04-02", **HOME, "present": [*present], **changes}
    return {"agency": "hv", "kind": "contact", "body": {**body, **({"people": [*people]} if people else {})}}


def seen(entry: dict[str, Any]) -> list[Claim]:
    """What is read of an entry as a claim on somebody's presence."""
    claims = claims_of_entry(entry["kind"], entry["body"], agency=entry["agency"], number=1, recorded_at=AT)
    return [claim for claim in claims if claim.was_met]


def kinds(*entries: dict[str, Any]) -> list[str]:
    """The kinds of the findings that are open in the end, gaps aside."""
    state = RecordState("r")
    for _, after, _ in run(state, steps(*entries), PACK):
        state = after
    return [finding.kind for finding in state.findings.values() if finding.kind != "gap"]


def test_everybody_at_a_home_visit_was_present_that_day() -> None:
    """Each but the child, under their keys, as a sight of that day alone, each at a place of its own in the entry."""
    claims = seen(visit("mother", "dad", "child", people=({"ref": "dad", "role": "father"},)))
    assert [(claim.about, claim.attribute, claim.value, claim.basis, claim.valid) for claim in claims] == [
        ("mother", "presence", "present", "seen", None),
        ("father", "presence", "present", "seen", None),
    ]
    assert len({claim.index for claim in claims}) == len(claims)


@pytest.mark.parametrize(
    "changes",
    [
        {"home_entered": "no"},
        {"home_entered": None},
        {"outcome": "no_access"},
        {"outcome": "cancelled"},
        {"depth": "doorstep"},
        {"depth": "remote"},
        {"present": ["father"]},
    ],
)
def test_nobody_is_shown_where_the_contact_may_have_been_elsewhere(changes: dict[str, Any]) -> None:
    """A clinic, a doorstep, a call, a visit that did not come about, and a man alone who may be in his own home."""
    there = {"present": ["mother", "father", "child"], **changes}
    assert seen(visit(*there.pop("present"), **there)) == []


def test_who_comes_in_their_work_is_not_there() -> None:
    """By the role that the entry gives, by the reference where it gives none, and the author."""
    people = ({"ref": "p-1", "role": "Social Worker"}, {"ref": "p-2", "role": "mother's partner"})
    told = visit("child", "p-1", "p-2", "student_nurse", "w", people=people, author={"ref": "w", "role": "visitor"})
    assert [claim.about for claim in seen(told)] == ["hv/p-2"]


@pytest.mark.parametrize(
    "role", ["health visitor", "family support worker", "police_officer", "GP", "Children’s guardian"]
)
def test_jobs_are_told_by_their_words(role: str) -> None:
    """However they are written."""
    assert is_professional(role)


@pytest.mark.parametrize("role", ["father", "mother's partner", "friend", "lodger", "grandmother", "special guardian"])
def test_family_and_friends_are_no_professionals(role: str) -> None:
    """Nor is whoever cares for the child under an order."""
    assert not is_professional(role)


def test_what_the_entry_says_itself_stands_alone() -> None:
    """Of somebody of whose presence it says something, nothing is read beside it, whatever it says."""
    said = says("hv", "lives_here", "2022-04-02")
    said["body"]["contact"] = {**HOME, "present": ["father", "mother", "child"]}
    assert [claim.about for claim in seen(said)] == ["mother"]
    said["body"]["claims"] = [{"about": "father", "attribute": "presence", "not_known": "unknown", "basis": "seen"}]
    assert [claim.about for claim in seen(said)] == ["mother"]


def test_a_visit_gainsays_that_somebody_is_gone() -> None:
    """By another agency or the same; a clinic does not, and neither does a visit at which he was not."""
    for agency in ("csc", "hv"):
        gone = says(agency, "absent", "2022-03-10", "2022-03-10/..", told="mother")
        assert kinds(gone, visit("mother", "father", "child")) == ["contradiction"]
        assert kinds(gone, visit("mother", "father", "child", home_entered="no")) == []
        assert kinds(gone, visit("mother", "child")) == []


def test_a_visit_says_nothing_against_somebody_who_visits() -> None:
    """There at one visit, whoever comes by day, stays the night or lives there."""
    for value in ("visits", "stays_overnight", "lives_here"):
        held = says("csc", value, "2022-03-10", "2022-03-10/..", told="mother")
        assert kinds(held, visit("mother", "father", "child")) == []
