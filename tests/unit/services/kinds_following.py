"""Findings of what has not followed, is not known or is to be read together: what each shows, and its headline."""

from tests.unit.services.kinds import Case
from tests.unit.services.seeing import claim, seen_by

FOLLOWING = {
    "what is not known": Case(
        "gap",
        "The father’s presence is not known to whoever looked or asked",
        ((1,),),
        (("hv", claim(value=None, not_known="unknown")),),
        {"rule": "not_known", "marks": {"tier": "prompt", "state": "unknown"}},
    ),
    "what nobody asked": Case(
        "gap",
        "Nobody asked about the father’s presence",
        ((1,),),
        (("hv", claim(value=None, not_known="not_asked")),),
        {"rule": "not_known", "marks": {"tier": "prompt", "state": "not_asked"}},
    ),
    "what was declined twice": Case(
        "gap",
        "The father’s presence: whoever was asked declined to say; Family court was to find out by the end of "
        "10 October 2022, and nothing has come",
        ((1, 2),),
        (("hv", claim(value=None, not_known="declined")), ("csc", claim(value=None, not_known="declined"))),
        {
            "rule": "not_known",
            "marks": {
                "state": "declined",
                "refusals": 2,
                "owed_by": "court",
                "due": "2022-10-10T23:00:00+00:00",
                "is_lapsed": True,
            },
        },
    ),
    "what was evaded": Case(
        "gap",
        "The father’s presence: the question was asked and evaded",
        ((1,),),
        (("hv", claim(value=None, not_known="evaded")),),
        {"rule": "not_known", "marks": {"tier": "prompt", "state": "evaded"}},
    ),
    "what nobody said": Case(
        "gap",
        "Nobody has recorded what should be known",
        ((1,),),
        (("hv", seen_by(value="lives_here")),),
        {"rule": "not_known", "marks": {"tier": "prompt", "state": "missing"}},
    ),
    "what did not follow": Case(
        "expectation",
        "No referral recorded: the child’s injury (left-cheek: bruise), due by the end of 3 October 2022",
        ((1,),),
        (("hv", seen_by(about="child", attribute="injury", value="bruise", thing="left-cheek")),),
        {
            "rule": "a_fixed_rule",
            "marks": {
                "tier": "interrupt",
                "topic": "referral",
                "due": "2022-10-03T23:00:00+00:00",
                "owed_by": "hv",
                "is_lapsed": True,
            },
        },
    ),
    "what was agreed and not done": Case(
        "expectation",
        "Not recorded as done: the agreed action “Visit the home with a cot” of Health visiting, due by the end of "
        "3 October 2022",
        ((1,),),
        (("csc", ("action", {"what": "Visit the home with a cot.", "owner": {"agency": "hv"}, "due": "2022-10-03"})),),
        {
            "rule": "action_not_done",
            "marks": {"topic": "action", "due": "2022-10-03T23:00:00+00:00", "owed_by": "hv", "is_lapsed": True},
        },
    ),
    "what was refused": Case(
        "expectation",
        "Declined: the hand-over of the work by Children’s social care to Health visiting, due by 4 October 2022 at "
        "midday",
        ((1, 2),),
        (
            ("csc", ("handover", {"of": "work", "to": {"agency": "hv"}})),
            ("hv", ("reply", {"of": f"{'p' * 26}.1", "answer": "declined", "reason": "No worker is free."})),
        ),
        {
            "rule": "action_not_done",
            "marks": {"topic": "handover", "due": "2022-10-04T11:00:00+00:00", "owed_by": "hv", "is_lapsed": True},
        },
    ),
    "what has come and waits for two": Case(
        "expectation",
        "A referral is recorded, and two people have still to say that it is over: the child’s injury (left-cheek: "
        "bruise)",
        ((1,),),
        (
            ("hv", seen_by(about="child", attribute="injury", value="bruise", thing="left-cheek")),
            ("hv", ("referral", {"to": "csc", "reason": "A bruise on a baby."})),
        ),
        {
            "rule": "injury_to_baby_not_mobile",
            "evidence": [2],
            "marks": {
                "tier": "interrupt",
                "topic": "referral",
                "due": "2022-10-03T23:00:00+00:00",
                "is_met": True,
                "signed": ["csc/sw1"],
            },
        },
    ),
    "visits that did not take place": Case(
        "pattern",
        "To be read together: contacts, as Children’s social care and Health visiting recorded from 2 to 4 October "
        "2022",
        ((1, 2),),
        (
            ("csc", ("contact", {"observed": "2022-10-02", "outcome": "no_access"})),
            ("hv", ("contact", {"observed": "2022-10-04", "outcome": "cancelled", "by_whom": "mother"})),
        ),
        {"rule": "contact_kept_with_one_and_not_with_another"},
    ),
    "a pattern": Case(
        "pattern",
        "To be read together: the child’s visit, as Children’s social care and Health visiting recorded on "
        "5 October 2022",
        ((1, 2),),
        (
            ("csc", seen_by(about="child", attribute="visit", value="did_not_happen")),
            ("hv", seen_by(about="child", attribute="visit", value="did_not_happen")),
        ),
        {"rule": "repeated_no_access"},
    ),
}
