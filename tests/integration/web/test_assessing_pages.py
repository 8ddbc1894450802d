"""Assessments, the history before them, supervision and concerns on the pages: each act once, what is amiss said."""

from typing import Any

import pytest

from ledger.domain.role import Role
from tests.integration.web.pressing import Pressing, Shown
from tests.partnership import Partnership, stored


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom csc leads, and with whom hv, gp and police work too."""
    made = partnership.child(involve=["csc", "hv", "gp", "police"], name="Robin")
    lead = {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}
    stored(partnership.post(f"/children/{made}/leads", lead, "csc"))
    return made


@pytest.fixture
def author(partnership: Partnership) -> Pressing:
    """Whoever leads, at their pages."""
    return Pressing(partnership, partnership.person("csc", "sw1", Role.PRACTITIONER))


def read(partnership: Partnership, child: str, what: str) -> dict[str, Any]:
    found: dict[str, Any] = stored(partnership.get(f"/children/{child}/{what}", "hv"))
    return found


def opened(author: Pressing, child: str, **entered: Any) -> Shown:
    page = author.open(f"/children/{child}/assess")
    return author.press(page, f"/children/{child}/assess", **{"kind": "child_and_family", **entered})


def test_an_assessment_goes_from_its_opening_to_its_second_signature(
    partnership: Partnership, author: Pressing, child: str
) -> None:
    """Asked, asked later, answered, its history opened, and signed by another: each once, however often pressed."""
    page = author.open(f"/children/{child}/assess")
    for _ in range(2):
        sent = {"kind": "child_and_family", "asks": ["hv", "gp"]}
        assert author.press(page, f"/children/{child}/assess", **sent).status == 303
    page = author.open(f"/children/{child}/assessments")
    assert "You wrote this: somebody else of your agency signs it." in page.text
    assert "Involved, and not asked" in page.text
    (one,) = read(partnership, child, "assessments")["assessments"]
    number = one["entry"].rsplit(".", 1)[-1]
    at = f"/children/{child}/assessments/{number}"
    for _ in range(2):
        author.press(page, f"{at}/asks", agency="police")
    health = Pressing(partnership, partnership.person("hv", "hv1", Role.PRACTITIONER))
    theirs = health.open(f"/children/{child}/assessments")
    assert f"{at}/asks" not in theirs.forms
    assert health.press(theirs, f"{at}/replies", answer="nothing_held").status == 303
    second = Pressing(partnership, partnership.person("csc", "tm1", Role.PRACTITIONER))
    before = second.open(f"/children/{child}/assessments")
    assert f"{at}/signatures" not in before.forms
    assert "read the child’s history" in before.text
    refused = second.post(f"{at}/signatures", reason="Read.")
    assert refused.status == 400
    assert "Open the child’s history first" in refused.text
    assert second.open(f"/children/{child}/history-pack").status == 200
    page = second.open(f"/children/{child}/assessments")
    for _ in range(2):
        assert second.press(page, f"{at}/signatures", reason="Read, with the history.").status == 303
    (one,) = read(partnership, child, "assessments")["assessments"]
    assert {each["agency"]: each["state"] for each in one["asked"]} == {
        "hv": "nothing_held", "gp": "not_replied", "police": "not_replied",
    }  # fmt: skip
    assert one["signed"]["author"]["ref"] == "tm1"
    assert "Read, with the history." in second.open(f"/children/{child}/assessments").text


def test_what_is_amiss_with_an_assessment_is_said(partnership: Partnership, author: Pressing, child: str) -> None:
    """No sort, no word for it, a day that is none; an answer without what it needs: nothing is recorded."""
    asked: list[tuple[dict[str, Any], str]] = [
        ({"kind": ""}, "Choose what sort of assessment it is"),
        ({"kind": "another", "called": "!"}, "Enter what it is called"),
        ({"due": "2026-02-30"}, "Enter a real day"),
        ({"asks": ["csc"]}, "Your agency assesses: it asks others"),
        ({"asks": ["nobody"]}, "can no longer be asked"),
    ]
    for entered, words in asked:
        answer = opened(author, child, **entered)
        assert (answer.status, words in answer.text) == (400, True), words
    assert read(partnership, child, "assessments")["assessments"] == []
    opened(author, child, kind="another", called="Risk to siblings", asks=["hv"])
    (one,) = read(partnership, child, "assessments")["assessments"]
    assert one["kind"] == "risk_to_siblings"
    at = f"/children/{child}/assessments/{one['entry'].rsplit('.', 1)[-1]}"
    health = Pressing(partnership, partnership.person("hv", "hv1", Role.PRACTITIONER))
    page = health.open(f"/children/{child}/assessments")
    for sent, words in (
        ({"answer": ""}, "Choose what your agency answers"),
        ({"answer": "refused"}, "Enter why it is refused"),
        ({"answer": "replied", "entries": "the last"}, "Enter numbers of entries"),
    ):
        answer = health.press(page, f"{at}/replies", **sent)
        assert (answer.status, words in answer.text) == (400, True), words
    gp = Pressing(partnership, partnership.person("gp", "gp1", Role.PRACTITIONER))
    assert "Your agency was not asked" in gp.post(f"{at}/replies", answer="nothing_held").text
    assert "The agency that assesses asks others" in gp.post(f"{at}/asks", agency="police").text
    assert "A second person of the agency that assesses" in gp.post(f"{at}/signatures").text


def test_a_concern_stays_open_until_it_is_answered_as_deeply_as_it_takes(
    partnership: Partnership, author: Pressing, child: str
) -> None:
    """What goes less deep is refused as an answer with what to choose, is kept as a part, and leaves it open."""
    at = f"/children/{child}/concerns"
    page = author.open(at)
    assert author.press(page, at, what="").status == 400
    for _ in range(2):
        assert author.press(page, at, what="He flinches.", topic="harm").status == 303
    (concern,) = read(partnership, child, "concerns")["concerns"]
    answers = f"{at}/{concern['entry'].rsplit('.', 1)[-1]}/answers"
    health = Pressing(partnership, partnership.person("hv", "hv1", Role.PRACTITIONER))
    page = health.open(at)
    assert "An examination of the child, or more" in page.text
    lightly = health.press(page, answers, answer="answered", how=["told"], reason="She says he is fine.")
    assert (lightly.status, "choose “Answered in part”" in lightly.text) == (400, True)
    assert "She says he is fine." in lightly.html
    assert health.press(page, answers, answer="answered", reason="-").status == 400
    assert "Only the agency that raised it" in health.press(page, answers, answer="withdrawn", reason="-").text
    assert health.press(page, answers, answer="in_part", how=["told"], reason="She says so.").status == 303
    assert "1 open of 1" in health.open(at).text
    assert health.press(page, answers, answer="answered", how=["examined"], reason="Examined today.").status == 303
    assert "0 open of 1" in health.open(at).text


def test_supervision_says_what_is_open_and_is_recorded_once(
    partnership: Partnership, author: Pressing, child: str
) -> None:
    """What is open stands above the form; notes kept to one's agency need a basis, and are then in no other's page."""
    author.press(author.open(f"/children/{child}/concerns"), f"/children/{child}/concerns", what="Who is the father?")
    at = f"/children/{child}/supervisions"
    page = author.open(at)
    assert "Who is the father?" in page.text
    sent = {"with_agency": "csc", "with_person": "Toni", "about": "The plan", "notes": "Ask him.", "who_sees": "own"}
    for entered, words in (
        ({"with_person": ""}, "Enter with whom"),
        ({"about": "", "notes": ""}, "Enter what it was about"),
        ({}, "Choose on what basis it is not shared"),
    ):
        answer = author.press(page, at, **sent | entered)
        assert (answer.status, words in answer.text) == (400, True), words
    for _ in range(2):
        assert author.press(page, at, **sent, lawful_basis="public_task").status == 303
    after = author.open(at)
    assert after.text.count("Ask him.") == 1
    assert "and what is new since" in after.text
    health = Pressing(partnership, partnership.person("hv", "hv1", Role.PRACTITIONER))
    assert "Ask him." not in health.open(at).text


def test_the_history_is_shown_a_part_at_a_time(partnership: Partnership, author: Pressing, child: str) -> None:
    """Twenty of each part at once, the newest first; the rest by a link, and nothing twice or left out."""
    for place in range(23):
        body = {"event_id": partnership.event(), "what": f"Weigh it, {place}", "owner": {"agency": "hv"}}
        stored(partnership.post(f"/children/{child}/actions", body, "hv"))
    page = author.open(f"/children/{child}/history-pack")
    assert "What was tried (23)" in page.text
    older = author.open(f"/children/{child}/history-pack?part=tried&start=20")
    shown = [{place for place in range(23) if f"Weigh it, {place}”" in one.text} for one in (page, older)]
    assert shown == [set(range(3, 23)), {0, 1, 2}]


def test_who_may_not_work_here_is_shown_no_form(partnership: Partnership, child: str) -> None:
    """A manager reads all of it, and no form of it is there but that of the day."""
    manager = Pressing(partnership, partnership.person("csc", "boss", Role.MANAGER))
    for path in ("assessments", "history-pack", "supervisions", "concerns", "assess"):
        page = manager.open(f"/children/{child}/{path}")
        assert page.status == 200
        assert [name for name, fields in page.forms.items() if "csrf" in fields and "/children/" in name] == []


def test_an_auditor_reads_all_of_it_and_sends_nothing(partnership: Partnership, author: Pressing, child: str) -> None:
    """Once they have said why, each page is open to them as it is known on a day, without a form in the record."""
    opened(author, child, asks=["hv"])
    auditor = Pressing(partnership, partnership.person("csc", "aud1", Role.AUDITOR))
    auditor.post("/audit/purpose", purpose="a review of this child's record")
    for path in ("decisions", "decide?kind=close", "assessments", "history-pack", "supervisions", "concerns", "assess"):
        page = auditor.open(f"/children/{child}/{path}")
        assert page.status == 200, path
        assert [name for name, fields in page.forms.items() if "csrf" in fields and "/children/" in name] == []
    assert "Child and family" in auditor.open(f"/children/{child}/assessments").text
    assert auditor.post(f"/children/{child}/concerns", what="x").status == 403
