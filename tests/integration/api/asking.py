"""For every route one request that would be answered, were it allowed, and what tie to a record it needs.

A route that is not here fails a test: add its row, with the least body that is right.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from tests.integration.api.ask import Ask, Tie
from tests.integration.api.asking_bodies import BODY_REFUSED as _BODY_REFUSED
from tests.integration.api.asking_bodies import OF_A_CHILD
from tests.integration.api.asking_bodies import access as _access
from tests.integration.api.asking_bodies import asks_bundle as _bundle
from tests.integration.api.asking_bodies import asks_get as _get
from tests.integration.api.asking_bodies import asks_of_agency as _of_agency
from tests.integration.api.asking_bodies import asks_page as _page
from tests.integration.api.asking_bodies import asks_post as _post
from tests.integration.api.asking_bodies import attached as _attachment
from tests.integration.api.asking_bodies import copied as _copy
from tests.integration.api.asking_bodies import observation as _observation
from tests.integration.api.asking_deciding import DECIDING_PAGES
from tests.integration.api.asking_overseeing import OVERSEEING_PAGES
from tests.integration.api.asking_work import WORK_PAGES
from tests.opened import DUTY_DESK

ASKED: Final[Mapping[str, Ask]] = {
    "observations.post_observation": _post("/observations", _observation, Tie.NOWHERE),
    "disagreements.get_disagreements": _get("/children/{record}/disagreements"),
    "work.get_child_work": _get("/children/{record}/work"),
    "work.get_work": _get("/work", Tie.NOWHERE),
    "assessments.get_assessments": _get("/children/{record}/assessments"),
    "assessments.get_history": _get("/children/{record}/history-pack"),
    "assessments.get_supervisions": _get("/children/{record}/supervisions"),
    "assessments.get_concerns": _get("/children/{record}/concerns"),
    "decisions.get_decisions": _get("/children/{record}/decisions"),
    "decisions.get_preview": _get("/children/{record}/decisions/preview?kind=close"),
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
    "adults_of_child.get_adults": _get("/children/{record}/adults"),
    "adults_of_child.get_adult_proposals": _get("/children/{record}/adult-proposals"),
    "adults.get_adult": _get("/adults/{adult}"),
    "pictures.get_picture": _get("/children/{record}/picture"),
    **{
        f"reach.get_{name}": _get(f"/children/{{record}}/{name}")
        for name in ("involved", "unseen", "sources", "corroboration")
    },
    "histories.get_engagement": _get("/children/{record}/engagement"),
    "histories.get_care": _get("/children/{record}/care"),
    "histories.get_family_summary": _get("/children/{record}/family-summary"),
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
    # Of a duty desk, which never ends: whoever may end agencies is told so.
    "administration.post_agency_ending": Ask(
        "POST",
        lambda _: f"/api/v1/administration/agencies/{DUTY_DESK}/endings",
        Tie.NOWHERE,
        lambda _: {"reason": "merged"},
        answered=frozenset({409}),
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
    "web.alerts": _page("GET", "/", Tie.NOWHERE, instead=frozenset({"/audit", "/operation", "/administration"})),
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
    "web.children": _page("GET", "/children", Tie.NOWHERE),
    "web.find_child": _page("POST", "/children", Tie.NOWHERE, form=lambda _: {"words": "9990000018"}),
    "web.child": _page("GET", "/children/{record}"),
    "web.child_reach": _page("GET", "/children/{record}/reach"),
    "web.ask_corroboration": _page(
        "POST", "/children/{record}/reach", form=lambda _: {"claim": ""}, answered=frozenset({400})
    ),
    "web.take_part": _page("GET", "/children/{record}/part", Tie.NOWHERE),
    "web.press_take_part": _page(
        "POST", "/children/{record}/part", Tie.NOWHERE, form=lambda _: {"role": ""}, answered=frozenset({400})
    ),
    "web.register_child": _page("GET", "/children/register", Tie.NOWHERE),
    "web.press_register_child": _page(
        "POST", "/children/register", Tie.NOWHERE, form=lambda _: {"name": "x"}, answered=frozenset({400})
    ),
    "web.chronology": _page("GET", "/children/{record}/chronology"),
    "web.chronology_find": _page("POST", "/children/{record}/chronology/find", form=lambda _: {"words": "bruise"}),
    "web.chronology_pdf": _page("GET", "/children/{record}/chronology.pdf"),
    "web.differences": _page("GET", "/children/{record}/differences"),
    "web.child_people": _page("GET", "/children/{record}/people"),
    "web.child_adults": _page("GET", "/children/{record}/adults"),
    "web.child_engagement": _page("GET", "/children/{record}/engagement"),
    "web.child_care": _page("GET", "/children/{record}/care"),
    "web.child_summary": _page("GET", "/children/{record}/summary"),
    "web.link_people": _page("POST", "/children/{record}/people", answered=frozenset({400})),
    "web.link_adults": _page("POST", "/children/{record}/adults", answered=frozenset({400})),
    "web.sum_up": _page("POST", "/children/{record}/summary", answered=frozenset({400})),
    "web.answer_summary": _page("POST", "/children/{record}/summary/answers", answered=frozenset({400})),
    "web.attachment": _page("GET", "/attachments/{attachment}"),
    **DECIDING_PAGES,
    **WORK_PAGES,
    "web.imports": _page("GET", "/imports", Tie.NOWHERE),
    "web.import_csv": _page("GET", "/imports/template.csv", Tie.NOWHERE),
    "web.import_xlsx": _page("GET", "/imports/template.xlsx", Tie.NOWHERE),
    # Without a file, and of a file that nobody brought: whoever may is told so.
    "web.bring_import": _page("POST", "/imports", Tie.NOWHERE, form=lambda _: {}, answered=frozenset({400})),
    "web.import": _page("GET", f"/imports/{UUID(int=0)}", Tie.NOWHERE, answered=frozenset({404})),
    "web.decide_import": _page(
        "POST", f"/imports/{UUID(int=0)}", Tie.NOWHERE, form=lambda _: {"act": "drop"}, answered=frozenset({404})
    ),
    "web.child_gaps": _page("GET", "/children/{record}/gaps"),
    "web.answer_gap": _page("POST", "/children/{record}/gaps", answered=frozenset({404})),
    "web.observe": _page("GET", "/children/{record}/observe", Tie.FREE),
    "web.press_observe": _page("POST", "/children/{record}/observe", Tie.FREE, form=lambda _: {"narrative": "Seen."}),
    # Of an entry that nobody wrote.
    **{
        f"web.{name}": _page(method, f"/children/{{record}}/observed/999999{rest}", Tie.FREE, answered=frozenset({404}))
        for name, method, rest in (
            ("observed", "GET", ""),
            ("correct", "GET", "/correction"),
            ("press_correct", "POST", "/correction"),
            ("withdraw", "GET", "/withdrawal"),
            ("press_withdraw", "POST", "/withdrawal"),
            ("attach", "GET", "/file"),
            ("press_attach", "POST", "/file"),
        )
    },
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
    **OVERSEEING_PAGES,
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
