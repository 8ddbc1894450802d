"""Every page: what it is called, who opens it, and where it is. The checks of every page and its picture go by this.

A name is a picture's too, so it is in kebab case. In braces stand names of the scene's `places`.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Row:
    """A page. `plain`: it is also opened where no script runs. `phone`: it is also pictured on a telephone."""

    name: str
    who: str | None
    address: str
    plain: bool = False
    phone: bool = False
    #: What is pressed, one after the other, before the page is looked at: for what a form answers.
    press: tuple[str, ...] = ()
    #: Whether its picture is taken: not of what shows something new each time.
    pictured: bool = True
    #: The answer's status, where it is a refusal.
    status: int = 200


PAGES: Final = (
    Row("sign-in", None, "/sign-in", plain=True),
    Row("inbox", "sw1", "/", plain=True, phone=True),
    Row("finding", "sw1", "/alerts/{alert}", plain=True, phone=True),
    Row("overdue", "sw1", "/alerts/{alert_injury_to_baby_not_mobile}"),
    Row("digest", "sw1", "/digest"),
    Row("inbox-narrowed", "sw1", "/?tier=interrupt&state=waits"),
    Row("finding-of-child", "hv1", "/children/{child}/findings/{finding}"),
    Row("work", "sw1", "/work"),
    Row("work-asked-by-us", "sw1", "/work?side=owed_to_us&state=all"),
    Row("child-work", "sw1", "/children/{child}/work"),
    Row("offer", "sw1", "/children/{child}/offers"),
    Row("disagreements", "sw1", "/children/{child}/disagreements"),
    Row("offer-amiss", "sw1", "/children/{child}/offers", press=("form.ledger-form .govuk-button",), status=400),
    Row(
        "disagree-amiss",
        "sw1",
        "/children/{child}/disagreements",
        press=("form[action$='/disagreements'] .govuk-button",),
        status=400,
    ),
    Row("children", "sw1", "/children", phone=True),
    Row("register", "hv1", "/children/register"),
    Row("register-amiss", "hv1", "/children/register", press=("form.ledger-form .govuk-button",), status=400),
    Row("part", "hvm1", "/children/{child}/part"),
    Row("child", "sw1", "/children/{child}", plain=True, phone=True),
    Row("child-known-on", "hv1", "/children/{child}?known_on=2026-03-06"),
    Row("child-differs", "sw1", "/children/{child}?show=conflicts"),
    Row("reach", "sw1", "/children/{child}/reach"),
    Row("reach-ask", "sw1", "/children/{child}/reach", press=("#alone ~ ul a[href*=claim]",)),
    Row("chronology", "sw1", "/children/{child}/chronology"),
    Row("chronology-known-on", "sw1", "/children/{child}/chronology?known_on=2026-03-06"),
    Row(
        "chronology-filtered", "hv1", "/children/{child}/chronology?significant=yes&silence=14&by=recorded&order=latest"
    ),
    Row("chronology-replayed", "aud1", "/children/{child}/chronology?known_on=2026-03-31&known_by=hv"),
    Row("differences", "sw1", "/children/{child}/differences?from=2026-03-01&to=2026-03-31"),
    Row("decisions", "sw1", "/children/{child}/decisions"),
    Row("decide-kinds", "sw1", "/children/{child}/decide"),
    Row("decide", "sw1", "/children/{child}/decide?kind=step_down&matter=presence", phone=True),
    Row(
        "decide-amiss",
        "sw1",
        "/children/{child}/decide?kind=step_down",
        press=("#decide .govuk-button",),
        pictured=False,
        status=400,
    ),
    Row("assessments", "sw2", "/children/{child}/assessments"),
    Row("assess", "sw1", "/children/{child}/assess"),
    Row("history", "sw1", "/children/{child}/history-pack"),
    Row("supervisions", "sw1", "/children/{child}/supervisions"),
    Row("concerns", "hv1", "/children/{child}/concerns"),
    Row("observe", "n1", "/children/{child}/observe", plain=True, phone=True),
    Row("observed", "hv1", "/children/{child}/observed/{own_entry}"),
    Row("correct", "hv1", "/children/{child}/observed/{own_entry}/correction"),
    Row(
        "attach",
        "hv1",
        "/children/{child}/observed/{own_entry}/file",
        press=(".ledger-observe .govuk-button",),
        status=400,
    ),
    Row("gaps", "hv1", "/children/{child}/gaps"),
    Row("people", "sw1", "/children/{child}/people"),
    Row("people-known-on", "sw1", "/children/{child}/people?known_on=2026-03-01"),
    Row("adults", "sw1", "/children/{child}/adults"),
    Row("engagement", "sw1", "/children/{child}/engagement"),
    Row("care", "sw1", "/children/{child}/care"),
    Row("summary", "hv1", "/children/{child}/summary"),
    Row("imports", "n1", "/imports"),
    Row("imports-amiss", "n1", "/imports", press=(".ledger-import .govuk-button",), status=400),
    Row("import", "n1", "/imports/{import}", phone=True),
    Row("import-posted", "n1", "/imports/{import_posted}"),
    Row("glass", "sw1", "/glass"),
    Row("account", "sw1", "/account"),
    Row("password", "sw1", "/account/password"),
    Row("second-factor", "sw1", "/account/second-factor", pictured=False),
    Row("rules", "ops1", "/rules"),
    Row("rule-change", "ops1", "/rules/missed_contact_again/state"),
    Row("operation", "ops1", "/operation"),
    Row("operation-forget", "ops1", "/operation/acts/forget_messages"),
    Row("audit", "aud1", "/audit"),
    Row("audit-purpose", "aud1", "/audit/purpose"),
    Row("audit-record", "aud1", "/audit/records/{child}", phone=True, press=("#proofs ~ form .govuk-button",)),
    Row("audit-proofs", "aud1", "/audit/proofs", press=("#now ~ form .govuk-button",)),
    Row("audit-comparisons", "aud1", "/audit/comparisons"),
    Row("copy", "aud1", "/children/{child}/copy"),
    Row("administration", "adm1", "/administration", phone=True),
    Row("administration-agency", "adm1", "/administration/agencies/csc"),
    Row(
        "administration-new-agency",
        "adm1",
        "/administration/new-agency",
        press=(".ledger-form .govuk-button",),
        status=400,
    ),
    Row("administration-ending", "adm1", "/administration/agencies/nursery/ending"),
    Row("administration-people", "adm1", "/administration/people?agency=csc"),
    Row("administration-new-person", "adm1", "/administration/new-person"),
    Row("administration-person", "adm1", "/administration/people/{sw2}"),
    Row("administration-leaving", "adm1", "/administration/people/{sw2}/endings/leaving"),
    Row("administration-keys", "adm1", "/administration/keys"),
    Row("administration-key", "adm1", "/administration/keys/{key}"),
    Row("administration-packs", "adm1", "/administration/packs"),
    Row("administration-pack", "adm1", "/administration/packs/county"),
    Row("administration-activation", "adm1", "/administration/packs/county/activation"),
    Row("nowhere", "sw1", "/nowhere", status=404),
)
