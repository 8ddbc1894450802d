"""For every route one request that would be answered, were it allowed, and what tie to a record it needs.

A route that is not here fails a test: add its row, with the least body that is right.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.attaching import LETTER, entry_of, form
from tests.exporting import sealed
from tests.integration.api.ask import Ask, Tie
from tests.integration.api.scene import Scene


def _get(path: str, tie: Tie = Tie.REACH, **more: Any) -> Ask:
    return Ask("GET", lambda scene: f"/api/v1{_filled(path, scene)}", tie, **more)


def _post(path: str, body: Callable[[Scene], Any] | None, tie: Tie = Tie.REACH, **more: Any) -> Ask:
    def sent(scene: Scene) -> Any:
        assert body is not None
        told = body(scene)
        return {"event_id": scene.partnership.event(), **told} if isinstance(told, dict) else told

    return Ask("POST", lambda scene: f"/api/v1{_filled(path, scene)}", tie, sent if body else None, **more)


def _of_child(collection: str, body: Callable[[Scene], dict[str, Any]], tie: Tie = Tie.INVOLVED, **more: Any) -> Ask:
    return _post(f"/children/{{record}}/{collection}", body, tie, **more)


def _of_agency(collection: str, body: Callable[[Scene], dict[str, Any]], **more: Any) -> Ask:
    return Ask("POST", lambda _: f"/api/v1/agency/{collection}", Tie.NOWHERE, body, **more)


def _page(method: str, path: str, tie: Tie = Tie.REACH, **more: Any) -> Ask:
    answered = more.pop("answered", frozenset({200, 303}))
    return Ask(method, lambda scene: _filled(path, scene), tie, answered=answered, **more)


def _bundle(path: str) -> Ask:
    # Nothing is sealed here: whoever may is told that the log has nothing yet.
    return Ask("GET", lambda _: path, Tie.NOWHERE, answered=frozenset({200, 404}), refused=frozenset({401, 403}))


def _filled(path: str, scene: Scene) -> str:
    names = ("record", "own", "alert", "attachment", "key", "person", "broken")
    return path.format(**{name: getattr(scene, name) for name in names if "{" + name + "}" in path})


def _observation(scene: Scene) -> dict[str, Any]:
    return scene.partnership.observation(scene.record)


def _attachment(scene: Scene) -> Mapping[str, Any]:
    return form(("entry", json.dumps(entry_of(scene.partnership.event())).encode()), ("file", LETTER))


def _access(_scene: Scene) -> dict[str, Any]:
    return {"for": "mother", "relationship": "mother", "reason": "her right; her passport was seen"}


def _copy(scene: Scene) -> dict[str, Any]:
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


#: What a state that the scene does not have may be answered with, by whoever may.
_BODY_REFUSED: Final = frozenset({200, 201, 409, 422})

OF_A_CHILD: Final[Mapping[str, Ask]] = {
    "details": _of_child("details", lambda _: {"mother": "Jo"}),
    "involvements": _of_child(
        "involvements", lambda _: {"role": "work", "reason": "known", "lawful_basis": "task"}, Tie.FREE
    ),
    "leads": _of_child("leads", lambda scene: {"agency": scene.agency, "person": "sw9"}),
    "links": _of_child("links", _linked),
    "unlinks": _of_child("unlinks", _unlinked, answered=_BODY_REFUSED),
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
        answered=_BODY_REFUSED,
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
        answered=_BODY_REFUSED,
    ),
    "disagreement-step-ups": _of_child(
        "disagreement-step-ups", lambda scene: {"of": scene.disagreement, "reason": "-"}, answered=_BODY_REFUSED
    ),
    "disagreement-settlements": _of_child(
        "disagreement-settlements",
        lambda scene: {"of": scene.disagreement, "outcome": "agreed", "what": "-"},
        answered=_BODY_REFUSED,
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
        "hold-liftings", lambda scene: {"of": scene.own, "reason": "It has ended."}, answered=_BODY_REFUSED
    ),
    "erasure-orders": _of_child(
        "erasure-orders",
        lambda scene: {"entries": [scene.own], "ground": "court_order", "order": "FD23 P 1", "reason": "As ordered."},
        answered=_BODY_REFUSED,
    ),
    "erasure-answers": _of_child(
        "erasure-answers",
        lambda scene: {"of": scene.own, "answer": "refuse", "reason": "It is needed."},
        answered=_BODY_REFUSED,
    ),
}  # fmt: skip

ASKED: Final[Mapping[str, Ask]] = {
    "observations.post_observation": _post("/observations", _observation, Tie.NOWHERE),
    "disagreements.get_disagreements": _get("/children/{record}/disagreements"),
    "notices.get_notices": _get("/notices", Tie.NOWHERE),
    "observations.post_batch": _post("/observations/batch", lambda scene: [_observation(scene)], Tie.NOWHERE),
    "children.post_child": _post("/children", lambda _: {"born": "2022-09-01"}, Tie.NOWHERE),
    **{f"children.post_{name}": ask for name, ask in OF_A_CHILD.items()},
    "entries.get_entries": _get("/entries", Tie.NOWHERE),
    "entries.get_entry": _get("/entries/{own}", Tie.NOWHERE),
    "receipts.get_receipt": _get("/receipts/{own}", Tie.NOWHERE),
    "log.get_bundle": _bundle("/log/tile/entries/000.p/1"),
    "access_log.get_bundle": _bundle("/log/access/tile/entries/000.p/1"),
    "timelines.get_timeline": _get("/children/{record}/timeline"),
    "people.get_people": _get("/children/{record}/people"),
    "pictures.get_picture": _get("/children/{record}/picture"),
    "gaps.get_gaps": _get("/children/{record}/gaps"),
    "gaps.get_expectations": _get("/children/{record}/expectations"),
    "replays.get_replay": _get("/children/{record}/replay"),
    "replays.get_differences": _get("/children/{record}/differences?from=0"),
    "replays.get_findings": _get("/children/{record}/findings"),
    "replays.get_findings_then": _get("/children/{record}/findings-then"),
    "log_sizes.get_log_size": _get("/log-size", Tie.NOWHERE),
    "alerts.get_alerts": _get("/alerts", Tie.NOWHERE),
    "alerts.get_alert": _get("/alerts/{alert}", Tie.ALERT),
    "digests.get_digest": _get("/digest", Tie.NOWHERE),
    "alerts.post_acknowledgement": _post("/alerts/{alert}/acknowledgements", lambda _: {}, Tie.ALERT),
    "alerts.post_action": _post("/alerts/{alert}/actions", lambda _: {"action": "rang"}, Tie.ALERT),
    # One that ends so far ahead that whoever may is told so.
    "alerts.post_snooze": _post(
        "/alerts/{alert}/snoozes",
        lambda _: {"reason": "Later.", "until": "2099-01-01", "owner": {"agency": "csc"}},
        Tie.ALERT,
        answered=_BODY_REFUSED,
    ),
    "alerts.post_outcome": _post(
        "/alerts/{alert}/outcomes", lambda _: {"outcome": "explained_by_change", "reason": "He moved."}, Tie.ALERT
    ),
    "attachments.post_attachment": Ask(
        "POST", lambda scene: f"/api/v1/children/{scene.record}/attachments", Tie.FREE, parts=_attachment
    ),
    "attachments.get_attachment": _get("/attachments/{attachment}"),
    "glass.post_glass": _post(
        "/glass-breakings",
        lambda scene: {"child": {"id": scene.record}, "reason": "She is here, alone", "author": {"ref": "caller"}},
        Tie.NOWHERE,
        answered=frozenset({201, 409}),
    ),
    "glass.get_glass": _get("/glass-breakings", Tie.NOWHERE),
    "involvements.get_involvements": _get("/involvements", Tie.NOWHERE),
    "audit.get_access": _get("/audit/access", Tie.NOWHERE),
    "audit.get_unusual": _get("/audit/unusual", Tie.NOWHERE),
    "access.get_child_access": _get("/children/{record}/access", Tie.LEADING),
    "sharing.get_requests": _get("/requests", Tie.NOWHERE),
    "family.post_subject_access": _post("/children/{record}/subject-access", _access),
    "family.post_review": _post("/children/{record}/subject-access/review", _access),
    "family.get_notice": _get("/children/{record}/family-notice"),
    "family.post_notice": _post(
        "/children/{record}/family-notice", lambda _: {"decision": "withheld", "reason": "Not now."}
    ),
    "sharing.get_rectifications": _get("/rectifications", Tie.NOWHERE),
    "exports.post_export": Ask("POST", lambda scene: f"/api/v1/children/{scene.record}/exports", body=_copy),
    "retention.get_retention": _get("/retention", Tie.NOWHERE),
    "administration.get_keys": _get("/administration/keys", Tie.NOWHERE),
    "administration.get_people": _get("/administration/people", Tie.NOWHERE),
    "administration.post_revocation": Ask(
        "POST",
        lambda scene: f"/api/v1/administration/keys/{scene.key}/revocations",
        Tie.NOWHERE,
        lambda _: {"reason": "lost"},
    ),
    "administration.post_sign_out": Ask(
        "POST",
        lambda scene: f"/api/v1/administration/people/{scene.person}/sign-outs",
        Tie.NOWHERE,
        lambda _: {"reason": "left"},
    ),
    "agency.get_agency_people": _get("/agency/people", Tie.NOWHERE),
    "agency.post_leaving": _of_agency("leavings", lambda scene: {"person": scene.colleague, "reason": "another post"}),
    "agency.post_return": _of_agency("returns", lambda scene: {"person": scene.gone}),
    "agency.post_absence": _of_agency("absences", lambda scene: {"person": scene.colleague, "since": "2023-10-01"}),
    "agency.post_absence_end": _of_agency("absence-ends", lambda scene: {"person": scene.away}),
    "agency.post_address": _of_agency("addresses", lambda scene: {"person": scene.colleague, "mail": "a@b.example"}),
    "agency.post_team": _of_agency("teams", lambda scene: {"team": "t1", "name": "T", "members": [scene.colleague]}),
    "agency.post_rung": _of_agency("rungs", lambda scene: {"rung": "manager", "person": scene.colleague}),
    "agency.post_own_absence": _of_agency("own-absences", lambda _: {"since": "2023-10-01"}),
    # Who is not away is told so.
    "agency.post_own_return": _of_agency("own-returns", lambda _: {"note": "back"}, answered=_BODY_REFUSED),
    "operation.get_operation": _get("/operation", Tie.NOWHERE),
    "webhooks.get_webhooks": _get("/webhooks", Tie.NOWHERE),
    # Of a host that is on no list: whoever may register is told so.
    "webhooks.post_webhook": Ask(
        "POST",
        lambda _: "/api/v1/webhooks",
        Tie.NOWHERE,
        lambda _: {"url": "https://hooks.example/", "signing": "hmac"},
        answered=frozenset({422}),
    ),
    "webhooks.post_rotation": Ask(
        "POST",
        lambda scene: f"/api/v1/webhooks/{scene.webhook}/rotations",
        Tie.NOWHERE,
        lambda _: {"reason": "yearly", "old_ends": "at_once"},
    ),
    "webhooks.post_trial": Ask(
        "POST",
        lambda scene: f"/api/v1/webhooks/{scene.webhook}/trials",
        Tie.NOWHERE,
        lambda _: {"reason": "a new receiver"},
    ),
    "partnership_webhooks.get_all": _get("/administration/webhooks", Tie.NOWHERE),
    "partnership_webhooks.post_ending": Ask(
        "POST",
        lambda scene: f"/api/v1/administration/webhooks/{scene.webhook}/endings",
        Tie.NOWHERE,
        lambda _: {"reason": "left"},
    ),
    "webhooks.delete_webhook": Ask("DELETE", lambda scene: f"/api/v1/webhooks/{scene.webhook}", Tie.NOWHERE),
    "rules.get_rules": _get("/rules", Tie.NOWHERE),
    # The first of these two that is asked decides whether the rule is in that state already.
    "rules.post_shadow": Ask(
        "POST",
        lambda _: "/api/v1/rules/handover_not_taken/shadow",
        Tie.NOWHERE,
        lambda _: {"reason": "x"},
        answered=frozenset({201, 409}),
    ),
    "rules.post_live": Ask(
        "POST",
        lambda _: "/api/v1/rules/handover_not_taken/live",
        Tie.NOWHERE,
        lambda _: {"reason": "x", "findings": 0},
        answered=frozenset({201, 409}),
    ),
    "web.alerts": _page("GET", "/", Tie.NOWHERE, instead=frozenset({"/audit", "/operation"})),
    "web.alert": _page("GET", "/alerts/{alert}", Tie.ALERT),
    "web.digest": _page("GET", "/digest", Tie.NOWHERE),
    "web.acknowledge": _page("POST", "/alerts/{alert}/acknowledgements", Tie.ALERT, form=lambda _: {"note": "x"}),
    "web.act": _page("POST", "/alerts/{alert}/actions", Tie.ALERT, form=lambda _: {"action": "rang"}),
    "web.snooze": _page(
        "POST",
        "/alerts/{alert}/snoozes",
        Tie.ALERT,
        form=lambda _: {"until": "", "put_off_because": "x"},
        answered=frozenset({400}),
    ),
    "web.conclude": _page(
        "POST",
        "/alerts/{alert}/outcomes",
        Tie.ALERT,
        form=lambda _: {"outcome": "explained_by_change", "reason": "He moved."},
    ),
    "web.chronology": _page("GET", "/children/{record}/chronology"),
    "web.attachment": _page("GET", "/attachments/{attachment}"),
    "web.glass": _page("GET", "/glass", Tie.NOWHERE),
    "web.break_glass": _page(
        "POST",
        "/glass",
        Tie.NOWHERE,
        form=lambda scene: {"child": scene.record, "reason": "She is here, alone", "hours": "1"},
        answered=frozenset({303, 409}),
    ),
    "web.review_glass": _page(
        "POST",
        "/glass/{record}/{broken}/reviews",
        form=lambda _: {"verdict": "justified", "reason": "She was there."},
        refused=frozenset({400, 403, 404}),
    ),
    "web.audit": _page("GET", "/audit", Tie.NOWHERE),
    "web.rules": _page("GET", "/rules", Tie.NOWHERE),
    "web.operation": _page("GET", "/operation", Tie.NOWHERE),
    "web.account": _page("GET", "/account", Tie.NOWHERE),
    "web.password": _page("GET", "/account/password", Tie.NOWHERE),
    "web.set_password": _page("POST", "/account/password", Tie.NOWHERE, answered=frozenset({200, 303, 400})),
    "web.second_factor": _page("GET", "/account/second-factor", Tie.NOWHERE, answered=frozenset({200, 303, 404})),
    "web.set_second_factor": _page(
        "POST", "/account/second-factor", Tie.NOWHERE, answered=frozenset({200, 303, 400, 404})
    ),
    # Last of all: whoever asks is signed out by it.
    "web.leave": _page("POST", "/sign-out", Tie.NOWHERE),
    "web.leave_everywhere": _page("POST", "/account/sign-out-everywhere", Tie.NOWHERE),
}
