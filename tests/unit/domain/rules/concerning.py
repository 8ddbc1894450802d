"""A small pack with a rule on unanswered concerns, and short ways to say what bears on it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ledger.domain.event import EntryStep
from ledger.domain.fold import run
from ledger.domain.outcome import CheckFailed
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings
from tests.saying import steps


def state(values: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """An attribute that is not compared, with one state a value and this polarity."""
    words = list(values)
    return {
        "about": "anyone",
        "type": "state",
        "meaning": "As in the test.",
        "compared": "no",
        "states": words,
        "values": {word: [word] for word in words},
        "polarity": {word: polarity for word, polarity in values.items() if polarity} or None,
        **more,
    }


def text(polarity: str) -> dict[str, Any]:
    return {"about": "anyone", "type": "text", "meaning": "In words.", "polarity": polarity, "thing": "optional"}


WORRY, FINE = "concern", "reassurance"
THING = {"thing": "required", "topic": "harm"}
ATTRIBUTES: dict[str, Any] = {
    "concern": text(WORRY),
    "reassurance": text(FINE),
    "judgement": state({"no_concerns": FINE, "concerns": WORRY, "progress": FINE}, thing="optional"),
    "injury": state({"bruise": WORRY, "scratch": WORRY, "none": FINE}, **THING),
    "injury_site": state({"knee": "", "leg": "", "cheek": ""}, **THING),
    "injury_count": {
        "about": "anyone", "type": "quantity", "unit": "injuries", "tolerance": "0", "meaning": "How many.", **THING,
    },
    "account": state({"fall": "", "inflicted": WORRY}, **THING),
    "cause_opinion": state({"accident": FINE, "inflicted": WORRY}, **THING),
    "examined": state({"medical": "", "in_part": ""}, thing="optional", topic="harm"),
    "seen": {"about": "anyone", "type": "event", "meaning": "Seen."},
    "presentation": state({"well": FINE, "hungry": WORRY}),
    "whereabouts": state({"relatives": FINE, "missing": WORRY}, topic="whereabouts"),
    "domestic_abuse": state({"incident": WORRY, "denied": FINE}, topic="adult_risk", owner="police"),
    "mental_health": state({"ill": WORRY, "stable": FINE}, topic="adult_risk", item="optional"),
    "risk_position": state({"poses_risk": WORRY, "none_known": FINE}, topic="adult_risk"),
    "allegation": state({"made": WORRY, "unfounded": FINE}, thing="required", topic="adult_risk"),
    "growth": state({"faltering": WORRY, "gaining": FINE}, topic="growth"),
    "feeding": state({"poor": WORRY, "good": FINE}, topic="growth"),
    "home_conditions": state({"dirty": WORRY, "clean": FINE}, topic="home"),
    "health_need": state({"unmet": WORRY, "met": FINE}, topic="growth", item="required"),
    "date_of_birth": {"about": "anyone", "type": "date", "meaning": "Born."},
}  # fmt: skip
for written in ATTRIBUTES.values():
    if written.get("polarity", "") is None:
        del written["polarity"]
ANSWERED_BY = {
    "harm": "examined", "whereabouts": "seen", "adult_risk": "owner_check", "growth": "measured",
    "home": "home_entered",
}  # fmt: skip
RULE: dict[str, Any] = {
    "family": "unanswered_concern",
    "critical": "yes",
    "topics": list(ANSWERED_BY),
    "general": "seen",
    "of_anything": {"judgement": ["no_concerns"], "reassurance": []},
    "broad": ["judgement", "risk_position"],
    "apart": ["mental_health"],
    "lasting": ["harm", "adult_risk"],
    "passing": ["mental_health"],
    "changing": ["growth"],
    "moments": ["presentation"],
    "passes": ["whereabouts", "home"],
    "reassures": {"account": ["fall"]},
    "lesser": {"injury_count": "lower", "injury": ["scratch"]},
    "ordinary": {"injury": ["bruise"], "injury_site": ["knee"]},
    "ordinary_beside": {"injury_site": ["leg"]},
    "ordinary_from": "P540D",
    "depth_from": {"examined": {"medical": "examined"}, "seen": {"happened": "seen"}},
    "usual_topic": {"presentation": "home"},
    "raises": {"whereabouts": {"seen": ["did_not_happen"]}, "growth": {"presentation": ["hungry"]}},
    "calms": {"harm": {"presentation": ["well"]}},
    "shown_by": {"whereabouts": ["seen"]},
    "eased": {"harm": {"concern": "seen_alone"}},
    "replies": {"allegation": ["unfounded"]},
    "examiners": "paediatrician",
    "may_examine": "hospital",
    "clinical": ["cause_opinion"],
    "whose_turn": "childrens_social_care",
    "meaning": "Reassured without looking.",
    "source": "A case review",
    "ask": "Who has looked?",
    "examples": [
        {
            "shows": shows,
            "finds": finds,
            "claims": [
                {"agency": "hv", "observed": "2022-03-10", "attribute": "growth", "value": "faltering", "basis": "seen"}
            ],
        }
        for shows, finds in (("one", "concern"), ("none", "nothing"))
    ],
}


def a_pack(**changes: Any) -> Pack:
    """The pack of these tests, with these settings of its rule changed."""
    return Pack.from_mapping(
        {
            "pack": "test",
            "version": "1",
            "attributes": ATTRIBUTES,
            "topics": {
                name: {"meaning": "A topic.", "answered_by": depth, "source": "A case review"}
                for name, depth in ANSWERED_BY.items()
            },
            "rules": {"unanswered": {**RULE, **changes}},
        }
    )


PACK = a_pack()
AROUND = Surroundings(
    agency_kinds={
        "school": "school", "csc": "childrens_social_care", "hospital": "hospital", "police": "police",
        "hv": "health_visiting", "gp": "gp",
    }
)  # fmt: skip
FIRST = datetime(2022, 3, 1, tzinfo=UTC)


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).date().isoformat()


def said(agency: str, on: int, attribute: str, value: str, **more: Any) -> dict[str, Any]:
    """What ``agency`` saw (or was told, by the person named) on the day of this number."""
    body: dict[str, Any] = {"observed": day(on), "statement": more.pop("statement", "fact")}
    for part in ("contact", "author"):
        if part in more:
            body[part] = more.pop(part)
    told = more.pop("told", None)
    basis = {"basis": "told", "informant": told} if told else {"basis": "seen"}
    body["claims"] = [{"about": "child", "attribute": attribute, "value": value, **basis, **more}]
    return {"agency": agency, "kind": "observation", "body": body}


def last(entries: Sequence[EntryStep], pack: Pack = PACK) -> RecordState:
    """The record after all of these entries, no rule of which may have failed."""
    state = RecordState("r", around=AROUND)
    for _, after, outcomes in run(state, entries, pack):
        state = after
        assert not [outcome for outcome in outcomes if isinstance(outcome, CheckFailed)]
    return state


def opened(*entries: dict[str, Any], pack: Pack = PACK) -> dict[tuple[str, str | None], list[list[int]]]:
    """The open findings: about whom and on what topic, and the entries of each side."""
    found = last(steps(*entries), pack).findings.values()
    assert {one.kind for one in found} <= {"concern"}
    return {
        (one.question.about, one.question.item): [sorted({ref.number for ref in side}) for side in one.sides]
        for one in found
    }
