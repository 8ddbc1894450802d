import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.act import ACTS, FIELDS, PREFIX
from ledger.domain.claim import Claim, claims_of_entry
from ledger.services.render_statement import render_statement
from ledger.services.word_claim import Wording, word_value
from tests.unit.services.seeing import DIRECTORY, PSEUDONYM, entry, look

NAMES = Wording({ref: agency.name for ref, agency in DIRECTORY.items()})
TEXT = st.text('abc {}":,[]_', min_size=1, max_size=30)
PARTY = TEXT | st.fixed_dictionaries({"agency": st.sampled_from(["hv", "elsewhere"])}, optional={"role": TEXT})


def act(kind: str, by: str = "csc", /, **body: Any) -> Claim:
    stored = entry(3, by, kind, body)
    (found,) = (
        claim
        for claim in claims_of_entry(kind, body, agency=by, number=3, recorded_at=stored.recorded_at)
        if claim.attribute in ACTS
    )
    return found


CASES: list[tuple[Claim, str, str]] = [
    (
        act("referral", "hv", to="csc", reason="A bruise on a baby."),
        "Referral to Children’s social care: “A bruise on a baby”",
        "the referral by Health visiting to Children’s social care",
    ),
    (
        act("referral", "hv", to="childrens_social_care"),
        "Referral to children’s social care",
        "the referral by Health visiting to children’s social care",
    ),
    (
        act("action", what="Visit the home.", owner={"agency": "hv", "role": "health_visitor"}, due="2022-10-09"),
        "Agreed: “Visit the home”, by health visitor, Health visiting; due 9 October 2022",
        "the agreed action “Visit the home” of health visitor, Health visiting",
    ),
    (
        act("handover", of="lead", to={"agency": "hv"}),
        "Hand-over of the lead offered to Health visiting",
        "the hand-over of the lead by Children’s social care to Health visiting",
    ),
    (
        act("lead_ended", of=f"{PSEUDONYM}.7", agency="hv", person="hv1", why="left"),
        "The lead professional at Health visiting has left; no deputy stands in",
        "the leaving of the lead professional at Health visiting",
    ),
    (
        act("reply", "hv", of=f"{PSEUDONYM}.7", answer="declined", reason="No worker is free."),
        "Answer to entry 7: declined: “No worker is free”",
        "the answer of Health visiting to entry 7 (declined)",
    ),
    (
        act("done", "hv", of=f"{PSEUDONYM}.7"),
        "Said to be done: entry 7",
        "the word of Health visiting that entry 7 is done",
    ),
    (
        act("contact", "hv", observed="2022-10-04", outcome="cancelled", by_whom="mother", planned="2022-10-05"),
        "Contact: cancelled by the mother; planned for 5 October 2022",
        "the contact of Health visiting on 4 October 2022 (cancelled)",
    ),
    (
        act("contact", "hv", observed="2022-10-04", outcome="held", present=["mother", "mr_a"]),
        "Contact: held; present: the mother and the person whom Health visiting calls mr a",
        "the contact of Health visiting on 4 October 2022 (held)",
    ),
    (
        act("check", **{"with": "police", "about": "father", "asked": "2022-10-02", "result": "Nothing held."}),
        "Check with Police about the father: asked 2 October 2022: “Nothing held”",
        "the check by Children’s social care with Police",
    ),
    (
        act("position", "hv", about="child", stance="for_if", condition="Weekly visits."),
        "Position of Health visiting: for it on a condition: “Weekly visits”",
        "the position of Health visiting",
    ),
    (
        act("lead", agency="csc", person="sw1", role="social worker", deputy={"agency": "hv"}),
        "Lead professional at Children’s social care (social worker); deputy at Health visiting",
        "the lead professional at Children’s social care",
    ),
    (
        act(
            "share",
            "hv",
            **{
                "with": "csc",
                "what": "The bruise.",
                "decision": "in_part",
                "lawful_basis": ["public_task", "safeguarding_condition"],
                "reason": "It is enough.",
            },
        ),
        (
            "Shared in part with Children’s social care: “The bruise”; lawful basis: public task, safeguarding "
            "condition; reason: “It is enough”"
        ),
        "the decision of Health visiting on sharing with Children’s social care",
    ),
    (
        act("share", "hv", **{"with": {"body": "Cafcass"}, "decision": "refused", "lawful_basis": "public_task"}),
        "Not shared with Cafcass; lawful basis: public task",
        "the decision of Health visiting on sharing with Cafcass",
    ),
    (
        act(
            "information_request",
            "hv",
            to="csc",
            about="father",
            asks="What is held?",
            purpose="A check.",
            by="2022-10-09",
        ),
        "Children’s social care asked about the father: “What is held?”; for “A check”; by 9 October 2022",
        "the request by Health visiting to Children’s social care",
    ),
    (
        act(
            "information_answer",
            of=f"{PSEUDONYM}.7",
            answer="refused",
            lawful_basis="legal_obligation",
            reason="A trial is running.",
        ),
        "Answer to entry 7: refused; lawful basis: legal obligation; reason: “A trial is running”",
        "the answer of Children’s social care to entry 7",
    ),
    (
        act("rectification", of=f"{PSEUDONYM}.7", on="2022-10-09"),
        "Asked to put entry 7 right; on 9 October 2022",
        "the request that entry 7 be put right",
    ),
    (
        act("rectification_outcome", of=f"{PSEUDONYM}.7", outcome="kept_marked_inaccurate"),
        "What came of entry 7: it stays, marked as inaccurate",
        "what came of entry 7",
    ),
    (
        act("involvement", "hv", role="health_visiting", reason="Born in the area.", until="2023-01-01"),
        "Health visiting takes part: health visiting; until 1 January 2023: “Born in the area”",
        "the part of Health visiting",
    ),
    (
        act("glass", "police", reason="Found in the street."),
        "Police opened this record for up to 1 hour, without a part in it: “Found in the street”",
        "the breaking of the glass by Police",
    ),
    (
        act("glass_review", of=f"{PSEUDONYM}.7", verdict="not_justified", reason="No child was there."),
        "Review of entry 7 by Children’s social care: it was not needed: “No child was there”",
        "the review by Children’s social care of entry 7",
    ),
    (
        act("decision_override", of=f"{PSEUDONYM}.7", reason="He was seen to leave.", second="manager"),
        "Entry 7 is taken all the same, with a second person: “He was seen to leave”",
        "the override by Children’s social care of entry 7",
    ),
    (
        act("disagreement", "hv", **{"with": ["csc", "police"]}, kind="threshold"),
        (
            "Health visiting disagrees with Children’s social care and Police about what level of help or protection "
            "is called for"
        ),
        "the disagreement of Health visiting with Children’s social care and Police",
    ),
    (
        act("disagreement_reply", of=f"{PSEUDONYM}.7", answer="agreed_in_part"),
        "On entry 7: Children’s social care agrees in part",
        "the answer of Children’s social care to entry 7",
    ),
    (
        act("disagreement_step_up", "hv", of=f"{PSEUDONYM}.7", reason="We still differ."),
        "Health visiting takes entry 7 to the next stage: “We still differ”",
        "the taking of entry 7 to the next stage by Health visiting",
    ),
    (
        act("disagreement_settled", of=f"{PSEUDONYM}.7", outcome="decided"),
        "Entry 7 settled: it was decided",
        "the settling of entry 7 by Children’s social care",
    ),
    (
        act("assessment", "csc", kind="child_and_family", asks=["hv", "police"], due="2022-12-01", reason="A bruise."),
        (
            "Assessment opened by Children’s social care: child and family; asked: Health visiting and Police; to be "
            "signed by 1 December 2022; “A bruise”"
        ),
        "the assessment of Children’s social care (child and family)",
    ),
    (
        act("assessment_asked", of=f"{PSEUDONYM}.7", agency="hv"),
        "Health visiting asked for entry 7",
        "the asking of Health visiting for entry 7",
    ),
    (
        act("assessment_reply", "hv", of=f"{PSEUDONYM}.7", answer="refused", reason="A trial is running."),
        "Answer of Health visiting to entry 7: it has refused; “A trial is running”",
        "the answer of Health visiting to entry 7",
    ),
    (
        act("assessment_signed", of=f"{PSEUDONYM}.7"),
        "Entry 7 signed by a second person at Children’s social care",
        "the signing of entry 7 by Children’s social care",
    ),
    (
        act("concern", "hv", what="He flinches.", topic="harm"),
        "Concern of Health visiting (harm): “He flinches”",
        "the concern of Health visiting “He flinches”",
    ),
    (
        act("concern_answer", "hv", of=f"{PSEUDONYM}.7", answer="answered", how=["seen", "examined"], reason="Well."),
        "Entry 7 answered by Health visiting; by seeing the child and an examination of the child; “Well”",
        "the answer of Health visiting to entry 7",
    ),
]


@pytest.mark.parametrize(
    ("claim", "says", "subject"), CASES, ids=lambda one: one.attribute if isinstance(one, Claim) else ""
)
def test_each_act_is_a_sentence(claim: Claim, says: str, subject: str) -> None:
    """What was done, by whom and for whom, with agencies by their names and dates written out."""
    assert (NAMES.says(claim), NAMES.subject(claim)) == (says, subject)


def test_every_act_has_its_words() -> None:
    """No act is without its words."""
    assert {claim.attribute for claim, _, _ in CASES} == ACTS


@given(kind=st.sampled_from(sorted(FIELDS)), data=st.data())
def test_nobody_is_shown_how_an_act_is_kept(kind: str, data: st.DataObject) -> None:
    """Whatever an act's fields hold, neither its words nor the JSON of its statement show the claim's own value."""
    parties = dict.fromkeys(("to", "owner", "with", "deputy", "by_whom"), PARTY)
    fields: dict[str, st.SearchStrategy[Any]] = {
        name: parties.get(name, TEXT) for name in FIELDS[kind] if name != "home_entered"
    }
    fields |= {name: st.lists(TEXT, max_size=3) for name in ("present", "in_earshot") if name in fields}
    body = data.draw(st.fixed_dictionaries(fields)) | ({"observed": "2022-10-04"} if kind == "contact" else {})
    claim = act(kind, **body)
    seen = look([entry(3, "csc", kind, body)], "csc")[3]
    written = json.dumps(render_statement(seen, claim, NAMES, PSEUDONYM))
    assert claim.value is not None
    assert json.dumps(claim.value)[1:-1] not in written
    assert "{'" not in NAMES.says(claim) + NAMES.subject(claim)
    assert word_value(claim) == ""


def test_a_long_agreement_is_cut_in_a_headline_and_told_in_full() -> None:
    """A headline has the first words of what was agreed, the statement all of them."""
    what = "Visit the home with the housing officer " * 20
    claim = act("action", what=what, owner={"agency": "hv"})
    assert what.strip() in NAMES.says(claim)
    assert len(NAMES.subject(claim)) < 160
    assert PREFIX not in NAMES.subject(claim)
