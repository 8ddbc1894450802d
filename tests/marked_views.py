"""Every address at which something of a child's record can be read, as the tests ask it; and how canaries are found.

A route that is in none of the tables here fails `tests/structure/test_every_view.py`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

#: How each route that is read with GET is asked. In braces: the child, an entry's id, an alert's, a number, a moment.
READ: Final[Mapping[str, tuple[str, ...]]] = {
    "timelines.get_timeline": (
        "/api/v1/children/{child}/timeline",
        "/api/v1/children/{child}/timeline?limit=2&after={number}",
        "/api/v1/children/{child}/timeline?as_of={number}",
        "/api/v1/children/{child}/timeline?known_at={moment}",
        "/api/v1/children/{child}/timeline?valid_at=2023-10-15",
        *(f"/api/v1/children/{{child}}/timeline?known_by={agency}" for agency in ("hv", "csc")),
    ),
    "pictures.get_picture": (
        "/api/v1/children/{child}/picture",
        "/api/v1/children/{child}/picture?history=yes&valid_at=2023-10-20",
        "/api/v1/children/{child}/picture?as_of={number}&history=yes",
        *(f"/api/v1/children/{{child}}/picture?known_by={agency}" for agency in ("hv", "csc")),
    ),
    "histories.get_engagement": (
        "/api/v1/children/{child}/engagement",
        "/api/v1/children/{child}/engagement?as_of={number}&valid_at=2023-10-20",
    ),
    "histories.get_care": (
        "/api/v1/children/{child}/care",
        "/api/v1/children/{child}/care?as_of={number}&valid_at=2023-10-20",
    ),
    "histories.get_family_summary": (
        "/api/v1/children/{child}/family-summary",
        "/api/v1/children/{child}/family-summary?as_of={number}",
    ),
    "reach.get_involved": ("/api/v1/children/{child}/involved", "/api/v1/children/{child}/involved?as_of={number}"),
    "reach.get_unseen": ("/api/v1/children/{child}/unseen", "/api/v1/children/{child}/unseen?as_of={number}&limit=2"),
    "reach.get_sources": ("/api/v1/children/{child}/sources", "/api/v1/children/{child}/sources?as_of={number}"),
    "reach.get_corroboration": (
        "/api/v1/children/{child}/corroboration",
        "/api/v1/children/{child}/corroboration?as_of={number}",
    ),
    "adults_of_child.get_adults": (
        "/api/v1/children/{child}/adults",
        "/api/v1/children/{child}/adults?as_of={number}",
    ),
    "adults_of_child.get_adult_proposals": ("/api/v1/children/{child}/adult-proposals",),
    "adults.get_adult": (f"/api/v1/adults/{'0' * 32}", f"/api/v1/adults/{'0' * 32}?known_at={{moment}}"),
    "people.get_people": ("/api/v1/children/{child}/people", "/api/v1/children/{child}/people?as_of={number}"),
    "gaps.get_gaps": ("/api/v1/children/{child}/gaps", "/api/v1/children/{child}/gaps?as_of={number}"),
    "gaps.get_expectations": (
        "/api/v1/children/{child}/expectations?met_days=3650",
        "/api/v1/children/{child}/expectations?as_of={number}",
    ),
    "replays.get_replay": (
        "/api/v1/children/{child}/replay",
        "/api/v1/children/{child}/replay?as_of={number}&valid_at=2023-10-20",
        "/api/v1/children/{child}/replay?after={number}&limit=3",
    ),
    "replays.get_differences": (
        "/api/v1/children/{child}/differences?from=0",
        "/api/v1/children/{child}/differences?from={number}&valid_at=2023-10-20",
    ),
    "replays.get_findings": (
        "/api/v1/children/{child}/findings?state=all",
        "/api/v1/children/{child}/findings?as_of={number}",
    ),
    "replays.get_findings_then": (
        "/api/v1/children/{child}/findings-then",
        "/api/v1/children/{child}/findings-then?as_of={number}",
    ),
    "alerts.get_alerts": ("/api/v1/alerts", "/api/v1/alerts?limit=1"),
    "alerts.get_alert": ("/api/v1/alerts/{alert}",),
    "digests.get_digest": ("/api/v1/digest",),
    "entries.get_entries": ("/api/v1/entries", "/api/v1/entries?child={child}"),
    "entries.get_entry": ("/api/v1/entries/{entry}",),
    "receipts.get_receipt": ("/api/v1/receipts/{entry}",),
    "attachments.get_attachment": ("/api/v1/attachments/{entry}",),
    "glass.get_glass": ("/api/v1/glass-breakings",),
    "involvements.get_involvements": ("/api/v1/involvements", "/api/v1/involvements?since=2020-01-01"),
    "audit.get_access": ("/api/v1/audit/access",),
    "audit.get_unusual": ("/api/v1/audit/unusual",),
    "access.get_child_access": ("/api/v1/children/{child}/access",),
    "decisions.get_decisions": (
        "/api/v1/children/{child}/decisions",
        "/api/v1/children/{child}/decisions?as_of={number}",
    ),
    "decisions.get_preview": ("/api/v1/children/{child}/decisions/preview?kind=close",),
    "disagreements.get_disagreements": ("/api/v1/children/{child}/disagreements",),
    "work.get_child_work": ("/api/v1/children/{child}/work", "/api/v1/children/{child}/work?as_of={number}"),
    "work.get_work": ("/api/v1/work?state=all", "/api/v1/work?side=owed_to_us&state=all"),
    "assessments.get_assessments": ("/api/v1/children/{child}/assessments",),
    "assessments.get_history": (
        "/api/v1/children/{child}/history-pack",
        "/api/v1/children/{child}/history-pack?as_of={number}",
    ),
    "assessments.get_supervisions": ("/api/v1/children/{child}/supervisions",),
    "assessments.get_concerns": ("/api/v1/children/{child}/concerns",),
    "notices.get_notices": ("/api/v1/notices?after=0&limit=200",),
    "sharing.get_requests": ("/api/v1/requests?side=to&state=all", "/api/v1/requests?side=by&state=all"),
    "sharing.get_rectifications": ("/api/v1/rectifications",),
    "retention.get_retention": ("/api/v1/retention?orders=all",),
    "family.get_notice": ("/api/v1/children/{child}/family-notice",),
    "web.glass": ("/glass",),
    "web.alerts": ("/",),
    "web.digest": ("/digest",),
    "web.alert": ("/alerts/{alert}",),
    "web.finding": ("/children/{child}/findings/{finding}",),
    "web.works": ("/work?state=all", "/work?side=owed_to_us&state=all"),
    "web.child_work": ("/children/{child}/work", "/children/{child}/work?known_on=2023-10-15"),
    "web.offer_lead": ("/children/{child}/offers",),
    "web.disagreements": ("/children/{child}/disagreements",),
    "web.children": ("/children", "/children?whose=mine"),
    "web.child": (
        "/children/{child}",
        "/children/{child}?all=yes",
        "/children/{child}?known_on=2023-10-15",
        "/children/{child}?show=conflicts",
    ),
    "web.child_reach": ("/children/{child}/reach", "/children/{child}/reach?known_on=2023-10-15"),
    "web.chronology": (
        "/children/{child}/chronology",
        "/children/{child}/chronology?as_of={number}",
        "/children/{child}/chronology?so_on=2023-10-15",
        "/children/{child}/chronology?known_on=2023-10-20&significant=yes&silence=14&order=latest&by=recorded",
    ),
    "web.chronology_pdf": ("/children/{child}/chronology.pdf", "/children/{child}/chronology.pdf?as_of={number}"),
    "web.differences": ("/children/{child}/differences?from=2023-10-01", "/children/{child}/differences"),
    "web.child_gaps": ("/children/{child}/gaps",),
    "web.observe": ("/children/{child}/observe",),
    "web.observed": ("/children/{child}/observed/{number}",),
    "web.correct": ("/children/{child}/observed/{number}/correction",),
    "web.attach": ("/children/{child}/observed/{number}/file",),
    "web.withdraw": ("/children/{child}/observed/{number}/withdrawal",),
    "web.child_people": ("/children/{child}/people", "/children/{child}/people?known_on=2023-10-20"),
    "web.child_adults": ("/children/{child}/adults",),
    "web.child_engagement": ("/children/{child}/engagement",),
    "web.child_care": ("/children/{child}/care",),
    "web.child_summary": ("/children/{child}/summary",),
    "web.attachment": ("/attachments/{entry}",),
    "web.child_decisions": ("/children/{child}/decisions",),
    "web.decide": ("/children/{child}/decide?kind=close&matter=presence",),
    "web.child_assessments": ("/children/{child}/assessments",),
    "web.assess": ("/children/{child}/assess",),
    "web.child_history": ("/children/{child}/history-pack",),
    "web.child_supervisions": ("/children/{child}/supervisions",),
    "web.child_concerns": ("/children/{child}/concerns",),
    "web.audit_record": ("/audit/records/{child}",),
}

#: Read with GET, and of no child: what the caller is, how the ledger runs, how to sign in, the documents.
NOT_OF_A_CHILD: Final = frozenset(
    {
        "log_sizes.get_log_size",
        # What of a child stands in a file is its person's own, sealed for them alone: tests of imports say so.
        "web.imports", "web.import", "web.import_csv", "web.import_xlsx",
        "web.audit", "web.purpose", "web.proofs", "web.comparisons", "web.copy", "web.administration", "web.agency",
        "web.new_agency", "web.ask_agency_ending", "web.staff", "web.new_person", "web.staff_member", "web.ask_ending",
        "web.keys", "web.key", "web.packs", "web.pack", "web.ask_activation", "web.ask_tend", "web.ask_rule",
        "web.operation", "administration.get_people", "administration.get_keys", "operation.get_operation",
        "agency.get_agency_people",
        "rules.get_rules", "web.rules", "web.register_child", "web.take_part",
        "webhooks.get_webhooks", "partnership_webhooks.get_all",
        "api-docs.openapi_json", "api_docs_page.page", "api_docs_page.table", "api_docs_page.file",
        "health.live", "health.ready", "web.static", "web.elsewhere", "web.account", "web.password",
        "web.second_factor", "web.how_to_sign_in", "web.open_link", "web.ask_code", "web.ask_enrolment",
        "web.visit_provider", "web.come_back", "log.get_checkpoint", "log.get_tile", "log.get_bundle", "log.get_keys",
        "log.get_policy", "access_log.get_checkpoint", "access_log.get_tile", "access_log.get_bundle",
    }
)  # fmt: skip

#: Routes that send: what a page's form says, and what the histories and the guesses send. Bodies about a child, posted
#: at /children/{id}/<collection>, are not named one by one: their answers are placed ids, warnings and prompts alone.
SENT: Final = frozenset(
    {
        "children.post_child", "observations.post_observation", "observations.post_batch",
        "attachments.post_attachment", "alerts.post_acknowledgement", "alerts.post_outcome", "glass.post_glass",
        "alerts.post_action", "alerts.post_snooze", "web.act", "web.snooze",
        "web.chronology_find",
        "web.answer_work", "web.finish_work", "web.answer_request", "web.press_offer", "web.disagree",
        "web.move_disagreement",
        "tokens.post_token", "tokens.post_revocation", "web.acknowledge", "web.conclude", "web.leave",
        "web.bring_import", "web.decide_import", "web.set_password", "web.set_second_factor", "web.leave_everywhere",
        "web.press_button", "web.press_sign_in",
        "web.press_code", "web.press_enrolment", "administration.post_revocation", "administration.post_sign_out",
        "administration.post_agency_ending",
        "agency.post_leaving", "agency.post_return", "agency.post_absence", "agency.post_absence_end",
        "agency.post_address", "agency.post_team", "agency.post_rung", "agency.post_own_absence",
        "agency.post_own_return",
        "rules.post_shadow", "rules.post_live",
        "web.say_purpose", "web.find_record", "web.check_record", "web.check_proofs", "web.compare", "web.take_copy",
        "web.add_agency", "web.set_desk", "web.end_agency", "web.add_person", "web.change_role", "web.make_link",
        "web.say_absence", "web.press_ending", "web.issue_key", "web.rotate_key", "web.revoke_key", "web.try_pack",
        "web.activate_pack", "web.tend", "web.set_rule",
        "web.press_observe", "web.press_correct", "web.press_withdraw", "web.press_attach", "web.answer_gap",
        "web.link_people", "web.link_adults", "web.sum_up", "web.answer_summary",
        "web.find_child", "web.ask_corroboration", "web.press_register_child", "web.press_take_part",
        "web.break_glass", "web.review_glass", "web.record_decision", "web.override", "web.open_assessment",
        "web.ask_for_assessment", "web.reply_to_assessment", "web.sign_assessment", "web.supervise",
        "web.raise_concern", "web.answer_concern", "family.post_notice", "family.post_subject_access",
        "family.post_review",
        "exports.post_export", "webhooks.post_webhook", "webhooks.post_rotation", "webhooks.post_trial",
        "webhooks.delete_webhook", "partnership_webhooks.post_ending",
    }
)  # fmt: skip

_BARE = re.compile(r"cnry[0-9a-z]+?z(?![0-9a-z])")
_SUSPECT = re.compile(
    "|".join(
        [b"cnry".hex(), b"CNRY".hex()]
        + [base64.b64encode(b"\0" * shift + b"cnry__").decode()[start:end] for shift, start, end in
           ((0, 0, 5), (1, 2, 6), (2, 3, 8))]
    )
)  # fmt: skip


def canaries_in(text: str) -> set[str]:
    """The canaries that stand in a text, in whatever case; also in hexadecimal and in base 64."""
    found = set(_BARE.findall(text.lower()))
    if _SUSPECT.search(text):
        found |= {f"encoded: {match.group()}" for match in _SUSPECT.finditer(text)}
    return found


def ids_in(value: object) -> Iterator[str]:
    """Every text in an answer, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, below in value.items():
            yield str(name)
            yield from ids_in(below)
    elif isinstance(value, list):
        for below in value:
            yield from ids_in(below)


def unescaped(text: str) -> str:
    """A JSON answer with nothing escaped; anything else as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text


@dataclass(frozen=True)
class Places:
    """What the braces stand for."""

    child: str
    entries: tuple[str, ...]
    alerts: tuple[str, ...]
    numbers: tuple[int, ...]
    moment: str
    more: Mapping[str, str] = field(default_factory=dict)

    def addresses(self, endpoint: str) -> Iterator[tuple[str, int | None]]:
        """Every address of one route, each with the number up to which it asks, where it asks of the past."""
        for pattern in READ[endpoint]:
            entries = self.entries if "{entry}" in pattern else ("",)
            # Each alert with its finding.
            alerts = self.alerts if "{alert}" in pattern or "{finding}" in pattern else ("",)
            numbers: tuple[int | None, ...] = self.numbers if "{number}" in pattern else (None,)
            for entry in entries:
                for alert in alerts:
                    for number in numbers:
                        filled = pattern.format(
                            child=self.child, entry=entry, alert=alert, number=number, moment=self.moment,
                            finding=self.more.get(alert, ""),
                        )  # fmt: skip
                        yield filled, number if "as_of" in pattern else None
