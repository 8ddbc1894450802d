"""Subject access, its review and the notice: what is given, what is not, and that nothing else shows in any form."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from ledger.domain.role import Role
from tests.partnership import Partnership, refused, stored

SHARED = {"lawful_basis": "public task", "marking": "shared"}
NOT_TO_FATHER = SHARED | {"not_to": ["father"]}
RESTRICTED = {"lawful_basis": "public task", "marking": "restricted", "to": ["gp"]}
POINTER = {"lawful_basis": "public task", "marking": "pointer"}
SEEN = {"about": "child", "attribute": "presentation", "value": "well", "basis": "seen"}


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom hv, csc and gp are involved with."""
    return partnership.child(involve=["hv", "csc", "gp"], name="Robin Vale")


class Family:
    """A record with a records officer of hv, who answers the family."""

    def __init__(self, partnership: Partnership, child: str) -> None:
        self.partnership, self.child = partnership, child
        self.session = partnership.session(partnership.person("hv", "ro1", Role.RECORDS_OFFICER))

    def say(self, agency: str = "hv", **changes: Any) -> str:
        """An observation; without claims of its own it says how the child was."""
        body = {"claims": [SEEN], "narrative": "Seen at home.", **changes}
        return str(
            stored(self.partnership.post("/observations", self.partnership.observation(self.child, **body), agency))[
                "id"
            ]
        )

    def post(self, collection: str, body: dict[str, Any], agency: str = "hv") -> str:
        path = f"/children/{self.child}/{collection}"
        return str(stored(self.partnership.post(path, {"event_id": self.partnership.event(), **body}, agency))["id"])

    def access(self, to: str = "mother", *, page: bool = False, review: bool = False, **changes: Any) -> Any:
        body = {
            "event_id": self.partnership.event(),
            "for": to,
            "on_behalf_of": ["child"],
            "relationship": to,
            "reason": "Parental responsibility; passport seen.",
            **changes,
        }
        path = f"/api/v1/children/{self.child}/subject-access{'/review' if review else ''}"
        accept = {"Accept": "text/html" if page else "application/json"}
        return self.partnership.send_as(self.session, "POST", path, json=body, headers=accept)

    def bundle(self, to: str = "mother", **changes: Any) -> dict[str, Any]:
        found: dict[str, Any] = stored(self.access(to, **changes))["bundle"]
        return found

    def notice(self, to: str | None = "mother", *, page: bool = False, **changes: Any) -> Any:
        path = f"/api/v1/children/{self.child}/family-notice"
        accept = {"Accept": "text/html" if page else "application/json"}
        if to is None:
            return self.partnership.send_as(self.session, "GET", path, headers=accept)
        body = {"event_id": self.partnership.event(), "for": to, "decision": "given", **changes}
        return self.partnership.send_as(self.session, "POST", path, json=body, headers=accept)

    def all_forms(self, to: str, read: list[str]) -> str:
        """Everything that this person could be given, as it is sent."""
        answers = [
            *(self.access(to, page=page, read=read) for page in (False, True)),
            *(self.notice(to, page=page) for page in (False, True)),
            *(self.notice(None, page=page) for page in (False, True)),
        ]
        assert all(answer.status_code in (200, 201) for answer in answers), [answer.status_code for answer in answers]
        return "\n".join(answer.get_data(as_text=True) for answer in answers)


@pytest.fixture
def family(partnership: Partnership, child: str) -> Family:
    """The record and its officer."""
    return Family(partnership, child)


# ── what is given ──


def test_a_bundle_has_what_is_theirs(family: Family) -> None:
    """Own claims about the child or whoever gets it, with who said them; free words once the officer read them."""
    first = family.say(narrative="Plump and smiling.", observed="2023-10-05")
    weight = {"about": "child", "attribute": "weight", "value": "6.4", "basis": "measured"}
    family.say(claims=[weight], observed="2023-10-01")
    family.say(
        claims=[
            {"about": "mother", "attribute": "presentation", "value": "tired", "basis": "told", "informant": "mother"}
        ],
        observed="2023-10-03",
    )
    bundle = family.bundle(read=[first])
    facts = [entry for entry in bundle["entries"] if entry["title"] == "Fact"]
    assert [entry["date"] for entry in facts] == ["2023-10-01", "2023-10-03", "2023-10-05"]
    assert [entry.get("words") for entry in facts] == [None, None, "Plump and smiling."]
    text = json.dumps(bundle)
    assert "Told by the mother" in text
    assert "Seen at home" not in text
    page = family.access(page=True, read=[first])
    assert page.mimetype == "text/html"
    assert "Plump and smiling." in page.get_data(as_text=True)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_a_bundle_holds_only_the_officers_own_agency(family: Family) -> None:
    """What others hold is theirs to give: the bundle says who takes part, and whom to ring there."""
    family.say("csc", narrative="Canary of csc.", claims=[{**SEEN, "value": "unkempt"}])
    bundle = family.bundle()
    assert "unkempt" not in json.dumps(bundle)
    assert {agency["contact"] for agency in bundle["agencies"]} == {"ring hv", "ring csc", "ring gp"}


def test_what_was_shared_is_told_with_its_basis(family: Family) -> None:
    """With whom, when, and why in plain words; a refusal, and what is restricted, is left to the officer."""
    share = {"with": "csc", "what": "How she was.", "decision": "shared", "lawful_basis": "public_task"}
    named = family.post("shares", share)
    family.post("shares", share | {"with": "police", "decision": "refused", "reason": "No need."})
    family.post("shares", share | {"with": "gp", "sharing": RESTRICTED})
    [told] = family.bundle(read=[named])["shared"]
    assert (told["with"], told["what"], told["law"]) == ("CSC", "How she was.", ["UK GDPR Article 6(1)(e)"])
    family.post("shares", share | {"with": {"body": "Cafcass"}})
    assert stored(family.notice())["notice"]["told"] == ["Cafcass"]


def test_each_bundle_is_an_entry_with_its_hash_and_a_look(family: Family) -> None:
    """What was given is recorded with a hash that fits it; sent again it is the same, though more was written since."""
    family.say()
    looks = family.partnership.rows()["access_records"]
    event = family.partnership.event()
    answer = stored(family.access(event_id=event))
    assert family.partnership.rows()["access_records"] > looks
    [disclosure] = [
        entry
        for entry in stored(family.partnership.get(f"/children/{family.child}/timeline", "hv"))["entries"]
        if entry["kind"] == "disclosure"
    ]
    assert disclosure["body"]["given"]["sha256"] == answer["sha256"]
    assert disclosure["body"]["author"] == {"ref": "ro1"}
    family.say(observed="2023-10-09")
    again = family.access(event_id=event)
    assert (again.status_code, again.get_json()["bundle"]) == (200, answer["bundle"])
    assert "disclosure" not in json.dumps(family.bundle())


def test_only_a_records_officer_of_an_involved_agency_gives(family: Family) -> None:
    """Neither a key, nor a practitioner, nor an officer elsewhere: to the last the record is not there."""
    partnership, path = family.partnership, f"/children/{family.child}/subject-access"
    body = {"event_id": "e-1", "for": "mother", "relationship": "mother", "reason": "She asks."}
    refused(partnership.post(path, body, "hv"), 403)
    for agency, role, status in (("hv", Role.PRACTITIONER, 403), ("police", Role.RECORDS_OFFICER, 404)):
        session = partnership.session(partnership.person(agency, f"p-{agency}", role))
        for address in (path, f"{path}/review"):
            refused(partnership.send_as(session, "POST", f"/api/v1{address}", json=body), status)
        refused(partnership.send_as(session, "GET", f"/api/v1/children/{family.child}/family-notice"), status)


# ── what is not ──


def test_the_review_says_what_is_left_out_and_the_bundle_does_not(family: Family) -> None:
    """Each thing left out with its reason, for the officer; the bundle is the same as if it had never been written."""
    family.say()
    plain = family.bundle("father")
    hidden = family.say(claims=[SEEN], sharing=NOT_TO_FATHER, observed="2023-10-02")
    assert {**family.bundle("father"), "made_on": 0} == {**plain, "made_on": 0}
    third = family.say(claims=[SEEN, {"about": "mother", "attribute": "presentation", "value": "ill", "basis": "seen"}])
    review = stored(family.access("father", review=True))
    told = {(one["entry"], one["part"]): one["why"] for one in review["withheld"]}
    assert told[hidden, "entry"] == "not_to"
    assert told[third, "claims/1"] == "third_party"
    assert review["counts"]["not_to"] == 1
    assert not {"withheld", "redacted", "not_to", "hidden", "number"} & set(
        json.dumps(family.bundle("father")).split('"')
    )


def test_what_a_child_said_is_given_to_nobody_else(family: Family) -> None:
    """A child's own words are left to the officer, though the child's information is asked for."""
    family.say(claims=[{"about": "child", "attribute": "own_account", "value": "Canary: she hits me", "basis": "seen"}])
    family.say(claims=[{**SEEN, "value": "frightened", "basis": "told", "informant": "child"}])
    text = family.all_forms("mother", [])
    assert "Canary" not in text
    assert "frightened" not in text
    assert "frightened" in json.dumps(family.bundle("child"))


def test_an_address_marked_once_is_given_nowhere(family: Family) -> None:
    """What a marking of anybody's keeps from the father is not given to him where somebody forgot to mark it."""
    secret = "12 Rookery Close"
    address = {"about": "mother", "attribute": "address", "value": secret, "basis": "own_record"}
    family.say("csc", claims=[{**address, "sharing": NOT_TO_FATHER}])
    forgot = family.say(claims=[{**address, "about": "child"}], narrative=f"We visited at {secret.upper()}.")
    assert "ookery" not in family.all_forms("father", [forgot]).casefold()
    assert secret in json.dumps(family.bundle("mother", read=[forgot]))


def _text(canary: str, **more: Any) -> dict[str, Any]:
    return {"about": "child", "attribute": "medical_opinion", "value": f"Saw {canary} there", "basis": "seen", **more}


def _in_a_part(family: Family, canary: str, _chance: random.Random) -> str:
    hidden = _text(canary, sharing=NOT_TO_FATHER)
    return family.say(claims=[SEEN, hidden], narrative=f"And {canary}.")


def _of_a_relative(family: Family, canary: str, _chance: random.Random) -> str:
    people = [{"ref": "gran", "role": "grandmother", "name": f"{canary} Grey"}]
    gran = {"about": "gran", "attribute": "presentation", "value": "ill", "basis": "seen"}
    return family.say(people=people, claims=[SEEN, gran], narrative=f"{canary} was there.")


def _by_somebody(family: Family, canary: str, chance: random.Random) -> str:
    who = chance.choice(["mother", "anonymous", "child"])
    return family.say(claims=[_text(canary, basis="told", informant=who)])


def _of_others(family: Family, canary: str, chance: random.Random) -> str:
    agency, marking = chance.choice(["csc", "gp"]), chance.choice([RESTRICTED | {"to": []}, POINTER, SHARED])
    return family.say(agency, claims=[_text(canary)], narrative=canary, sharing=marking)


def _marked_later(family: Family, canary: str, chance: random.Random) -> str:
    entry = family.say(claims=[_text(canary)], narrative=canary)
    sharing = NOT_TO_FATHER
    if chance.random() < 0.5:
        family.say(people=[{"ref": "dad", "role": "father"}], claims=[SEEN])
        sharing = SHARED | {"not_to": ["dad"]}
    family.post("markings", {"of": entry, "sharing": sharing, "reason": "He is dangerous."})
    return entry


def _shared_elsewhere(family: Family, canary: str, _chance: random.Random) -> str:
    body = {"with": {"body": canary}, "what": canary, "decision": "shared", "lawful_basis": "public_task"}
    return family.post("shares", body | {"sharing": NOT_TO_FATHER})


def _disputed(family: Family, canary: str, _chance: random.Random) -> str:
    entry = family.say(sharing=NOT_TO_FATHER)
    family.post("disputes", {"of": entry, "by": "father", "says": canary, "on": "2023-10-06"}, "csc")
    return entry


#: Ways to write one entry that holds a canary, and whether the father, asking for the child, may be given it.
_WAYS: list[tuple[Callable[[Family, str, random.Random], str], bool]] = [
    (lambda family, canary, _: family.say(claims=[_text(canary)]), True),
    (lambda family, canary, _: family.say(claims=[_text(canary)], sharing=NOT_TO_FATHER), False),
    (lambda family, canary, _: family.say(claims=[_text(canary, about="mother")]), False),
    (_in_a_part, False),
    (_of_a_relative, False),
    (_by_somebody, False),
    (_of_others, False),
    (_marked_later, False),
    (_shared_elsewhere, False),
    (_disputed, False),
]


@pytest.mark.parametrize("seed", range(4))
def test_nothing_of_anybody_elses_is_in_any_form_of_what_is_given(family: Family, seed: int) -> None:
    """Whatever is written where, however it is marked and whatever the officer read: only what is his reaches him."""
    chance = random.Random(seed)
    ways = [chance.choice(_WAYS) for _ in range(14)]
    canaries = [f"Canary{place}x{chance.randrange(10**6)}" for place in range(len(ways))]
    read = [write(family, canary, chance) for (write, _), canary in zip(ways, canaries, strict=True)]
    chance.shuffle(read)
    text = family.all_forms("father", read[: chance.randrange(len(read) + 1)])
    for (_, may), canary in zip(ways, canaries, strict=True):
        assert (canary in text) is may, canary


# ── the notice ──


def test_the_notice_is_plain_and_says_what_they_can_do(family: Family) -> None:
    """Who shares, why, on what basis, what sorts of things, one's rights and whom to ask; in short sentences."""
    family.say(claims=[{"about": "child", "attribute": "weight", "value": "6.4", "basis": "measured"}])
    notice = stored(family.notice())["notice"]
    assert notice["sorts"] == ["How your child grows and feeds"]
    assert notice["ask"]["contact"] == "ring hv"
    assert notice["lawful"][0]["law"] == "UK GDPR Article 6(1)(e)"
    sentences = [*notice["why"], *notice["rights"], *(basis["means"] for basis in notice["lawful"])]
    assert max(len(sentence.split()) for sentence in sentences) <= 20


@pytest.mark.parametrize("marking", [RESTRICTED, POINTER, NOT_TO_FATHER])
def test_the_notice_tells_nothing_of_what_is_held_back(family: Family, marking: dict[str, Any]) -> None:
    """Neither its sort of thing nor with whom it was shared: the notice is as if it were not there."""
    before = stored(family.notice("father"))["notice"]
    family.say(claims=[{"about": "child", "attribute": "weight", "value": "6.4", "basis": "measured"}], sharing=marking)
    share = {"with": {"body": "Refuge"}, "what": "All.", "decision": "shared", "lawful_basis": "vital_interests"}
    family.post("shares", share | {"sharing": marking})
    assert stored(family.notice("father"))["notice"] == before
    assert stored(family.notice(None))["notice"] == before


def test_an_agency_that_holds_only_what_is_held_back_is_not_told_of(family: Family) -> None:
    """That it takes part would tell that it holds something."""
    family.partnership.involve(family.child, "police")
    assert "POLICE" in json.dumps(stored(family.notice("father")))
    family.say("police", sharing=NOT_TO_FATHER)
    for text in (family.all_forms("father", []), family.all_forms("father", [])):
        assert "POLICE" not in text
    assert "POLICE" in json.dumps(family.bundle("mother"))


def test_withholding_the_notice_is_recorded_with_its_reason(family: Family) -> None:
    """It needs a reason, gives nothing, and stands in the record."""
    refused(family.notice(decision="withheld"), 422, "needs_reason", "/reason")
    answer = stored(family.notice(decision="withheld", reason="It would put the child in danger."))
    assert "notice" not in answer
    entries = stored(family.partnership.get(f"/children/{family.child}/timeline", "csc"))["entries"]
    assert entries[-1]["body"]["decision"] == "withheld"
    assert "given" not in entries[-1]["body"]
