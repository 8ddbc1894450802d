"""Disputes, requests that an entry be put right and what came of them, over the interface and beside the entry."""

from typing import Any

import pytest

from ledger.domain.role import Role
from tests.partnership import Partnership, refused, stored


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom hv and csc are involved with."""
    return partnership.child(involve=["hv", "csc", "gp"])


def observed(partnership: Partnership, child: str, agency: str = "hv", **changes: Any) -> str:
    return str(stored(partnership.post("/observations", partnership.observation(child, **changes), agency))["id"])


def send(partnership: Partnership, child: str, collection: str, body: dict[str, Any], agency: str = "csc") -> Any:
    return partnership.post(f"/children/{child}/{collection}", {"event_id": partnership.event(), **body}, agency)


def dispute(partnership: Partnership, child: str, of: str, agency: str = "csc", **changes: Any) -> Any:
    body = {"of": of, "by": "mother", "says": "I never said so.", "on": "2023-10-06", **changes}
    return send(partnership, child, "disputes", body, agency)


def rectify(partnership: Partnership, child: str, of: str, agency: str = "csc", **changes: Any) -> Any:
    body = {"of": of, "asked_by": "mother", "says": "It was Tuesday.", "on": "2023-10-06", **changes}
    return send(partnership, child, "rectifications", body, agency)


def timeline(partnership: Partnership, child: str, agency: str = "hv") -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = stored(partnership.get(f"/children/{child}/timeline", agency))["entries"]
    return entries


def beside(partnership: Partnership, child: str, entry: str, agency: str = "hv") -> list[dict[str, Any]]:
    item = next(one for one in timeline(partnership, child, agency) if one["id"] == entry)
    found: list[dict[str, Any]] = item.get("disputes", [])
    return found


class Officer:
    """A records officer of an agency, signed in, with a manager beside them."""

    def __init__(self, partnership: Partnership, agency: str = "hv") -> None:
        self._partnership = partnership
        officer = partnership.person(agency, "ro1", Role.RECORDS_OFFICER)
        partnership.person(agency, "mgr1", Role.MANAGER)
        self._session = partnership.session(officer)

    def conclude(self, child: str, of: str, outcome: str, **changes: Any) -> Any:
        body = {
            "event_id": self._partnership.event(),
            "of": of,
            "outcome": outcome,
            "reason": "We looked.",
            "second": "mgr1",
            **changes,
        }
        path = f"/api/v1/children/{child}/rectification-outcomes"
        return self._partnership.send_as(self._session, "POST", path, json=body)

    def get(self, path: str, **options: Any) -> Any:
        return self._partnership.send_as(self._session, "GET", f"/api/v1{path}", **options)


# ── disputes ──


def test_a_dispute_travels_with_the_entry(partnership: Partnership, child: str) -> None:
    """Whoever sees the entry sees beside it what is said against it, in the timeline and in an alert's statements."""
    alert = partnership.alert(child)
    entry = alert["finding"]["sides"][0]["statements"][0]["entry"]
    assert "disputes" not in alert["finding"]["sides"][0]["statements"][0]
    stored(dispute(partnership, child, entry))
    for agency in ("hv", "csc", "gp"):
        [said] = beside(partnership, child, entry, agency)
        assert (said["says"], said["by"], said["stands"]) == ("I never said so.", "mother", "disputed")
        assert said["words"] == "Disputed by the mother on 6 October 2023: “I never said so”"
    shown = stored(partnership.get(f"/alerts/{alert['id']}", "csc"))
    statements = [one for side in shown["finding"]["sides"] for one in side["statements"]]
    assert [[said["says"] for said in one.get("disputes", ())] for one in statements if one["entry"] == entry] == [
        ["I never said so."]
    ]


def test_a_dispute_changes_nothing_that_is_found(partnership: Partnership, child: str) -> None:
    """Detection does not read it: it is not due, and the finding stays as it was."""
    alert = partnership.alert(child)
    stored(dispute(partnership, child, alert["finding"]["sides"][0]["statements"][0]["entry"]))
    assert partnership.detect(child) == 0
    shown = stored(partnership.get(f"/alerts/{alert['id']}", "csc"))
    assert (shown["ended"], shown["finding"]["kind"]) == (False, alert["finding"]["kind"])


def test_a_dispute_is_of_an_entry_that_one_sees(partnership: Partnership, child: str) -> None:
    """Of what is restricted to others, is not there, or is in another record: one and the same answer."""
    restricted = {"lawful_basis": "public task", "marking": "restricted", "to": ["gp"]}
    hidden = observed(partnership, child, sharing=restricted)
    other = observed(partnership, partnership.child("csc", involve=["csc"]), "csc")
    nowhere = hidden.rsplit(".", 1)[0] + ".999"
    answers = [
        refused(dispute(partnership, child, of), 422, "entry_not_known", "/of") for of in (hidden, nowhere, other)
    ]
    assert answers[0] == answers[1] == answers[2]
    refused(dispute(partnership, child, hidden, "police"), 404)
    stored(dispute(partnership, child, hidden, "gp"))


def test_a_dispute_is_seen_no_further_than_its_entry(partnership: Partnership, child: str) -> None:
    """What is said against a restricted entry, or one of whose claims is, is not there for whom that is not."""
    claim = partnership.observation(child)["claims"][0]
    sharing = {"lawful_basis": "public task", "marking": "restricted", "to": ["gp"]}
    whole = observed(partnership, child, sharing=sharing)
    part = observed(partnership, child, claims=[claim, {**claim, "about": "mother", "sharing": sharing}])
    for entry in (whole, part):
        stored(dispute(partnership, child, entry, "gp", says="Canary words"))
    assert "Canary" not in str(timeline(partnership, child, "csc"))
    assert "dispute" not in {entry["kind"] for entry in timeline(partnership, child, "csc")}
    assert str(timeline(partnership, child, "hv")).count("Canary words") == 6
    plain = observed(partnership, child)
    stored(dispute(partnership, child, plain, "gp", says="Canary words"))
    assert "Canary" in str(timeline(partnership, child, "csc"))
    number = plain.rsplit(".", 1)[1]
    marking = {"event_id": partnership.event(), "of": plain, "sharing": sharing, "reason": "In danger."}
    stored(partnership.post(f"/children/{child}/markings", marking, "hv"))
    assert number not in {str(entry["number"]) for entry in timeline(partnership, child, "csc")}
    assert "Canary" not in str(timeline(partnership, child, "csc"))


# ── putting right ──


def test_a_request_has_a_month_and_shows_it(partnership: Partnership, child: str) -> None:
    """From the day on which it was asked; its agency's officers see what they owe, the first due first."""
    entry = observed(partnership, child)
    officer = Officer(partnership)
    request = stored(rectify(partnership, child, entry, on="2024-01-31"))
    stored(rectify(partnership, child, entry, on="2024-01-05"))
    [_, said] = sorted(beside(partnership, child, entry), key=lambda one: one["on"])
    assert (said["stands"], said["due"]) == ("to_be_put_right", "2024-03-01T00:00:00.000000Z")
    assert "to be answered by 29 February 2024" in said["words"]
    owed = stored(officer.get("/rectifications"))["rectifications"]
    assert [one["on"] for one in owed] == ["2024-01-05", "2024-01-31"]
    assert (owed[1]["id"], owed[1]["of"], owed[1]["overdue"]) == (request["id"], entry, True)


@pytest.mark.parametrize(
    ("outcome", "stands"),
    [
        ("kept_marked_inaccurate", ["inaccurate"]),
        ("kept_dispute_noted", ["disputed"]),
        ("erased", ["to_be_erased"]),
        ("corrected", []),
    ],
)
def test_each_outcome_stands_with_the_entry(
    partnership: Partnership, child: str, outcome: str, stands: list[str]
) -> None:
    """What stays is marked; what was corrected is shown as withdrawn by its correction, which the outcome names."""
    entry, officer, more = observed(partnership, child), Officer(partnership), {}
    request = stored(rectify(partnership, child, entry))["id"]
    if outcome == "corrected":
        body = {
            name: value for name, value in partnership.observation(child).items() if name not in ("event_id", "child")
        }
        refused(officer.conclude(child, request, outcome), 422, "needs_correction", "/correction")
        refused(officer.conclude(child, request, outcome, correction=request), 422, "correction_not_known")
        correction = {"corrects": entry, "reason": "She is right.", "observation": body}
        more["correction"] = stored(send(partnership, child, "corrections", correction, "hv"))["id"]
    stored(officer.conclude(child, request, outcome, **more))
    assert [one["stands"] for one in beside(partnership, child, entry, "gp")] == stands
    assert stored(officer.get("/rectifications"))["rectifications"] == []
    refused(officer.conclude(child, request, "kept_dispute_noted"), 409, "decided_already")


def test_two_people_of_the_entrys_agency_decide(partnership: Partnership, child: str) -> None:
    """A key does not, an officer of another agency does not, and nobody does it alone or with somebody not there."""
    entry = observed(partnership, child)
    request = stored(rectify(partnership, child, entry))["id"]
    officer, other = Officer(partnership), Officer(partnership, "csc")
    body = {"of": request, "outcome": "kept_dispute_noted", "reason": "We looked.", "second": "mgr1"}
    refused(send(partnership, child, "rectification-outcomes", body, "hv"), 403)
    refused(other.conclude(child, request, "kept_dispute_noted"), 422, "rectification_not_yours", "/of")
    refused(officer.conclude(child, request, "kept_dispute_noted", second="ro1"), 409, "same_person", "/second")
    refused(officer.conclude(child, request, "kept_dispute_noted", second="nobody"), 422, "second_not_known", "/second")
    stored(officer.conclude(child, request, "kept_dispute_noted"))
