"""An answer to a post carries the few gaps that its sender could close at its next contact, and nobody's words."""

from typing import Any
from uuid import UUID

import pytest

from ledger.services.authenticate import read_bearer
from ledger.services.context import Context
from ledger.services.record import record
from ledger.services.submission import Recorded, Submission
from ledger.store.database import connect_engine
from tests.integration.store.wire import CountingWire
from tests.partnership import Partnership, stored

CANARY = "Zebedee"
RESTRICTED = {"marking": "restricted", "to": [], "lawful_basis": "public task"}


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom hv, csc and gp are involved with."""
    return partnership.child(involve=["hv", "csc", "gp"])


def not_known(attribute: str, state: str = "not_asked", about: str = "child", **more: Any) -> dict[str, Any]:
    return {"about": about, "attribute": attribute, "not_known": state, "basis": "own_record"} | more


def said(attribute: str, value: str, about: str = "child", **more: Any) -> dict[str, Any]:
    return {"about": about, "attribute": attribute, "value": value, "basis": "seen"} | more


def observe(partnership: Partnership, child: str, agency: str = "hv", **changes: Any) -> dict[str, Any]:
    return stored(partnership.post("/observations", partnership.observation(child, **changes), agency))


def detected(partnership: Partnership, child: str, agency: str = "hv", **changes: Any) -> dict[str, Any]:
    """An observation that detection has read."""
    answer = observe(partnership, child, agency, **changes)
    partnership.detect(child)
    return answer


def asked(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(prompt["topic"], prompt["about"]) for prompt in answer.get("prompts", ())]


def prompts_of(partnership: Partnership, child: str, agency: str, **changes: Any) -> list[dict[str, Any]]:
    """What a post with nothing but a narrative is answered with."""
    prompts: list[dict[str, Any]] = observe(partnership, child, agency, claims=[], **changes).get("prompts", [])
    return prompts


def test_what_stood_open_before_is_asked(partnership: Partnership, child: str) -> None:
    """The post that says so is not answered with it; the next one is, by whoever is involved, with why and how."""
    assert asked(detected(partnership, child, "csc", claims=[not_known("father")])) == []
    (prompt,) = prompts_of(partnership, child, "hv")
    assert (prompt["topic"], prompt["about"], prompt["state"]) == ("father", "child", "not_asked")
    assert (prompt["asked_before"], prompt["refused_before"]) == (0, 0)
    assert prompt["why"]
    assert prompt["ask"]
    assert prompt["since"].endswith("Z")
    assert len(prompt["gap"]) == 32


def test_what_the_post_speaks_of_is_not_asked(partnership: Partnership, child: str) -> None:
    """Answered or tried again: the gap is not asked in that answer, and another one is."""
    claims = [not_known("father"), not_known("mobility")]
    detected(partnership, child, "csc", claims=claims)
    assert asked(observe(partnership, child, claims=[said("mobility", "walks")])) == [("father", "child")]
    assert asked(observe(partnership, child, claims=[not_known("father")])) == [("mobility", "child")]


def test_an_answer_ends_it(partnership: Partnership, child: str) -> None:
    """Once detection has read the answer nobody is asked any more."""
    detected(partnership, child, "csc", claims=[not_known("mobility")])
    detected(partnership, child, "hv", claims=[said("mobility", "walks")])
    assert prompts_of(partnership, child, "gp") == []


def test_every_route_answers_with_prompts(partnership: Partnership, child: str) -> None:
    """Contacts, decisions, corrections, batches and retries as observations do."""
    detected(partnership, child, "csc", claims=[not_known("father")])
    first = partnership.observation(child, claims=[])
    second = partnership.observation(child, claims=[said("presentation", "well")])
    answers = stored(partnership.post("/observations/batch", [first, second]))["results"]
    contact = {"event_id": "c1", "observed": "2023-10-05", "depth": "seen"}
    answers.append(stored(partnership.post(f"/children/{child}/contacts", contact)))
    decision = {"event_id": "d1", "kind": "close", "reason": "all is well", "relies_on": []}
    answers.append(stored(partnership.post(f"/children/{child}/decisions", decision)))
    correction = {
        "event_id": "k1", "corrects": answers[0]["id"], "reason": "a slip",
        "observation": {"observed": "2023-10-05", "statement": "fact", "narrative": "As it was."},
    }  # fmt: skip
    answers.append(stored(partnership.post(f"/children/{child}/corrections", correction)))
    answers.append(stored(partnership.post("/observations", second)))
    assert [asked(answer) for answer in answers] == [[("father", "child")]] * len(answers)


def test_few_are_asked_at_once(partnership: Partnership, child: str) -> None:
    """Of five, three: what the pack calls critical before the rest, whenever it was raised."""
    names = ["feeding", "wishes", "growth", "mobility", "basic_care"]
    for name in names:
        detected(partnership, child, "csc", claims=[not_known(name)])
    critical = {name for name in names if partnership.context.pack.attributes[name].critical}
    prompts = prompts_of(partnership, child, "hv")
    assert len(prompts) == 3
    ranked = sorted(names, key=lambda name: (name not in critical, names.index(name)))
    assert [prompt["topic"] for prompt in prompts] == ranked[:3]


def test_attempts_are_counted_and_whoever_asked_waits(partnership: Partnership, child: str) -> None:
    """A refusal counts for all; a gap says how often it was asked and how often nobody would say."""
    detected(partnership, child, "csc", claims=[not_known("father", "declined", basis="told", informant="mother")])
    detected(partnership, child, "gp", claims=[not_known("father", "unknown")])
    (prompt,) = prompts_of(partnership, child, "hv")
    assert (prompt["asked_before"], prompt["refused_before"], prompt["state"]) == (2, 1, "unknown")


def test_who_is_not_involved_is_asked_nothing(partnership: Partnership, child: str) -> None:
    """Police may post about the child, and learn nothing of what is open in its record."""
    detected(partnership, child, "csc", claims=[not_known("father")])
    assert prompts_of(partnership, child, "police") == []


def test_nobodys_words_and_no_other_name(partnership: Partnership, child: str) -> None:
    """A person whom only another agency has a reference for is not asked of; one's own is called by it."""
    partner = {"ref": "p-77", "role": "mother's partner", "name": CANARY, "description": CANARY}
    claims = [not_known("address", about="p-77"), not_known("father", about="child")]
    detected(partnership, child, "csc", claims=claims, people=[partner], narrative=CANARY)
    prompts = prompts_of(partnership, child, "hv")
    assert [prompt["topic"] for prompt in prompts] == ["father"]
    assert CANARY not in str(prompts)
    assert "p-77" not in str(prompts)
    assert ("address", "p-77") in asked({"prompts": prompts_of(partnership, child, "csc")})


def test_a_link_gives_the_other_agency_a_name(partnership: Partnership, child: str) -> None:
    """Once somebody has linked their references, hv is asked about the person by its own."""
    partner = {"ref": "p-77", "role": "mother's partner"}
    detected(partnership, child, "csc", claims=[not_known("address", about="p-77")], people=[partner])
    detected(partnership, child, "hv", claims=[], people=[{"ref": "k", "role": "mother's partner"}])
    assert prompts_of(partnership, child, "hv") == []
    link = {"event_id": "l1", "people": ["k", "csc/p-77"], "reason": "one man"}
    stored(partnership.post(f"/children/{child}/links", link))
    partnership.detect(child)
    assert [(one["topic"], one["about"]) for one in prompts_of(partnership, child, "hv")] == [("address", "k")]


def test_what_is_marked_is_asked_of_nobody_else(partnership: Partnership, child: str) -> None:
    """A gap that only a restricted entry shows is its own agency's; a count leaves such attempts out."""
    for state in ("declined", "not_asked"):
        detected(partnership, child, "police", claims=[not_known("father", state)], sharing=RESTRICTED)
    assert prompts_of(partnership, child, "hv") == []
    partnership.involve(child, "police")
    detected(partnership, child, "csc", claims=[not_known("father")], sharing=RESTRICTED, narrative=CANARY)
    (own,) = prompts_of(partnership, child, "csc")
    assert (own["state"], own["refused_before"]) == ("not_asked", 0)
    detected(partnership, child, "gp", claims=[not_known("father", "unknown")])
    (prompt,) = prompts_of(partnership, child, "hv")
    assert (prompt["asked_before"], prompt["refused_before"], prompt["state"]) == (1, 0, "unknown")
    assert CANARY not in str(prompt)


def test_a_marking_tightened_later_holds_for_the_past(partnership: Partnership, child: str) -> None:
    """Once detection has read the correction by which its author withholds the entry, nobody else is asked."""
    open_one = detected(partnership, child, "csc", claims=[not_known("father")])
    observation = {
        "observed": "2023-10-05", "statement": "fact", "claims": [not_known("father")], "sharing": RESTRICTED,
    }  # fmt: skip
    body = {"event_id": "k2", "corrects": open_one["id"], "reason": "not for all", "observation": observation}
    stored(partnership.post(f"/children/{child}/corrections", body, "csc"))
    partnership.detect(child)
    assert prompts_of(partnership, child, "hv") == []
    assert [prompt["topic"] for prompt in prompts_of(partnership, child, "csc")] == ["father"]


def test_prompts_are_no_reading(partnership: Partnership, child: str) -> None:
    """They hold nothing of anybody else's, so no access record is written for them."""
    detected(partnership, child, "csc", claims=[not_known("father")])
    before = partnership.rows()["access_records"]
    assert prompts_of(partnership, child, "hv")
    assert partnership.rows()["access_records"] == before


def test_they_cost_no_further_trip(partnership: Partnership, child: str) -> None:
    """An append that is answered with prompts is two exchanges with the server."""
    detected(partnership, child, "csc", claims=[not_known("father")])
    credential, old = read_bearer(f"Bearer {partnership.keys['hv']}"), partnership.context
    with CountingWire(partnership.database_url) as wire:
        engine = connect_engine(wire.url, "ledger_web", pool_size=1)
        context = Context(engine, old.pack, old.chance, old.real_now, partnership.bell)
        trips = []
        for event in ("t1", "t2"):
            body = partnership.observation(child, claims=[]) | {"event_id": event}
            (outcome,) = record(
                context, credential, [Submission("observation", event, body, (UUID(child),))], "observe"
            )
            assert isinstance(outcome, Recorded)
            assert outcome.prompts
            trips.append(wire.taken())
        engine.dispose()
    assert trips[1] == 2
