"""The Shropshire pattern as its agencies would live it: what was decided because the father had gone, and what follows.

One story, told by posts and by detection's own passes; each test reads another part of how it ended.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from ledger.store import clock
from tests.partnership import Partnership, refused, stored

BEGAN = datetime(2022, 10, 5, 9, tzinfo=UTC)
NARRATIVE = "The kettle was on and his coat hung there."
FATHER = {"about": "father", "attribute": "presence"}


@dataclass
class Story:
    """A child whom csc leads, hv, gp and police work with, and what was said of the father."""

    partnership: Partnership
    child: str = ""
    said: dict[str, dict[str, Any]] = field(default_factory=dict)

    def move(self, moment: datetime) -> None:
        """Move the ledger's clock, and wake what fell due on the way."""
        with self.partnership.engine("ledger_admin").begin() as connection:
            clock.move(connection, moment)
        if self.child:
            self.partnership.detect(self.child)

    def send(self, what: str, by: str, /, **body: Any) -> Any:
        """Post one body about the child."""
        event = {"event_id": self.partnership.event()}
        return self.partnership.post(f"/children/{self.child}/{what}", event | body, by)

    def say(self, name: str, what: str, by: str, /, **body: Any) -> dict[str, Any]:
        """The same, recorded, and detected in; kept under a name."""
        self.said[name] = stored(self.send(what, by, **body))
        self.partnership.detect(self.child)
        return self.said[name]

    def tell(
        self, name: str, by: str, value: str, day: str, *, basis: str = "told", sharing: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Somebody's word on where the father is, told by the mother or seen; what its post is answered with."""
        claim = FATHER | {"value": value, "valid": f"{day}/..", "basis": basis}
        claim |= {"informant": "mother"} if basis == "told" else {}
        more = {} if sharing is None else {"sharing": sharing}
        body = self.partnership.observation(self.child, observed=day, narrative=NARRATIVE, claims=[claim], **more)
        self.said[name] = stored(self.partnership.post("/observations", body, by))
        self.partnership.detect(self.child)
        return self.said[name]

    def id(self, name: str) -> str:
        """The entry of what was said under a name."""
        return str(self.said[name]["id"])

    def get(self, what: str, agency: str = "csc") -> dict[str, Any]:
        """What one of the child's addresses answers."""
        found: dict[str, Any] = stored(self.partnership.get(f"/children/{self.child}/{what}", agency))
        return found

    def decision(self, agency: str = "csc") -> dict[str, Any]:
        """The newest decision, as an agency reads it."""
        found: dict[str, Any] = self.get("decisions", agency)["decisions"][0]
        return found

    def alerts(self, agency: str = "csc") -> list[dict[str, Any]]:
        """The open alerts that rest on a decision."""
        found = stored(self.partnership.get("/alerts", agency))["alerts"]
        return [one for one in found if one["finding"]["kind"] == "decision_basis"]


@pytest.fixture
def story(partnership: Partnership) -> Story:
    """The story up to the decision, with nothing held back."""
    made = Story(partnership)
    begin(made)
    return made


def begin(made: Story, sharing: dict[str, Any] | None = None) -> None:
    """Told to one agency that he has gone, to another that he stays the night, and stepped down on the first."""
    made.move(BEGAN)
    made.child = made.partnership.child(involve=("hv", "csc", "gp", "police"))
    made.say("lead", "leads", "csc", agency="csc", person="sw1", role="social worker")
    made.tell("gone", "csc", "absent", "2022-10-03")
    made.tell("nights", "hv", "stays_overnight", "2022-10-05", sharing=sharing)
    made.move(datetime(2022, 11, 1, 10, tzinfo=UTC))
    made.say(
        "decided", "decisions", "csc", kind="step_down", to="early_help", reason="He has gone.",
        relies_on=[FATHER | {"value": "absent"}], author={"ref": "sw1", "role": "social worker"},
    )  # fmt: skip


def override(story: Story, second: str, **more: Any) -> dict[str, Any]:
    return {
        "of": story.id("decided"), "reason": "Both of us went and asked.",
        "second": {"agency": "csc", "person": second}, "author": {"ref": "sw1"}, **more,
    }  # fmt: skip


def test_it_is_recorded_does_not_stand_and_its_lead_is_alerted(story: Story) -> None:
    """The answer has both agencies' words and whom to ring; one alert says so to whoever leads, and nobody else."""
    told = story.said["decided"]["decision"]
    stated = next(one for one in told["assumptions"] if one["item"] == "stated")
    assert (told["standing"], stated["grave"], "contested" in stated["states"]) == ("not_standing", True, True)
    assert {one["agency"] for one in stated["latest"]} == {"csc", "hv"}
    assert "hv" in {one["agency"] for one in stated["ring"]}
    [alert] = story.alerts()
    assert alert["to"]["person"] == "sw1"
    assert all(story.alerts(agency) == [] for agency in ("hv", "gp", "police"))
    one = story.decision()
    assert [found["finding"] for found in one["findings"] if found["at_once"]] == [alert["finding"]["finding"]]


def test_two_people_let_it_stand_until_something_comes_up(story: Story) -> None:
    """One person signs twice and is refused; two sign and it stands; what is seen later questions it, with an alert."""
    refused(story.send("decision-overrides", "csc", **override(story, "sw1")), 422, "second_is_first", "/second")
    assert story.decision()["standing"] == "not_standing"
    story.say("overridden", "decision-overrides", "csc", **override(story, "manager"))
    assert (story.decision()["standing"], story.decision()["questioned"]) == ("overridden", False)
    before = {one["finding"]["finding"]: one["raised_at"] for one in story.alerts()}
    story.move(datetime(2022, 11, 20, 9, tzinfo=UTC))
    story.tell("seen", "police", "lives_here", "2022-11-20", basis="seen")
    one = story.decision()
    assert (one["standing"], one["questioned"]) == ("overridden", True)
    assert "police" in {said["agency"] for since in one["since"] for said in since["against"]}
    after = {alert["finding"]["finding"]: alert["raised_at"] for alert in story.alerts()}
    assert after
    assert after != before


def test_what_is_asked_of_another_is_theirs_once_they_take_it(story: Story) -> None:
    """Work offered and not answered lapses, is told, and has been csc's all along; what was never asked is refused."""
    story.say(
        "action", "actions", "csc", what="Weekly visits", owner={"agency": "csc", "person": "sw1"}, due="2022-12-20"
    )
    story.say(
        "offer", "handovers", "csc",
        of="work", to={"agency": "hv"}, due="2022-11-08", what="Weekly visits", entry=story.id("action"),
    )  # fmt: skip

    def offer() -> dict[str, Any]:
        return next(one for one in story.get("work", "hv")["work"] if one["id"] == story.id("offer"))

    assert (offer()["state"], offer()["accountable"]["agency"]) == ("offered", "csc")
    refused(story.send("replies", "gp", of=story.id("offer"), answer="accepted"), 422, "offer_not_yours", "/of")
    refused(story.send("replies", "hv", of=story.id("gone"), answer="accepted"), 422, "never_asked", "/of")
    story.move(datetime(2022, 11, 30, 9, tzinfo=UTC))
    assert (offer()["state"], offer()["accountable"]["agency"], offer()["overdue"]) == ("lapsed", "csc", True)
    rules = {one["finding"]["rule"] for one in stored(story.partnership.get("/alerts", "csc"))["alerts"]}
    assert "handover_not_taken" in rules


def test_a_statement_is_borne_out_by_whoever_is_asked(story: Story) -> None:
    """Asked about csc's claim, gp answers against it with an entry of its own: the claim shows both, and how it is."""
    story.say(
        "asked", "information-requests", "csc", to="gp", asks="Does he live there?", purpose="To check.",
        lawful_basis="public_task", by="2022-11-09", claim={"entry": story.id("gone"), "index": 0},
    )  # fmt: skip
    answer = {"of": story.id("asked"), "lawful_basis": "public_task"}
    theirs = story.send("information-answers", "hv", **answer, answer="refused", reason="-")
    refused(theirs, 422, "request_not_yours", "/of")
    told = story.tell("seen", "gp", "lives_here", "2022-11-01", basis="seen")
    assert (told["not_seen_by"], told["held_only_here"]) == (["csc", "hv", "police"], [0])
    story.say(
        "answered", "information-answers", "gp",
        **answer, answer="answered", bears="against", entries=[story.id("seen")],
    )  # fmt: skip
    [claim] = story.get("corroboration")["claims"]
    [request] = claim["requests"]
    assert (claim["entry"], claim["state"]) == (story.id("gone"), "contested")
    assert (request["to"], request["answer"]["bears"], request["overdue"]) == ("gp", "against", False)
    # What she told hv, who told csc otherwise, speaks against it too.
    assert [one["entry"] for one in claim["spoken_against_by"]] == [story.id("nights"), story.id("seen")]
    assert {one["kind"] for one in claim["findings"]} >= {"decision_basis"}


#: Every way of reading what this child's agencies decided, asked and left undone.
READ = (
    "decisions", "decisions/preview?kind=close", "decisions/preview?kind=step_down", "work", "corroboration", "sources",
    "involved", "unseen", "assessments", "history-pack", "supervisions", "concerns", "engagement", "care",
    "family-summary", "adults",
)  # fmt: skip


def test_what_is_held_back_is_told_to_nobody_by_any_way_of_reading(partnership: Partnership) -> None:
    """Who may not see hv's word is answered as though it had not been said; hv sees it; who has no part, nothing.

    Whoever leads is told that there is something to ring about, and no word of it.
    """
    story = Story(partnership)
    begin(story, {"lawful_basis": "public_task", "marking": "restricted", "to": []})
    for what in READ:
        for reader in ("gp", "csc"):
            theirs = json.dumps(story.get(what, reader))
            assert not [kept for kept in (NARRATIVE, "overnight") if kept in theirs], (what, reader)
            assert reader == "csc" or f'"{story.id("nights")}"' not in theirs, what
        refused(partnership.get(f"/children/{story.child}/{what}", "duty"), 404)
    decided = story.decision("gp")
    assert (decided["standing"], decided["withheld"], decided["findings"]) == ("standing", [], [])
    assert {one["agency"] for one in story.get("sources", "gp")["held_by_one"]} == {"csc"}
    decided = story.decision("csc")
    assert (decided["standing"], [one["withheld"] for one in decided["findings"]]) == ("not_standing", [True])
    decided = story.decision("hv")
    assert (decided["standing"], [one["withheld"] for one in decided["findings"]]) == ("not_standing", [False])
