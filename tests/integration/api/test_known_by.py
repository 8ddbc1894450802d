"""A record as one agency knew it: what it had posted, been sent and opened, and no more."""

from typing import Any

import pytest

from ledger.domain.role import Role
from tests.partnership import Partnership, refused, stored

HIDDEN = {"marking": "restricted", "to": [], "lawful_basis": "public task"}


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A record of hv's with which csc, who leads, and police work."""
    record_id = partnership.child(involve=["csc", "police", "hv"])
    stored(
        partnership.post(
            f"/children/{record_id}/leads", {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}, "csc"
        )
    )
    return record_id


def say(partnership: Partnership, child: str, agency: str, **more: Any) -> int:
    """Let an agency observe something; the number of its entry."""
    return int(stored(partnership.post("/observations", partnership.observation(child, **more), agency))["number"])


def known(partnership: Partnership, child: str, agency: str, query: str = "") -> dict[int, dict[str, str]]:
    """What an agency knew, as it asks itself: of each number how and since when."""
    told = stored(partnership.get(f"/children/{child}/timeline?known_by={agency}&limit=200{query}", agency))
    return {item["number"]: {one["by"]: one["since"] for one in item["known"]} for item in told["entries"]}


def could_have_read(partnership: Partnership, child: str, agency: str, query: str = "") -> int:
    """How many entries an agency could have read and had not."""
    told = stored(partnership.get(f"/children/{child}/timeline?known_by={agency}{query}", agency))
    return int(told["known_by"]["could_have_read"])


def test_posted_and_opened(partnership: Partnership, child: str) -> None:
    """An agency knows what it posted, and what others posted once it opened the record, up to where it read."""
    first, own = say(partnership, child, "hv"), say(partnership, child, "police", observed="2023-10-06")
    assert known(partnership, child, "police").keys() == {3, own}
    assert could_have_read(partnership, child, "police") == 5
    stored(partnership.get(f"/children/{child}/picture?as_of={first}", "police"))
    after = known(partnership, child, "police")
    assert after.keys() == set(range(1, own + 1))
    assert after[first].keys() == {"opened"}
    assert after[own].keys() == {"posted"}
    assert could_have_read(partnership, child, "police") == 0
    later = say(partnership, child, "hv", observed="2023-10-08")
    assert later not in known(partnership, child, "police")
    told = stored(partnership.get(f"/children/{child}/timeline?known_by=police", "police"))["known_by"]
    assert told["words"] == "It could have read 1 more entry."


def test_a_page_of_knowledge_is_no_opening(partnership: Partnership, child: str) -> None:
    """To look at what one knew shows nothing new, and is not counted as having read the rest."""
    first = say(partnership, child, "hv")
    for _ in range(2):
        assert first not in known(partnership, child, "police")
    refused(partnership.get(f"/children/{child}/timeline?known_by=hv", "police"), 403, "forbidden")


def test_what_was_sent_is_known_without_being_opened(partnership: Partnership, child: str) -> None:
    """An alert brings what it rests on, a request itself, and a share the entries that it names."""
    partnership.alert(child)
    csc = known(partnership, child, "csc")
    assert {"sent"} in [set(how) for how in csc.values()]
    brought = [number for number, how in csc.items() if "sent" in how]
    kinds = {
        item["number"]: item["kind"]
        for item in stored(partnership.get(f"/children/{child}/timeline", "csc"))["entries"]
    }
    assert {kinds[number] for number in brought} >= {"observation", "finding_raised", "alert_raised"}
    first = say(partnership, child, "hv", observed="2023-10-09")
    names = [item["id"] for item in stored(partnership.get(f"/children/{child}/timeline", "hv"))["entries"]]
    share = {
        "with": "police",
        "what": "All.",
        "decision": "shared",
        "lawful_basis": "public_task",
        "entries": [names[first - 1]],
    }
    shared = stored(partnership.post(f"/children/{child}/shares", {"event_id": partnership.event(), **share}, "hv"))[
        "number"
    ]
    ask = {"to": "police", "about": "father", "asks": "What?", "purpose": "a check", "lawful_basis": "public_task"}
    asked = stored(
        partnership.post(f"/children/{child}/information-requests", {"event_id": partnership.event(), **ask}, "csc")
    )["number"]
    police = known(partnership, child, "police")
    assert [set(police[number]) for number in (first, shared, asked)] == [{"sent"}] * 3


def test_what_markings_hold_back_is_neither_known_nor_counted(partnership: Partnership, child: str) -> None:
    """What an agency may not know of is not in what it knew, nor among what it could have read, whoever asks."""
    say(partnership, child, "hv")
    stored(partnership.get(f"/children/{child}/timeline", "police"))
    base = could_have_read(partnership, child, "police")
    hidden = say(partnership, child, "hv", sharing=HIDDEN, narrative="A secret.")
    assert could_have_read(partnership, child, "police") == base
    stored(partnership.get(f"/children/{child}/timeline", "police"))
    assert hidden not in known(partnership, child, "police")
    auditing = partnership.session(partnership.person("hv", "aud", Role.AUDITOR))
    own = partnership.send_as(
        auditing, "GET", f"/api/v1/children/{child}/timeline?known_by=hv", headers={"Access-Purpose": "a review"}
    )
    # hv knew it, having posted it; the auditor may not.
    assert hidden not in [item["number"] for item in stored(own)["entries"]]
    assert "A secret." not in own.get_data(as_text=True)


def test_a_belief_stands_until_its_correction_is_known(partnership: Partnership, child: str) -> None:
    """The picture as an agency knew it holds what was corrected without its knowing."""
    first = say(partnership, child, "hv")
    stored(partnership.get(f"/children/{child}/timeline", "police"))
    entries = stored(partnership.get(f"/children/{child}/timeline", "hv"))["entries"]
    body = {"event_id": partnership.event(), "voids": entries[first - 1]["id"], "reason": "another child"}
    stored(partnership.post(f"/children/{child}/voids", body, "hv"))

    def held(query: str) -> list[str]:
        told = stored(partnership.get(f"/children/{child}/picture?valid_at=2023-10-05{query}", "police"))
        return [
            hold["value"]
            for person in told["people"]
            if person["person"] == "father"
            for row in person["attributes"]
            for cell in row["cells"]
            for hold in cell["holds"]
        ]

    assert held("&known_by=police") == ["absent"]
    assert held("") == []
    assert held("&known_by=police") == []


def test_an_auditor_asks_for_any_agency_and_reads_nothing_into_it(partnership: Partnership, child: str) -> None:
    """An auditor's own looks are nobody's knowledge; readings after a moment do not count up to it."""
    say(partnership, child, "hv")
    auditing = partnership.session(partnership.person("police", "aud", Role.AUDITOR))

    def ask(path: str) -> dict[str, Any]:
        headers = {"Access-Purpose": "a review"}
        return stored(partnership.send_as(auditing, "GET", f"/api/v1/children/{child}/{path}", headers=headers))

    ask("timeline")
    before = ask("timeline?known_by=police")
    assert [item["number"] for item in before["entries"]] == [3]
    stored(partnership.get(f"/children/{child}/timeline", "police"))
    assert len(ask("timeline?known_by=police")["entries"]) > 1
    number, until = before["as_of"]["number"], before["known_by"]["read_until"]
    assert ask(f"timeline?known_by=police&as_of={number}&read_until={until}") == before
    headers = {"Access-Purpose": "a review"}
    answer = partnership.send_as(auditing, "GET", f"/api/v1/children/{child}/timeline?known_by=nobody", headers=headers)
    refused(answer, 422, "agency_not_known")
