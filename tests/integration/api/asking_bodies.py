"""The ways in which routes are asked, and of each body about one child one that would be stored, were it allowed."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.attaching import LETTER, entry_of, form
from tests.exporting import sealed
from tests.integration.api.ask import Ask, Tie
from tests.integration.api.scene import Scene


def asks_get(path: str, tie: Tie = Tie.REACH, **more: Any) -> Ask:
    return Ask("GET", lambda scene: f"/api/v1{_filled(path, scene)}", tie, **more)


def asks_post(path: str, body: Callable[[Scene], Any] | None, tie: Tie = Tie.REACH, **more: Any) -> Ask:
    def sent(scene: Scene) -> Any:
        assert body is not None
        told = body(scene)
        return {"event_id": scene.partnership.event(), **told} if isinstance(told, dict) else told

    return Ask("POST", lambda scene: f"/api/v1{_filled(path, scene)}", tie, sent if body else None, **more)


def _of_child(collection: str, body: Callable[[Scene], dict[str, Any]], tie: Tie = Tie.INVOLVED, **more: Any) -> Ask:
    return asks_post(f"/children/{{record}}/{collection}", body, tie, **more)


def asks_of_agency(collection: str, body: Callable[[Scene], dict[str, Any]], **more: Any) -> Ask:
    return Ask("POST", lambda _: f"/api/v1/agency/{collection}", Tie.NOWHERE, body, **more)


def asks_page(method: str, path: str, tie: Tie = Tie.REACH, **more: Any) -> Ask:
    answered = more.pop("answered", frozenset({200, 303}))
    return Ask(method, lambda scene: _filled(path, scene), tie, answered=answered, **more)


def asks_bundle(path: str) -> Ask:
    # Nothing is sealed here: whoever may is told that the log has nothing yet.
    return Ask("GET", lambda _: path, Tie.NOWHERE, answered=frozenset({200, 404}), refused=frozenset({401, 403}))


def _filled(path: str, scene: Scene) -> str:
    names = ("record", "own", "adult", "alert", "attachment", "key", "person", "broken")
    return path.format(**{name: getattr(scene, name) for name in names if "{" + name + "}" in path})


def observation(scene: Scene) -> dict[str, Any]:
    return scene.partnership.observation(scene.record)


def attached(scene: Scene) -> Mapping[str, Any]:
    return form(("entry", json.dumps(entry_of(scene.partnership.event())).encode()), ("file", LETTER))


def access(_scene: Scene) -> dict[str, Any]:
    return {"for": "mother", "relationship": "mother", "reason": "her right; her passport was seen"}


def copied(scene: Scene) -> dict[str, Any]:
    sealed(scene.partnership)
    return {"reason": "asked for by the court"}


def _linked(scene: Scene) -> dict[str, Any]:
    scene.link  # noqa: B018 - declares them
    return {"people": ["n1", "n2"], "reason": "one person"}


def _unlinked(scene: Scene) -> dict[str, Any]:
    linked = _linked(scene)
    if scene.is_involved:
        scene.write("links", linked, scene.agency)
    return {"people": ["n1", "n2"], "reason": "two people"}


def _in_two(scene: Scene) -> dict[str, Any]:
    return {"person": "father", "other": {"child": scene.sibling, "person": "father"}, "reason": "one man"}


#: What a state that the scene does not have may be answered with, by whoever may.
BODY_REFUSED: Final = frozenset({200, 201, 409, 422})

OF_A_CHILD: Final[Mapping[str, Ask]] = {
    "details": _of_child("details", lambda _: {"mother": "Jo"}),
    "involvements": _of_child(
        "involvements", lambda _: {"role": "work", "reason": "known", "lawful_basis": "task"}, Tie.FREE
    ),
    "leads": _of_child("leads", lambda scene: {"agency": scene.agency, "person": "sw9"}),
    "links": _of_child("links", _linked),
    "unlinks": _of_child("unlinks", _unlinked, answered=BODY_REFUSED),
    # Of two records: who is no part of the other one is told so.
    "adult-links": _of_child("adult-links", _in_two, answered=BODY_REFUSED),
    "adults-apart": _of_child("adults-apart", _in_two, answered=BODY_REFUSED),
    "adult-unlinks": _of_child(
        "adult-unlinks", lambda scene: {"of": scene.linked, "reason": "two men"}, answered=BODY_REFUSED
    ),
    "corrections": _of_child(
        "corrections",
        lambda scene: {
            "corrects": scene.own,
            "reason": "wrong day",
            "observation": {"observed": "2023-10-04", "statement": "fact", "narrative": "Seen."},
        },
        Tie.FREE,
    ),
    "voids": _of_child("voids", lambda scene: {"voids": scene.own, "reason": "wrong child"}, Tie.FREE),
    "decisions": _of_child("decisions", lambda _: {"kind": "step_down", "reason": "father gone"}),
    "decision-overrides": _of_child(
        "decision-overrides",
        lambda scene: {"of": scene.decision, "reason": "-", "second": {"agency": "school", "person": "x"}},
        answered=BODY_REFUSED,
    ),
    "actions": _of_child("actions", lambda scene: {"what": "weigh", "owner": {"agency": scene.agency, "person": "p"}}),
    "done": _of_child("done", lambda scene: {"of": scene.action}),
    "referrals": _of_child("referrals", lambda _: {"to": "police", "reason": "bruise"}),
    "handovers": _of_child("handovers", lambda _: {"of": "work", "to": {"agency": "hv"}, "due": "2030-01-01"}),
    "replies": _of_child("replies", lambda scene: {"of": scene.handover, "answer": "declined", "reason": "not met"}),
    "checks": _of_child("checks", lambda _: {"with": "police", "about": "father", "asked": "2023-10-05"}),
    "positions": _of_child("positions", lambda _: {"about": "return home", "stance": "against"}),
    "allegations": _of_child("allegations", lambda _: {"step": "outcome", "thing": "al1", "outcome": "unfounded"}),
    "contacts": _of_child(
        "contacts", lambda _: {"observed": "2023-10-05", "outcome": "no_access", "by_whom": "mother"}, Tie.FREE
    ),
    "markings": _of_child(
        "markings",
        lambda scene: {
            "of": scene.own,
            "sharing": {"marking": "restricted", "to": [], "lawful_basis": "public task"},
            "reason": "She has moved.",
        },
        Tie.FREE,
    ),
    "shares": _of_child(
        "shares", lambda _: {"with": "police", "what": "All.", "decision": "shared", "lawful_basis": "public_task"}
    ),
    "information-requests": _of_child(
        "information-requests",
        lambda _: {
            "to": "police",
            "about": "father",
            "asks": "What do you hold?",
            "purpose": "A check.",
            "lawful_basis": "public_task",
        },
    ),
    # Being asked is enough to answer: it opens no more than the request.
    "information-answers": _of_child(
        "information-answers",
        lambda scene: {
            "of": scene.request, "answer": "refused", "lawful_basis": ["legal_obligation"], "reason": "A trial."
        },
        Tie.FREE,
    ),
    "consents": _of_child(
        "consents",
        lambda _: {"of": "mother", "for": "early help", "answer": "given", "how": "By word.", "observed": "2023-10-05"},
    ),
    "disputes": _of_child(
        "disputes", lambda scene: {"of": scene.own, "by": "mother", "says": "I never said so.", "on": "2023-10-06"}
    ),
    "rectifications": _of_child(
        "rectifications",
        lambda scene: {"of": scene.own, "asked_by": "mother", "says": "It was Tuesday.", "on": "2023-10-06"},
    ),
    "rectification-outcomes": _of_child(
        "rectification-outcomes",
        lambda scene: {
            "of": scene.rectification, "outcome": "kept_dispute_noted", "reason": "Nobody can tell.", "second": "boss"
        },
        answered=BODY_REFUSED,
    ),
    "disagreements": _of_child(
        "disagreements",
        lambda scene: {
            "with": ["gp" if scene.agency != "gp" else "hv"], "about": scene.own, "kind": "threshold", "view": "-"
        },
    ),
    "disagreement-replies": _of_child(
        "disagreement-replies",
        lambda scene: {"of": scene.disagreement, "answer": "not_agreed", "view": "-"},
        answered=BODY_REFUSED,
    ),
    "disagreement-step-ups": _of_child(
        "disagreement-step-ups", lambda scene: {"of": scene.disagreement, "reason": "-"}, answered=BODY_REFUSED
    ),
    "disagreement-settlements": _of_child(
        "disagreement-settlements",
        lambda scene: {"of": scene.disagreement, "outcome": "agreed", "what": "-"},
        answered=BODY_REFUSED,
    ),
    "family-summaries": _of_child("family-summaries", lambda _: {"text": "She lives with her mother."}),
    "family-summary-answers": _of_child(
        "family-summary-answers",
        lambda scene: {"of": scene.summary, "answer": "confirmed"},
        answered=BODY_REFUSED,
    ),
    "assessments": _of_child("assessments", lambda _: {"kind": "child_and_family", "author": {"ref": "caller"}}),
    "assessment-requests": _of_child(
        "assessment-requests", lambda scene: {"of": scene.assessment, "agency": "police"}, answered=BODY_REFUSED
    ),
    "assessment-replies": _of_child(
        "assessment-replies", lambda scene: {"of": scene.assessment, "answer": "nothing_held"}, answered=BODY_REFUSED
    ),
    "assessment-signatures": _of_child(
        "assessment-signatures",
        lambda scene: {"of": scene.assessment, "author": {"ref": "caller"}},
        answered=BODY_REFUSED,
    ),
    "supervisions": _of_child("supervisions", lambda _: {"with": "mgr1", "notes": "-"}),
    "concerns": _of_child("concerns", lambda _: {"what": "He flinches.", "topic": "harm"}),
    "concern-answers": _of_child(
        "concern-answers", lambda scene: {"of": scene.concern, "answer": "in_part", "reason": "-"}
    ),
    "glass-breakings": _of_child(
        "glass-breakings",
        lambda _: {"reason": "She is at our desk, unwell and alone", "author": {"ref": "caller"}},
        Tie.FREE,
        answered=frozenset({201, 409}),
    ),
    "glass-reviews": _of_child(
        "glass-reviews",
        lambda scene: {
            "of": scene.breaking, "verdict": "justified", "reason": "She was there.", "author": {"ref": "caller"}
        },
        Tie.REACH,
    ),
    "retentions": _of_child(
        "retentions", lambda _: {"class": "looked_after", "counted_from": "2022-09-01", "reason": "Section 20."}
    ),
    "holds": _of_child("holds", lambda _: {"asked_by": "HM Coroner", "reason": "An inquest."}),
    "hold-liftings": _of_child(
        "hold-liftings", lambda scene: {"of": scene.own, "reason": "It has ended."}, answered=BODY_REFUSED
    ),
    "erasure-orders": _of_child(
        "erasure-orders",
        lambda scene: {"entries": [scene.own], "ground": "court_order", "order": "FD23 P 1", "reason": "As ordered."},
        answered=BODY_REFUSED,
    ),
    "erasure-answers": _of_child(
        "erasure-answers",
        lambda scene: {"of": scene.own, "answer": "refuse", "reason": "It is needed."},
        answered=BODY_REFUSED,
    ),
}  # fmt: skip
