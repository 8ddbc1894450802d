"""Sharing decisions, requests for information and their answers, and consent, over the interface."""

from typing import Any

import pytest

from tests.partnership import Partnership, refused, stored


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom hv and csc are involved with."""
    return partnership.child(involve=["hv", "csc"])


def send(partnership: Partnership, child: str, collection: str, body: dict[str, Any], agency: str = "csc") -> Any:
    return partnership.post(f"/children/{child}/{collection}", {"event_id": partnership.event(), **body}, agency)


def share(partnership: Partnership, child: str, agency: str = "csc", *, to: Any = "gp", **changes: Any) -> Any:
    body = {"with": to, "what": "The bruise.", "decision": "shared", "lawful_basis": "public_task", **changes}
    return send(partnership, child, "shares", body, agency)


def ask(partnership: Partnership, child: str, **changes: Any) -> dict[str, Any]:
    body = {
        "to": "police",
        "about": "father",
        "asks": "What do you hold of Robin Example, born 1 May 1990?",
        "purpose": "A check before he stays overnight.",
        "lawful_basis": "public_task",
        **changes,
    }
    return stored(send(partnership, child, "information-requests", body))


def reply(partnership: Partnership, child: str, of: str, agency: str = "police", **changes: Any) -> Any:
    body = {"of": of, "answer": "nothing_held", "lawful_basis": "public_task", **changes}
    return send(partnership, child, "information-answers", body, agency)


def requests(partnership: Partnership, agency: str, **query: str) -> list[dict[str, Any]]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    found: list[dict[str, Any]] = stored(partnership.get(f"/requests?{asked}", agency))["requests"]
    return found


def consent(partnership: Partnership, child: str, agency: str = "csc", **changes: Any) -> str:
    body = {
        "of": "mother",
        "for": "early help",
        "answer": "given",
        "how": "By word of mouth.",
        "observed": "2023-10-01",
        **changes,
    }
    return str(stored(send(partnership, child, "consents", body, agency))["id"])


# ── sharing, and not sharing ──


def test_a_refusal_needs_its_reason_and_every_decision_its_basis(partnership: Partnership, child: str) -> None:
    """Sharing and refusing both name a lawful basis of the list; a refusal says why; each says what it is about."""
    stored(share(partnership, child))
    stored(share(partnership, child, decision="refused", reason="They have no part in it."))
    stored(share(partnership, child, to={"body": "Cafcass"}))
    refused(share(partnership, child, decision="refused"), 422, "needs_reason", "/reason")
    refused(share(partnership, child, lawful_basis="because"), 422, "lawful_basis", "/lawful_basis")
    refused(share(partnership, child, lawful_basis=["public_task", "public_task"]), 422, "lawful_basis")
    refused(share(partnership, child, views_sought="no"), 422, "needs_reason", "/views_not_sought_because")
    body = {"with": "gp", "decision": "shared", "lawful_basis": "public_task"}
    refused(send(partnership, child, "shares", body), 422, "says_nothing", "/what")
    refused(share(partnership, child, to="nobody-here"), 422, "agency_not_known", "/with")


def test_the_basis_of_an_observation_stays_in_its_own_words(partnership: Partnership, child: str) -> None:
    """What is said of an observation's sharing is free text, as it was before there was a list."""
    sharing = {"lawful_basis": "public task, s.11 Children Act 2004", "marking": "shared"}
    stored(partnership.post("/observations", partnership.observation(child, sharing=sharing)))


def test_sharing_opens_nothing(partnership: Partnership, child: str) -> None:
    """With whom something is shared reads no more of the record than before."""
    stored(share(partnership, child))
    refused(partnership.get(f"/children/{child}/timeline", "gp"), 404)


def test_a_decision_on_what_is_held_back_is_held_back(partnership: Partnership, child: str) -> None:
    """Naming a restricted entry of one's own tells that it is there: who may see the decision must then be said."""
    sharing = {"lawful_basis": "public task", "marking": "restricted", "to": ["gp"]}
    hidden = stored(partnership.post("/observations", partnership.observation(child, sharing=sharing), "csc"))["id"]
    refused(share(partnership, child, entries=[hidden]), 422, "say_who_may_see", "/sharing")
    refused(share(partnership, child, entries=[hidden], sharing=sharing | {"marking": "shared"}), 422)
    stored(share(partnership, child, entries=[hidden], sharing=sharing))
    seen = stored(partnership.get(f"/children/{child}/timeline", "hv"))["entries"]
    assert hidden not in str(seen)


# ── consent ──


def test_sharing_on_consent_names_it(partnership: Partnership, child: str) -> None:
    """Consent as a basis needs an entry about consent in this record; any other entry, or record, will not do."""
    given, other = consent(partnership, child), partnership.child("csc", involve=["csc"])
    refused(share(partnership, child, lawful_basis="consent"), 422, "needs_consent", "/consent")
    refused(share(partnership, child, consent=given), 422, "consent_unused", "/consent")
    elsewhere = consent(partnership, other)
    no_consent = given.rsplit(".", 1)[0] + ".1"
    for named in (elsewhere, no_consent):
        refused(share(partnership, child, lawful_basis="consent", consent=named), 422, "consent_not_known", "/consent")
    assert "warnings" not in stored(share(partnership, child, lawful_basis="consent", consent=given))


@pytest.mark.parametrize(
    ("first", "then", "code"),
    [
        ({}, {"answer": "withdrawn", "observed": "2023-10-04"}, "consent_withdrawn"),
        ({}, {"answer": "refused", "observed": "2023-10-04", "for": "Early  HELP"}, "consent_withdrawn"),
        ({"until": "2023-10-03"}, None, "consent_ended"),
        ({"answer": "refused"}, None, "consent_not_given"),
        ({}, {"answer": "withdrawn", "observed": "2023-10-04", "for": "something else"}, None),
        ({}, {"answer": "withdrawn", "observed": "2023-10-04", "of": "father"}, None),
        ({"until": "2023-10-03"}, {"observed": "2023-10-02", "until": "2024-10-03"}, None),
        ({}, {"answer": "withdrawn", "observed": "2023-10-06"}, None),
    ],
)
def test_sharing_on_a_consent_that_holds_no_more_is_stored_and_warned_of(
    partnership: Partnership, child: str, first: dict[str, Any], then: dict[str, Any] | None, code: str | None
) -> None:
    """What was said last on the matter by then counts, whichever agency was told; the warning stays with the entry."""
    given = consent(partnership, child, **first)
    if then is not None:
        consent(partnership, child, "hv", **then)
    answer = stored(share(partnership, child, lawful_basis="consent", consent=given, on="2023-10-05"))
    assert [warning["code"] for warning in answer.get("warnings", ())] == ([code] if code else [])
    entries = stored(partnership.get(f"/children/{child}/timeline", "hv"))["entries"]
    assert [warning["code"] for warning in entries[-1].get("warnings", ())] == ([code] if code else [])


def test_a_withdrawal_that_one_may_not_see_warns_of_nothing(partnership: Partnership, child: str) -> None:
    """A word on consent that is held back from the sender is no measure for what it sends."""
    given = consent(partnership, child)
    restricted = {"lawful_basis": "public task", "marking": "restricted", "to": []}
    consent(partnership, child, "hv", answer="withdrawn", observed="2023-10-02", sharing=restricted)
    assert "warnings" not in stored(share(partnership, child, lawful_basis="consent", consent=given))


# ── requests for information ──


def test_who_is_asked_answers_without_being_involved(partnership: Partnership, child: str) -> None:
    """Being asked shows the request's own words, lets the answer in, and opens nothing of the record."""
    request = ask(partnership, child)
    [shown] = requests(partnership, "police")
    assert (shown["id"], shown["child"], shown["state"], shown["from"]) == (request["id"], child, "open", "csc")
    assert shown["asks"].startswith("What do you hold")
    assert partnership.get(f"/children/{child}/timeline", "police").status_code == 404
    assert stored(partnership.get("/entries", "police"))["entries"] == []
    stored(reply(partnership, child, request["id"]))
    assert requests(partnership, "police") == []
    assert requests(partnership, "police", state="answered")[0]["answer"]["answer"] == "nothing_held"
    [asked] = requests(partnership, "csc", side="by", state="all")
    assert (asked["state"], asked["answer"]["lawful_basis"]) == ("nothing_held", "public_task")
    assert partnership.get(f"/children/{child}/timeline", "police").status_code == 404
    refused(share(partnership, child, "police"), 404)


def test_only_the_agency_asked_answers(partnership: Partnership, child: str) -> None:
    """Neither whoever asked nor anybody else answers; to the uninvolved the request is not there."""
    request = ask(partnership, child)
    for agency in ("csc", "hv"):
        refused(reply(partnership, child, request["id"], agency), 422, "request_not_yours", "/of")
    refused(reply(partnership, child, request["id"], "gp"), 404)
    assert requests(partnership, "gp", state="all") == []
    refused(reply(partnership, child, "a" * 26 + ".3"), 404)
    other = partnership.child("csc", involve=["csc"])
    refused(reply(partnership, other, request["id"]), 404)
    stored(reply(partnership, child, request["id"]))


def test_a_request_goes_to_another_agency_of_the_partnership(partnership: Partnership, child: str) -> None:
    """Not to one's own, not to one that is not there; and the agency asked must be able to read it."""
    body: dict[str, Any] = {"asks": "What?", "purpose": "A check.", "lawful_basis": "public_task"}
    for to, code in (("csc", "asked_itself"), ("nobody-here", "agency_not_known")):
        refused(send(partnership, child, "information-requests", body | {"to": to}), 422, code, "/to")
    restricted = {"lawful_basis": "public task", "marking": "restricted", "to": ["hv"]}
    body |= {"to": "police", "sharing": restricted}
    refused(send(partnership, child, "information-requests", body), 422, "asked_must_see", "/sharing/to")
    body["sharing"] = restricted | {"to": ["police"]}
    stored(send(partnership, child, "information-requests", body))
    assert len(requests(partnership, "police")) == 1
    seen = stored(partnership.get(f"/children/{child}/timeline", "hv"))["entries"]
    assert "information_request" not in {entry["kind"] for entry in seen}


def test_a_refusal_says_why_and_whoever_asked_reads_it(partnership: Partnership, child: str) -> None:
    """A refusal needs a reason; an answer that whoever asked could not read is not taken; the newest one counts."""
    request = ask(partnership, child, by="2023-10-12")
    refused(reply(partnership, child, request["id"], answer="refused"), 422, "needs_reason", "/reason")
    hidden = {"lawful_basis": "public task", "marking": "restricted", "to": ["gp"]}
    refused(reply(partnership, child, request["id"], sharing=hidden), 422, "asker_must_see", "/sharing/to")
    assert requests(partnership, "police")[0]["overdue"] is True
    stored(reply(partnership, child, request["id"], answer="refused", reason="A trial is running."))
    [asked] = requests(partnership, "csc", side="by", state="answered")
    assert (asked["state"], asked["answer"]["reason"], asked["overdue"]) == ("refused", "A trial is running.", False)
    restricted = hidden | {"to": ["csc"]}
    stored(reply(partnership, child, request["id"], answer="answered", sharing=restricted))
    assert requests(partnership, "csc", side="by", state="answered")[0]["answer"]["answer"] == "answered"


def test_reading_requests_is_recorded(partnership: Partnership, child: str) -> None:
    """A look at what another agency asked leaves its trace before anything is shown."""
    ask(partnership, child)
    before = partnership.rows()["access_records"]
    requests(partnership, "police")
    assert partnership.rows()["access_records"] == before + 1


def test_requests_come_a_page_at_a_time(partnership: Partnership, child: str) -> None:
    """The newest first, each once, and a page's Link header leads to the next."""
    made = [ask(partnership, child)["id"] for _ in range(5)]
    found, path = [], "/requests?limit=2"
    while path:
        response = partnership.get(path, "police")
        found += [one["id"] for one in stored(response)["requests"]]
        link = response.headers.get("Link", "")
        path = link.removeprefix("</api/v1").partition(">")[0]
    assert found == made[::-1]
    refused(partnership.get("/requests?after=" + "a" * 26 + ".1", "police"), 422, "bad_cursor")


def test_a_request_that_is_refused_is_found(partnership: Partnership, child: str) -> None:
    """Detection reads requests, answers and shares: a refusal is an expectation that lapsed."""
    request = ask(partnership, child)
    stored(reply(partnership, child, request["id"], answer="refused", reason="A trial is running."))
    partnership.detect(child)
    expectations = stored(partnership.get(f"/children/{child}/expectations", "csc"))
    assert "request_for_information_unanswered" in str(expectations)
